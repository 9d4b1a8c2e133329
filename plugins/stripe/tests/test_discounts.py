"""The discounts of a subscription, in every shape that Stripe has had for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from billbridge.model import Discount
from billbridge.money import Money
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
COUPON = {"id": "SAVE", "object": "coupon", "percent_off": 5}
NEW = {
    "id": "di_1",
    "object": "discount",
    "source": {"type": "coupon", "coupon": "SAVE"},
    "promotion_code": "promo_1",
    "start": 1769860800,
    "end": 1798675200,
    "subscription": "sub_1",
}
OLD = {name: value for name, value in NEW.items() if name != "source"} | {"coupon": COUPON}
NAMELESS = {name: value for name, value in OLD.items() if name != "id"}
WHOLE = Discount(
    id="di_1",
    coupon_id="SAVE",
    promotion_code_id="promo_1",
    starts_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
    ends_at=datetime(2026, 12, 31, tzinfo=UTC),
)
EXPANDED = msgspec.structs.replace(WHOLE, percent_off=Decimal(5))
FIXED = msgspec.structs.replace(WHOLE, amount_off=Money("1.50", "USD"))
FOREVER = Discount(id="di_2", coupon_id="SAVE", starts_at=WHOLE.starts_at)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, []),
        ({"discounts": None, "discount": None}, []),
        ({"discounts": []}, []),
        ({"discounts": ["di_1", "di_2"]}, [Discount(id="di_1"), Discount(id="di_2")]),
        ({"discounts": [NEW]}, [WHOLE]),
        ({"discounts": [{**NEW, "source": {"type": "coupon", "coupon": COUPON}}]}, [EXPANDED]),
        ({"discounts": [{**NEW, "promotion_code": {"id": "promo_1", "object": "promotion_code"}}]}, [WHOLE]),
        ({"discounts": [OLD]}, [EXPANDED]),
        ({"discounts": [{**OLD, "coupon": {"id": "SAVE", "amount_off": 150, "currency": "usd"}}]}, [FIXED]),
        ({"discounts": [{**OLD, "coupon": "SAVE"}]}, [WHOLE]),
        ({"discounts": [NEW, {**NEW, "id": "di_2", "promotion_code": None, "end": None}]}, [WHOLE, FOREVER]),
        ({"discount": OLD}, [EXPANDED]),
        ({"discount": NEW, "discounts": []}, [WHOLE]),
        ({"discount": OLD, "discounts": ["di_1"]}, [EXPANDED]),
        ({"discount": OLD, "discounts": ["di_1", "di_2"]}, [EXPANDED, Discount(id="di_2")]),
        ({"discount": NAMELESS}, [msgspec.structs.replace(EXPANDED, id=None)]),
        ({"discounts": [{"id": "di_1", "source": {"coupon": None}}]}, [Discount(id="di_1")]),
    ],
)
def test_every_shape_of_discounts_reads_the_same(
    walk: Walk, stripe: StripeProvider, sent: dict[str, Any], expected: list[Discount]
) -> None:
    """Cases 33 and 34: `coupon` and `source.coupon`, ids and objects, one discount and several."""
    wire = {"id": "sub_1", "customer": "cus_1", "status": "active", "items": {"data": []}, **sent}
    assert walk(stripe.subscriptions.get("sub_1"), ("GET /v1/subscriptions/sub_1", None, wire)).discounts == expected
