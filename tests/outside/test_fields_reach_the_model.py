"""Every field that docs/fields.md marks as read changes the entity, so the plugin does not decode it in vain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import pytest
from billbridge.errors import ProtocolError
from billbridge_chargebee.translate import coupons, customers, invoices, prices, subscriptions
from billbridge_stripe.translate import coupons as stripe_coupons
from billbridge_stripe.translate import customers as stripe_customers
from billbridge_stripe.translate import invoices as stripe_invoices
from billbridge_stripe.translate import prices as stripe_prices
from billbridge_stripe.translate import subscriptions as stripe_subscriptions
from billbridge_stripe.wire_invoices import Invoice
from billbridge_stripe.wire_subscriptions import Subscription
from fields.bearing import bearing
from fields.reading import STRUCTS, is_read
from fields.samples import bases, changed, merged, sample

NOW: Final = datetime(2026, 3, 1, tzinfo=UTC)
RAW: Final = msgspec.Raw(b"{}")
PARENT: Final = msgspec.convert({"id": "s", "customer": "c", "status": "active", "items": {"data": []}}, Subscription)
AMOUNTS: Final = dict.fromkeys(("amount_paid", "amount_remaining", "subtotal", "total"), 0)
PAPER: Final = msgspec.convert({"id": "i", "currency": "usd", "lines": {"data": []}, **AMOUNTS}, Invoice)
READERS: Final[dict[tuple[str, str], Callable[[Any], Any]]] = {
    ("stripe", "subscription"): lambda found: stripe_subscriptions.subscription(found, found.items.data, RAW),
    ("stripe", "subscription item"): lambda found: stripe_subscriptions.subscription(PARENT, [found], RAW),
    ("stripe", "invoice"): lambda found: stripe_invoices.invoice(found, found.lines.data, RAW),
    ("stripe", "invoice line"): lambda found: stripe_invoices.invoice(PAPER, [found], RAW),
    ("stripe", "price"): lambda found: stripe_prices.price(found, RAW),
    ("stripe", "coupon"): lambda found: stripe_coupons.coupon(found, RAW),
    ("stripe", "discount"): lambda found: stripe_coupons.discounts([found], None),
    ("stripe", "customer"): lambda found: stripe_customers.customer(
        found, RAW, None if found.created is None else NOW.replace(second=found.created % 60)
    ),
    ("chargebee", "subscription"): lambda found: subscriptions.subscription(found, RAW, NOW),
    ("chargebee", "invoice"): lambda found: invoices.invoice(found, RAW, found.line_items or []),
    ("chargebee", "item_price"): lambda found: prices.price(found, RAW),
    ("chargebee", "coupon"): lambda found: coupons.coupon(found, RAW),
    ("chargebee", "customer"): lambda found: customers.customer(found, RAW),
}
_NO_QUANTITY: Final = {"quantity": None, "quantity_in_decimal": None, "metered_quantity": None}
CONTEXTS: Final[dict[tuple[str, str], list[dict[str, Any]]]] = {
    ("stripe", "invoice"): [{"starting_balance": -500, "ending_balance": -200}, {"attempted": True, "next_payment_attempt": None}],
    ("chargebee", "subscription"): [
        {"current_term_start": None, "current_term_end": None},
        {"subscription_items": {**_NO_QUANTITY, "last_calculated_at": None}},
        {"item_tiers": {"pricing_type": "package"}},
        {"due_invoices_count": 0},
    ],
    ("chargebee", "item_price"): [{"tiers": {"pricing_type": "package"}}],
    ("chargebee", "coupon"): [{"discount_type": "fixed_amount"}],
}
"""What else an object must say so that some of its fields mean something."""
STATUSES: Final = {"subscription": ("active", "in_trial", "cancelled"), "invoice": ("open", "paid", "posted")}
PATHS = [
    (vendor, resource, path)
    for vendor, resources in bearing().items()
    for resource, paths in resources.items()
    for path in sorted(paths)
    if is_read(vendor, resource, path)
]


@pytest.mark.parametrize(("vendor", "resource", "path"), PATHS)
def test_another_value_of_a_field_that_is_read_makes_another_entity(vendor: str, resource: str, path: str) -> None:
    whole = sample(STRUCTS[vendor][resource])
    for status in STATUSES.get(resource, ("active",)):
        for context in ({}, *CONTEXTS.get((vendor, resource), [])):
            for base in bases(merged({**whole, "status": status} if "status" in whole else whole, context)):
                try:
                    before, after = (_read(vendor, resource, each) for each in (base, changed(base, path)))
                except (ProtocolError, msgspec.ValidationError, KeyError, StopIteration):
                    continue
                if before != after:
                    return
    raise AssertionError(f"{path} reaches no field of the model: remove it from the wire struct, or read it")


def _read(vendor: str, resource: str, value: dict[str, Any]) -> Any:
    return READERS[vendor, resource](msgspec.convert(value, STRUCTS[vendor][resource], strict=False))
