"""Charges that wait for an invoice: left by a change that is not invoiced at once, and taken up by the subscription's next invoice.

A charge of which something is taken back is voided; new ones are left for the time that is used and for what stays. It reads no request.
"""

from __future__ import annotations

from dataclasses import replace

from billbridge_sandbox.chargebee.billing import balances
from billbridge_sandbox.chargebee.billing.proration import Credit, ahead
from billbridge_sandbox.chargebee.catalog.pricing import rounded
from billbridge_sandbox.chargebee.store.invoices import Invoice, LineItem, LineItemTier
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription
from billbridge_sandbox.chargebee.store.unbilled_charges import UnbilledCharge


def leave(site: Site, customer: Customer, currency_code: str, lines: list[LineItem], tiers: list[LineItemTier]) -> list[UnbilledCharge]:
    """Leave lines as charges for a later invoice."""
    return [_leave(site, customer, currency_code, line, [tier for tier in tiers if tier.line_item_id == line.id]) for line in lines]


def waiting(site: Site, customer: Customer, subscription: Subscription) -> list[UnbilledCharge]:
    """The charges of a subscription that wait, oldest first."""
    if not customer.unbilled:
        return []
    return [charge for charge in balances.waiting_charges(site, customer) if charge.subscription_id == subscription.id]


def settle(site: Site, customer: Customer, invoice: Invoice) -> None:
    """Remove the charges that a numbered invoice has billed."""
    for id in invoice.unbilled:
        site.unbilled_charges.delete(id)
        customer.unbilled.remove(id)
    if invoice.unbilled:
        balances.show(site, customer)
        site.touch(customer)


def take_back(site: Site, customer: Customer, credits: list[Credit]) -> list[UnbilledCharge]:
    """Void the charges among the sources of these credits, and leave new ones for what is not taken back."""
    left: list[UnbilledCharge] = []
    for credit in credits:
        if isinstance(credit.source, UnbilledCharge):
            charge = credit.source
            void(site, customer, charge)
            later = rounded(charge.amount * ahead(site, charge.date_from, charge.date_to, credit.begin))
            for begin, end, amount in (
                (charge.date_from, credit.begin, charge.amount - later),
                (credit.begin, charge.date_to, later - credit.amount),
            ):
                if amount > 0:
                    line = replace(charge.line, id=site.ids.next("li_", 16), date_from=begin, date_to=end, amount=amount)
                    left.append(_leave(site, customer, charge.currency_code, replace(line, unit_amount=amount, quantity=1), []))
    return left


def delete(site: Site, customer: Customer, charge: UnbilledCharge) -> None:
    """Remove a charge, which will never be invoiced."""
    site.unbilled_charges.delete(charge.id)
    if charge.id in customer.unbilled:
        customer.unbilled.remove(charge.id)
    balances.show(site, customer)
    site.touch(customer)


def void(site: Site, customer: Customer, charge: UnbilledCharge) -> None:
    """Take a charge out of what will be invoiced. It can still be listed as voided."""
    charge.is_voided, charge.voided_at = True, site.now
    customer.unbilled.remove(charge.id)
    site.touch(charge)
    balances.show(site, customer)
    site.touch(customer)


def _leave(site: Site, customer: Customer, currency_code: str, line: LineItem, tiers: list[LineItemTier]) -> UnbilledCharge:
    charge = UnbilledCharge(
        id=line.id,
        customer_id=customer.id,
        subscription_id=line.subscription_id,
        date_from=line.date_from,
        date_to=line.date_to,
        unit_amount=line.unit_amount,
        unit_amount_in_decimal=line.unit_amount_in_decimal,
        pricing_model=line.pricing_model,
        quantity=line.quantity,
        amount=line.amount,
        currency_code=currency_code,
        description=line.description,
        entity_type=line.entity_type,
        entity_id=line.entity_id,
        created_at=site.now,
        line=line,
        line_tiers=tiers,
    )
    customer.unbilled.append(charge.id)
    site.add(site.unbilled_charges, charge)
    balances.show(site, customer)
    site.touch(customer)
    return charge
