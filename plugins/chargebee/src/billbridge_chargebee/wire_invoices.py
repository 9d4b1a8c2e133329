"""The structs of invoices exactly as Chargebee sends them. `wire` tells what all structs share. Translates nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec


class LineItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A line of an invoice. `amount` is before discounts and before tax that is added on top."""

    id: str | None = None
    description: str | None = None
    amount: int | None = None
    amount_in_decimal: Decimal | None = None
    quantity: int | None = None
    quantity_in_decimal: Decimal | None = None
    unit_amount: int | None = None
    unit_amount_in_decimal: Decimal | None = None
    entity_type: str | None = None
    entity_id: str | None = None
    proration_mode: str | None = None
    date_from: int | None = None
    date_to: int | None = None
    discount_amount: int | None = None
    tax_amount: int | None = None


class Discount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A discount of an invoice."""

    amount: int


class Invoice(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An invoice. It has a `line_items_next_offset` if it has more lines than Chargebee sent."""

    id: str
    status: str
    currency_code: str
    sub_total: int
    total: int
    amount_due: int
    amount_paid: int
    customer_id: str | None = None
    subscription_id: str | None = None
    tax: int | None = None
    discounts: list[Discount] | None = None
    credits_applied: int | None = None
    amount_adjusted: int | None = None
    write_off_amount: int | None = None
    dunning_status: str | None = None
    line_items: list[LineItem] | None = None
    line_items_next_offset: str | None = None
    date: int | None = None
    due_date: int | None = None
    paid_at: int | None = None
    voided_at: int | None = None
    generated_at: int | None = None
    updated_at: int | None = None
    deleted: bool | None = None


INVOICE: Final = msgspec.json.Decoder(Invoice)
