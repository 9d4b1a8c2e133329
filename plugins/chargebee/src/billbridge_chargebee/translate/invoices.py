"""Invoices. Their id is the number that customers see."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from billbridge.model import CollectionState, Invoice, InvoiceLine, InvoiceStatus
from billbridge.money import Money
from billbridge.timestamps import from_unix

from billbridge_chargebee import wire_invoices
from billbridge_chargebee.money import UNITS, amount, known_amount
from billbridge_chargebee.translate.words import COLLECTION_STATES, INVOICE_STATUSES, PRICED_ENTITIES


def invoice(sent: wire_invoices.Invoice, raw: msgspec.Raw, lines: list[wire_invoices.LineItem]) -> Invoice:
    """The invoice that Chargebee sent, with all its lines, which can take several requests: `raw` has those of the first.

    What was written off is still `amount_due`, as it is on an uncollectible invoice of Stripe's. `credits_applied` counts credit notes
    applied to it and those that adjusted it. `issued_at` is the invoice's date.
    """
    currency = sent.currency_code.upper()
    status = _status(sent)

    def money(minor: int | None) -> Money:
        return UNITS.unpack(minor or 0, currency)

    return Invoice(
        provider="chargebee",
        id=sent.id,
        raw=raw,
        number=None if status is InvoiceStatus.DRAFT else sent.id,
        customer_id=sent.customer_id,
        subscription_id=sent.subscription_id,
        status=status,
        vendor_status=sent.status,
        collection_state=_collection(sent, status),
        currency=currency,
        subtotal=money(sent.sub_total),
        discount_total=sum((money(discount.amount) for discount in sent.discounts or []), Money.zero(currency)),
        tax=money(sent.tax),
        total=money(sent.total),
        amount_paid=money(sent.amount_paid),
        amount_due=money(sent.amount_due) + money(sent.write_off_amount if status is InvoiceStatus.UNCOLLECTIBLE else 0),
        credits_applied=money(sent.credits_applied) + money(sent.amount_adjusted),
        lines=[_line(line, currency) for line in lines],
        issued_at=from_unix(sent.date),
        due_at=from_unix(sent.due_date),
        paid_at=from_unix(sent.paid_at),
        voided_at=from_unix(sent.voided_at),
        created_at=from_unix(sent.generated_at),
        updated_at=from_unix(sent.updated_at),
    )


def _status(sent: wire_invoices.Invoice) -> InvoiceStatus:
    """A write-off makes an invoice "paid" at Chargebee; here it is bad debt."""
    if sent.status == "paid" and (sent.write_off_amount or 0) > 0:
        return InvoiceStatus.UNCOLLECTIBLE
    return INVOICE_STATUSES.get(sent.status, InvoiceStatus.UNKNOWN)


def _collection(sent: wire_invoices.Invoice, status: InvoiceStatus) -> CollectionState:
    """Whether payments are still retried; `not_paid` is the status of an invoice whose retries are used up."""
    if status not in (InvoiceStatus.OPEN, InvoiceStatus.UNKNOWN):
        return CollectionState.NONE
    if sent.dunning_status is None:
        return CollectionState.EXHAUSTED if sent.status == "not_paid" else CollectionState.NONE
    return COLLECTION_STATES.get(sent.dunning_status, CollectionState.UNKNOWN)


def _line(sent: wire_invoices.LineItem, currency: str) -> InvoiceLine:
    quantity = sent.quantity_in_decimal if sent.quantity_in_decimal is not None else sent.quantity
    return InvoiceLine(
        id=sent.id or "",
        description=sent.description,
        amount=known_amount(sent.amount, sent.amount_in_decimal, currency, what="a line of an invoice"),
        quantity=None if quantity is None else Decimal(quantity),
        unit_amount=amount(sent.unit_amount, sent.unit_amount_in_decimal, currency),
        price_id=sent.entity_id if sent.entity_type in PRICED_ENTITIES else None,
        proration=sent.proration_mode is not None,
        period_start=from_unix(sent.date_from),
        period_end=from_unix(sent.date_to),
        discount=amount(sent.discount_amount, None, currency),
        tax=amount(sent.tax_amount, None, currency),
    )
