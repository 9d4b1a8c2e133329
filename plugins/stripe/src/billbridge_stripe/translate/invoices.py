"""Invoices, from Stripe's shape to ours."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec
from billbridge.model import CollectionState, Invoice, InvoiceLine, InvoiceStatus
from billbridge.money import Money
from billbridge.timestamps import from_unix

from billbridge_stripe import wire_invoices as wire
from billbridge_stripe.money import MINOR, exact_amount
from billbridge_stripe.translate.common import id_of
from billbridge_stripe.translate.words import INVOICE_STATUS


def invoice(found: wire.Invoice, lines: Sequence[wire.Line], raw: bytes | msgspec.Raw) -> Invoice:
    """An invoice with all its lines (Stripe sends only the first ones along).

    `amount_due` is Stripe's `amount_remaining`, and nothing for a void invoice, on which Stripe leaves what was due. Stripe keeps no
    time of the last change.
    """
    status = INVOICE_STATUS.get(found.status or "", InvoiceStatus.UNKNOWN)
    times = found.status_transitions or wire.StatusTransitions()
    details = found.parent.subscription_details if found.parent else None

    def money(minor: int) -> Money:
        return MINOR.unpack(minor, found.currency)

    return Invoice(
        provider="stripe",
        id=found.id,
        raw=msgspec.Raw(bytes(raw)),
        number=found.number,
        customer_id=id_of(found.customer),
        subscription_id=id_of(details.subscription) if details else id_of(found.subscription),
        status=status,
        vendor_status=found.status or "",
        collection_state=_collection(found, status),
        currency=found.currency.upper(),
        subtotal=money(found.subtotal),
        discount_total=money(_sum(found.total_discount_amounts) or 0),
        tax=money(_tax(found)),
        total=money(found.total),
        amount_paid=money(found.amount_paid),
        amount_due=money(0 if status is InvoiceStatus.VOID else found.amount_remaining),
        credits_applied=money(_credits(found)),
        lines=[_line(line) for line in lines],
        issued_at=from_unix(found.effective_at if found.effective_at is not None else times.finalized_at),
        due_at=from_unix(found.due_date),
        paid_at=from_unix(times.paid_at),
        voided_at=from_unix(times.voided_at),
        created_at=from_unix(found.created),
    )


def _collection(found: wire.Invoice, status: InvoiceStatus) -> CollectionState:
    """Stripe has no word for it: an open invoice that was tried is in dunning while another attempt is planned, else given up.

    An invoice that is sent to be paid by hand is not retried, so it is neither.
    """
    if status is not InvoiceStatus.OPEN or not found.attempted or found.collection_method == "send_invoice":
        return CollectionState.NONE
    return CollectionState.EXHAUSTED if found.next_payment_attempt is None else CollectionState.IN_DUNNING


def _credits(found: wire.Invoice) -> int:
    """What the customer's balance and credit notes paid of the total.

    Stripe writes a credit as a negative balance. What of it was used is how far the balance rose towards zero when the invoice was
    finalized; a rise above zero is something else (an amount too small to charge, carried over to the next invoice). For a draft,
    `ending_balance` is null: it is what finalizing now would leave.
    """
    before = min(found.starting_balance, 0)
    after = found.starting_balance + found.total if found.ending_balance is None else found.ending_balance
    return max(min(after, 0) - before, 0) + found.pre_payment_credit_notes_amount


def _tax(found: wire.Invoice) -> int:
    """`total_taxes` since 2025-03-31.basil; before that `total_tax_amounts`, and `tax`, their sum."""
    for amounts in (found.total_taxes, found.total_tax_amounts):
        if amounts is not None:
            return sum(each.amount for each in amounts)
    return found.tax or 0


def _line(found: wire.Line) -> InvoiceLine:
    period = found.period or wire.Period()
    discount = _sum(found.discount_amounts)
    tax = _sum(found.tax_amounts if found.taxes is None else found.taxes)
    quantity = found.quantity if found.quantity_decimal is None else found.quantity_decimal
    return InvoiceLine(
        id=found.id,
        description=found.description,
        amount=MINOR.unpack(found.amount, found.currency),
        quantity=None if quantity is None else Decimal(quantity),
        unit_amount=_unit_amount(found),
        price_id=_price_id(found),
        proration=_proration(found),
        period_start=from_unix(period.start),
        period_end=from_unix(period.end),
        discount=None if discount is None else MINOR.unpack(discount, found.currency),
        tax=None if tax is None else MINOR.unpack(tax, found.currency),
    )


def _unit_amount(line: wire.Line) -> Money | None:
    old = line.price or line.plan
    given = (line.pricing.unit_amount_decimal,) if line.pricing else ()
    before = (old.unit_amount_decimal, old.amount_decimal, old.unit_amount, old.amount) if old else ()
    minor = next((amount for amount in (*given, *before) if amount is not None), None)
    return None if minor is None else exact_amount(Decimal(minor), line.currency)


def _price_id(line: wire.Line) -> str | None:
    if line.pricing:
        return id_of(line.pricing.price_details.price) if line.pricing.price_details else None
    old = line.price or line.plan
    return old.id if old else None


def _proration(line: wire.Line) -> bool:
    if line.parent is None:
        return bool(line.proration)
    details = line.parent.subscription_item_details or line.parent.invoice_item_details
    return details is not None and details.proration


def _sum(amounts: list[wire.Amount] | None) -> int | None:
    """None where Stripe gives no such amounts."""
    return None if amounts is None else sum(each.amount for each in amounts)
