"""Creating, finding and listing subscriptions, and their first invoice."""

from __future__ import annotations

from typing import Any

import pytest
from billbridge_sandbox import Simulation

from .conftest import START, Client, seconds

NOW = int(START.timestamp())


def test_a_subscription_is_billed_and_paid_at_once(shop: Client) -> None:
    made = shop.subscribe(quantity=3, meta_data='{"order":"7"}')
    subscription, invoice = made["subscription"], made["invoice"]
    assert subscription["status"] == "active"
    assert subscription["subscription_items"] == [
        {
            "object": "subscription_item",
            "item_price_id": "pro-monthly",
            "item_type": "plan",
            "quantity": 3,
            "unit_price": 1900,
            "amount": 5700,
            "free_quantity": 0,
        }
    ]
    assert subscription["meta_data"] == {"order": "7"}
    assert (subscription["current_term_start"], subscription["current_term_end"]) == (NOW, seconds(2026, 2, 28))
    assert (subscription["next_billing_at"], subscription["activated_at"]) == (seconds(2026, 2, 28), NOW)
    assert (subscription["due_invoices_count"], subscription["mrr"], "total_dues" in subscription) == (0, 5700, False)
    assert (made["customer"]["id"], made["card"]["last4"]) == ("ada", "4242")
    assert (invoice["id"], invoice["status"], invoice["date"], invoice["first_invoice"], invoice["recurring"]) == (
        "1",
        "paid",
        NOW,
        True,
        True,
    )
    assert [invoice[name] for name in ("sub_total", "total", "amount_paid", "amount_due", "credits_applied")] == [5700, 5700, 5700, 0, 0]
    line = invoice["line_items"][0]
    assert (line["entity_type"], line["entity_id"], line["unit_amount"], line["quantity"]) == ("plan_item_price", "pro-monthly", 1900, 3)
    assert (line["date_from"], line["date_to"]) == (NOW, seconds(2026, 2, 28))
    payment = shop.get(f"/transactions/{invoice['linked_payments'][0]['txn_id']}")["transaction"]
    assert (payment["amount"], payment["status"], payment["linked_invoices"][0]["invoice_id"]) == (5700, "success", "1")


def test_sparse_columns_stay_aligned(shop: Client) -> None:
    shop.price("seat", "seat-addon", "addon", price=500)
    shop.price("setup", "setup-charge", "charge", pricing_model="flat_fee", price=9900)
    columns = {
        "subscription_items[item_price_id][0]": "setup",
        "subscription_items[item_price_id][1]": "pro-monthly",
        "subscription_items[item_price_id][2]": "seat",
        "subscription_items[quantity][2]": 4,
        "subscription_items[unit_price][1]": 1000,
    }
    made = shop.post("/customers/ada/subscription_for_items", columns)
    items = {item["item_price_id"]: item for item in made["subscription"]["subscription_items"]}
    assert (items["pro-monthly"]["quantity"], items["pro-monthly"]["amount"]) == (1, 1000)
    assert (items["seat"]["quantity"], items["seat"]["amount"]) == (4, 2000)
    assert ("quantity" in items["setup"], items["setup"]["amount"]) == (False, 9900)
    assert made["invoice"]["total"] == 1000 + 2000 + 9900
    assert [line["entity_type"] for line in made["invoice"]["line_items"]] == ["charge_item_price", "plan_item_price", "addon_item_price"]
    assert made["subscription"]["mrr"] == 3000


@pytest.mark.parametrize(
    ("columns", "code", "param"),
    [
        ({}, "invalid_request", "subscription_items[item_price_id][0]"),
        ({"subscription_items[item_price_id][0]": "none"}, "resource_not_found", "subscription_items[item_price_id][0]"),
        (
            {"subscription_items[item_price_id][0]": "pro-monthly", "subscription_items[item_price_id][1]": "max-monthly"},
            "invalid_request",
            "subscription_items[item_price_id][0]",
        ),
        ({"subscription_items[item_price_id][0]": "seat"}, "invalid_request", "subscription_items[item_price_id][0]"),
        (
            {"subscription_items[item_price_id][0]": "pro-monthly", "subscription_items[item_price_id][1]": "pro-monthly"},
            "param_wrong_value",
            "subscription_items[item_price_id][1]",
        ),
        (
            {"subscription_items[item_price_id][0]": "max-monthly", "subscription_items[quantity][0]": 1},
            "param_wrong_value",
            "subscription_items[quantity][0]",
        ),
        (
            {"subscription_items[item_price_id][0]": "pro-monthly", "subscription_items[quantity][0]": 0},
            "param_wrong_value",
            "subscription_items[quantity][0]",
        ),
        ({"subscription_items[quantity][0]": 1}, "param_wrong_value", "subscription_items[item_price_id][0]"),
        (
            {"subscription_items[item_price_id][0]": "pro-monthly", "subscription_items[item_price_id][1]": "seat-eur"},
            "param_wrong_value",
            "subscription_items",
        ),
        (
            {"subscription_items[item_price_id][0]": "pro-monthly", "subscription_items[item_price_id][1]": "seat-yearly"},
            "param_wrong_value",
            "subscription_items",
        ),
        ({"subscription_items[item_price_id][0]": "old-monthly"}, "param_wrong_value", "subscription_items[item_price_id][0]"),
    ],
)
def test_items_that_make_no_subscription_are_refused(shop: Client, columns: dict[str, Any], code: str, param: str) -> None:
    shop.price("max-monthly", "max", pricing_model="flat_fee")
    shop.price("seat", "seat-addon", "addon")
    shop.price("seat-eur", "seat-addon", "addon", currency_code="EUR")
    shop.price("seat-yearly", "seat-addon", "addon", period_unit="year")
    shop.price("old-monthly", "old")
    shop.post("/item_prices/old-monthly", {"status": "archived"})
    refused = shop.post("/customers/ada/subscription_for_items", columns)
    assert (refused["api_error_code"], refused["param"]) == (code, param)
    assert refused.status == (404 if code == "resource_not_found" else 400)
    assert shop.get("/subscriptions")["list"] == []
    assert shop.get("/invoices")["list"] == []


@pytest.mark.parametrize(
    ("token", "code", "cause"),
    [
        ("tok_chargeDeclined", "payment_processing_failed", "gateway.general.decline"),
        ("tok_chargeDeclinedInsufficientFunds", "payment_processing_failed", "gateway.transaction_processing.low_balance"),
        ("tok_expired", "payment_processing_failed", "gateway.payment_method.expired_card"),
        ("tok_authenticationRequired", "payment_intent_action_required", "gateway.payment_method.authentication_required"),
    ],
)
def test_a_payment_that_fails_is_400_and_leaves_nothing_behind(
    client: Client, simulation: Simulation, token: str, code: str, cause: str
) -> None:
    client.price("pro-monthly", "pro")
    client.customer(token=token)
    refused = client.subscribe(id="sub")
    assert refused.code == (400, code)
    assert (refused["type"], refused["error_cause_id"]) == ("payment", cause)
    for path in ("/subscriptions", "/invoices", "/transactions"):
        assert client.get(path)["list"] == []
    client.post(
        "/payment_sources/create_using_token", {"customer_id": "ada", "token_id": "tok_visa", "replace_primary_payment_source": "true"}
    )
    assert client.subscribe(id="sub")["invoice"]["id"] == "1"
    simulation.advance(days=27)
    assert len(client.invoices("sub")) == 1


def test_without_a_payment_method_nothing_is_created(client: Client) -> None:
    client.price("pro-monthly", "pro")
    client.customer(token=None)
    assert client.subscribe().code == (400, "payment_method_not_present")
    assert client.get("/subscriptions")["list"] == []


def test_nothing_is_collected_for_a_price_of_zero(client: Client) -> None:
    client.price("free", "free", price=0)
    client.customer(token=None)
    made = client.subscribe("free")
    assert (made["subscription"]["status"], made["invoice"]["status"], made["invoice"]["total"]) == ("active", "paid", 0)
    assert made["invoice"]["linked_payments"] == []


def test_without_auto_collection_the_invoice_is_due(client: Client) -> None:
    client.price("pro-monthly", "pro")
    client.customer(token=None)
    made = client.subscribe(auto_collection="off")
    assert (made["invoice"]["status"], made["invoice"]["amount_due"], made["invoice"]["due_date"]) == ("payment_due", 1900, NOW)
    subscription = made["subscription"]
    assert (subscription["due_invoices_count"], subscription["total_dues"], subscription["due_since"]) == (1, 1900, NOW)


def test_with_net_terms_the_invoice_is_posted_until_its_due_date(client: Client, simulation: Simulation) -> None:
    client.price("pro-monthly", "pro")
    client.customer(token=None, auto_collection="off", net_term_days=15)
    made = client.subscribe()
    assert (made["invoice"]["status"], made["invoice"]["due_date"]) == ("posted", NOW + 15 * 86400)
    assert made["subscription"]["due_invoices_count"] == 0
    assert "auto_collection" not in made["subscription"]
    simulation.advance(days=15, seconds=-1)
    assert client.get("/invoices/1")["invoice"]["status"] == "posted"
    simulation.advance(seconds=1)
    assert client.get("/invoices/1")["invoice"]["status"] == "payment_due"
    assert client.subscription(made["subscription"]["id"])["due_invoices_count"] == 1


def test_the_subscriptions_own_payment_source_is_charged(client: Client) -> None:
    client.price("pro-monthly", "pro")
    client.customer(token="tok_chargeDeclined")
    good = client.post("/payment_sources/create_using_token", {"customer_id": "ada", "token_id": "tok_visa"})["payment_source"]["id"]
    made = client.subscribe(payment_source_id=good)
    assert made["subscription"]["payment_source_id"] == good
    assert made["invoice"]["status"] == "paid"
    assert client.subscribe(payment_source_id="pm_none").code == (404, "resource_not_found")


def test_ids_are_the_callers_or_the_vendors_and_customers_must_exist(shop: Client) -> None:
    assert shop.subscribe(id="sub-1")["subscription"]["id"] == "sub-1"
    assert shop.subscribe(id="sub-1").code == (400, "duplicate_entry")
    assert len(shop.subscribe()["subscription"]["id"]) == 17
    assert shop.subscribe(customer="nobody").code == (404, "resource_not_found")


@pytest.mark.parametrize(
    "fields",
    [
        {"coupon": "X"},
        {"discounts[percentage][0]": "10"},
        {"contract_term[action_at_term_end]": "renew"},
        {"billing_alignment_mode": "immediate"},
        {"first_invoice_pending": "true"},
        {"subscription_items[billing_cycles][0]": "2"},
    ],
)
def test_what_would_change_the_bill_and_is_not_simulated_is_refused(shop: Client, fields: dict[str, Any]) -> None:
    assert shop.subscribe(**fields).code == (400, "configuration_incompatible")
    assert shop.get("/subscriptions")["list"] == []


def test_a_tiered_price_shows_its_tiers_on_the_subscription(shop: Client) -> None:
    tiers: dict[str, Any] = {
        "tiers[starting_unit][0]": 1,
        "tiers[ending_unit][0]": 10,
        "tiers[price][0]": 100,
        "tiers[starting_unit][1]": 11,
        "tiers[price][1]": 50,
    }
    shop.price("tiered", "tiered", pricing_model="tiered", price=None, **tiers)
    made = shop.subscribe("tiered", 12)
    assert made["invoice"]["total"] == 1100
    assert [tier["starting_unit"] for tier in made["subscription"]["item_tiers"]] == [1, 11]


def test_lists_find_subscriptions_by_customer_price_item_and_status(shop: Client, simulation: Simulation) -> None:
    shop.customer("bob")
    shop.price("max-monthly", "max")
    shop.subscribe(id="s1")
    simulation.advance(hours=1)
    shop.subscribe("max-monthly", id="s2", customer="bob")
    simulation.advance(hours=1)
    shop.subscribe(id="s3", trial_end=NOW + 86400)
    shop.post("/subscriptions/s1/cancel_for_items", {"cancel_option": "immediately"})
    found: list[tuple[dict[str, str], str]] = [
        ({}, "s1 s2 s3"),
        ({"customer_id[is]": "ada"}, "s1 s3"),
        ({"item_price_id[is]": "max-monthly"}, "s2"),
        ({"item_id[in]": '["pro"]'}, "s1 s3"),
        ({"status[in]": '["active","in_trial"]'}, "s2 s3"),
        ({"status[is]": "cancelled"}, "s1"),
        ({"created_at[after]": str(NOW), "sort_by[desc]": "created_at"}, "s3 s2"),
        ({"cancelled_at[is_present]": "true"}, "s1"),
    ]
    for filters, expected in found:
        page = shop.get("/subscriptions", filters)
        assert page.names("subscription") == expected.split(), filters
    assert shop.get("/subscriptions", {"status[in]": "['active', 'in_trial']"}).code == (400, "param_wrong_value")
    assert shop.get("/subscriptions")["list"][1]["customer"]["id"] == "bob"
    assert shop.vendor.ignored_params == []


def test_the_customers_card_is_charged_in_the_prices_currency(shop: Client) -> None:
    shop.price("yen", "yen", currency_code="JPY", price=1500)
    made = shop.subscribe("yen")
    assert (made["subscription"]["currency_code"], made["invoice"]["currency_code"], made["invoice"]["total"]) == ("JPY", "JPY", 1500)
