"""Invoices and their lines: what was charged, and how much of it is paid. Payments and credit notes are not here."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import msgspec

from billbridge.model.base import Chronological, Entity, Word
from billbridge.money import Money


class InvoiceStatus(Word):
    """The status of an invoice, in the same words for every vendor. `vendor_status` on the invoice is the vendor's own word.

    Chargebee gives an invoice with a write-off the status "paid". Billbridge reports it as `UNCOLLECTIBLE`, so that bad debt does not count
    as revenue.
    """

    DRAFT = "draft"
    OPEN = "open"
    PAID = "paid"
    UNCOLLECTIBLE = "uncollectible"
    VOID = "void"
    UNKNOWN = "unknown"


class CollectionState(Word):
    """Whether the vendor still retries the failed payment of an open invoice (dunning)."""

    NONE = "none"
    IN_DUNNING = "in_dunning"
    EXHAUSTED = "exhausted"
    UNKNOWN = "unknown"


class InvoiceLine(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of an invoice. Amounts are in major units.

    - `amount` is before discounts, and before tax that is added on top.
    - `unit_amount` is None if the amount is not the quantity times one price: tiers, and packages.
    - `proration` is None if the vendor does not say (Chargebee sites without item-level proration).
    - `tax` is None if the vendor sends no tax for each line.
    """

    id: str
    description: str | None
    amount: Money
    quantity: Decimal | None = None
    unit_amount: Money | None = None
    price_id: str | None = None
    proration: bool | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    discount: Money | None = None
    tax: Money | None = None


class Invoice(Entity, frozen=True, kw_only=True):
    """An invoice, with all its lines. Amounts are in major units, times in UTC.

    - `number` is the number that the customer sees. A draft has none.
    - `amount_due` is what is still to be paid now, on every vendor. It is Stripe's `amount_remaining`; Stripe's own `amount_due` does not
      go down when the customer pays.
    - `credits_applied` is the part of `total` that credit has paid. Promotional credit at Chargebee is a discount instead: it is part of
      `discount_total` and lowers `total`.
    - `vendor_status` is the vendor's own word for `status`.
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
    """The filters of `invoices.list`: the invoices of one customer, of one subscription, or all.

    At Chargebee the time filters and the order use the date on the invoice.
    """

    customer: str | None = None
    subscription: str | None = None

    id_fields: ClassVar = frozenset({"customer", "subscription"})
