"""Objects exactly as Chargebee sends them: the fields that we use, under its names (resource classes of chargebee-python 3.29.0).

Chargebee leaves a field out instead of sending null; both are read as None here. Fields that are always there and without which an object
would be invented (ids, totals) are required. Times are Unix seconds, amounts in the minor units of `money.UNITS`, `*_in_decimal` texts in
major units or plain numbers. Translates nothing.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

ABSENT: Final = msgspec.Raw(b"null")


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A billing address."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state_code: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """A customer; `meta_data` is a JSON object of any values."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    billing_address: Address | None = None
    meta_data: msgspec.Raw = ABSENT
    primary_payment_source_id: str | None = None
    created_at: int | None = None
    updated_at: int | None = None
    deleted: bool | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """An item: a plan, an addon or a charge."""

    id: str
    name: str | None = None
    external_name: str | None = None
    description: str | None = None
    status: str | None = None
    metadata: msgspec.Raw = ABSENT
    updated_at: int | None = None
    deleted: bool | None = None


class PriceTier(msgspec.Struct, frozen=True, kw_only=True):
    """One tier of an item price."""

    pricing_type: str | None = None


class ItemPrice(msgspec.Struct, frozen=True, kw_only=True):
    """An item price."""

    id: str
    currency_code: str
    item_id: str | None = None
    item_type: str | None = None
    external_name: str | None = None
    status: str | None = None
    pricing_model: str | None = None
    price: int | None = None
    price_in_decimal: Decimal | None = None
    tiers: list[PriceTier] | None = None
    period: int | None = None
    period_unit: str | None = None
    metadata: msgspec.Raw = ABSENT
    created_at: int | None = None
    updated_at: int | None = None
    deleted: bool | None = None


class SourceCard(msgspec.Struct, frozen=True, kw_only=True):
    """The card in a payment source."""

    brand: str | None = None
    last4: str | None = None
    expiry_month: int | None = None
    expiry_year: int | None = None
    funding_type: str | None = None


class PaymentSource(msgspec.Struct, frozen=True, kw_only=True):
    """A payment source."""

    id: str
    customer_id: str | None = None
    type: str | None = None
    status: str | None = None
    issuing_country: str | None = None
    card: SourceCard | None = None
    created_at: int | None = None
    deleted: bool | None = None


class SubscriptionItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item of a subscription; `metered_quantity` and `last_calculated_at` are there for usage only."""

    item_price_id: str
    quantity: int | None = None
    quantity_in_decimal: Decimal | None = None
    metered_quantity: str | None = None
    last_calculated_at: int | None = None
    unit_price: int | None = None
    unit_price_in_decimal: Decimal | None = None
    current_term_start: int | None = None
    current_term_end: int | None = None


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription. The `plan_*` fields are Product Catalog 1.0's, in place of `subscription_items`."""

    id: str
    customer_id: str
    status: str
    currency_code: str | None = None
    subscription_items: list[SubscriptionItem] | None = None
    plan_id: str | None = None
    plan_quantity: int | None = None
    plan_quantity_in_decimal: Decimal | None = None
    plan_unit_price: int | None = None
    plan_unit_price_in_decimal: Decimal | None = None
    current_term_start: int | None = None
    current_term_end: int | None = None
    start_date: int | None = None
    started_at: int | None = None
    trial_start: int | None = None
    trial_end: int | None = None
    cancelled_at: int | None = None
    cancel_schedule_created_at: int | None = None
    due_invoices_count: int | None = None
    auto_collection: str | None = None
    payment_source_id: str | None = None
    meta_data: msgspec.Raw = ABSENT
    created_at: int | None = None
    updated_at: int | None = None
    deleted: bool | None = None


class LineItem(msgspec.Struct, frozen=True, kw_only=True):
    """A line of an invoice; `amount` is before discounts and before tax that is added on top."""

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


class Discount(msgspec.Struct, frozen=True, kw_only=True):
    """A discount of an invoice."""

    amount: int


class Invoice(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice; `line_items_next_offset` says that it has more lines than were sent."""

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


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event as a webhook delivers it."""

    id: str
    event_type: str
    occurred_at: int
    api_version: str | None = None


CUSTOMER: Final = msgspec.json.Decoder(Customer)
ITEM: Final = msgspec.json.Decoder(Item)
ITEM_PRICE: Final = msgspec.json.Decoder(ItemPrice)
PAYMENT_SOURCE: Final = msgspec.json.Decoder(PaymentSource)
SUBSCRIPTION: Final = msgspec.json.Decoder(Subscription)
INVOICE: Final = msgspec.json.Decoder(Invoice)
EVENT: Final = msgspec.json.Decoder(Event)
