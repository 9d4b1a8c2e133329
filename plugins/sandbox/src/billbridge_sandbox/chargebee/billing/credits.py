"""Promotional credits: add, deduct, set, and their history. Invoices use them automatically (module `discounting`).

A balance is kept for each currency; the currency must be named on a site with several (API reference). Deducting without an amount takes
the whole balance (API reference). Choices where the documents are silent: deducting more than there is is 400 `param_wrong_value`, the
customer's `promotional_credits` are those in its preferred currency (module `balances`). Decimal amounts are refused.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, currency, one_of, text, whole
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.billing import balances
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.records import Customer, PromotionalCredit
from billbridge_sandbox.chargebee.store.site import Site

_FILTERS = filterable(text="id customer_id", enum="type", time="created_at")


def change(
    site: Site,
    customer: Customer,
    currency_code: str,
    difference: int,
    description: str,
    *,
    credit_type: str = "general",
    reference: str | None = None,
) -> PromotionalCredit:
    """Give (above zero) or take credits, and record an entry."""
    closing = balances.promotional(customer, currency_code) + difference
    customer.credits[currency_code] = closing
    balances.show(site, customer)
    site.touch(customer)
    entry = PromotionalCredit(
        id=site.ids.next("pc_", 16),
        customer_id=customer.id,
        type="decrement" if difference < 0 else "increment",
        amount=abs(difference),
        currency_code=currency_code,
        description=description,
        credit_type=credit_type,
        reference=reference,
        closing_balance=closing,
        created_at=site.now,
    )
    return site.add(site.promotional_credits, entry)


def add(site: Site, ask: Ask) -> Json:
    """Add promotional credits."""
    customer, code = _whose(site, ask)
    return _changed(site, ask, customer, code, ask.need("amount", whole()))


def deduct(site: Site, ask: Ask) -> Json:
    """Deduct promotional credits: an amount, or the whole balance."""
    customer, code = _whose(site, ask)
    left = balances.promotional(customer, code)
    amount = ask.get("amount", whole())
    if amount is not None and amount > left:
        raise wrong_value("amount", "is more than the promotional credits that are left")
    return _changed(site, ask, customer, code, -(left if amount is None else amount))


def set_balance(site: Site, ask: Ask) -> Json:
    """Set the balance to `amount`, by one entry over the difference."""
    customer, code = _whose(site, ask)
    return _changed(site, ask, customer, code, ask.need("amount", whole()) - balances.promotional(customer, code))


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve one entry of the history."""
    return envelope(site.find(site.promotional_credits, "promotional_credit", ask.ids["id"]))


def list_credits(site: Site, ask: Ask) -> Json:
    """List the entries of the history by time of creation; they cannot be sorted."""
    return listing(ask, site.promotional_credits.values(), _FILTERS, ("seq",), envelope)


def _whose(site: Site, ask: Ask) -> tuple[Customer, str]:
    ask.refuse("amount_in_decimal")
    customer = site.live_customer(ask.need("customer_id", text(50)), "customer_id")
    code = ask.need("currency_code", currency) if site.settings.multi_currency else ask.get("currency_code", currency)
    return customer, site.currency(code or site.settings.currency, "currency_code")


def _changed(site: Site, ask: Ask, customer: Customer, code: str, difference: int) -> Json:
    description = ask.need("description", text(250))
    kind = ask.get("credit_type", one_of("loyalty_credits", "referral_rewards", "general")) or "general"
    entry = change(site, customer, code, difference, description, credit_type=kind, reference=ask.get("reference", text(500)))
    return envelope(customer, entry)


ROUTES: Routes = [
    ("POST", "/promotional_credits/add", add),
    ("POST", "/promotional_credits/deduct", deduct),
    ("POST", "/promotional_credits/set", set_balance),
    ("GET", "/promotional_credits", list_credits),
    ("GET", "/promotional_credits/{id}", retrieve),
]
