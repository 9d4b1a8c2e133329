"""Promotion codes: every request exactly, every field, and the places where their coupons were in older versions."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from billbridge.errors import DuplicateError, NotFoundError, PrecisionError, ValidationError
from billbridge.model import NewPromotionCode, Page, PromotionCode, PromotionCodePatch, PromotionCodeQuery
from billbridge.model.raw import RawJson
from billbridge.money import Money
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
END = datetime(2026, 12, 31, tzinfo=UTC)
CODE_WIRE: dict[str, Any] = {
    "id": "promo_1",
    "object": "promotion_code",
    "active": False,
    "code": "FRIENDS",
    "created": 1769860800,
    "customer": "cus_1",
    "expires_at": 1798675200,
    "livemode": False,
    "max_redemptions": 5,
    "metadata": {"a": "1"},
    "promotion": {"coupon": "SAVE", "type": "coupon"},
    "restrictions": {"first_time_transaction": True, "minimum_amount": 5000, "minimum_amount_currency": "usd"},
    "times_redeemed": 2,
}
CODE = PromotionCode(
    provider="stripe",
    id="promo_1",
    raw=RawJson(json.dumps(CODE_WIRE).encode()),
    code="FRIENDS",
    coupon_id="SAVE",
    active=False,
    customer_id="cus_1",
    expires_at=END,
    max_redemptions=5,
    redemptions=2,
    minimum_amount=Money("50.00", "USD"),
    first_time_only=True,
    metadata={"a": "1"},
    created_at=AT,
)
ONE = "POST /v1/promotion_codes/promo_1"


@pytest.mark.parametrize(
    ("new", "body"),
    [
        (NewPromotionCode(coupon="SAVE", code="FRIENDS"), "promotion[type]=coupon&promotion[coupon]=SAVE&code=FRIENDS"),
        (
            NewPromotionCode(
                coupon="SAVE",
                code="FRIENDS",
                max_redemptions=5,
                customer="cus_1",
                expires_at=END,
                minimum_amount=Money("50.00", "USD"),
                first_time_only=True,
                metadata={"a": "1"},
            ),
            "promotion[type]=coupon&promotion[coupon]=SAVE&code=FRIENDS&max_redemptions=5&customer=cus_1&expires_at=1798675200"
            "&restrictions[minimum_amount]=5000&restrictions[minimum_amount_currency]=usd&restrictions[first_time_transaction]=true"
            "&metadata[a]=1",
        ),
    ],
)
def test_create_code(walk: Walk, stripe: StripeProvider, new: NewPromotionCode, body: str) -> None:
    assert walk(stripe.promotion_codes.create(new), ("POST /v1/promotion_codes", body, CODE_WIRE)) == CODE


def test_a_code_that_exists_is_a_duplicate(walk: Walk, stripe: StripeProvider) -> None:
    """Stripe sends no `code` with this refusal."""
    said = {"error": {"type": "invalid_request_error", "message": "An active promotion code with `code: FRIENDS` already exists."}}
    line = ("POST /v1/promotion_codes", "promotion[type]=coupon&promotion[coupon]=SAVE&code=FRIENDS", (400, said))
    with pytest.raises(DuplicateError) as caught:
        walk(stripe.promotion_codes.create(NewPromotionCode(coupon="SAVE", code="FRIENDS")), line)
    assert caught.value.existing_id is None


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"promotion": {"coupon": {"id": "SAVE", "object": "coupon"}, "type": "coupon"}}, {}),
        ({"promotion": None, "coupon": {"id": "SAVE", "object": "coupon", "percent_off": 5}}, {}),
        ({"promotion": None, "coupon": "SAVE"}, {}),
        ({"promotion": None, "coupon": None}, {"coupon_id": ""}),
        ({"customer": {"id": "cus_1", "object": "customer"}}, {}),
        ({"restrictions": None}, {"minimum_amount": None, "first_time_only": False}),
        ({"restrictions": {"minimum_amount": None}}, {"minimum_amount": None, "first_time_only": False}),
        (
            {"active": True, "customer": None, "expires_at": None, "max_redemptions": None, "times_redeemed": 0, "metadata": None},
            {"active": True, "customer_id": None, "expires_at": None, "max_redemptions": None, "redemptions": 0, "metadata": {}},
        ),
    ],
)
def test_each_shape_of_a_code_reads_right(walk: Walk, stripe: StripeProvider, sent: dict[str, Any], expected: dict[str, Any]) -> None:
    """Cases 33 and 34: `promotion.coupon` and the older `coupon`, each whole or as an id."""
    found = walk(stripe.promotion_codes.get("promo_1"), ("GET /v1/promotion_codes/promo_1", None, {**CODE_WIRE, **sent}))
    assert msgspec.structs.replace(found, raw=CODE.raw) == msgspec.structs.replace(CODE, **expected)


def test_find_prefers_the_active_code(walk: Walk, stripe: StripeProvider) -> None:
    active, any_ = ("GET /v1/promotion_codes?active=true&code=FRIENDS&limit=1", "GET /v1/promotion_codes?code=FRIENDS&limit=1")
    assert walk(stripe.promotion_codes.find("FRIENDS"), (active, None, {"data": [CODE_WIRE], "has_more": True})) == CODE
    nothing: dict[str, Any] = {"data": [], "has_more": False}
    assert walk(stripe.promotion_codes.find("FRIENDS"), (active, None, nothing), (any_, None, {"data": [CODE_WIRE]})) == CODE
    with pytest.raises(NotFoundError) as caught:
        walk(stripe.promotion_codes.find("FRIENDS"), (active, None, nothing), (any_, None, nothing))
    assert (caught.value.param, caught.value.provider, caught.value.deleted) == ("code", "stripe", False)


def test_an_empty_code_is_never_looked_for(walk: Walk, stripe: StripeProvider) -> None:
    """Case 5: it would find any code."""
    with pytest.raises(ValidationError):
        walk(stripe.promotion_codes.find(""))


def test_change_and_deactivate_a_code(walk: Walk, stripe: StripeProvider) -> None:
    codes = stripe.promotion_codes
    assert walk(codes.update("promo_1", PromotionCodePatch(metadata={"a": "1"})), (ONE, "metadata[a]=1", CODE_WIRE)) == CODE
    assert walk(codes.update("promo_1", PromotionCodePatch(metadata=None)), (ONE, "metadata=", CODE_WIRE)) == CODE
    assert walk(codes.update("promo_1", PromotionCodePatch()), (ONE, "", CODE_WIRE)) == CODE
    assert walk(codes.deactivate("promo_1"), (ONE, "active=false", CODE_WIRE)) == CODE


def test_list_codes(walk: Walk, stripe: StripeProvider) -> None:
    line = "GET /v1/promotion_codes?coupon=SAVE&active=false&limit=2&starting_after=promo_0"
    query = PromotionCodeQuery(coupon="SAVE", active=False, page_size=2, cursor="promo_0")
    found = walk(stripe.promotion_codes.list(query), (line, None, {"data": [CODE_WIRE], "has_more": True}))
    assert found == Page(items=[CODE], next_cursor="promo_1")


def test_an_amount_that_is_not_exact_is_never_sent(walk: Walk, stripe: StripeProvider) -> None:
    """Case 25."""
    code = NewPromotionCode(coupon="SAVE", code="ODD", minimum_amount=Money("0.005", "USD"))
    with pytest.raises(PrecisionError):
        walk(stripe.promotion_codes.create(code))
