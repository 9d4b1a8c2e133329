"""Coupons: every request exactly, every field."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from billbridge.errors import DuplicateError, NotFoundError, PrecisionError, TransportTimeoutError
from billbridge.model import Coupon, CouponDuration, CouponPatch, CouponQuery, NewCoupon, Page
from billbridge.model.raw import RawJson
from billbridge.money import Money
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
END = datetime(2026, 12, 31, tzinfo=UTC)
COUPON_WIRE: dict[str, Any] = {
    "id": "SAVE",
    "object": "coupon",
    "amount_off": None,
    "applies_to": {"products": ["pro", "max"]},
    "created": 1769860800,
    "currency": None,
    "duration": "repeating",
    "duration_in_months": 3,
    "livemode": False,
    "max_redemptions": 10,
    "metadata": {"a": "1"},
    "name": "Save",
    "percent_off": 12.5,
    "redeem_by": 1798675200,
    "times_redeemed": 4,
    "valid": False,
}
COUPON = Coupon(
    provider="stripe",
    id="SAVE",
    raw=RawJson(json.dumps(COUPON_WIRE).encode()),
    name="Save",
    percent_off=Decimal("12.5"),
    duration=CouponDuration.REPEATING,
    vendor_duration="repeating",
    duration_months=3,
    product_ids=["pro", "max"],
    max_redemptions=10,
    redemptions=4,
    expires_at=END,
    active=False,
    metadata={"a": "1"},
    created_at=AT,
)
MISSING = (404, {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such coupon", "param": "coupon"}})
GET = "GET /v1/coupons/SAVE?expand[0]=applies_to"


@pytest.mark.parametrize(
    ("new", "body"),
    [
        (NewCoupon(name="Save", duration="once", percent_off=100), "name=Save&percent_off=100&duration=once"),
        (
            NewCoupon(
                name="Save",
                id="SAVE",
                duration="repeating",
                percent_off=Decimal("12.50"),
                duration_months=3,
                products=["pro", "max"],
                max_redemptions=10,
                expires_at=END,
                metadata={"a": "1"},
            ),
            "id=SAVE&name=Save&percent_off=12.50&duration=repeating&duration_in_months=3&applies_to[products][0]=pro"
            "&applies_to[products][1]=max&max_redemptions=10&redeem_by=1798675200&metadata[a]=1",
        ),
        (
            NewCoupon(name="Five", duration="forever", amount_off=Money("5.00", "EUR")),
            "name=Five&amount_off=500&currency=eur&duration=forever",
        ),
        (NewCoupon(name="Yen", duration="once", amount_off=Money(500, "JPY")), "name=Yen&amount_off=500&currency=jpy&duration=once"),
    ],
)
def test_create_coupon(walk: Walk, stripe: StripeProvider, new: NewCoupon, body: str) -> None:
    """Cases 25 and 27."""
    assert walk(stripe.coupons.create(new), ("POST /v1/coupons", f"{body}&expand[0]=applies_to", COUPON_WIRE)) == COUPON


def test_an_amount_that_is_not_exact_is_never_sent(walk: Walk, stripe: StripeProvider) -> None:
    """Case 25."""
    coupon = NewCoupon(name="Odd", duration="once", amount_off=Money("0.005", "USD"))
    with pytest.raises(PrecisionError):
        walk(stripe.coupons.create(coupon))


def test_a_coupon_whose_id_is_taken_is_a_duplicate(walk: Walk, stripe: StripeProvider) -> None:
    taken = (400, {"error": {"type": "invalid_request_error", "code": "resource_already_exists", "message": "Coupon already exists."}})
    flow = stripe.coupons.create(NewCoupon(id="SAVE", name="Save", duration="once", percent_off=5))
    body = "id=SAVE&name=Save&percent_off=5&duration=once&expand[0]=applies_to"
    with pytest.raises(DuplicateError) as caught:
        walk(flow, ("POST /v1/coupons", body, taken))
    assert caught.value.existing_id == "SAVE"


def read_coupon(walk: Walk, stripe: StripeProvider, **changes: Any) -> Coupon:
    found: Coupon = walk(stripe.coupons.get("SAVE"), (GET, None, {**COUPON_WIRE, **changes}))
    return msgspec.structs.replace(found, raw=COUPON.raw)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"percent_off": 25}, {"percent_off": Decimal(25)}),
        ({"percent_off": None, "amount_off": 500, "currency": "eur"}, {"percent_off": None, "amount_off": Money("5.00", "EUR")}),
        ({"percent_off": None, "amount_off": 500, "currency": "kwd"}, {"percent_off": None, "amount_off": Money("0.5", "KWD")}),
        ({"applies_to": None}, {"product_ids": None}),
        ({"applies_to": {"products": None}}, {"product_ids": None}),
        ({"duration": "once"}, {"duration": CouponDuration.ONCE, "vendor_duration": "once"}),
        ({"duration": "forever"}, {"duration": CouponDuration.FOREVER, "vendor_duration": "forever"}),
        ({"duration": "whenever"}, {"duration": CouponDuration.UNKNOWN, "vendor_duration": "whenever"}),
        ({"valid": True, "times_redeemed": 0, "max_redemptions": None}, {"active": True, "redemptions": 0, "max_redemptions": None}),
        ({"name": None, "metadata": None, "redeem_by": None}, {"name": None, "metadata": {}, "expires_at": None}),
    ],
)
def test_each_shape_of_a_coupon_reads_right(walk: Walk, stripe: StripeProvider, sent: dict[str, Any], expected: dict[str, Any]) -> None:
    """Cases 17 and 26: a percentage is a float on the wire and never one here."""
    assert read_coupon(walk, stripe, **sent) == msgspec.structs.replace(COUPON, **expected)


def test_the_least_of_a_coupon_reads_too(walk: Walk, stripe: StripeProvider) -> None:
    bare = Coupon(
        provider="stripe",
        id="SAVE",
        raw=RawJson(b'{"id": "SAVE"}'),
        name=None,
        duration=CouponDuration.UNKNOWN,
        vendor_duration="",
    )
    assert walk(stripe.coupons.get("SAVE"), (GET, None, {"id": "SAVE"})) == bare


def test_get_coupon(walk: Walk, stripe: StripeProvider) -> None:
    assert walk(stripe.coupons.get("SAVE"), (GET, None, COUPON_WIRE)) == COUPON
    with pytest.raises(NotFoundError):
        walk(stripe.coupons.get("SAVE"), (GET, None, {"id": "SAVE", "deleted": True}))


@pytest.mark.parametrize(
    ("patch", "body"),
    [
        (CouponPatch(), ""),
        (CouponPatch(name="N", metadata={"a": "1", "b": ""}), "name=N&metadata[a]=1&metadata[b]=&"),
        (CouponPatch(metadata=None), "metadata=&"),
    ],
)
def test_update_coupon(walk: Walk, stripe: StripeProvider, patch: CouponPatch, body: str) -> None:
    """Case 2."""
    line = ("POST /v1/coupons/SAVE", f"{body}expand[0]=applies_to", COUPON_WIRE)
    assert walk(stripe.coupons.update("SAVE", patch), line) == COUPON


def test_delete_coupon(walk: Walk, stripe: StripeProvider, lost: TransportTimeoutError) -> None:
    line = "DELETE /v1/coupons/SAVE"
    assert walk(stripe.coupons.delete("SAVE"), (line, None, {"id": "SAVE", "deleted": True})) is None
    assert walk(stripe.coupons.delete("SAVE"), (line, None, lost), (line, None, MISSING), retries=1) is None
    with pytest.raises(NotFoundError):
        walk(stripe.coupons.delete("SAVE"), (line, None, MISSING))


def test_list_coupons_in_both_orders(walk: Walk, stripe: StripeProvider) -> None:
    """Case 23."""
    answer = {"data": [COUPON_WIRE], "has_more": True}
    query = CouponQuery(created_gte=AT, created_lt=END, page_size=3, cursor="OLD")
    line = "GET /v1/coupons?created[gte]=1769860800&created[lt]=1798675200&expand[0]=data.applies_to&limit=3"
    assert walk(stripe.coupons.list(query), (f"{line}&starting_after=OLD", None, answer)) == Page(items=[COUPON], next_cursor="SAVE")
    oldest = msgspec.structs.replace(query, order="oldest_first")
    assert walk(stripe.coupons.list(oldest), (f"{line}&ending_before=OLD", None, answer)) == Page(items=[COUPON], next_cursor="SAVE")
