"""Stripe's products, prices and meters exactly as they are sent; the rest is in `wire`. Translates nothing."""

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
    """The period of a price, and how its quantity comes about."""

    interval: str
    interval_count: int = 1
    usage_type: str | None = None
    meter: str | None = None
    trial_period_days: int | None = None


class Tier(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One tier of a price; sent only where `tiers` was expanded. `up_to` is null in the last."""

    up_to: int | None = None
    unit_amount: int | None = None
    unit_amount_decimal: Decimal | None = None
    flat_amount: int | None = None
    flat_amount_decimal: Decimal | None = None


class Packages(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a quantity is divided by before it is multiplied with the amount, and how the result is rounded: "up" or "down"."""

    divide_by: int
    round: str | None = None


class CurrencyOption(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A price in another currency; sent only where `currency_options` was expanded. Without an amount: tiers, or the customer chooses."""

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
    """What prices were before they were called so, with the amount under other names. Items of old shapes have only this."""

    unit_amount: int | None = msgspec.field(name="amount", default=None)
    unit_amount_decimal: Decimal | None = msgspec.field(name="amount_decimal", default=None)


class Aggregation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a meter makes of a period's values."""

    formula: str | None = None


class Meter(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/billing/meters."""

    display_name: str | None = None
    event_name: str | None = None
    default_aggregation: Aggregation | None = None
    status: str | None = None
    created: int | None = None
    updated: int | None = None
