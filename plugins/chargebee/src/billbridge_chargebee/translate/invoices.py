"""Convert invoices. At Chargebee, the id of an invoice is the number that customers see."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

import msgspec
from billbridge.model import CollectionState, Invoice, InvoiceLine, InvoiceStatus
from billbridge.model.make import Make
from billbridge.model.raw import RawJson
from billbridge.money import Money, vendor_currency
from billbridge.toolkit.timestamps import MOMENTS

from billbridge_chargebee import wire_invoices
from billbridge_chargebee.money import UNITS, amount, known_amount
from billbridge_chargebee.translate.words import COLLECTION_STATES, INVOICE_STATUSES, PRICED_ENTITIES

# Looking a word up in its enum takes a tenth of a microsecond (Python 3.11), more than making an amount.
_DRAFT: Final = InvoiceStatus.DRAFT
_UNCOLLECTIBLE: Final = InvoiceStatus.UNCOLLECTIBLE
_UNKNOWN: Final = InvoiceStatus.UNKNOWN
_NOT_COLLECTED: Final = CollectionState.NONE
_COLLECTED: Final = (InvoiceStatus.OPEN, _UNKNOWN)
_make: Final = Make  # under a name of its own: see billbridge.model.make


def invoice(sent: wire_invoices.Invoice, raw: msgspec.Raw, lines: list[wire_invoices.LineItem]) -> Invoice:
    """Convert an invoice of Chargebee to the model, with all its lines. These can take several requests; `raw` has those of the first.

    A written-off amount is still in `amount_due`, as on an uncollectible invoice of Stripe. `credits_applied` includes credit notes that
    were applied to the invoice and those that adjusted it. `issued_at` is the date of the invoice.
    """
    currency = vendor_currency(sent.currency_code)
    money = UNITS.of(currency)
    status = _status(sent)
    written_off = (sent.write_off_amount or 0) if status is _UNCOLLECTIBLE else 0
    return _make.invoice(
        provider="chargebee",
        id=sent.id,
        raw=RawJson(raw),
        number=None if status is _DRAFT else sent.id,
        customer_id=sent.customer_id,
        subscription_id=sent.subscription_id,
        status=status,
        vendor_status=sent.status,
        collection_state=_collection(sent, status),
        currency=currency,
        subtotal=money(sent.sub_total),
        discount_total=money(sum([discount.amount for discount in sent.discounts]) if sent.discounts else 0),
        tax=money(sent.tax or 0),
        total=money(sent.total),
        amount_paid=money(sent.amount_paid),
        amount_due=money(sent.amount_due + written_off),
        credits_applied=money((sent.credits_applied or 0) + (sent.amount_adjusted or 0)),
        lines=[_line(each, currency, money) for each in lines],
        issued_at=MOMENTS[sent.date],
        due_at=MOMENTS[sent.due_date],
        paid_at=MOMENTS[sent.paid_at],
        voided_at=MOMENTS[sent.voided_at],
        created_at=MOMENTS[sent.generated_at],
        updated_at=MOMENTS[sent.updated_at],
    )


def _status(sent: wire_invoices.Invoice) -> InvoiceStatus:
    """Return the status. An invoice with a write-off is "paid" at Chargebee. Here it is uncollectible."""
    if sent.status == "paid" and (sent.write_off_amount or 0) > 0:
        return _UNCOLLECTIBLE
    return INVOICE_STATUSES.get(sent.status, _UNKNOWN)


def _collection(sent: wire_invoices.Invoice, status: InvoiceStatus) -> CollectionState:
    """Return the state of the collection. `not_paid` is the status of an invoice whose retries are used up."""
    if status not in _COLLECTED:
        return _NOT_COLLECTED
    if sent.dunning_status is None:
        return CollectionState.EXHAUSTED if sent.status == "not_paid" else _NOT_COLLECTED
    return COLLECTION_STATES.get(sent.dunning_status, CollectionState.UNKNOWN)


def _line(sent: wire_invoices.LineItem, currency: str, money: Callable[[int], Money]) -> InvoiceLine:
    """Convert one line. A page holds thousands, so amounts without fractions are made here, not by the helpers in `money`."""
    minor, exact, unit, exact_unit = sent.amount, sent.amount_in_decimal, sent.unit_amount, sent.unit_amount_in_decimal
    quantity = sent.quantity if sent.quantity_in_decimal is None else sent.quantity_in_decimal
    discount, tax = sent.discount_amount, sent.tax_amount
    return InvoiceLine(
        id=sent.id or "",
        description=sent.description,
        amount=known_amount(minor, exact, currency, what="a line of an invoice") if minor is None or exact is not None else money(minor),
        quantity=None if quantity is None else Decimal(quantity),
        unit_amount=amount(unit, exact_unit, currency) if unit is None or exact_unit is not None else money(unit),
        price_id=sent.entity_id if sent.entity_type in PRICED_ENTITIES else None,
        proration=None if sent.proration_mode is None else True,
        period_start=MOMENTS[sent.date_from],
        period_end=MOMENTS[sent.date_to],
        discount=None if discount is None else money(discount),
        tax=None if tax is None else money(tax),
    )
