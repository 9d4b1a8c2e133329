"""Invoices: what was charged, for what, and what of it is paid. Does not hold payments or credit notes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import msgspec

from billbridge.model.base import Chronological, Entity, Word
from billbridge.money import Money


class InvoiceStatus(Word):
    """Where an invoice stands, in one vocabulary; `vendor_status` on the object is the vendor's own word.

    A Chargebee invoice that was written off has the vendor status "paid"; here it is `UNCOLLECTIBLE`, so bad debt is not revenue.
    """

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    UNCOLLECTIBLE = "uncollectible"
    VOID = "void"
    UNKNOWN = "unknown"


class CollectionState(Word):
    """Whether failed payments of an open invoice are still retried (dunning)."""

    NONE = "none"
    IN_DUNNING = "in_dunning"
    EXHAUSTED = "exhausted"
    UNKNOWN = "unknown"


class InvoiceLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line. `amount` is before discounts and before tax that is added on top; `tax` is None where the vendor gives none per line."""

    id: str
    description: str | None
    amount: Money
    quantity: Decimal | None = None
    unit_amount: Money | None = None
    price_id: str | None = None
    proration: bool = False
    period_start: datetime | None = None
    period_end: datetime | None = None
    discount: Money | None = None
    tax: Money | None = None


class Invoice(Entity, frozen=True, kw_only=True):
    """An invoice, with all its lines.

    `amount_due` is what is still to be paid now, on every vendor (Stripe's own `amount_due` keeps what was asked; here it is its
    `amount_remaining`). `number` is what the customer sees; a draft has none. `credits_applied` is what credits paid of `total`;
    promotional credit at Chargebee is a discount instead, so it is in `discount_total` and lowers `total`.
    """

    shown: ClassVar = ("number", "status", "total")

    number: str | None
    customer_id: str | None
    subscription_id: str | None
    status: InvoiceStatus
    vendor_status: str
    collection_state: CollectionState
    currency: str
    subtotal: Money
    discount_total: Money
    tax: Money
    total: Money
    amount_paid: Money
    amount_due: Money
    credits_applied: Money
    lines: list[InvoiceLine] = msgspec.field(default_factory=list)
    issued_at: datetime | None = None
    due_at: datetime | None = None
    paid_at: datetime | None = None
    voided_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class InvoiceQuery(Chronological, frozen=True, kw_only=True):
    """The filters of `invoices.list`: one customer's, one subscription's, or all. Chargebee goes by the date on the invoice."""

    customer: str | None = None
    subscription: str | None = None

    id_fields: ClassVar = frozenset({"customer", "subscription"})
