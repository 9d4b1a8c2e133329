"""What the clock brings: renewals, trials, dunning, scheduled starts and ends."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from billbridge_sandbox import Simulation
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import START, Client, seconds

NOW = int(START.timestamp())
DAY = 86400


def test_terms_renew_on_the_same_day_and_each_is_invoiced_and_paid(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    simulation.advance(to=START.replace(month=5, day=1))
    invoices = shop.invoices("s")
    assert [each["id"] for each in invoices] == ["1", "2", "3", "4"]
    assert [each["date"] for each in invoices] == [NOW, seconds(2026, 2, 28), seconds(2026, 3, 31), seconds(2026, 4, 30)]
    assert {each["status"] for each in invoices} == {"paid"}
    assert [each["first_invoice"] for each in invoices] == [True, False, False, False]
    subscription = shop.subscription("s")
    assert (subscription["current_term_start"], subscription["current_term_end"]) == (seconds(2026, 4, 30), seconds(2026, 5, 31))
    assert subscription["next_billing_at"] == seconds(2026, 5, 31)


def test_a_renewal_happens_at_the_end_of_the_term_and_not_before(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    simulation.advance(days=28, seconds=-1)
    assert len(shop.invoices("s")) == 1
    simulation.advance(seconds=1)
    assert len(shop.invoices("s")) == 2


def test_a_charge_is_billed_only_once(shop: Client, simulation: Simulation) -> None:
    shop.price("setup", "setup", "charge", price=5000)
    setup: dict[str, Any] = {"subscription_items[item_price_id][1]": "setup"}
    shop.subscribe(id="s", **setup)
    simulation.advance(days=30)
    assert [each["total"] for each in shop.invoices("s")] == [6900, 1900]


def test_an_edited_price_counts_from_the_next_renewal(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", quantity=2)
    own: dict[str, Any] = {"subscription_items[unit_price][0]": 1000}
    shop.subscribe(id="own", **own)
    shop.post("/item_prices/pro-monthly", {"price": 2500})
    assert shop.subscription("s")["subscription_items"][0]["unit_price"] == 1900
    simulation.advance(days=30)
    assert [each["total"] for each in shop.invoices("s")] == [3800, 5000]
    assert [each["total"] for each in shop.invoices("own")] == [1000, 1000]


def test_a_failed_renewal_is_due_and_retried_until_it_is_paid(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    shop.use("tok_chargeDeclinedInsufficientFunds")
    simulation.advance(to=START.replace(month=2, day=28))
    term = seconds(2026, 2, 28)
    invoice = shop.invoices("s")[1]
    assert (invoice["status"], invoice["dunning_status"], invoice["amount_due"]) == ("payment_due", "in_progress", 1900)
    assert invoice["next_retry_at"] == term + DAY
    assert [(each["txn_status"], each["applied_amount"]) for each in invoice["linked_payments"]] == [("failure", 0)]
    subscription = shop.subscription("s")
    assert subscription["status"] == "active"
    assert (subscription["due_invoices_count"], subscription["due_since"], subscription["total_dues"]) == (1, term, 1900)
    simulation.advance(days=1)
    assert shop.invoices("s")[1]["next_retry_at"] == term + 3 * DAY
    shop.use("tok_visa")
    simulation.advance(days=2)
    invoice = shop.invoices("s")[1]
    assert (invoice["status"], invoice["dunning_status"], invoice["amount_paid"], invoice["amount_due"]) == ("paid", "success", 1900, 0)
    assert "next_retry_at" not in invoice
    assert [(each["attempt"], each["txn_status"]) for each in invoice["dunning_attempts"]] == [
        (0, "failure"),
        (1, "failure"),
        (2, "success"),
    ]
    assert invoice["paid_at"] == term + 3 * DAY
    assert shop.subscription("s")["due_invoices_count"] == 0
    failed = shop.get("/transactions", {"status[is]": "failure"})["list"]
    assert {each["transaction"]["error_code"] for each in failed} == {"insufficient_funds"}


@pytest.mark.parametrize(("after", "status", "reason"), [("cancel", "cancelled", "not_paid"), ("keep", "active", None)])
def test_when_retries_are_over_the_invoice_is_not_paid(
    shop: Client, simulation: Simulation, after: str, status: str, reason: str | None
) -> None:
    shop.vendor.site.settings.after_retries = after
    shop.subscribe(id="s")
    shop.use("tok_chargeDeclined")
    simulation.advance(days=28 + 7)
    invoice, subscription = shop.invoices("s")[1], shop.subscription("s")
    assert (invoice["status"], invoice["dunning_status"], invoice["amount_due"]) == ("not_paid", "exhausted", 1900)
    assert len(invoice["dunning_attempts"]) == 5
    assert (subscription["status"], subscription.get("cancel_reason")) == (status, reason)
    assert (subscription["due_invoices_count"], subscription["total_dues"]) == (1, 1900)
    simulation.advance(days=60)
    assert len(shop.invoices("s")) == (2 if after == "cancel" else 4)


def test_dunning_goes_on_without_a_payment_source(shop: Client, simulation: Simulation) -> None:
    made = shop.subscribe(id="s")
    shop.post(f"/payment_sources/{made['customer']['primary_payment_source_id']}/delete")
    simulation.advance(days=28)
    invoice = shop.invoices("s")[1]
    assert (invoice["status"], invoice["dunning_status"], invoice["dunning_attempts"]) == ("payment_due", "in_progress", [])
    shop.use("tok_visa")
    simulation.advance(days=1)
    assert shop.invoices("s")[1]["status"] == "paid"


def test_an_uncollected_subscription_renews_and_its_dues_add_up(client: Client, simulation: Simulation) -> None:
    client.price("pro-monthly", "pro")
    client.customer(token=None)
    client.subscribe(id="s", auto_collection="off")
    simulation.advance(days=62)
    subscription = client.subscription("s")
    assert (subscription["status"], subscription["due_invoices_count"], subscription["total_dues"]) == ("active", 3, 5700)
    assert subscription["due_since"] == NOW


def test_a_trial_is_not_invoiced_and_becomes_a_paid_term_at_its_end(shop: Client, simulation: Simulation) -> None:
    end = NOW + 14 * DAY
    made = shop.subscribe(id="s", trial_end=end)
    assert "invoice" not in made.body
    subscription = made["subscription"]
    assert (subscription["status"], subscription["trial_start"], subscription["trial_end"]) == ("in_trial", NOW, end)
    assert (subscription["current_term_end"], subscription["next_billing_at"]) == (end, end)
    assert "activated_at" not in subscription
    simulation.advance(days=14)
    subscription = shop.subscription("s")
    assert (subscription["status"], subscription["activated_at"], subscription["current_term_start"]) == ("active", end, end)
    assert subscription["current_term_end"] == seconds(2026, 3, 14)
    assert [(each["date"], each["status"], each["first_invoice"]) for each in shop.invoices("s")] == [(end, "paid", True)]


def test_a_price_can_bring_a_trial_and_trial_end_0_means_none(shop: Client) -> None:
    shop.price("tried", "tried", trial_period=1, trial_period_unit="month")
    assert shop.subscribe("tried")["subscription"]["trial_end"] == seconds(2026, 2, 28)
    without = shop.subscribe("tried", trial_end=0)
    assert (without["subscription"]["status"], without["invoice"]["status"]) == ("active", "paid")
    assert shop.subscribe(trial_end=NOW).code == (400, "param_wrong_value")


def test_a_trial_that_ends_without_a_card_cancels_and_with_a_bad_card_begins_dunning(client: Client, simulation: Simulation) -> None:
    client.price("pro-monthly", "pro")
    client.customer("ada", None)
    client.customer("bob", "tok_chargeDeclined")
    client.subscribe(id="s1", trial_end=NOW + DAY)
    client.subscribe(id="s2", trial_end=NOW + DAY, customer="bob")
    client.subscribe(id="s3", trial_end=NOW + DAY, trial_end_action="cancel_subscription", customer="bob")
    simulation.advance(days=1)
    assert (client.subscription("s1")["status"], client.subscription("s1")["cancel_reason"]) == ("cancelled", "no_card")
    assert (client.subscription("s2")["status"], client.invoices("s2")[0]["dunning_status"]) == ("active", "in_progress")
    assert (client.subscription("s3")["status"], client.invoices("s3")) == ("cancelled", [])


def test_a_start_in_the_future_waits_and_then_bills(shop: Client, simulation: Simulation) -> None:
    made = shop.subscribe(id="s", start_date=NOW + DAY)
    assert (made["subscription"]["status"], made["subscription"]["next_billing_at"]) == ("future", NOW + DAY)
    assert "invoice" not in made.body
    shop.subscribe(id="t", start_date=NOW + DAY, trial_end=NOW + 2 * DAY)
    simulation.advance(days=1)
    assert (shop.subscription("s")["status"], shop.invoices("s")[0]["status"]) == ("active", "paid")
    assert (shop.subscription("t")["status"], shop.invoices("t")) == ("in_trial", [])


def test_one_long_move_of_the_clock_is_the_same_as_many_short_ones() -> None:
    totals: list[list[tuple[int, str]]] = []
    for steps in (1, 100):
        client = Client(Simulation(START))
        client.price("pro-monthly", "pro")
        client.customer()
        client.subscribe(id="s")
        client.use("tok_chargeDeclined")
        for _ in range(steps):
            client.simulation.advance(hours=2400 // steps)
        totals.append([(each["date"], each["status"]) for each in client.invoices("s")])
    assert totals[0] == totals[1]
    assert len(totals[0]) == 2


@settings(max_examples=20, deadline=None)
@given(
    unit=st.sampled_from(["day", "week", "month", "year"]), count=st.integers(1, 3), days=st.integers(0, 800), quantity=st.integers(1, 9)
)
def test_invoices_cover_the_time_without_gap_or_overlap(unit: str, count: int, days: int, quantity: int) -> None:
    client = Client(Simulation(START))
    client.price("p", "p", period=count, period_unit=unit)
    client.customer()
    client.subscribe("p", quantity, id="s")
    client.simulation.advance(days=days)
    site = client.vendor.site
    invoices = site.invoices_of(site.subscriptions.values()[0])
    edges = [(each.line_items[0].date_from, each.line_items[0].date_to) for each in invoices]
    assert edges[0][0] == NOW
    assert all(end == start for (_, end), (start, _) in pairwise(edges))
    assert edges[-1][0] <= NOW + days * DAY < edges[-1][1]
    assert all(each.total == 1900 * quantity == each.amount_paid and each.amount_due == 0 for each in invoices)
