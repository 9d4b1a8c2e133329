"""What a customer has and owes in each currency: promotional credits, refundable credits, unbilled charges. It changes none of them.

Choice where the documents are silent: `balances` has a row for every currency that ever had one of them.
"""

from __future__ import annotations

from collections import Counter

from billbridge_sandbox.chargebee.store.credit_notes import CreditNote
from billbridge_sandbox.chargebee.store.records import Balance, Customer
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.unbilled_charges import UnbilledCharge


def promotional(customer: Customer, currency_code: str) -> int:
    """The promotional credits in one currency."""
    return customer.credits.get(currency_code, 0)


def refundable_notes(site: Site, customer: Customer, currency_code: str) -> list[CreditNote]:
    """The credit notes with an amount left to use in one currency, oldest first."""
    notes = [site.find(site.credit_notes, "credit_note", id) for id in customer.refundable]
    return [note for note in notes if note.currency_code == currency_code]


def waiting_charges(site: Site, customer: Customer) -> list[UnbilledCharge]:
    """The charges of a customer that no invoice has billed, oldest first."""
    return [site.find(site.unbilled_charges, "unbilled_charge", id) for id in customer.unbilled]


def show(site: Site, customer: Customer) -> None:
    """Update the fields of a customer that show its balances."""
    refundable: Counter[str] = Counter()
    for id in customer.refundable:
        note = site.find(site.credit_notes, "credit_note", id)
        refundable[note.currency_code] += note.amount_available
    unbilled: Counter[str] = Counter()
    for charge in waiting_charges(site, customer):
        unbilled[charge.currency_code] += charge.amount
    own = customer.preferred_currency_code
    customer.promotional_credits = promotional(customer, own)
    customer.refundable_credits, customer.unbilled_charges = refundable[own], unbilled[own]
    known = [row.currency_code for row in customer.balances or []]
    rows = [
        Balance(
            promotional_credits=promotional(customer, code),
            refundable_credits=refundable[code],
            unbilled_charges=unbilled[code],
            currency_code=code,
            balance_currency_code=code,
        )
        for code in dict.fromkeys([*known, *customer.credits, *refundable, *unbilled])
    ]
    customer.balances = rows or None
