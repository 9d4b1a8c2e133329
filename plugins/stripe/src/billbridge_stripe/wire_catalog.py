"""The structs of Stripe's products, prices and meters, as Stripe sends them. `wire` has the shared ones. Translates nothing."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from billbridge_stripe import wire


class Product(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/products."""

    name: str | None = None
    description: str | None = None
    unit_label: str | None = None
    active: bool = True
    metadata: dict[str, str] | None = None
    created: int | None = None
    updated: int | None = None


class Recurring(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The period of a price, and the source of its quantity."""

    interval: str
    interval_count: int = 1
    usage_type: str | None = None
    meter: str | None = None
    trial_period_days: int | None = None


class Tier(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One tier of a price. Stripe sends it only if `tiers` was expanded. `up_to` is null in the last tier."""

    up_to: int | None = None
    unit_amount: int | None = None
    unit_amount_decimal: Decimal | None = None
    flat_amount: int | None = None
    flat_amount_decimal: Decimal | None = None


class Packages(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The divisor of a quantity before it is multiplied with the amount, and the rounding of the result: "up" or "down"."""

    divide_by: int
    round: str | None = None


class CurrencyOption(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A price in another currency. Stripe sends it only if `currency_options` was expanded.

    It has no amount if the price has tiers, or if the customer chooses the amount.
    """

    unit_amount: int | None = None
    unit_amount_decimal: Decimal | None = None


class Price(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/prices. `unit_amount` is null if the amount is not whole; the decimal one is always there, unless there are tiers.

    A deleted price inside another object has no currency and no amount.
    """

    currency: str = ""
    product: wire.Reference = None
    type: str | None = None
    billing_scheme: str | None = None
    tiers_mode: str | None = None
    tiers: list[Tier] | None = None
    transform_quantity: Packages | None = None
    custom_unit_amount: wire.Present | None = None
    unit_amount: int | None = None
    unit_amount_decimal: Decimal | None = None
    currency_options: dict[str, CurrencyOption] | None = None
    recurring: Recurring | None = None
    tax_behavior: str | None = None
    lookup_key: str | None = None
    nickname: str | None = None
    active: bool = True
    metadata: dict[str, str] | None = None
    created: int | None = None


class Plan(Price, frozen=True, kw_only=True, gc=False):
    """A plan, the older form of a price, with other names for the amount. Items of old shapes have only this."""

    unit_amount: int | None = msgspec.field(name="amount", default=None)
    unit_amount_decimal: Decimal | None = msgspec.field(name="amount_decimal", default=None)


class Aggregation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The formula of a meter for the values of a period."""

    formula: str | None = None


class Meter(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/billing/meters."""

    display_name: str | None = None
    event_name: str | None = None
    default_aggregation: Aggregation | None = None
    status: str | None = None
    created: int | None = None
    updated: int | None = None
