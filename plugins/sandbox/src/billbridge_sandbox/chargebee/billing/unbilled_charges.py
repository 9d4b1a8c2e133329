"""Unbilled charges: list, invoice and delete them. They come from changes that are not invoiced at once (module `unbilled`).

Choices where the documents are silent: the charges of a customer become one invoice for each subscription; nothing to invoice is 409; a
payment that fails leaves the invoice in dunning. Not simulated: creating charges.
"""

from __future__ import annotations

from collections.abc import Callable

from billbridge_sandbox.chargebee.api.errors import invalid_state, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, flag, text
from billbridge_sandbox.chargebee.api.wire import envelope, render
from billbridge_sandbox.chargebee.billing import balances, unbilled
from billbridge_sandbox.chargebee.billing.billing import raise_invoice
from billbridge_sandbox.chargebee.billing.drafts import waiting_draft
from billbridge_sandbox.chargebee.billing.lifecycle import give_up
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription
from billbridge_sandbox.chargebee.store.unbilled_charges import UnbilledCharge

_FILTERS = filterable(text="subscription_id customer_id")


def list_charges(site: Site, ask: Ask) -> Json:
    """List the charges that wait, or with `is_voided=true` those that were voided, by time of creation."""
    ask.get("include_deleted", flag)
    voided = bool(ask.get("is_voided", flag))
    charges = [charge for charge in site.unbilled_charges.values() if charge.is_voided is voided]
    return listing(ask, charges, _FILTERS, ("seq",), _show)


def invoice_now(site: Site, ask: Ask) -> Json:
    """Invoice the charges of a subscription or of a customer now."""
    customer, subscriptions = _whose(site, ask)
    invoices = [
        raise_invoice(site, customer, each, waiting_draft(site, customer, each), lambda invoice: give_up(site, invoice))
        for each in subscriptions
    ]
    return {"invoices": [render(invoice) for invoice in invoices]}


def delete(site: Site, ask: Ask) -> Json:
    """Delete a charge that waits; it is never invoiced."""
    charge = site.find(site.unbilled_charges, "unbilled_charge", ask.ids["id"])
    unbilled.delete(site, site.find(site.customers, "customer", charge.customer_id), charge)
    charge.deleted = True
    return envelope(charge)


def _whose(site: Site, ask: Ask) -> tuple[Customer, list[Subscription]]:
    """The customer, and those of the subscriptions that have charges."""
    subscription_id, customer_id = ask.get("subscription_id", text(50)), ask.get("customer_id", text(50))
    if (subscription_id is None) == (customer_id is None):
        raise wrong_value("subscription_id", "either this or customer_id should be there")
    if subscription_id is not None:
        customer_id = site.find(site.subscriptions, "subscription", subscription_id, "subscription_id").customer_id
    customer = site.live_customer(customer_id, "customer_id")
    ids = dict.fromkeys(charge.subscription_id for charge in balances.waiting_charges(site, customer))
    found = [site.find(site.subscriptions, "subscription", id) for id in ids if subscription_id in (None, id)]
    if not found:
        raise invalid_state("There are no unbilled charges to invoice")
    return customer, found


_show: Callable[[UnbilledCharge], Json] = envelope

ROUTES: Routes = [
    ("GET", "/unbilled_charges", list_charges),
    ("POST", "/unbilled_charges/invoice_unbilled_charges", invoice_now),
    ("POST", "/unbilled_charges/{id}/delete", delete),
]
