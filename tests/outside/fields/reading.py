"""Says whether a plugin's wire structs have a field. They hold only the fields that are used."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, Final, get_args

import msgspec
from billbridge_chargebee import wire, wire_catalog, wire_invoices
from billbridge_chargebee import wire_subscriptions as chargebee_subscriptions
from billbridge_stripe import wire_catalog as stripe_catalog
from billbridge_stripe import wire_customers, wire_discounts, wire_subscriptions
from billbridge_stripe import wire_invoices as stripe_invoices

STRUCTS: Final[dict[str, dict[str, type[msgspec.Struct]]]] = {
    "stripe": {
        "subscription": wire_subscriptions.Subscription,
        "subscription item": wire_subscriptions.SubscriptionItem,
        "invoice": stripe_invoices.Invoice,
        "invoice line": stripe_invoices.Line,
        "price": stripe_catalog.Price,
        "coupon": wire_discounts.Coupon,
        "discount": wire_discounts.Discount,
        "customer": wire_customers.Customer,
    },
    "chargebee": {
        "subscription": chargebee_subscriptions.Subscription,
        "invoice": wire_invoices.Invoice,
        "item_price": wire_catalog.ItemPrice,
        "coupon": wire_catalog.Coupon,
        "customer": wire.Customer,
    },
}


def is_read(vendor: str, resource: str, path: str) -> bool:
    """Whether the resource's struct has the field at this path."""
    structs: list[Any] = [STRUCTS[vendor][resource]]
    for name in path.split("."):
        found = [field.type for struct in structs for field in msgspec.structs.fields(struct) if field.encode_name == name]
        if not found:
            return False
        structs = [struct for hint in found for struct in _structs(hint)]
    return True


def _structs(hint: Any) -> Iterator[Any]:
    if inspect.isclass(hint) and issubclass(hint, msgspec.Struct):
        yield hint
    for each in get_args(hint):
        yield from _structs(each)
