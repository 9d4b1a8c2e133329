"""Metered items: usages are reported as they happen and billed in arrears. Through the official client."""

from __future__ import annotations

from importlib import import_module
from typing import Any, TypeAlias

import pytest
from billbridge_sandbox import Simulation

from .conftest import Client

InvalidRequestError: Any = import_module("chargebee").InvalidRequestError
Sdk: TypeAlias = Any


def metered(shop: Client, id: str = "calls", kind: str = "addon", calculation: str = "sum_of_usages", **price: Any) -> None:
    sent = {"id": id, "name": id, "type": kind, "item_family_id": "family", "metered": "true", "usage_calculation": calculation}
    assert shop.post("/items", sent).status == 200
    shop.price(id, id, kind, **{"price": 10, **price})


@pytest.fixture
def running(shop: Client) -> Client:
    """The subscription "s" to the plan, with the metered addon "calls" at $0.10."""
    metered(shop)
    assert shop.subscribe(id="s", addons=["calls"]).status == 200
    return shop


def use(client: Client, quantity: object, **fields: Any) -> Any:
    sent = {"item_price_id": "calls", "quantity": quantity, "usage_date": client.vendor.site.now, **fields}
    return client.post("/subscriptions/s/usages", sent)


def test_the_client_reports_reads_and_takes_back_usages(running: Client, sdk: Sdk) -> None:
    now = running.vendor.site.now
    sent = {"id": "u1", "item_price_id": "calls", "quantity": "5", "usage_date": now, "note": "n"}
    made = sdk.Usage.create("s", sent).usage
    assert (made.id, made.quantity, made.source, made.subscription_id) == ("u1", "5", "api", "s")
    with pytest.raises(InvalidRequestError) as refused:
        sdk.Usage.create("s", sent)
    assert refused.value.api_error_code == "duplicate_entry"
    assert sdk.Usage.create("s", {**sent, "quantity": "9", "dedupe_option": "skip"}).usage.quantity == "5"
    assert sdk.Usage.create("s", {**sent, "quantity": "9", "dedupe_option": "update_existing"}).usage.quantity == "9"
    assert sdk.Usage.retrieve("s", {"id": "u1"}).usage.note == "n"
    assert [row.usage.id for row in sdk.Usage.list({"subscription_id": {"is": "s"}, "item_price_id": {"is": "calls"}}).list] == ["u1"]
    assert sdk.Usage.delete("s", {"id": "u1"}).usage.id == "u1"
    assert sdk.Usage.list().list == []


def test_usages_are_billed_with_the_next_term(running: Client, simulation: Simulation) -> None:
    first = running.invoices("s")[0]
    assert [(line["entity_id"], line["metered"]) for line in first["line_items"]] == [("pro-monthly", False)]
    use(running, 3, id="u")
    simulation.advance(days=10)
    use(running, 4)
    simulation.advance(days=18)
    second = running.invoices("s")[1]
    line = next(each for each in second["line_items"] if each["metered"])
    assert (line["quantity"], line["amount"], second["total"]) == (7, 70, 1970)
    assert (line["date_from"], line["date_to"]) == (first["date"], second["date"])
    assert running.get("/subscriptions/s/usages", {"id": "u"})["usage"]["invoice_id"] == second["id"]
    assert running.post("/subscriptions/s/delete_usage", {"id": "u"}).code == (409, "invalid_state_for_request")
    simulation.advance(days=31)
    third = running.invoices("s")[2]
    assert [(line["entity_id"], line["amount"]) for line in third["line_items"]] == [("pro-monthly", 1900)]


@pytest.mark.parametrize(("calculation", "quantity"), [("sum_of_usages", 12), ("last_usage", 2), ("max_usage", 7)])
def test_the_items_calculation_says_what_usages_add_up_to(shop: Client, simulation: Simulation, calculation: str, quantity: int) -> None:
    metered(shop, "calls", "plan", calculation)
    made = shop.subscribe("calls", id="s")
    assert ("invoice" in made.body, made["subscription"]["mrr"]) == (False, 0)
    for used in (3, 7, 2):
        use(shop, used)
        simulation.advance(days=1)
    simulation.advance(days=25)
    assert [line["quantity"] for line in shop.invoices("s")[0]["line_items"]] == [quantity]


def test_ending_a_subscription_bills_what_was_used(running: Client) -> None:
    use(running, 8)
    running.post("/subscriptions/s/cancel_for_items", {"cancel_option": "immediately"})
    assert [invoice["total"] for invoice in running.invoices("s")] == [1900, 80]
    assert [line["entity_id"] for line in running.invoices("s")[1]["line_items"]] == ["calls"]


def test_the_end_of_a_last_term_bills_what_was_used_and_nothing_twice(running: Client, simulation: Simulation) -> None:
    use(running, 8)
    running.post("/subscriptions/s/cancel_for_items", {"cancel_option": "end_of_term"})
    simulation.advance(days=60)
    assert [invoice["total"] for invoice in running.invoices("s")] == [1900, 80]


def test_packages_and_steps_are_billed_by_usage(shop: Client, simulation: Simulation) -> None:
    tier = {"starting_unit": 1, "price": 125, "pricing_type": "package", "package_size": 1000}
    columns: dict[str, Any] = {f"tiers[{name}][0]": value for name, value in tier.items()}
    metered(shop, pricing_model="volume", price=None, **columns)
    shop.subscribe(id="s", addons=["calls"])
    use(shop, 1500)
    simulation.advance(days=28)
    invoice = shop.invoices("s")[1]
    assert (invoice["total"], invoice["line_item_tiers"][0]["quantity_used"]) == (1900 + 250, 1500)


@pytest.mark.parametrize(
    ("fields", "code", "param"),
    [
        ({"item_price_id": "pro-monthly"}, "param_wrong_value", "item_price_id"),
        ({"quantity": "many"}, "param_wrong_value", "quantity"),
        ({"quantity": "1.5"}, "configuration_incompatible", "quantity"),
        ({"quantity": ""}, "param_wrong_value", "quantity"),
        ({"quantity": "0"}, "param_wrong_value", "quantity"),
        ({"quantity": "1" * 41}, "param_wrong_value", "quantity"),
        ({"id": "u" * 101}, "param_wrong_value", "id"),
        ({"usage_date": ""}, "param_wrong_value", "usage_date"),
    ],
)
def test_a_usage_that_makes_no_sense_is_refused_by_name(running: Client, fields: dict[str, Any], code: str, param: str) -> None:
    refused = use(running, **{"quantity": 1, **fields})
    assert (refused.code, refused["param"]) == ((400, code), param)


def test_a_metered_item_takes_no_quantity(running: Client) -> None:
    sent = {"subscription_items[item_price_id][0]": "pro-monthly", "subscription_items[item_price_id][1]": "calls"}
    sent["subscription_items[quantity][1]"] = "2"
    refused = running.post("/customers/ada/subscription_for_items", sent)
    assert (refused.code, refused["param"]) == ((400, "param_wrong_value"), "subscription_items[quantity][1]")


def test_a_usage_of_a_time_that_is_not_paid_or_already_invoiced_is_stored_and_never_billed(running: Client, simulation: Simulation) -> None:
    start = running.vendor.site.now
    before = use(running, 3, id="before", usage_date=start - 1)
    assert before.status == 200
    simulation.advance(days=28)
    late = use(running, 4, id="late", usage_date=start + 5)
    assert late.status == 200
    simulation.advance(days=31)
    assert [invoice["total"] for invoice in running.invoices("s")] == [1900, 1900, 1900]
    running.post("/subscriptions/s/cancel_for_items", {"cancel_option": "immediately"})
    assert use(running, 5, id="after").status == 200
    assert [invoice["total"] for invoice in running.invoices("s")] == [1900, 1900, 1900]
    assert [row["usage"]["id"] for row in running.get("/usages")["list"]] == ["before", "late", "after"]
    assert all("invoice_id" not in row["usage"] for row in running.get("/usages")["list"])


def test_usage_of_a_trial_is_not_billed(shop: Client, simulation: Simulation) -> None:
    metered(shop)
    shop.subscribe(id="s", addons=["calls"], trial_end=shop.vendor.site.now + 86400)
    assert use(shop, 5).status == 200
    simulation.advance(days=2)
    use(shop, 2)
    simulation.advance(days=31)
    assert [invoice["total"] for invoice in shop.invoices("s")] == [1900, 1900 + 20]


def test_a_price_has_one_usage_for_each_second(running: Client) -> None:
    use(running, 3, id="u1")
    refused = use(running, 4, id="u2")
    assert (refused.code, refused["param"]) == ((400, "duplicate_entry"), "usage_date")
    running.post("/subscriptions/s/delete_usage", {"id": "u1"})
    assert use(running, 4, id="u2").status == 200


def test_two_metered_items_are_billed_together(shop: Client, simulation: Simulation) -> None:
    for id in ("calls", "rows"):
        metered(shop, id)
    shop.subscribe(id="s", addons=["calls", "rows"])
    use(shop, 3)
    use(shop, 4, item_price_id="rows")
    simulation.advance(days=28)
    lines = shop.invoices("s")[1]["line_items"]
    assert [(line["entity_id"], line["quantity"]) for line in lines if line["metered"]] == [("calls", 3), ("rows", 4)]


def test_a_plan_without_usages_has_no_invoice_and_the_next_one_begins_with_its_own_term(shop: Client, simulation: Simulation) -> None:
    metered(shop, "calls", "plan")
    shop.subscribe("calls", id="s")
    simulation.advance(days=28)
    assert shop.invoices("s") == []
    began = shop.vendor.site.now
    use(shop, 3)
    simulation.advance(days=31)
    assert [line["date_from"] for line in shop.invoices("s")[0]["line_items"]] == [began]


def test_fractions_are_billed_on_a_site_with_multi_decimal_pricing(running: Client, simulation: Simulation) -> None:
    running.vendor.site.settings.multi_decimal = True
    assert use(running, "2.5")["usage"]["quantity"] == "2.5"
    simulation.advance(days=1)
    use(running, "1.25")
    simulation.advance(days=28)
    line = next(each for each in running.invoices("s")[1]["line_items"] if each["metered"])
    assert (line["quantity"], line["quantity_in_decimal"], line["amount"]) == (3, "3.75", 38)


def test_a_subscription_has_at_most_5000_usages_in_its_life(running: Client) -> None:
    now = running.vendor.site.now
    for number in range(5000):
        assert use(running, 1, id="u", usage_date=now - number).status == 200
        running.post("/subscriptions/s/delete_usage", {"id": "u"})
    assert use(running, 1).code == (400, "resource_limit_exceeded")
