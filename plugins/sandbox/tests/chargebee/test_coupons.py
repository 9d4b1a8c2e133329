"""Coupons and their codes: what may be said of them, and who may redeem them. Through the official client where it can say it."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any, TypeAlias

import pytest
from billbridge_sandbox import Simulation

from .conftest import START, Client

NOW = int(START.timestamp())
InvalidRequestError: Any = import_module("chargebee").InvalidRequestError
Sdk: TypeAlias = Any


def coupon(id: str = "half", **fields: Any) -> dict[str, Any]:
    """A coupon of 50 percent off the whole invoice, for ever, unless said otherwise."""
    shape = {} if "discount_type" in fields else {"discount_percentage": 50.0}
    return {"id": id, "name": id, "apply_on": "invoice_amount", **shape, **fields}


def test_the_client_creates_reads_updates_and_deletes_a_coupon(sdk: Sdk, simulation: Simulation) -> None:
    made = sdk.Coupon.create_for_items(
        coupon(discount_percentage=25.5, max_redemptions=3, valid_till=NOW + 60, meta_data=json.dumps({"a": 1}), invoice_name="Off")
    ).coupon
    assert (made.discount_type, made.duration_type, made.status, made.redemptions) == ("percentage", "forever", "active", 0)
    assert (made.discount_percentage, made.meta_data, made.apply_on) == (25.5, {"a": 1}, "invoice_amount")
    changed = sdk.Coupon.update_for_items("half", {"name": "Better", "discount_percentage": 30, "max_redemptions": 5}).coupon
    assert (changed.name, changed.discount_percentage, changed.max_redemptions) == ("Better", 30.0, 5)
    simulation.advance(minutes=1)
    assert sdk.Coupon.retrieve("half").coupon.status == "expired"
    assert [row.coupon.id for row in sdk.Coupon.list({"status": {"is": "expired"}}).list] == ["half"]
    gone = sdk.Coupon.delete("half").coupon
    assert (gone.status, gone.deleted) == ("deleted", True)
    assert (sdk.Coupon.list().list, sdk.Coupon.retrieve("half").coupon.deleted) == ([], True)
    assert len(sdk.Coupon.list({"status": {"is": "deleted"}}).list) == 1
    with pytest.raises(InvalidRequestError) as refused:
        sdk.Coupon.delete("half")
    assert refused.value.http_code == 404
    assert sdk.Coupon.create_for_items(coupon()).coupon.status == "active"


def test_the_client_names_item_prices_as_a_json_array(shop: Client, sdk: Sdk) -> None:
    made = sdk.Coupon.create_for_items(
        coupon(
            apply_on="each_specified_item",
            item_constraints=[
                {"constraint": "specific", "item_type": "plan", "item_price_ids": json.dumps(["pro-monthly"])},
                {"constraint": "all", "item_type": "addon"},
            ],
        )
    ).coupon
    assert [(each.item_type, each.constraint, each.item_price_ids) for each in made.item_constraints] == [
        ("plan", "specific", ["pro-monthly"]),
        ("addon", "all", None),
    ]


def test_a_fixed_amount_is_in_one_currency_and_a_limited_period_has_a_length(client: Client) -> None:
    made = client.post("/coupons/create_for_items", coupon(discount_type="fixed_amount", discount_amount=500))["coupon"]
    assert (made["discount_amount"], made["currency_code"]) == (500, "USD")
    fields = {"duration_type": "limited_period", "period": 3, "period_unit": "month"}
    made = client.post("/coupons/create_for_items", coupon("three", **fields))["coupon"]
    assert (made["period"], made["period_unit"]) == (3, "month")
    made = client.post("/coupons/create_for_items", coupon("legacy", duration_type="limited_period", duration_month=2))["coupon"]
    assert (made["period"], made["duration_month"]) == (2, 2)
    changed = client.post("/coupons/three/update_for_items", {"duration_type": "forever"})["coupon"]
    assert "period" not in changed
    changed = client.post(
        "/coupons/three/update_for_items", {"discount_type": "fixed_amount", "discount_amount": 7, "currency_code": "EUR"}
    )["coupon"]
    assert ("discount_percentage" in changed, changed["discount_amount"], changed["currency_code"]) == (False, 7, "EUR")


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"name": ""}, "param_wrong_value", "name"),
        ({"apply_on": ""}, "param_wrong_value", "apply_on"),
        ({"discount_percentage": ""}, "param_wrong_value", "discount_percentage"),
        ({"discount_percentage": "0"}, "param_wrong_value", "discount_percentage"),
        ({"discount_percentage": "100.5"}, "param_wrong_value", "discount_percentage"),
        ({"discount_amount": "5"}, "param_wrong_value", "discount_amount"),
        ({"currency_code": "EUR"}, "param_wrong_value", "currency_code"),
        ({"discount_type": "fixed_amount"}, "param_wrong_value", "discount_amount"),
        ({"duration_type": "limited_period"}, "param_wrong_value", "period"),
        ({"period": "3", "period_unit": "month"}, "param_wrong_value", "period"),
        ({"apply_on": "each_specified_item"}, "param_wrong_value", "item_constraints"),
        ({"item_constraints[constraint][0]": "all", "item_constraints[item_type][0]": "plan"}, "param_wrong_value", "item_constraints"),
        ({"item_constraints[constraint][0]": "all"}, "param_wrong_value", "item_constraints[item_type][0]"),
        ({"valid_from": "20", "valid_till": "10"}, "param_wrong_value", "valid_till"),
        ({"discount_type": "offer_quantity", "discount_quantity": "1"}, "configuration_incompatible", "discount_quantity"),
        ({"coupon_constraints[type][0]": "new_customer"}, "configuration_incompatible", "coupon_constraints[type][0]"),
    ],
)
def test_a_coupon_that_makes_no_sense_is_refused_by_name(client: Client, fields: dict[str, Any], code: str, param: str) -> None:
    shape = {} if fields.get("discount_type") else {"discount_percentage": "50"}
    refused = client.post("/coupons/create_for_items", {"id": "c", "name": "c", "apply_on": "invoice_amount", **shape, **fields})
    assert (refused.code, refused["param"]) == ((400, code), param)
    assert client.get("/coupons/c").status == 404


@pytest.mark.parametrize(
    ("ids", "status", "param"),
    [
        ('["nothing"]', 404, "item_constraints[item_price_ids][0]"),
        ('["addon"]', 400, "item_constraints[item_price_ids][0]"),
        ("['pro-monthly']", 400, "item_constraints[item_price_ids][0]"),
        ("", 400, "item_constraints[item_price_ids][0]"),
    ],
)
def test_constraints_name_item_prices_that_exist(shop: Client, ids: str, status: int, param: str) -> None:
    shop.price("addon", "addon", "addon")
    row = {
        "item_constraints[constraint][0]": "specific",
        "item_constraints[item_type][0]": "plan",
        "item_constraints[item_price_ids][0]": ids,
    }
    refused = shop.post("/coupons/create_for_items", {**coupon(apply_on="each_specified_item"), **row})
    assert (refused.status, refused["param"]) == (status, param)


def test_ids_are_unique_and_lists_filter_and_sort(client: Client, simulation: Simulation) -> None:
    for id in ("a", "b", "c"):
        assert client.post("/coupons/create_for_items", coupon(id, discount_type="fixed_amount", discount_amount=1)).status == 200
        simulation.advance(minutes=1)
    assert client.post("/coupons/create_for_items", coupon("a")).code == (400, "duplicate_entry")
    assert client.get("/coupons", {"sort_by[desc]": "created_at", "limit": 2}).names("coupon") == ["c", "b"]
    assert client.get("/coupons", {"created_at[after]": NOW, "currency_code[is]": "USD"}).names("coupon") == ["b", "c"]
    assert client.get("/coupons", {"discount_type[is]": "percentage"}).names("coupon") == []
    assert client.get("/coupons", {"id[in]": '["a","c"]', "duration_type[is]": "forever"}).names("coupon") == ["a", "c"]


def test_a_redeemed_coupon_is_archived_and_can_be_brought_back(shop: Client, sdk: Sdk) -> None:
    sdk.Coupon.create_for_items(coupon())
    shop.subscribe(id="s", coupons=["half"])
    assert shop.post("/coupons/half/update_for_items", {"discount_percentage": "40"}).status == 200
    assert shop.post("/coupons/half/update_for_items", {"apply_on": "invoice_amount"}).code == (409, "invalid_state_for_request")
    archived = sdk.Coupon.delete("half").coupon
    assert (archived.status, archived.deleted, archived.archived_at, archived.redemptions) == ("archived", False, NOW, 1)
    assert shop.subscribe(coupons=["half"])["param"] == "coupon_ids[0]"
    assert sdk.Coupon.unarchive("half").coupon.status == "active"
    with pytest.raises(InvalidRequestError) as refused:
        sdk.Coupon.unarchive("half")
    assert refused.value.http_code == 409


def test_the_client_makes_sets_and_codes(shop: Client, sdk: Sdk) -> None:
    sdk.Coupon.create_for_items(coupon())
    assert sdk.CouponSet.create({"coupon_id": "half", "id": "spring", "name": "Spring"}).coupon_set.total_count == 0
    assert sdk.CouponSet.add_coupon_codes("spring", {"code": ["A1", "A2"]}).coupon_set.total_count == 2
    made = sdk.CouponCode.create({"coupon_id": "half", "coupon_set_name": "Autumn", "code": "B1"}).coupon_code
    assert (made.code, made.status, made.coupon_set_name) == ("B1", "not_redeemed", "Autumn")
    assert sdk.CouponCode.archive("A2").coupon_code.status == "archived"
    assert sdk.CouponSet.update("spring", {"name": "Easter", "meta_data": json.dumps({"x": 1})}).coupon_set.meta_data == {"x": 1}
    assert sdk.CouponCode.retrieve("A1").coupon_code.coupon_set_name == "Easter"
    assert [row.coupon_code.code for row in sdk.CouponCode.list({"coupon_id": {"is": "half"}, "status": {"is": "not_redeemed"}}).list] == [
        "A1",
        "B1",
    ]
    shop.subscribe(id="s", coupons=["A1"])
    counted = sdk.CouponSet.retrieve("spring").coupon_set
    assert (counted.total_count, counted.redeemed_count, counted.archived_count) == (2, 1, 1)
    assert shop.subscription("s")["coupons"][0]["coupon_code"] == "A1"
    assert [row.coupon_set.id for row in sdk.CouponSet.list({"redeemed_count": {"gt": 0}}).list] == ["spring"]
    for write, id in ((sdk.CouponSet.delete, "spring"), (sdk.CouponCode.archive, "A1")):
        with pytest.raises(InvalidRequestError) as refused:
            write(id)
        assert refused.value.http_code == 409
    autumn = sdk.CouponCode.retrieve("B1").coupon_code.coupon_set_id
    assert sdk.CouponSet.delete_unused_coupon_codes(autumn).coupon_set.total_count == 0
    assert sdk.CouponSet.delete(autumn).coupon_set.name == "Autumn"


def test_a_code_is_redeemed_once_and_codes_are_unique(shop: Client) -> None:
    shop.post("/coupons/create_for_items", coupon())
    code = {"coupon_id": "half", "coupon_set_name": "S", "code": "A1"}
    assert shop.post("/coupon_codes", code).status == 200
    assert shop.post("/coupon_codes", code).code == (400, "duplicate_entry")
    assert shop.post("/coupon_codes", {**code, "code": "half"}).code == (400, "duplicate_entry")
    assert shop.subscribe(coupons=["A1"]).status == 200
    refused = shop.subscribe(coupons=["A1"])
    assert (refused.code, refused["param"]) == ((400, "param_wrong_value"), "coupon_ids[0]")


def test_the_last_redemption_expires_a_coupon(shop: Client) -> None:
    shop.post("/coupons/create_for_items", coupon(max_redemptions=1))
    assert shop.subscribe(coupons=["half"]).status == 200
    assert shop.get("/coupons/half")["coupon"]["status"] == "expired"
    assert shop.subscribe(coupons=["half"]).code == (400, "param_wrong_value")


def test_a_coupon_of_the_future_waits(shop: Client, simulation: Simulation) -> None:
    assert shop.post("/coupons/create_for_items", coupon(valid_from=NOW + 60))["coupon"]["status"] == "future"
    assert shop.subscribe(coupons=["half"]).code == (400, "param_wrong_value")
    simulation.advance(minutes=1)
    assert shop.subscribe(coupons=["half"]).status == 200
