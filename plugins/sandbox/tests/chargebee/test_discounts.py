"""What coupons and promotional credits take off invoices, over renewals."""

from __future__ import annotations

from typing import Any

import pytest
from billbridge_sandbox import Simulation
from billbridge_sandbox.chargebee.catalog.pricing import shared
from hypothesis import given
from hypothesis import strategies as st

from .conftest import Client, seconds


def coupon(client: Client, id: str, **fields: Any) -> None:
    shape = {} if "discount_amount" in fields else {"discount_percentage": 10}
    kind = {"discount_type": "fixed_amount"} if "discount_amount" in fields else {}
    made = client.post("/coupons/create_for_items", {"id": id, "name": id, "apply_on": "invoice_amount", **shape, **kind, **fields})
    assert made.status == 200, made.body


def on(kind: str) -> dict[str, Any]:
    """The fields that limit a coupon to all items of a type."""
    return {"apply_on": "each_specified_item", "item_constraints[constraint][0]": "all", "item_constraints[item_type][0]": kind}


def test_coupons_apply_in_the_order_that_the_api_reference_tells(client: Client) -> None:
    """The reference's own example: $200 and $20; $10 off the plan, 1% off the addon, $5 off the invoice make $204.80."""
    client.customer()
    client.price("plan", "plan", price=20000)
    client.price("addon", "addon", "addon", price=2000)
    coupon(client, "invoice5", discount_amount=500)
    coupon(client, "addon1", discount_percentage=1, **on("addon"))
    coupon(client, "plan10", discount_amount=1000, **on("plan"))
    made = client.subscribe("plan", coupons=["invoice5", "addon1", "plan10"], addons=["addon"])
    invoice = made["invoice"]
    assert (invoice["sub_total"], invoice["total"], invoice["amount_paid"]) == (22000, 20480, 20480)
    assert [(each["entity_id"], each["entity_type"], each["amount"]) for each in invoice["discounts"]] == [
        ("plan10", "item_level_coupon", 1000),
        ("addon1", "item_level_coupon", 20),
        ("invoice5", "document_level_coupon", 500),
    ]
    plan, addon = invoice["line_items"]
    assert (plan["amount"], plan["item_level_discount_amount"], addon["item_level_discount_amount"]) == (20000, 1000, 20)
    assert plan["discount_amount"] + addon["discount_amount"] == 1520
    assert sum(each["discount_amount"] for each in invoice["line_item_discounts"]) == 1520


def test_a_one_time_coupon_leaves_with_the_first_invoice(shop: Client, simulation: Simulation) -> None:
    coupon(shop, "once", duration_type="one_time")
    made = shop.subscribe(id="s", coupons=["once"])
    assert made["invoice"]["total"] == 1710
    assert "coupons" not in made["subscription"]
    simulation.advance(days=28)
    assert [invoice["total"] for invoice in shop.invoices("s")] == [1710, 1900]


def test_a_coupon_of_two_months_discounts_two_monthly_invoices(shop: Client, simulation: Simulation) -> None:
    coupon(shop, "two", duration_type="limited_period", period=2, period_unit="month")
    made = shop.subscribe(id="s", coupons=["two"])
    assert made["subscription"]["coupons"] == [
        {"object": "coupon", "coupon_id": "two", "applied_count": 1, "apply_till": seconds(2026, 3, 31)}
    ]
    simulation.advance(days=60)
    assert [invoice["total"] for invoice in shop.invoices("s")] == [1710, 1710, 1900]
    assert "coupons" not in shop.subscription("s")


def test_a_coupon_for_ever_goes_on_even_when_it_is_archived(shop: Client, simulation: Simulation) -> None:
    coupon(shop, "ever")
    shop.subscribe(id="s", coupons=["ever"])
    shop.post("/coupons/ever/delete")
    simulation.advance(days=59)
    assert [invoice["total"] for invoice in shop.invoices("s")] == [1710, 1710, 1710]
    assert shop.subscription("s")["coupons"][0]["applied_count"] == 3


def test_a_trial_uses_up_nothing_of_a_coupon(shop: Client, simulation: Simulation) -> None:
    coupon(shop, "once", duration_type="one_time")
    made = shop.subscribe(id="s", coupons=["once"], trial_end=shop.vendor.site.now + 86400)
    assert made["subscription"]["coupons"][0]["applied_count"] == 0
    simulation.advance(days=1)
    assert [invoice["total"] for invoice in shop.invoices("s")] == [1710]


def test_coupons_are_added_replaced_and_removed(shop: Client, simulation: Simulation) -> None:
    for id in ("a", "b", "c"):
        coupon(shop, id)
    shop.subscribe(id="s", coupons=["a"])

    def change(path: str, ids: list[str], **fields: Any) -> list[str]:
        sent = {f"coupon_ids[{index}]": id for index, id in enumerate(ids)}
        body = shop.post(f"/subscriptions/s/{path}", {**sent, **fields})
        assert body.status == 200, body.body
        return [each["coupon_id"] for each in body["subscription"].get("coupons", [])]

    assert change("update_for_items", ["b"]) == ["a", "b"]
    assert change("update_for_items", ["b", "c"], replace_coupon_list="true") == ["b", "c"]
    assert shop.get("/coupons/b")["coupon"]["redemptions"] == 1
    assert change("remove_coupons", ["b"]) == ["c"]
    assert change("update_for_items", [], replace_coupon_list="true") == []
    assert change("update_for_items", ["a", "b"]) == ["a", "b"]
    assert shop.post("/subscriptions/s/update_for_items", {"coupon_ids[0]": "a"}).code == (400, "param_wrong_value")
    assert shop.post("/subscriptions/s/remove_coupons", {"coupon_ids[0]": "c"}).code == (400, "param_wrong_value")
    assert change("remove_coupons", []) == []
    simulation.advance(days=28)
    assert shop.invoices("s")[-1]["total"] == 1900


def test_what_does_not_fit_a_subscription_is_refused_and_redeems_nothing(shop: Client) -> None:
    coupon(shop, "euro", discount_amount=5, currency_code="EUR")
    coupon(shop, "addons", **on("addon"))
    coupon(shop, "good")
    for ids, param in ((["euro"], 0), (["good", "addons"], 1), (["good", "good"], 1), (["nothing"], 0)):
        refused = shop.subscribe(id="s", coupons=ids)
        assert (refused.status in (400, 404), refused["param"]) == (True, f"coupon_ids[{param}]")
    assert shop.get("/coupons/good")["coupon"]["redemptions"] == 0
    assert shop.get("/subscriptions/s").status == 404


def test_a_declined_first_payment_redeems_nothing(shop: Client) -> None:
    coupon(shop, "good", max_redemptions=1)
    shop.post("/promotional_credits/add", {"customer_id": "ada", "amount": 100, "currency_code": "USD", "description": "d"})
    shop.customer("bob", "tok_chargeDeclined")
    assert shop.subscribe(customer="bob", coupons=["good"]).status == 400
    assert shop.get("/coupons/good")["coupon"]["status"] == "active"
    assert shop.subscribe(coupons=["good"]).status == 200


def test_a_discount_never_makes_an_invoice_negative(shop: Client) -> None:
    coupon(shop, "much", discount_amount=999999)
    invoice = shop.subscribe(coupons=["much"])["invoice"]
    assert (invoice["total"], invoice["status"], invoice["discounts"][0]["amount"]) == (0, "paid", 1900)


def test_promotional_credits_pay_before_the_card_and_run_out(shop: Client, simulation: Simulation) -> None:
    shop.post("/promotional_credits/add", {"customer_id": "ada", "amount": 2500, "currency_code": "USD", "description": "d"})
    shop.post("/promotional_credits/add", {"customer_id": "ada", "amount": 900, "currency_code": "EUR", "description": "d"})
    shop.subscribe(id="s")
    simulation.advance(days=59)
    assert [(each["sub_total"], each["total"]) for each in shop.invoices("s")] == [(1900, 0), (1900, 1300), (1900, 1900)]
    first = shop.invoices("s")[0]
    assert (first["discounts"][0]["entity_type"], first["credits_applied"]) == ("promotional_credits", 0)
    customer = shop.get("/customers/ada")["customer"]
    assert (customer["promotional_credits"], {row["currency_code"]: row["promotional_credits"] for row in customer["balances"]}) == (
        0,
        {"USD": 0, "EUR": 900},
    )
    assert [each["promotional_credit"]["amount"] for each in shop.get("/promotional_credits", {"type[is]": "decrement"})["list"]] == [
        1900,
        600,
    ]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any), st.data())
def test_a_discount_is_shared_without_losing_a_unit(weights: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(1, sum(weights)))
    parts = shared(amount, weights)
    assert sum(parts) == amount
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


@pytest.mark.parametrize(("percent", "price", "total"), [("33.33", 100, 67), ("12.5", 4, 3), ("50", 1, 0), ("0.01", 1900, 1900)])
def test_percentages_are_exact_and_rounded_half_up(shop: Client, percent: str, price: int, total: int) -> None:
    coupon(shop, "share", discount_percentage=percent)
    shop.price("p", "p", price=price)
    assert shop.subscribe("p", coupons=["share"])["invoice"]["total"] == total


def test_a_coupon_that_changes_its_kind_discounts_by_the_new_one(shop: Client) -> None:
    coupon(shop, "c", discount_percentage=50)
    shop.post("/coupons/c/update_for_items", {"discount_type": "fixed_amount", "discount_amount": 100})
    assert shop.subscribe(coupons=["c"])["invoice"]["total"] == 1800
