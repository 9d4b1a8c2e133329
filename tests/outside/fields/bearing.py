"""Finds the fields of an SDK's resource that bear on money, quantity or time: numbers, and texts that say what a number means."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, get_args

import stripe
from law.chargebee.objects import resource_fields
from law.chargebee.sdk import chargebee
from law.hints import class_annotations
from stripe._stripe_object import StripeObject

_NUMBERS: Final = (int, float, Decimal)
_TELLING: Final = re.compile(
    r"currency|interval|duration|decimal|percent|period|pricing|discounts?$|discount_type|billing_scheme|tiers_mode|^round$"
    r"|usage_type|tax_behavior|transform|free_|proration|charge_on|apply_on"
)
"""Names of texts without which a number cannot be read rightly: its currency, its period, what it is for."""

STRIPE: Final[dict[str, Any]] = {
    "subscription": stripe.Subscription,
    "subscription item": stripe.SubscriptionItem,
    "invoice": stripe.Invoice,
    "invoice line": stripe.InvoiceLineItem,
    "price": stripe.Price,
    "coupon": stripe.Coupon,
    "discount": stripe.Discount,
    "customer": stripe.Customer,
}
CHARGEBEE: Final = ("subscription", "invoice", "item_price", "coupon", "customer")
"""Subscription items and invoice lines are groups inside their parents."""


def bearing() -> dict[str, dict[str, set[str]]]:
    """Every such field: {vendor: {resource: paths}}. A field of a group inside the resource is "group.field"."""
    return {
        "stripe": {name: set(_of_stripe(cls)) for name, cls in STRIPE.items()},
        "chargebee": {name: set(_of_chargebee(name)) for name in CHARGEBEE},
    }


def _of_stripe(cls: type, prefix: str = "") -> Iterator[str]:
    for name, hint in class_annotations(cls).items():
        kinds = set(_kinds(hint))
        if _bears(name, kinds):
            yield prefix + name
        for kind in kinds:
            if inspect.isclass(kind) and issubclass(kind, StripeObject) and kind.__qualname__.startswith(f"{cls.__qualname__}."):
                yield from _of_stripe(kind, f"{prefix}{name}.")


def _of_chargebee(kind: str, cls: type | None = None, prefix: str = "") -> Iterator[str]:
    for name, hint in resource_fields(kind, cls).items():
        kinds = set(_kinds(hint))
        groups = [each for each in kinds if inspect.isclass(each) and issubclass(each, chargebee.model.Model)]
        for group in groups:
            yield from _of_chargebee(kind, group, f"{prefix}{name}.")
        if not groups and _bears(name, kinds):
            yield prefix + name


def _bears(name: str, kinds: set[Any]) -> bool:
    return not kinds.isdisjoint(_NUMBERS) or (bool(_TELLING.search(name)) and not kinds.isdisjoint((str, bool, Any)))


def _kinds(hint: Any) -> Iterator[Any]:
    """The types inside a type: of `Optional[list[int]]` it is int and None."""
    inner = get_args(hint)
    if not inner:
        yield hint
    for each in inner:
        yield from _kinds(each)
