"""Convert invoices from Stripe's shape to the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

import msgspec
from billbridge.model import CollectionState, Invoice, InvoiceLine, InvoiceStatus
from billbridge.model.make import Make
from billbridge.money import Money, vendor_currency
from billbridge.toolkit.timestamps import MOMENTS

from billbridge_stripe import wire_invoices as wire
from billbridge_stripe.money import DECIMALS, MINOR, written_amount
from billbridge_stripe.translate.common import id_of, own
from billbridge_stripe.translate.words import INVOICE_STATUS

# Looking a word up in its enum takes a tenth of a microsecond (Python 3.11), more than making an amount.
_UNKNOWN: Final = InvoiceStatus.UNKNOWN
_OPEN: Final = InvoiceStatus.OPEN
_VOID: Final = InvoiceStatus.VOID
_NOT_COLLECTED: Final = CollectionState.NONE
_NO_TIMES: Final = wire.StatusTransitions()
_NO_PERIOD: Final = wire.Period()
_make: Final = Make  # under a name of its own: see billbridge.model.make


def invoice(found: wire.Invoice, lines: Sequence[wire.Line], raw: bytes | msgspec.Raw) -> Invoice:
    """Convert an invoice of Stripe to the model, with all its lines. Stripe sends only the first lines with an invoice.

    `amount_due` is Stripe's `amount_remaining`. For a void invoice it is 0, although Stripe leaves the old amount there. Stripe stores no
    time of the last change.
    """
    status = INVOICE_STATUS.get(found.status or "", _UNKNOWN)
    times = found.status_transitions or _NO_TIMES
    details = found.parent.subscription_details if found.parent else None
    currency = found.currency
    money = MINOR.of(currency)
    return _make.invoice(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        number=found.number,
        customer_id=id_of(found.customer),
        subscription_id=id_of(details.subscription) if details else id_of(found.subscription),
        status=status,
        vendor_status=found.status or "",
        collection_state=_collection(found, status),
        currency=vendor_currency(currency),
        subtotal=money(found.subtotal),
        discount_total=money(_sum(found.total_discount_amounts)),
        tax=money(_tax(found)),
        total=money(found.total),
        amount_paid=money(found.amount_paid),
        amount_due=money(0 if status is _VOID else found.amount_remaining),
        credits_applied=money(_credits(found)),
        lines=[_line(line, money if line.currency == currency else MINOR.of(line.currency)) for line in lines],
        issued_at=MOMENTS[found.effective_at if found.effective_at is not None else times.finalized_at or found.finalized_at],
        due_at=MOMENTS[found.due_date],
        paid_at=MOMENTS[times.paid_at],
        voided_at=MOMENTS[times.voided_at],
        created_at=MOMENTS[found.date if found.created is None else found.created],
    )


def _collection(found: wire.Invoice, status: InvoiceStatus) -> CollectionState:
    """Return the state of the collection, for which Stripe has no word.

    An open invoice with a failed attempt is in dunning while another attempt is planned. Without one, its retries are used up. An invoice
    that the customer pays by hand is not retried, so it has neither state.
    """
    if status is not _OPEN or not found.attempted or (found.collection_method or found.billing) == "send_invoice":
        return _NOT_COLLECTED
    return CollectionState.EXHAUSTED if found.next_payment_attempt is None else CollectionState.IN_DUNNING


def _credits(found: wire.Invoice) -> int:
    """Return how much of the total the customer's balance and credit notes paid.

    At Stripe, credit is a negative balance. The used credit is how far the balance rose towards zero when the invoice was finalized. A rise
    above zero is not credit: it is an amount too small to charge, which moves to the next invoice. The `ending_balance` of a draft is null.
    It is computed as if the invoice were finalized now.
    """
    before = min(found.starting_balance, 0)
    after = found.starting_balance + found.total if found.ending_balance is None else found.ending_balance
    return max(min(after, 0) - before, 0) + found.pre_payment_credit_notes_amount


def _tax(found: wire.Invoice) -> int:
    """Return the tax: from `total_taxes` since 2025-03-31.basil, before that from `total_tax_amounts` or from `tax`, their sum."""
    amounts = found.total_tax_amounts if found.total_taxes is None else found.total_taxes
    return found.tax or 0 if amounts is None else _sum(amounts)


def _line(found: wire.Line, money: Callable[[int], Money]) -> InvoiceLine:
    period = found.period or _NO_PERIOD
    discounts = found.discount_amounts
    taxes = found.tax_amounts if found.taxes is None else found.taxes
    return InvoiceLine(
        id=found.id,
        description=found.description,
        amount=money(found.amount),
        quantity=_quantity(found),
        unit_amount=_unit_amount(found),
        price_id=_price_id(found),
        proration=_proration(found),
        period_start=MOMENTS[period.start],
        period_end=MOMENTS[period.end],
        discount=None if discounts is None else money(_sum(discounts)),
        tax=None if taxes is None else money(_sum(taxes)),
    )


def _quantity(line: wire.Line) -> Decimal | None:
    if line.quantity_decimal is not None:
        return DECIMALS[line.quantity_decimal]
    return None if line.quantity is None else Decimal(line.quantity)


def _unit_amount(line: wire.Line) -> Money | None:
    """The amount for one unit. If Stripe shows the amount of a package, it is None: the quantity times it is not the line's amount."""
    shown = line.pricing.unit_amount_decimal if line.pricing else None
    if shown is not None:
        return written_amount(shown, line.currency) if _is_per_unit(shown, line) else None
    old = line.price or line.plan
    if old is None or old.transform_quantity is not None:
        return None
    text = old.amount_decimal if old.unit_amount_decimal is None else old.unit_amount_decimal
    if text is not None:
        return written_amount(text, line.currency)
    minor = old.amount if old.unit_amount is None else old.unit_amount
    return None if minor is None else MINOR.unpack(minor, line.currency)


def _is_per_unit(text: str, line: wire.Line) -> bool:
    """Whether the quantity times this amount is the line's amount, rounded to the minor unit. Prorations and trials cannot tell."""
    quantity, amount = line.quantity, line.amount
    if quantity is None or not amount or line.quantity_decimal is not None:
        return True
    if text.isdecimal():
        return int(text) * quantity == amount or _proration(line)
    return abs(DECIMALS[text] * quantity - amount) < 1 or _proration(line)


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


def _sum(amounts: list[wire.Amount] | None) -> int:
    if not amounts:
        return 0
    return amounts[0].amount if len(amounts) == 1 else sum([each.amount for each in amounts])
