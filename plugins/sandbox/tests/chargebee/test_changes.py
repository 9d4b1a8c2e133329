"""Cancelling subscriptions, taking that back, and changing items and settings."""

from __future__ import annotations

from typing import Any

from billbridge_sandbox import Simulation

from .conftest import START, Client, Reply, seconds

NOW = int(START.timestamp())
DAY = 86400
TERM_END = seconds(2026, 2, 28)


def cancel(client: Client, option: str = "immediately", **fields: Any) -> Reply:
    return client.post("/subscriptions/s/cancel_for_items", {"cancel_option": option, **fields})


def test_an_immediate_cancellation_ends_it_now_and_a_second_one_is_409(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    simulation.advance(days=1)
    gone = cancel(shop, credit_option_for_current_term_charges="none", cancel_reason_code="Too dear")["subscription"]
    assert (gone["status"], gone["cancelled_at"], gone["current_term_end"]) == ("cancelled", NOW + DAY, NOW + DAY)
    assert gone["cancel_reason_code"] == "Too dear"
    assert not {"next_billing_at", "cancel_reason", "mrr"} & set(gone)
    assert cancel(shop).code == (409, "invalid_state_for_request")
    simulation.advance(days=90)
    assert len(shop.invoices("s")) == 1


def test_end_of_term_runs_out_and_ends_exactly_then_without_another_invoice(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    ending = cancel(shop, "end_of_term")["subscription"]
    assert (ending["status"], ending["cancelled_at"], ending["cancel_schedule_created_at"]) == ("non_renewing", TERM_END, NOW)
    assert "next_billing_at" not in ending
    assert cancel(shop, "end_of_term").code == (409, "invalid_state_for_request")
    simulation.advance(days=28, seconds=-1)
    assert shop.subscription("s")["status"] == "non_renewing"
    simulation.advance(seconds=1)
    assert (shop.subscription("s")["status"], shop.subscription("s")["cancelled_at"]) == ("cancelled", TERM_END)
    simulation.advance(days=90)
    assert len(shop.invoices("s")) == 1


def test_the_old_flag_for_end_of_term_is_understood(shop: Client) -> None:
    shop.subscribe(id="s")
    assert shop.post("/subscriptions/s/cancel_for_items", {"end_of_term": "true"})["subscription"]["status"] == "non_renewing"


def test_a_trial_stays_a_trial_until_its_scheduled_end(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", trial_end=NOW + 7 * DAY)
    ending = cancel(shop, "end_of_term")["subscription"]
    assert (ending["status"], ending["cancelled_at"]) == ("in_trial", NOW + 7 * DAY)
    simulation.advance(days=7)
    assert shop.subscription("s")["status"] == "cancelled"
    assert shop.invoices("s") == []


def test_a_date_in_this_term_ends_it_then_and_can_be_moved(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    assert cancel(shop, "specific_date", cancel_at=NOW + 5 * DAY)["subscription"]["status"] == "non_renewing"
    moved = cancel(shop, "specific_date", cancel_at=NOW + 3 * DAY)["subscription"]
    assert moved["cancelled_at"] == NOW + 3 * DAY
    simulation.advance(days=3)
    assert (shop.subscription("s")["status"], shop.subscription("s")["cancelled_at"]) == ("cancelled", NOW + 3 * DAY)


def test_a_date_in_a_later_term_lets_it_renew_until_then(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    date = seconds(2026, 4, 10)
    waiting = cancel(shop, "specific_date", cancel_at=date)["subscription"]
    assert (waiting["status"], waiting["cancelled_at"], waiting["next_billing_at"]) == ("active", date, TERM_END)
    simulation.advance(to=START.replace(month=3, day=31))
    assert shop.subscription("s")["status"] == "non_renewing"
    simulation.advance(days=30)
    assert shop.subscription("s")["status"] == "cancelled"
    assert shop.subscription("s")["cancelled_at"] == date
    assert len(shop.invoices("s")) == 3


def test_a_date_must_be_there_and_in_the_future(shop: Client) -> None:
    shop.subscribe(id="s")
    assert cancel(shop, "specific_date").code == (400, "param_wrong_value")
    assert cancel(shop, "specific_date", cancel_at=NOW).code == (400, "param_wrong_value")
    assert shop.subscription("s")["status"] == "active"


def test_a_scheduled_cancellation_can_be_taken_back_and_it_renews(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    cancel(shop, "end_of_term", cancel_reason_code="Moving")
    back = shop.post("/subscriptions/s/remove_scheduled_cancellation")["subscription"]
    assert (back["status"], back["next_billing_at"]) == ("active", TERM_END)
    assert not {"cancelled_at", "cancel_schedule_created_at", "cancel_reason_code"} & set(back)
    assert shop.post("/subscriptions/s/remove_scheduled_cancellation").code == (409, "invalid_state_for_request")
    simulation.advance(days=28)
    assert len(shop.invoices("s")) == 2
    cancel(shop)
    assert shop.post("/subscriptions/s/remove_scheduled_cancellation").code == (409, "invalid_state_for_request")


def test_a_subscription_that_has_not_started_can_only_be_cancelled_at_once(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", start_date=NOW + DAY)
    assert cancel(shop, "end_of_term").code == (409, "invalid_state_for_request")
    assert cancel(shop)["subscription"]["status"] == "cancelled"
    simulation.advance(days=2)
    assert shop.invoices("s") == []


def change(client: Client, **fields: Any) -> Reply:
    return client.post(
        "/subscriptions/s/update_for_items", {name.replace("__", "[") + "]" * name.count("__"): v for name, v in fields.items()}
    )


def with_item(price: str, quantity: int | None = None, **fields: Any) -> dict[str, Any]:
    columns: dict[str, Any] = {"subscription_items[item_price_id][0]": price}
    if quantity is not None:
        columns["subscription_items[quantity][0]"] = quantity
    return {**columns, **fields}


def test_a_quantity_changes_at_once_without_proration_and_is_billed_at_renewal(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", quantity=1)
    params = with_item("pro-monthly", 5, prorate="false")
    changed = shop.post("/subscriptions/s/update_for_items", params)
    assert "invoice" not in changed.body
    assert changed["subscription"]["subscription_items"][0]["amount"] == 9500
    simulation.advance(days=28)
    assert [each["total"] for each in shop.invoices("s")] == [1900, 9500]


def test_a_change_at_the_end_of_the_term_waits_and_can_take_another_period(shop: Client, simulation: Simulation) -> None:
    shop.price("pro-yearly", "pro", period_unit="year", price=19000)
    shop.subscribe(id="s")
    waiting = shop.post("/subscriptions/s/update_for_items", with_item("pro-yearly", change_option="end_of_term"))["subscription"]
    assert (waiting["has_scheduled_changes"], waiting["changes_scheduled_at"]) == (True, TERM_END)
    assert waiting["subscription_items"][0]["item_price_id"] == "pro-monthly"
    simulation.advance(days=28)
    changed = shop.subscription("s")
    assert (changed["has_scheduled_changes"], changed["billing_period_unit"]) == (False, "year")
    assert changed["current_term_end"] == seconds(2027, 2, 28)
    assert shop.invoices("s")[1]["total"] == 19000


def test_a_change_scheduled_on_trial_is_taken_up_when_the_trial_ends(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", trial_end=NOW + DAY)
    shop.post("/subscriptions/s/update_for_items", with_item("pro-monthly", 4, end_of_term="true"))
    simulation.advance(days=1)
    assert [each["total"] for each in shop.invoices("s")] == [7600]
    assert shop.subscription("s")["has_scheduled_changes"] is False


def test_a_change_cannot_wait_for_a_term_that_will_not_be(shop: Client) -> None:
    shop.subscribe(id="s")
    cancel(shop, "end_of_term")
    refused = shop.post("/subscriptions/s/update_for_items", with_item("pro-monthly", 4, change_option="end_of_term"))
    assert refused.code == (409, "invalid_state_for_request")


def test_a_scheduled_change_can_be_dropped(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    shop.post("/subscriptions/s/update_for_items", with_item("pro-monthly", 9, change_option="end_of_term"))
    assert shop.post("/subscriptions/s/remove_scheduled_changes")["subscription"]["has_scheduled_changes"] is False
    assert shop.post("/subscriptions/s/remove_scheduled_changes").code == (409, "invalid_state_for_request")
    simulation.advance(days=28)
    assert shop.invoices("s")[1]["total"] == 1900


def test_items_are_added_beside_the_old_ones_or_replace_them_all(shop: Client) -> None:
    shop.price("seat", "seat-addon", "addon", price=500)
    shop.price("max-monthly", "max")
    shop.subscribe(id="s")

    def items(params: dict[str, Any]) -> list[str]:
        changed = shop.post("/subscriptions/s/update_for_items", params)
        return [item["item_price_id"] for item in changed["subscription"]["subscription_items"]]

    assert items(with_item("seat", prorate="false")) == ["pro-monthly", "seat"]
    assert items(with_item("max-monthly", prorate="false")) == ["seat", "max-monthly"]
    assert items(with_item("pro-monthly", prorate="false", replace_items_list="true")) == ["pro-monthly"]
    refused = shop.post("/subscriptions/s/update_for_items", with_item("seat", prorate="false", replace_items_list="true"))
    assert refused.code == (400, "invalid_request")


def test_a_trial_can_be_moved_or_ended_and_an_unpaid_end_changes_nothing(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", trial_end=NOW + 7 * DAY)
    moved = change(shop, trial_end=NOW + 9 * DAY)["subscription"]
    assert (moved["status"], moved["trial_end"], moved["next_billing_at"]) == ("in_trial", NOW + 9 * DAY, NOW + 9 * DAY)
    source = shop.get("/customers/ada")["customer"]["primary_payment_source_id"]
    shop.post(f"/payment_sources/{source}/delete")
    shop.post("/item_prices/pro-monthly", {"price": 2000})
    assert change(shop, trial_end=0, po_number="7").code == (400, "payment_method_not_present")
    assert shop.subscription("s") == moved
    shop.post("/payment_sources/create_using_token", {"customer_id": "ada", "token_id": "tok_visa"})
    ended = change(shop, trial_end=0)
    assert ended["invoice"]["total"] == 2000
    assert (ended["subscription"]["status"], ended["subscription"]["trial_end"], ended["invoice"]["status"]) == ("active", NOW, "paid")
    assert change(shop, trial_end=0).code == (409, "invalid_state_for_request")
    simulation.advance(days=9)
    assert len(shop.invoices("s")) == 1


def test_settings_change_and_metadata_is_replaced_as_a_whole(shop: Client) -> None:
    shop.subscribe(id="s", meta_data='{"a":1}', po_number="1")
    changed = change(shop, meta_data='{"b":2}', auto_collection="off", po_number="")["subscription"]
    assert (changed["meta_data"], changed["auto_collection"], "po_number" in changed) == ({"b": 2}, "off", False)
    assert change(shop, net_term_days=10)["subscription"]["net_term_days"] == 10
    assert "net_term_days" not in change(shop, net_term_days=-1)["subscription"]
    cancel(shop)
    assert change(shop, po_number="2").code == (409, "invalid_state_for_request")
