"""The structs of Stripe's invoices and their lines, in every API version. `wire` has the shared ones. Translates nothing.

A page holds thousands of lines, so two things save 8 % each. The fields are in Stripe's order, which is alphabetical, because msgspec
starts to look for a key where it found the last one. Decimals stay text, because most of them were read before.
"""

from __future__ import annotations

import msgspec

from billbridge_stripe import wire


class Amount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One discount or tax of an invoice or a line."""

    amount: int


class Period(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The period of a line."""

    end: int | None = None
    start: int | None = None


class PriceDetails(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The price of a line (since 2025-03-31.basil)."""

    price: wire.Reference = None


class Pricing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The pricing of a line (since 2025-03-31.basil)."""

    price_details: PriceDetails | None = None
    unit_amount_decimal: str | None = None


class OldPrice(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The price of a line before 2025-03-31.basil, or its `plan`, which has another name for the amount."""

    amount: int | None = None
    amount_decimal: str | None = None
    id: str
    transform_quantity: wire.Present | None = None
    unit_amount: int | None = None
    unit_amount_decimal: str | None = None


class ItemDetails(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The origin of a line."""

    proration: bool = False


class LineParent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The origin of a line (since 2025-03-31.basil): an item of a subscription, or an invoice item."""

    invoice_item_details: ItemDetails | None = None
    subscription_item_details: ItemDetails | None = None


class Line(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/invoices/{id}/lines. `price`, `plan`, `proration` and `tax_amounts` are the places before 2025-03-31.basil."""

    amount: int
    currency: str
    description: str | None = None
    discount_amounts: list[Amount] | None = None
    parent: LineParent | None = None
    period: Period | None = None
    plan: OldPrice | None = None
    price: OldPrice | None = None
    pricing: Pricing | None = None
    proration: bool | None = None
    quantity: int | None = None
    quantity_decimal: str | None = None
    tax_amounts: list[Amount] | None = None
    taxes: list[Amount] | None = None


class SubscriptionDetails(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The subscription of an invoice."""

    subscription: wire.Reference = None


class InvoiceParent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The origin of an invoice (since 2025-03-31.basil)."""

    subscription_details: SubscriptionDetails | None = None


class StatusTransitions(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The times at which an invoice got its statuses."""

    finalized_at: int | None = None
    paid_at: int | None = None
    voided_at: int | None = None


class Invoice(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/invoices. `subscription`, `tax` and `total_tax_amounts` are the places before 2025-03-31.basil.

    `billing` is the name of `collection_method` before 2019-10-17. `date` and `finalized_at` are the names of `created` and of the time
    in `status_transitions` before 2019-03-14.
    """

    amount_paid: int
    amount_remaining: int
    attempted: bool = False
    billing: str | None = None
    collection_method: str | None = None
    created: int | None = None
    currency: str
    customer: wire.Reference = None
    date: int | None = None
    due_date: int | None = None
    effective_at: int | None = None
    ending_balance: int | None = None
    finalized_at: int | None = None
    lines: wire.Rows[Line]
    next_payment_attempt: int | None = None
    number: str | None = None
    parent: InvoiceParent | None = None
    pre_payment_credit_notes_amount: int = 0
    starting_balance: int = 0
    status: str | None = None
    status_transitions: StatusTransitions | None = None
    subscription: wire.Reference = None
    subtotal: int
    tax: int | None = None
    total: int
    total_discount_amounts: list[Amount] | None = None
    total_tax_amounts: list[Amount] | None = None
    total_taxes: list[Amount] | None = None
