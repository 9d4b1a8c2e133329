"""Reactivating cancelled subscriptions: within the term that dunning left, and with a new term."""

from __future__ import annotations

from typing import Any

import pytest
from billbridge_sandbox import Simulation

from .conftest import START, Client, Reply, seconds

NOW = int(START.timestamp())
DAY = 86400
WRONG = (400, "param_wrong_value")


def reactivate(client: Client, **fields: Any) -> Reply:
    return client.post("/subscriptions/s/reactivate", fields)


@pytest.fixture
def gone(shop: Client, simulation: Simulation) -> Client:
    """A shop whose subscription "s" was cancelled on 10 February."""
    shop.subscribe(id="s")
    simulation.advance(to=START.replace(month=2, day=10))
    shop.post("/subscriptions/s/cancel_for_items", {"cancel_option": "immediately", "cancel_reason_code": "Too dear"})
    return shop


@pytest.fixture
def unpaid(shop: Client, simulation: Simulation) -> Client:
    """A shop whose subscription "s" was cancelled by dunning on 7 March, in the term that ends on 31 March."""
    shop.subscribe(id="s")
    shop.use("tok_chargeDeclined")
    simulation.advance(to=START.replace(month=3, day=8))
    return shop


def test_a_new_term_begins_now_and_is_billed(gone: Client, simulation: Simulation) -> None:
    april = seconds(2026, 4, 20)
    simulation.advance(to=START.replace(month=4, day=20))
    back = reactivate(gone)
    subscription, invoice = back["subscription"], back["invoice"]
    assert (subscription["status"], subscription["activated_at"], subscription["created_at"]) == ("active", april, NOW)
    assert (subscription["current_term_start"], subscription["current_term_end"]) == (april, seconds(2026, 5, 20))
    assert (subscription["next_billing_at"], subscription["mrr"]) == (seconds(2026, 5, 20), 1900)
    assert not {"cancelled_at", "cancel_reason", "cancel_reason_code", "cancel_schedule_created_at"} & set(subscription)
    assert (invoice["date"], invoice["status"], invoice["total"], invoice["first_invoice"]) == (april, "paid", 1900, False)
    simulation.advance(to=START.replace(month=6, day=1))
    assert [each["date"] for each in gone.invoices("s")] == [NOW, april, seconds(2026, 5, 20)]


def test_a_cancellation_that_was_asked_for_retains_no_term(gone: Client) -> None:
    assert reactivate(gone)["invoice"]["total"] == 1900


def test_only_what_is_cancelled_can_be_reactivated(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", trial_end=NOW + DAY)
    for status in ("in_trial", "active"):
        assert shop.subscription("s")["status"] == status
        assert reactivate(shop).code == (409, "invalid_state_for_request")
        simulation.advance(days=1)
    shop.post("/subscriptions/s/cancel_for_items", {"cancel_option": "end_of_term"})
    assert reactivate(shop).code == (409, "invalid_state_for_request")
    assert shop.post("/subscriptions/nobody/reactivate").code == (404, "resource_not_found")


def test_within_the_term_that_dunning_left_it_goes_on_without_an_invoice(unpaid: Client, simulation: Simulation) -> None:
    cancelled = unpaid.subscription("s")
    assert (cancelled["cancel_reason"], cancelled["current_term_end"]) == ("not_paid", seconds(2026, 3, 31))
    back = reactivate(unpaid)
    assert "invoice" not in back.body
    subscription = back["subscription"]
    assert (subscription["status"], subscription["current_term_start"]) == ("active", seconds(2026, 2, 28))
    assert (subscription["next_billing_at"], subscription["due_invoices_count"]) == (seconds(2026, 3, 31), 1)
    unpaid.use("tok_visa")
    simulation.advance(to=START.replace(month=4, day=1))
    assert [each["status"] for each in unpaid.invoices("s")] == ["paid", "not_paid", "paid"]


def test_after_the_term_that_dunning_left_a_new_one_is_billed(unpaid: Client, simulation: Simulation) -> None:
    unpaid.use("tok_visa")
    simulation.advance(to=START.replace(month=4, day=2))
    back = reactivate(unpaid)
    assert (back["invoice"]["status"], back["subscription"]["current_term_end"]) == ("paid", seconds(2026, 5, 2))


@pytest.mark.parametrize("token", ["tok_chargeDeclined", None])
def test_a_payment_that_fails_leaves_it_cancelled(gone: Client, token: str | None) -> None:
    if token:
        gone.use(token)
    else:
        source = gone.get("/customers/ada")["customer"]["primary_payment_source_id"]
        gone.post(f"/payment_sources/{source}/delete")
    before = gone.subscription("s")
    assert reactivate(gone).code == (400, "payment_processing_failed" if token else "payment_method_not_present")
    assert gone.subscription("s") == before
    assert len(gone.invoices("s")) == 1
    gone.use("tok_visa")
    assert reactivate(gone)["subscription"]["status"] == "active"


@pytest.mark.parametrize("fields", [{"trial_end": seconds(2026, 2, 17)}, {"trial_period_days": 7}])
def test_it_can_begin_with_a_trial_that_is_billed_at_its_end(gone: Client, simulation: Simulation, fields: dict[str, Any]) -> None:
    back = reactivate(gone, **fields)
    end = seconds(2026, 2, 17)
    assert "invoice" not in back.body
    assert (back["subscription"]["status"], back["subscription"]["trial_end"]) == ("in_trial", end)
    assert (back["subscription"]["trial_start"], back["subscription"]["next_billing_at"]) == (seconds(2026, 2, 10), end)
    simulation.advance(days=7)
    assert gone.subscription("s")["status"] == "active"
    assert [each["date"] for each in gone.invoices("s")] == [NOW, end]


def test_it_can_count_from_a_moment_in_the_past(gone: Client, simulation: Simulation) -> None:
    simulation.advance(days=5)
    back = reactivate(gone, reactivate_from=seconds(2026, 2, 12))
    subscription, invoice = back["subscription"], back["invoice"]
    assert (subscription["current_term_start"], subscription["current_term_end"]) == (seconds(2026, 2, 12), seconds(2026, 3, 12))
    assert (invoice["date"], invoice["line_items"][0]["date_from"]) == (seconds(2026, 2, 15), seconds(2026, 2, 12))
    simulation.advance(to=START.replace(month=3, day=13))
    assert [each["line_items"][0]["date_from"] for each in gone.invoices("s")][1:] == [seconds(2026, 2, 12), seconds(2026, 3, 12)]


def test_a_trial_that_would_be_over_is_followed_by_a_term_at_once(gone: Client, simulation: Simulation) -> None:
    simulation.advance(days=5)
    back = reactivate(gone, reactivate_from=seconds(2026, 2, 10), trial_end=seconds(2026, 2, 13))
    assert (back["subscription"]["status"], back["subscription"]["current_term_start"]) == ("active", seconds(2026, 2, 13))
    assert back["invoice"]["total"] == 1900


def test_billing_cycles_limit_it_and_the_plans_own_count_else(gone: Client, simulation: Simulation) -> None:
    back = reactivate(gone, billing_cycles=2)["subscription"]
    assert (back["status"], back["remaining_billing_cycles"]) == ("active", 1)
    simulation.advance(to=START.replace(month=3, day=11))
    assert gone.subscription("s")["status"] == "non_renewing"
    simulation.advance(days=31)
    assert gone.subscription("s")["status"] == "cancelled"
    assert len(gone.invoices("s")) == 3
    assert "remaining_billing_cycles" not in reactivate(gone)["subscription"]


def test_the_remaining_cycles_of_a_retained_term_are_restored(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", billing_cycles=3)
    shop.use("tok_chargeDeclined")
    simulation.advance(to=START.replace(month=3, day=8))
    assert shop.subscription("s")["cancel_reason"] == "not_paid"
    assert reactivate(shop)["subscription"]["remaining_billing_cycles"] == 1
    shop.post("/subscriptions/s/cancel_for_items", {"cancel_option": "immediately"})


def test_a_last_cycle_stays_the_last_one(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", billing_cycles=2)
    shop.use("tok_chargeDeclined")
    simulation.advance(to=START.replace(month=3, day=8))
    back = reactivate(shop)["subscription"]
    assert (back["status"], back["cancelled_at"]) == ("non_renewing", seconds(2026, 3, 31))


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"reactivate_from": seconds(2026, 2, 11)}, WRONG),
        ({"reactivate_from": seconds(2026, 1, 9)}, WRONG),
        ({"trial_end": seconds(2026, 2, 9)}, WRONG),
        ({"trial_end": seconds(2026, 3, 9), "trial_period_days": 3}, WRONG),
        ({"trial_period_days": 0}, WRONG),
        ({"invoice_date": seconds(2026, 2, 11)}, WRONG),
        ({"invoice_immediately": "false"}, (400, "configuration_incompatible")),
        ({"billing_alignment_mode": "immediate"}, (400, "configuration_incompatible")),
        ({"terms_to_charge": 2}, (400, "configuration_incompatible")),
    ],
)
def test_what_makes_no_reactivation_is_refused(gone: Client, fields: dict[str, Any], code: tuple[int, str]) -> None:
    assert reactivate(gone, **fields).code == code
    assert gone.subscription("s")["status"] == "cancelled"


def test_charges_are_not_billed_again_and_usages_only_from_now_on(shop: Client, simulation: Simulation) -> None:
    shop.price("setup", "setup", "charge", price=5000)
    shop.post("/items", {"id": "calls", "name": "calls", "type": "addon", "item_family_id": "family", "metered": "true"})
    shop.price("calls", "calls", "addon", price=10)
    shop.subscribe(id="s", addons=["setup", "calls"])
    shop.post("/subscriptions/s/cancel_for_items", {"cancel_option": "immediately"})
    simulation.advance(days=60)
    back = reactivate(shop)
    assert [line["entity_id"] for line in back["invoice"]["line_items"]] == ["pro-monthly"]
