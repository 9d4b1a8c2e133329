"""Coupons, request by request. (Vendor map, cases 2, 4, 17, 23, 25 and 63.)"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from billbridge.errors import DuplicateError, NotFoundError, PrecisionError, ValidationError
from billbridge.model import Coupon, CouponDuration, CouponPatch, CouponQuery, NewCoupon, Page
from billbridge.model.raw import RawJson
from billbridge.money import Money
from billbridge_chargebee import ChargebeeProvider

from .stepping import at, get, lost, post, raw, refused, walk

COUPONS = ChargebeeProvider().coupons
SENT: dict[str, Any] = {
    "id": "SUMMER",
    "object": "coupon",
    "name": "Summer",
    "discount_type": "percentage",
    "discount_percentage": 25.5,
    "duration_type": "limited_period",
    "duration_month": 99,
    "period": 3,
    "period_unit": "month",
    "valid_from": 1767225500,
    "valid_till": 1767225900,
    "max_redemptions": 10,
    "redemptions": 4,
    "status": "active",
    "apply_on": "each_specified_item",
    "item_constraints": [
        {"item_type": "plan", "constraint": "specific", "item_price_ids": ["pro-monthly", "pro-yearly"]},
        {"item_type": "addon", "constraint": "specific", "item_price_ids": ["seat"]},
        {"item_type": "charge", "constraint": "none"},
    ],
    "meta_data": {"a": "b", "billbridge_products": ["pro", "seats"]},
    "created_at": 1767225600,
    "updated_at": 1767225700,
    "deleted": False,
}
READ = Coupon(
    provider="chargebee",
    id="SUMMER",
    raw=RawJson(raw(SENT)),
    name="Summer",
    percent_off=Decimal("25.5"),
    duration=CouponDuration.REPEATING,
    vendor_duration="limited_period",
    duration_months=3,
    product_ids=["pro", "seats"],
    price_ids=["pro-monthly", "pro-yearly", "seat"],
    max_redemptions=10,
    redemptions=4,
    starts_at=at(1767225500),
    expires_at=at(1767225900),
    active=True,
    metadata={"a": "b"},
    created_at=at(1767225600),
    updated_at=at(1767225700),
)
BARE = {"id": "X"}
BARE_READ = Coupon(provider="chargebee", id="X", raw=RawJson(raw(BARE)), name=None, duration=CouponDuration.UNKNOWN, vendor_duration="")


def read(more: dict[str, Any]) -> Coupon:
    found = walk(COUPONS.get("SUMMER"), get("/coupons/SUMMER", {"coupon": SENT | more}))
    assert isinstance(found, Coupon)
    return found


@pytest.mark.parametrize(("sent", "coupon"), [(SENT, READ), (BARE, BARE_READ)])
def test_every_field_of_a_coupon_is_read(sent: dict[str, Any], coupon: Coupon) -> None:
    assert walk(COUPONS.get("A#1"), get("/coupons/A%231", {"coupon": sent})) == coupon


def test_null_is_read_like_absent() -> None:
    nulls = {name: None for name in SENT if name not in ("id", "object")} | {"id": "X"}
    assert walk(COUPONS.get("X"), get("/coupons/X", {"coupon": nulls})) == msgspec.structs.replace(BARE_READ, raw=RawJson(raw(nulls)))


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({"discount_type": "fixed_amount", "discount_amount": 500, "currency_code": "jpy"}, "amount_off", Money(500, "JPY")),
        ({"discount_type": "fixed_amount", "discount_amount": 500, "currency_code": "KWD"}, "amount_off", Money(5, "KWD")),
        ({"discount_type": "fixed_amount", "discount_amount": 500}, "amount_off", None),
        ({"discount_type": "fixed_amount", "discount_amount": 500, "currency_code": "USD"}, "percent_off", None),
        ({"discount_type": "offer_quantity", "discount_quantity": 2}, "percent_off", None),
        ({"discount_type": "offer_quantity", "discount_quantity": 2}, "amount_off", None),
        ({"duration_type": "one_time"}, "duration", CouponDuration.ONCE),
        ({"duration_type": "one_time"}, "duration_months", None),
        ({"duration_type": "forever"}, "duration", CouponDuration.FOREVER),
        ({"duration_type": "new_word"}, "duration", CouponDuration.UNKNOWN),
        ({"duration_type": "new_word"}, "vendor_duration", "new_word"),
        ({"period": None, "period_unit": None, "duration_month": 6}, "duration_months", 6),
        ({"period": 2, "period_unit": "year"}, "duration_months", 24),
        ({"period": 2, "period_unit": "week"}, "duration_months", None),
        ({"status": "expired"}, "active", False),
        ({"status": "archived"}, "active", False),
        ({"status": "future"}, "active", False),
        ({"item_constraints": [{"item_type": "plan", "constraint": "all"}]}, "price_ids", None),
        ({"item_constraints": [{"constraint": "specific", "item_price_ids": [{"id": "x"}, "y"]}]}, "price_ids", ["y"]),
        ({"meta_data": {"a": "b"}}, "product_ids", None),
        ({"meta_data": {"billbridge_products": "pro"}}, "product_ids", None),
        ({"redemptions": None}, "redemptions", 0),
    ],
)
def test_a_coupons_words_and_amounts_become_ours(more: dict[str, Any], field: str, value: object) -> None:
    """Cases 17 and 25."""
    assert getattr(read(more), field) == value


def test_percentages_are_exact() -> None:
    """Case 26: never a float."""
    assert read({"discount_percentage": msgspec.Raw(b"33.33333333333333333333")}).percent_off == Decimal("33.33333333333333333333")


@pytest.mark.parametrize("gone", [{"deleted": True}, {"status": "deleted"}])
def test_a_deleted_coupon_is_not_found(gone: dict[str, Any]) -> None:
    with pytest.raises(NotFoundError) as caught:
        read(gone)
    assert caught.value.deleted


@pytest.mark.parametrize(
    ("new", "sent"),
    [
        (
            NewCoupon(id="SUMMER", name="Summer", percent_off=Decimal("25.50"), duration="once"),
            {"id": "SUMMER", "discount_type": "percentage", "discount_percentage": "25.50", "duration_type": "one_time"},
        ),
        (
            NewCoupon(
                id="SUMMER",
                name="Summer",
                amount_off=Money(5, "KWD"),
                duration="forever",
                max_redemptions=3,
                metadata={"a": "b", "gone": ""},
            ),
            {
                "id": "SUMMER",
                "discount_type": "fixed_amount",
                "discount_amount": "500",
                "currency_code": "KWD",
                "duration_type": "forever",
                "max_redemptions": "3",
                "meta_data": '{"a":"b"}',
            },
        ),
        (
            NewCoupon(id="SUMMER", name="Summer", percent_off=10, duration="repeating", duration_months=3, expires_at=at(1767225900)),
            {
                "id": "SUMMER",
                "discount_type": "percentage",
                "discount_percentage": "10",
                "duration_type": "limited_period",
                "period": "3",
                "period_unit": "month",
                "valid_till": "1767225900",
            },
        ),
    ],
)
def test_a_coupon_of_whole_invoices_is_one_request(new: NewCoupon, sent: dict[str, str]) -> None:
    """Case 25."""
    wanted = {"name": "Summer", "apply_on": "invoice_amount", **sent}
    assert walk(COUPONS.create(new), post("/coupons/create_for_items", {"coupon": SENT}, wanted)) == READ


@pytest.mark.parametrize(("name", "start"), [("Sommer-Sale 25%", "SOMMER-SALE-25-"), ("x" * 50, "X" * 50 + "-"), ("夏", "")])
def test_a_coupon_without_an_id_gets_one_of_its_name_and_the_idempotency_key(name: str, start: str) -> None:
    sent = {
        "id": f"{start}2C70E12B7A06",
        "name": name,
        "discount_type": "percentage",
        "discount_percentage": "10",
        "apply_on": "invoice_amount",
        "duration_type": "one_time",
    }
    new = NewCoupon(name=name, percent_off=10, duration="once")
    assert walk(COUPONS.create(new), post("/coupons/create_for_items", {"coupon": SENT}, sent)) == READ


LIMITED = NewCoupon(id="L", name="Limited", percent_off=10, duration="once", products=["pro", "seats"], metadata={"a": "b"})
PRICES = {"item_id[in]": '["pro","seats"]', "status[in]": '["active","archived"]', "limit": "100"}


def prices(*rows: tuple[str, str, str | None], **more: Any) -> dict[str, Any]:
    listed = [{"item_price": {"id": id, "item_id": item, "item_type": kind, "currency_code": "USD"}} for id, item, kind in rows]
    return {"list": listed, **more}


def test_products_become_all_their_prices_by_the_type_of_item() -> None:
    """The products themselves are noted in the metadata; every page of prices is read."""
    sent = {
        "id": "L",
        "name": "Limited",
        "discount_type": "percentage",
        "discount_percentage": "10",
        "apply_on": "each_specified_item",
        "duration_type": "one_time",
        "meta_data": '{"a":"b","billbridge_products":["pro","seats"]}',
        "item_constraints[item_type][0]": "plan",
        "item_constraints[constraint][0]": "specific",
        "item_constraints[item_price_ids][0]": '["pro-m","pro-y"]',
        "item_constraints[item_type][1]": "addon",
        "item_constraints[constraint][1]": "specific",
        "item_constraints[item_price_ids][1]": '["seat"]',
        "item_constraints[item_type][2]": "charge",
        "item_constraints[constraint][2]": "none",
    }
    first = get("/item_prices", prices(("pro-m", "pro", "plan"), ("seat", "seats", "addon"), next_offset="o"), PRICES)
    second = get("/item_prices", prices(("pro-y", "pro", "plan")), PRICES | {"offset": "o"})
    assert walk(COUPONS.create(LIMITED), first, second, post("/coupons/create_for_items", {"coupon": SENT}, sent)) == READ


def test_a_product_without_a_price_is_refused_before_anything_is_written() -> None:
    with pytest.raises(ValidationError, match="seats") as caught:
        walk(
            COUPONS.create(LIMITED),
            get("/item_prices", prices(("pro-m", "pro", "plan")), PRICES),
            get("/items/seats", {"item": {"id": "seats"}}),
        )
    assert (caught.value.param, caught.value.provider) == ("products", "chargebee")


def test_an_unknown_product_is_not_found_before_anything_is_written() -> None:
    with pytest.raises(NotFoundError) as caught:
        walk(
            COUPONS.create(LIMITED),
            get("/item_prices", prices(("pro-m", "pro", "plan")), PRICES),
            get("/items/seats", refused(404, "resource_not_found")),
        )
    assert caught.value.param == "products"


def test_what_cannot_be_is_refused() -> None:
    """Cases 25 and 63."""
    with pytest.raises(PrecisionError):
        walk(COUPONS.create(NewCoupon(name="n", amount_off=Money("0.005", "USD"), duration="once")))
    with pytest.raises(ValidationError):
        walk(COUPONS.create(NewCoupon(name="n", percent_off=1, duration="once", metadata={"billbridge_products": "x"})))
    sent = {
        "id": "N",
        "name": "n",
        "discount_type": "percentage",
        "discount_percentage": "1",
        "apply_on": "invoice_amount",
        "duration_type": "one_time",
    }
    taken = post("/coupons/create_for_items", refused(400, "duplicate_entry", param="id"), sent)
    with pytest.raises(DuplicateError) as caught:
        walk(COUPONS.create(NewCoupon(id="N", name="n", percent_off=1, duration="once")), taken)
    assert caught.value.existing_id == "N"


def test_a_repeated_call_finds_its_own_coupon_and_a_name_that_is_taken_is_a_duplicate() -> None:
    id = "N-2C70E12B7A06"
    sent = {
        "id": id,
        "name": "n",
        "discount_type": "percentage",
        "discount_percentage": "1",
        "apply_on": "invoice_amount",
        "duration_type": "one_time",
    }
    taken = post("/coupons/create_for_items", refused(400, "duplicate_entry", param="id"), sent)
    found = get(f"/coupons/{id}", {"coupon": SENT})
    assert walk(COUPONS.create(NewCoupon(name="n", percent_off=1, duration="once")), taken, found) == READ

    taken = post("/coupons/create_for_items", refused(400, "duplicate_entry", param="name", message="name taken"), sent)
    missing = get(f"/coupons/{id}", refused(404, "resource_not_found"))
    with pytest.raises(DuplicateError, match="name taken") as caught:
        walk(COUPONS.create(NewCoupon(name="n", percent_off=1, duration="once")), taken, missing)
    assert (caught.value.param, caught.value.existing_id) == ("name", None)


def test_an_update_of_the_name_is_one_request() -> None:
    answer = post("/coupons/A%231/update_for_items", {"coupon": SENT}, {"name": "n"})
    assert walk(COUPONS.update("A#1", CouponPatch(name="n")), answer) == READ


@pytest.mark.parametrize(
    ("metadata", "sent"),
    [
        ({"a": "", "c": "d"}, '{"billbridge_products":["pro","seats"],"c":"d"}'),
        (None, '{"billbridge_products":["pro","seats"]}'),
    ],
)
def test_metadata_is_merged_or_cleared_and_the_noted_products_stay(metadata: dict[str, str] | None, sent: str) -> None:
    """Case 4."""
    answers = (get("/coupons/X", {"coupon": SENT}), post("/coupons/X/update_for_items", {"coupon": SENT}, {"meta_data": sent}))
    assert walk(COUPONS.update("X", CouponPatch(metadata=metadata)), *answers) == READ


@pytest.mark.parametrize("patch", [CouponPatch(), CouponPatch(metadata={})])
def test_an_update_of_nothing_only_reads(patch: CouponPatch) -> None:
    assert walk(COUPONS.update("X", patch), get("/coupons/X", {"coupon": SENT})) == READ


def test_coupons_are_deleted_and_one_that_is_gone_after_a_lost_answer_was_deleted_by_us() -> None:
    """Case 7."""
    assert walk(COUPONS.delete("X"), post("/coupons/X/delete", {"coupon": SENT})) is None
    with pytest.raises(NotFoundError):
        walk(COUPONS.delete("X"), post("/coupons/X/delete", refused(404, "resource_not_found")))
    again = post("/coupons/X/delete", refused(404, "resource_not_found"))
    assert walk(COUPONS.delete("X"), post("/coupons/X/delete", lost()), again, retries=1) is None


def test_the_list_is_newest_first_without_deleted_ones() -> None:
    """Case 23."""
    entries = [{"coupon": each} for each in (SENT, SENT | {"deleted": True}, SENT | {"status": "deleted"}, BARE)]
    answer = get("/coupons", {"list": entries, "next_offset": "o"}, {"sort_by[desc]": "created_at", "limit": "100"})
    assert walk(COUPONS.list(CouponQuery()), answer) == Page(items=[READ, BARE_READ], next_cursor="o")


def test_coupons_of_a_time_are_listed_from_the_oldest_on() -> None:
    """Case 23."""
    sent = {"created_at[after]": "99", "created_at[before]": "200", "sort_by[asc]": "created_at", "limit": "2", "offset": "o"}
    query = CouponQuery(created_gte=at(100), created_lt=at(200), order="oldest_first", page_size=2, cursor="o")
    entries = [{"coupon": {"id": str(second), "created_at": second}} for second in (99, 100, 199, 200)]
    page = walk(COUPONS.list(query), get("/coupons", {"list": entries}, sent))
    assert [coupon.id for coupon in page.items] == ["100", "199"]
