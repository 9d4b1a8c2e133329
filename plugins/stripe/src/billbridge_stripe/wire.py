"""Stripe's objects exactly as they are sent, only the fields that are used; others are ignored. Translates nothing.

One struct reads every API version (account default, webhook endpoints and proxies can answer in an older one): where a field moved,
both places are here. Invoices are in `wire_invoices`. Only `id` and the amounts of money are demanded; what can be absent or null is None.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Generic, TypeAlias, TypeVar

import msgspec

T = TypeVar("T")


class Object(msgspec.Struct, frozen=True, kw_only=True):
    """What every object has. `deleted` is true on the remains of a deleted one, which Stripe sends with status 200."""

    id: str
    deleted: bool | None = None


Reference: TypeAlias = str | Object | None
"""An id, or the object itself where it was expanded."""


class Rows(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """A list, or one page of it."""

    data: list[T]
    has_more: bool = False


class Present(msgspec.Struct, frozen=True):
    """A hash of which only matters whether it is there."""


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A postal address."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class InvoiceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Of a customer's invoices."""

    default_payment_method: Reference = None


class Customer(Object, frozen=True, kw_only=True):
    """/v1/customers. `default_source` is the older kind of payment method."""

    email: str | None = None
    name: str | None = None
    phone: str | None = None
    address: Address | None = None
    metadata: dict[str, str] | None = None
    invoice_settings: InvoiceSettings | None = None
    default_source: Reference = None
    created: int | None = None


class Product(Object, frozen=True, kw_only=True):
    """/v1/products."""

    name: str | None = None
    description: str | None = None
    active: bool = True
    metadata: dict[str, str] | None = None
    created: int | None = None
    updated: int | None = None


class Recurring(msgspec.Struct, frozen=True, kw_only=True):
    """The period of a price."""

    interval: str
    interval_count: int = 1


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """One tier of a price; sent only where `tiers` was expanded."""

    unit_amount: int | None = None
    unit_amount_decimal: Decimal | None = None
    flat_amount: int | None = None
    flat_amount_decimal: Decimal | None = None


class Price(Object, frozen=True, kw_only=True):
    """/v1/prices. `unit_amount` is null where the amount is not whole; the decimal one is always there, unless there are tiers."""

    currency: str
    product: Reference = None
    type: str | None = None
    billing_scheme: str | None = None
    tiers_mode: str | None = None
    tiers: list[Tier] | None = None
    transform_quantity: Present | None = None
    custom_unit_amount: Present | None = None
    unit_amount: int | None = None
    unit_amount_decimal: Decimal | None = None
    recurring: Recurring | None = None
    lookup_key: str | None = None
    nickname: str | None = None
    active: bool = True
    metadata: dict[str, str] | None = None
    created: int | None = None


class Plan(Price, frozen=True, kw_only=True):
    """What prices were before they were called so, with the amount under other names. Items of old shapes have only this."""

    unit_amount: int | None = msgspec.field(name="amount", default=None)
    unit_amount_decimal: Decimal | None = msgspec.field(name="amount_decimal", default=None)


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """The card of a payment method."""

    brand: str | None = None
    last4: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None
    funding: str | None = None
    country: str | None = None


class PaymentMethod(Object, frozen=True, kw_only=True):
    """/v1/payment_methods."""

    type: str
    customer: Reference = None
    card: Card | None = None
    created: int | None = None


class SubscriptionItem(Object, frozen=True, kw_only=True):
    """/v1/subscription_items. The period is here since 2025-03-31.basil. Before prices existed there was only a `plan`."""

    price: Price | None = None
    plan: Plan | None = None
    quantity: int | None = None
    current_period_start: int | None = None
    current_period_end: int | None = None


class Subscription(Object, frozen=True, kw_only=True):
    """/v1/subscriptions. The period was here before 2025-03-31.basil."""

    customer: str | Object
    status: str
    items: Rows[SubscriptionItem]
    currency: str | None = None
    current_period_start: int | None = None
    current_period_end: int | None = None
    start_date: int | None = None
    trial_start: int | None = None
    trial_end: int | None = None
    cancel_at_period_end: bool = False
    cancel_at: int | None = None
    canceled_at: int | None = None
    ended_at: int | None = None
    collection_method: str | None = None
    pause_collection: Present | None = None
    default_payment_method: Reference = None
    default_source: Reference = None
    latest_invoice: Reference = None
    metadata: dict[str, str] | None = None
    created: int | None = None


class Error(msgspec.Struct, frozen=True, kw_only=True):
    """What Stripe says of a refusal."""

    type: str | None = None
    code: str | None = None
    message: str | None = None
    param: str | None = None
    decline_code: str | None = None
    advice_code: str | None = None


class ErrorBody(msgspec.Struct, frozen=True, kw_only=True):
    """The body of a refusal."""

    error: Error


class Event(Object, frozen=True, kw_only=True):
    """The envelope of a webhook delivery."""

    type: str
    created: int
