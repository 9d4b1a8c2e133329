"""A subscription's own billing profile, its deletion, and what lists of subscriptions can be asked."""

from __future__ import annotations

import pytest
from billbridge_sandbox import Simulation

from .conftest import START, Client, seconds

NOW = int(START.timestamp())
DAY = 86400
REFUSED = (400, "configuration_incompatible")


def test_a_subscription_is_paid_from_its_own_source_until_that_is_taken_back(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    own = shop.get("/customers/ada")["customer"]["primary_payment_source_id"]
    shop.use("tok_chargeDeclined")
    changed = shop.post("/subscriptions/s/override_billing_profile", {"payment_source_id": own})["subscription"]
    assert (changed["payment_source_id"], "auto_collection" in changed) == (own, False)
    simulation.advance(to=START.replace(month=3, day=1))
    assert shop.invoices("s")[1]["status"] == "paid"
    back = shop.post("/subscriptions/s/override_billing_profile", {"payment_source_id": ""})["subscription"]
    assert "payment_source_id" not in back
    simulation.advance(to=START.replace(month=3, day=31))
    assert shop.invoices("s")[2]["status"] == "payment_due"


def test_a_subscription_is_collected_by_its_own_setting(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    assert shop.post("/subscriptions/s/override_billing_profile", {"auto_collection": "off"})["subscription"]["auto_collection"] == "off"
    simulation.advance(days=28)
    assert shop.invoices("s")[1]["linked_payments"] == []
    assert shop.post("/subscriptions/s/override_billing_profile", {"auto_collection": "never"}).code == (400, "param_wrong_value")


def test_a_source_must_be_the_customers_and_a_cancelled_subscription_takes_none(shop: Client) -> None:
    shop.subscribe(id="s")
    shop.customer("bob")
    other = shop.get("/customers/bob")["customer"]["primary_payment_source_id"]
    refused = shop.post("/subscriptions/s/override_billing_profile", {"payment_source_id": other, "auto_collection": "off"})
    assert refused.status in (400, 404)
    assert not {"payment_source_id", "auto_collection"} & set(shop.subscription("s"))
    shop.post("/subscriptions/s/cancel_for_items", {"cancel_option": "immediately"})
    assert shop.post("/subscriptions/s/override_billing_profile").code == (409, "invalid_state_for_request")


def test_a_deleted_subscription_is_gone_with_its_invoices_payments_and_usages(shop: Client, simulation: Simulation) -> None:
    shop.post("/items", {"id": "calls", "name": "calls", "type": "addon", "item_family_id": "family", "metered": "true"})
    shop.price("calls", "calls", "addon", price=10)
    shop.subscribe(id="s", addons=["calls"])
    shop.subscribe(id="kept")
    shop.post("/subscriptions/s/usages", {"item_price_id": "calls", "quantity": 3, "usage_date": NOW})
    assert shop.post("/subscriptions/s/delete")["subscription"]["deleted"] is True
    assert shop.get("/subscriptions/s").code == (404, "resource_not_found")
    assert shop.post("/subscriptions/s/delete").code == (404, "resource_not_found")
    simulation.advance(days=28)
    for path, kind in (
        ("/subscriptions", "subscription"),
        ("/invoices", "invoice"),
        ("/transactions", "transaction"),
        ("/usages", "usage"),
    ):
        rows = shop.get(path)["list"]
        assert {row[kind].get("subscription_id", row[kind]["id"]) for row in rows} <= {"kept"}
    assert len(shop.invoices("kept")) == 2


def test_credits_and_charges_go_with_the_subscription_unless_another_used_them(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", quantity=2)
    simulation.advance(days=14)
    assert shop.change(("pro-monthly", 1))["credit_notes"][0]["type"] == "refundable"
    shop.change(("pro-monthly", 3), invoice_immediately="false")
    customer = shop.get("/customers/ada")["customer"]
    assert (customer["refundable_credits"], customer["unbilled_charges"]) == (950, 1900)
    shop.subscribe(id="t")
    assert shop.post("/subscriptions/s/delete").code == (409, "invalid_state_for_request")
    assert shop.post("/subscriptions/t/delete").code == (409, "invalid_state_for_request")
    assert shop.subscription("s")["deleted"] is False
    shop.customer("bob")
    shop.subscribe(id="u", quantity=2, customer="bob")
    shop.post("/subscriptions/u/update_for_items", {"subscription_items[item_price_id][0]": "pro-monthly"})
    assert shop.get("/customers/bob")["customer"]["refundable_credits"] == 1900
    gone = shop.post("/subscriptions/u/delete")
    assert gone["customer"]["refundable_credits"] == 0
    assert shop.notes("u") == []


def test_lists_are_filtered_by_what_is_to_come(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="two", billing_cycles=2)
    shop.subscribe(id="trying", trial_end=NOW + 5 * DAY)
    shop.subscribe(id="ending")
    shop.post("/subscriptions/ending/cancel_for_items", {"cancel_option": "end_of_term"})
    shop.subscribe(id="paused")
    shop.post("/subscriptions/paused/pause")
    shop.subscribe(id="changing")
    change = {"subscription_items[item_price_id][0]": "pro-monthly", "subscription_items[quantity][0]": 5, "change_option": "end_of_term"}
    shop.post("/subscriptions/changing/update_for_items", change)
    found: list[tuple[dict[str, str], str]] = [
        ({"next_billing_at[before]": str(NOW + 6 * DAY)}, "trying"),
        ({"next_billing_at[on]": str(seconds(2026, 2, 28))}, "two changing"),
        ({"next_billing_at[is_present]": "false"}, "ending paused"),
        ({"cancelled_at[after]": str(NOW)}, "ending"),
        ({"status[in]": '["paused","in_trial"]'}, "trying paused"),
        ({"has_scheduled_changes[is]": "true"}, "changing"),
        ({"remaining_billing_cycles[gte]": "1"}, "two"),
        ({"remaining_billing_cycles[is_present]": "false", "channel[is]": "web"}, "trying ending paused changing"),
        ({"activated_at[is_present]": "false"}, "trying"),
    ]
    for filters, expected in found:
        assert shop.get("/subscriptions", filters).names("subscription") == expected.split(), filters
    assert shop.vendor.ignored_params == []
    assert shop.get("/subscriptions", {"plan_id[is]": "x"}).code == REFUSED
    assert shop.get("/subscriptions", {"decommissioned[is]": "true"}).code == REFUSED


def test_the_subscriptions_of_a_customer_come_alone(shop: Client) -> None:
    shop.customer("bob")
    for id, customer in (("s1", "ada"), ("s2", "bob"), ("s3", "ada")):
        shop.subscribe(id=id, customer=customer)
    page = shop.get("/customers/ada/subscriptions", {"limit": 1})
    assert (page.names("subscription"), set(page["list"][0])) == (["s1"], {"subscription"})
    rest = shop.get("/customers/ada/subscriptions", {"limit": 1, "offset": page["next_offset"]})
    assert (rest.names("subscription"), "next_offset" in rest.body) == (["s3"], False)


@pytest.mark.parametrize(("sent", "terms"), [(None, 5), (1, 2), (2, 3)])
def test_an_end_taken_back_can_leave_a_number_of_terms(shop: Client, simulation: Simulation, sent: int | None, terms: int) -> None:
    shop.subscribe(id="s")
    shop.post("/subscriptions/s/cancel_for_items", {"cancel_option": "end_of_term"})
    fields = {} if sent is None else {"billing_cycles": sent}
    back = shop.post("/subscriptions/s/remove_scheduled_cancellation", fields)["subscription"]
    assert (back["status"], back.get("remaining_billing_cycles")) == ("active", sent)
    simulation.advance(to=START.replace(month=5, day=31))
    assert len(shop.invoices("s")) == terms


def test_an_end_taken_back_restores_the_terms_of_the_plan(shop: Client, simulation: Simulation) -> None:
    shop.price("twice", "twice", billing_cycles=2)
    shop.subscribe("twice", id="s", billing_cycles=1)
    assert shop.subscription("s")["status"] == "non_renewing"
    back = shop.post("/subscriptions/s/remove_scheduled_cancellation")["subscription"]
    assert (back["status"], back["remaining_billing_cycles"]) == ("active", 2)
    assert shop.post("/subscriptions/s/remove_scheduled_cancellation", {"billing_cycles": 1}).code == (409, "invalid_state_for_request")
    simulation.advance(days=200)
    assert len(shop.invoices("s")) == 3


def test_a_trial_can_be_set_to_end_at_a_date_within_or_after_it(shop: Client, simulation: Simulation) -> None:
    for id, date in (("within", NOW + 3 * DAY), ("after", NOW + 20 * DAY)):
        shop.subscribe(id=id, trial_end=NOW + 7 * DAY)
        ending = shop.post(f"/subscriptions/{id}/cancel_for_items", {"cancel_option": "specific_date", "cancel_at": date})["subscription"]
        assert (ending["status"], ending["cancelled_at"]) == ("in_trial", date)
    simulation.advance(days=7)
    assert (shop.subscription("within")["status"], shop.subscription("within")["cancelled_at"]) == ("cancelled", NOW + 3 * DAY)
    assert (shop.subscription("after")["status"], len(shop.invoices("after"))) == ("non_renewing", 1)
    simulation.advance(days=13)
    assert (shop.subscription("after")["status"], len(shop.invoices("after"))) == ("cancelled", 1)
    assert shop.invoices("within") == []
