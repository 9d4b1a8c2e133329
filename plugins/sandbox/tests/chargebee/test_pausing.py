"""Pausing and resuming subscriptions: dates, terms and invoices."""

from __future__ import annotations

from typing import Any

import pytest
from billbridge_sandbox import Simulation

from .conftest import START, Client, Reply, seconds

NOW = int(START.timestamp())
DAY = 86400
TERM_END = seconds(2026, 2, 28)
STATE_409 = (409, "invalid_state_for_request")
WRONG = (400, "param_wrong_value")


def pause(client: Client, **fields: Any) -> Reply:
    return client.post("/subscriptions/s/pause", fields)


def resume(client: Client, **fields: Any) -> Reply:
    return client.post("/subscriptions/s/resume", fields)


@pytest.fixture
def paid(shop: Client) -> Client:
    """A shop with the subscription "s", paid until the end of February."""
    assert shop.subscribe(id="s").status == 200
    return shop


def test_an_immediate_pause_bills_nothing_however_long_it_lasts(paid: Client, simulation: Simulation) -> None:
    simulation.advance(days=5)
    paused = pause(paid, pause_option="immediately")["subscription"]
    assert (paused["status"], paused["pause_date"]) == ("paused", NOW + 5 * DAY)
    assert (paused["current_term_start"], paused["current_term_end"]) == (NOW, TERM_END)
    assert not {"next_billing_at", "resume_date", "mrr"} & set(paused)
    simulation.advance(days=400)
    assert paid.subscription("s")["status"] == "paused"
    assert len(paid.invoices("s")) == 1


def test_a_resumption_within_the_term_goes_on_with_it_and_raises_no_invoice(paid: Client, simulation: Simulation) -> None:
    simulation.advance(days=5)
    pause(paid)
    simulation.advance(days=10)
    resumed = resume(paid, resume_option="immediately")
    assert "invoice" not in resumed.body
    subscription = resumed["subscription"]
    assert (subscription["status"], subscription["current_term_end"], subscription["next_billing_at"]) == ("active", TERM_END, TERM_END)
    assert subscription["mrr"] == 1900
    assert not {"pause_date", "resume_date"} & set(subscription)
    simulation.advance(to=START.replace(month=3, day=1))
    assert [each["date"] for each in paid.invoices("s")] == [NOW, TERM_END]


def test_a_resumption_after_the_term_begins_a_new_one_that_is_paid_and_sets_the_day(paid: Client, simulation: Simulation) -> None:
    pause(paid)
    simulation.advance(to=START.replace(month=4, day=10))
    resumed = resume(paid)
    april, may = seconds(2026, 4, 10), seconds(2026, 5, 10)
    invoice, subscription = resumed["invoice"], resumed["subscription"]
    assert (invoice["date"], invoice["total"], invoice["status"], invoice["first_invoice"]) == (april, 1900, "paid", False)
    assert (subscription["status"], subscription["current_term_start"], subscription["current_term_end"]) == ("active", april, may)
    simulation.advance(to=START.replace(month=6, day=11))
    assert [each["date"] for each in paid.invoices("s")] == [NOW, april, may, seconds(2026, 6, 10)]


@pytest.mark.parametrize("token", ["tok_chargeDeclined", None])
def test_a_resumption_that_cannot_be_paid_is_refused_and_stays_paused(paid: Client, simulation: Simulation, token: str | None) -> None:
    pause(paid)
    simulation.advance(days=60)
    if token:
        paid.use(token)
    else:
        source = paid.get("/customers/ada")["customer"]["primary_payment_source_id"]
        assert paid.post(f"/payment_sources/{source}/delete").status == 200
    refused = resume(paid)
    assert refused.code == (400, "payment_processing_failed" if token else "payment_method_not_present")
    assert paid.subscription("s")["status"] == "paused"
    assert len(paid.invoices("s")) == 1
    paid.use("tok_visa")
    assert resume(paid)["subscription"]["status"] == "active"


def test_a_pause_at_the_end_of_the_term_waits_and_then_no_renewal_comes(paid: Client, simulation: Simulation) -> None:
    waiting = pause(paid, pause_option="end_of_term")["subscription"]
    assert (waiting["status"], waiting["pause_date"], "next_billing_at" in waiting) == ("active", TERM_END, False)
    simulation.advance(days=28, seconds=-1)
    assert paid.subscription("s")["status"] == "active"
    simulation.advance(seconds=1)
    assert paid.subscription("s")["status"] == "paused"
    simulation.advance(days=90)
    assert len(paid.invoices("s")) == 1


def test_a_pause_at_a_date_in_a_later_term_lets_it_renew_until_then(paid: Client, simulation: Simulation) -> None:
    date = seconds(2026, 3, 15)
    waiting = pause(paid, pause_option="specific_date", pause_date=date)["subscription"]
    assert (waiting["pause_date"], waiting["next_billing_at"]) == (date, TERM_END)
    simulation.advance(to=START.replace(month=3, day=15))
    paused = paid.subscription("s")
    assert (paused["status"], paused["pause_date"], paused["current_term_end"]) == ("paused", date, seconds(2026, 3, 31))
    simulation.advance(days=60)
    assert len(paid.invoices("s")) == 2


def test_a_resume_date_within_the_term_keeps_its_next_billing(paid: Client, simulation: Simulation) -> None:
    back = NOW + 9 * DAY
    paused = pause(paid, resume_date=back)["subscription"]
    assert (paused["status"], paused["resume_date"], paused["next_billing_at"]) == ("paused", back, TERM_END)
    simulation.advance(days=9, seconds=-1)
    assert paid.subscription("s")["status"] == "paused"
    simulation.advance(seconds=1)
    assert paid.subscription("s")["status"] == "active"
    assert len(paid.invoices("s")) == 1


def test_a_resume_date_after_the_term_bills_a_new_term_then(paid: Client, simulation: Simulation) -> None:
    back = seconds(2026, 3, 12)
    paused = pause(paid, resume_date=back)["subscription"]
    assert paused["next_billing_at"] == back
    simulation.advance(to=START.replace(month=3, day=12))
    active = paid.subscription("s")
    assert (active["status"], active["current_term_start"], active["next_billing_at"]) == ("active", back, seconds(2026, 4, 12))
    assert [each["date"] for each in paid.invoices("s")] == [NOW, back]


def test_skipped_cycles_keep_the_day_of_the_month(paid: Client, simulation: Simulation) -> None:
    waiting = pause(paid, pause_option="billing_cycles", skip_billing_cycles=2)["subscription"]
    back = seconds(2026, 4, 30)
    assert (waiting["status"], waiting["pause_date"], waiting["resume_date"]) == ("active", TERM_END, back)
    assert waiting["next_billing_at"] == back
    simulation.advance(to=START.replace(month=4, day=1))
    assert paid.subscription("s")["status"] == "paused"
    simulation.advance(to=START.replace(month=6, day=1))
    assert [each["date"] for each in paid.invoices("s")] == [NOW, back, seconds(2026, 5, 31)]


def test_a_scheduled_resumption_that_cannot_be_paid_leaves_it_paused_without_an_invoice(paid: Client, simulation: Simulation) -> None:
    pause(paid, resume_date=seconds(2026, 3, 12))
    paid.use("tok_chargeDeclined")
    simulation.advance(days=60)
    paused = paid.subscription("s")
    assert (paused["status"], "resume_date" in paused, "next_billing_at" in paused) == ("paused", False, False)
    assert len(paid.invoices("s")) == 1


def test_a_resumption_can_be_scheduled_moved_and_withdrawn(paid: Client, simulation: Simulation) -> None:
    pause(paid)
    assert resume(paid, resume_option="specific_date", resume_date=NOW + 3 * DAY)["subscription"]["resume_date"] == NOW + 3 * DAY
    moved = resume(paid, resume_date=NOW + 6 * DAY)["subscription"]
    assert (moved["status"], moved["resume_date"]) == ("paused", NOW + 6 * DAY)
    kept = paid.post("/subscriptions/s/remove_scheduled_resumption")["subscription"]
    assert (kept["status"], "resume_date" in kept) == ("paused", False)
    assert paid.post("/subscriptions/s/remove_scheduled_resumption").code == STATE_409
    simulation.advance(days=50)
    assert paid.subscription("s")["status"] == "paused"


def test_a_scheduled_pause_can_be_withdrawn_and_it_renews(paid: Client, simulation: Simulation) -> None:
    pause(paid, pause_option="end_of_term", resume_date=seconds(2026, 5, 1))
    kept = paid.post("/subscriptions/s/remove_scheduled_pause")["subscription"]
    assert (kept["status"], kept["next_billing_at"]) == ("active", TERM_END)
    assert not {"pause_date", "resume_date"} & set(kept)
    assert paid.post("/subscriptions/s/remove_scheduled_pause").code == STATE_409
    simulation.advance(days=28)
    assert len(paid.invoices("s")) == 2


def test_only_what_runs_can_be_paused_and_only_what_is_paused_can_be_resumed(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", start_date=NOW + DAY, trial_end=NOW + 3 * DAY)
    for state in ("future", "in_trial"):
        assert shop.subscription("s")["status"] == state
        assert pause(shop).code == STATE_409
        simulation.advance(days=1)
    simulation.advance(days=1)
    assert resume(shop).code == STATE_409
    assert shop.post("/subscriptions/s/remove_scheduled_resumption").code == STATE_409
    pause(shop)
    assert pause(shop).code == STATE_409
    assert shop.post("/subscriptions/s/remove_scheduled_pause").code == STATE_409
    shop.post("/subscriptions/s/cancel_for_items", {"cancel_option": "immediately"})
    assert pause(shop).code == STATE_409
    assert resume(shop).code == STATE_409


def test_a_site_without_the_feature_refuses_with_configuration_incompatible(paid: Client) -> None:
    paid.vendor.site.settings.pause_enabled = False
    assert pause(paid).code == (400, "configuration_incompatible")
    assert resume(paid).code == (400, "configuration_incompatible")
    assert paid.subscription("s")["status"] == "active"


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"pause_option": "specific_date"}, "pause_date"),
        ({"pause_option": "specific_date", "pause_date": NOW}, "pause_date"),
        ({"pause_option": "billing_cycles"}, "skip_billing_cycles"),
        ({"pause_option": "billing_cycles", "skip_billing_cycles": 0}, "skip_billing_cycles"),
        ({"skip_billing_cycles": 1, "resume_date": TERM_END + 1}, "resume_date"),
        ({"pause_option": "end_of_term", "resume_date": TERM_END}, "resume_date"),
        ({"resume_date": NOW}, "resume_date"),
        ({"pause_option": "tomorrow"}, "pause_option"),
    ],
)
def test_dates_that_make_no_pause_are_refused(paid: Client, fields: dict[str, Any], param: str) -> None:
    refused = pause(paid, **fields)
    assert (refused.code, refused["param"]) == (WRONG, param)
    assert paid.subscription("s")["status"] == "active"
    assert "pause_date" not in paid.subscription("s")


def test_a_pause_of_what_ends_must_be_before_its_end(paid: Client, simulation: Simulation) -> None:
    paid.post("/subscriptions/s/cancel_for_items", {"cancel_option": "end_of_term"})
    assert pause(paid, pause_option="end_of_term").code == WRONG
    assert pause(paid, resume_date=TERM_END).code == WRONG
    assert pause(paid, pause_date=NOW + DAY, resume_date=NOW + 2 * DAY)["subscription"]["status"] == "non_renewing"
    simulation.advance(days=1)
    assert paid.subscription("s")["status"] == "paused"
    assert resume(paid, resume_date=TERM_END + 1).code == WRONG
    simulation.advance(days=1)
    assert paid.subscription("s")["status"] == "non_renewing"
    simulation.advance(days=26)
    assert paid.subscription("s")["status"] == "cancelled"


def test_a_scheduled_end_comes_during_a_pause_too(paid: Client, simulation: Simulation) -> None:
    paid.post("/subscriptions/s/cancel_for_items", {"cancel_option": "end_of_term"})
    pause(paid)
    simulation.advance(days=28)
    gone = paid.subscription("s")
    assert (gone["status"], gone["cancelled_at"], "pause_date" in gone) == ("cancelled", TERM_END, False)


def test_with_a_scheduled_change_a_pause_is_an_operation_that_failed(paid: Client) -> None:
    change = {"subscription_items[item_price_id][0]": "pro-monthly", "subscription_items[quantity][0]": 5, "change_option": "end_of_term"}
    assert paid.post("/subscriptions/s/update_for_items", change).status == 200
    refused = pause(paid)
    assert (refused.status, refused["type"]) == (409, "operation_failed")
    paid.post("/subscriptions/s/remove_scheduled_changes")
    assert pause(paid)["subscription"]["status"] == "paused"


def test_a_paused_subscription_can_be_cancelled_now_but_not_changed(paid: Client) -> None:
    pause(paid)
    change = {"subscription_items[item_price_id][0]": "pro-monthly", "subscription_items[quantity][0]": 5, "prorate": "false"}
    assert paid.post("/subscriptions/s/update_for_items", change).code == STATE_409
    assert paid.post("/subscriptions/s/cancel_for_items", {"cancel_option": "end_of_term"}).code == STATE_409
    assert paid.post("/subscriptions/s/cancel_for_items", {"cancel_option": "immediately"})["subscription"]["status"] == "cancelled"


def test_dunning_goes_on_during_a_pause_unless_it_is_stopped(paid: Client, simulation: Simulation) -> None:
    paid.use("tok_chargeDeclined")
    simulation.advance(days=28)
    assert paid.invoices("s")[1]["dunning_status"] == "in_progress"
    pause(paid, invoice_dunning_handling="stop")
    stopped = paid.invoices("s")[1]
    assert (stopped["status"], stopped["dunning_status"], "next_retry_at" in stopped) == ("not_paid", "stopped", False)
    attempts = len(stopped["linked_payments"])
    simulation.advance(days=20)
    assert len(paid.invoices("s")[1]["linked_payments"]) == attempts
    assert paid.subscription("s")["status"] == "paused"
    paid.use("tok_visa")
    resume(paid, unpaid_invoices_handling="schedule_payment_collection")
    assert paid.invoices("s")[1]["status"] == "paid"


def test_dunning_that_goes_on_can_still_end_a_paused_subscription(paid: Client, simulation: Simulation) -> None:
    paid.use("tok_chargeDeclined")
    simulation.advance(days=28)
    pause(paid, invoice_dunning_handling="continue")
    simulation.advance(days=7)
    gone = paid.subscription("s")
    assert (gone["status"], gone["cancel_reason"]) == ("cancelled", "not_paid")


def test_a_collection_at_the_resumption_ends_dunning_or_changes_nothing(paid: Client, simulation: Simulation) -> None:
    paid.use("tok_chargeDeclined")
    simulation.advance(days=28)
    pause(paid)
    resume(paid, unpaid_invoices_handling="schedule_payment_collection")
    failed = paid.invoices("s")[1]
    assert (failed["status"], failed["dunning_status"], len(failed["linked_payments"])) == ("payment_due", "in_progress", 2)
    pause(paid)
    paid.use("tok_visa")
    resume(paid, unpaid_invoices_handling="schedule_payment_collection")
    invoice = paid.invoices("s")[1]
    assert (invoice["status"], invoice["dunning_status"], "next_retry_at" in invoice) == ("paid", "success", False)
    simulation.advance(days=7)
    assert len(paid.invoices("s")[1]["linked_payments"]) == 3


def test_an_invoice_without_automatic_collection_is_due_after_a_resumption(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", auto_collection="off")
    pause(shop)
    simulation.advance(days=40)
    resumed = resume(shop, unpaid_invoices_handling="schedule_payment_collection")
    assert (resumed["subscription"]["status"], resumed["invoice"]["status"]) == ("active", "payment_due")
    assert [each["status"] for each in shop.invoices("s")] == ["payment_due", "payment_due"]


def test_charges_of_a_resumption_that_are_to_stay_unbilled_are_refused_rather_than_billed(paid: Client, simulation: Simulation) -> None:
    pause(paid)
    simulation.advance(days=40)
    assert resume(paid, charges_handling="add_to_unbilled_charges").code == (400, "configuration_incompatible")
    assert paid.subscription("s")["status"] == "paused"
