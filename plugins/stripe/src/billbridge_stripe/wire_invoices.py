"""Stripe's invoices and their lines exactly as they are sent, in every API version; the rest is in `wire`. Translates nothing."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from billbridge_stripe import wire


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """One discount or tax of an invoice or a line."""

    amount: int


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """What time a line is for."""

    start: int | None = None
    end: int | None = None


class PriceDetails(msgspec.Struct, frozen=True, kw_only=True):
    """Which price a line has (since 2025-03-31.basil)."""

    price: wire.Reference = None


class Pricing(msgspec.Struct, frozen=True, kw_only=True):
    """How a line came to its amount (since 2025-03-31.basil)."""

    price_details: PriceDetails | None = None
    unit_amount_decimal: Decimal | None = None


class OldPrice(msgspec.Struct, frozen=True, kw_only=True):
    """The price of a line before 2025-03-31.basil, or its `plan`, which calls the amount by another name."""

    id: str
    unit_amount: int | None = None
    unit_amount_decimal: Decimal | None = None
    amount: int | None = None
    amount_decimal: Decimal | None = None


class ItemDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What raised a line."""

    proration: bool = False


class LineParent(msgspec.Struct, frozen=True, kw_only=True):
    """What raised a line (since 2025-03-31.basil): a subscription's item or an invoice item."""

    subscription_item_details: ItemDetails | None = None
    invoice_item_details: ItemDetails | None = None


class Line(wire.Object, frozen=True, kw_only=True):
    """/v1/invoices/{id}/lines. `price`, `plan`, `proration` and `tax_amounts` are the places before 2025-03-31.basil."""

    amount: int
    currency: str
    description: str | None = None
    quantity: int | None = None
    quantity_decimal: Decimal | None = None
    period: Period | None = None
    pricing: Pricing | None = None
    price: OldPrice | None = None
    plan: OldPrice | None = None
    parent: LineParent | None = None
    proration: bool | None = None
    discount_amounts: list[Amount] | None = None
    taxes: list[Amount] | None = None
    tax_amounts: list[Amount] | None = None


class SubscriptionDetails(msgspec.Struct, frozen=True, kw_only=True):
    """Which subscription raised an invoice."""

    subscription: wire.Reference = None


class InvoiceParent(msgspec.Struct, frozen=True, kw_only=True):
    """What raised an invoice (since 2025-03-31.basil)."""

    subscription_details: SubscriptionDetails | None = None


class StatusTransitions(msgspec.Struct, frozen=True, kw_only=True):
    """When an invoice became what it is."""

    finalized_at: int | None = None
    paid_at: int | None = None
    voided_at: int | None = None


class Invoice(wire.Object, frozen=True, kw_only=True):
    """/v1/invoices. `subscription`, `tax` and `total_tax_amounts` are the places before 2025-03-31.basil."""

    currency: str
    subtotal: int
    total: int
    amount_paid: int
    amount_remaining: int
    lines: wire.Rows[Line]
    status: str | None = None
    number: str | None = None
    customer: wire.Reference = None
    parent: InvoiceParent | None = None
    subscription: wire.Reference = None
    total_discount_amounts: list[Amount] | None = None
    total_taxes: list[Amount] | None = None
    total_tax_amounts: list[Amount] | None = None
    tax: int | None = None
    starting_balance: int = 0
    ending_balance: int | None = None
    pre_payment_credit_notes_amount: int = 0
    collection_method: str | None = None
    attempted: bool = False
    next_payment_attempt: int | None = None
    effective_at: int | None = None
    status_transitions: StatusTransitions | None = None
    due_date: int | None = None
    created: int | None = None
