"""How subscriptions start: in the past, in the future, with a trial and what follows it, and for how many terms."""

from __future__ import annotations

from typing import Any

import pytest
from billbridge_sandbox import Simulation

from .conftest import START, Client, seconds

NOW = int(START.timestamp())
DAY = 86400
WRONG = (400, "param_wrong_value")
REFUSED = (400, "configuration_incompatible")


def test_a_start_in_the_past_bills_its_term_now(shop: Client, simulation: Simulation) -> None:
    start = seconds(2026, 1, 10)
    made = shop.subscribe(id="s", start_date=start)
    subscription, invoice = made["subscription"], made["invoice"]
    assert (subscription["status"], subscription["started_at"], subscription["activated_at"]) == ("active", start, start)
    assert (subscription["current_term_start"], subscription["current_term_end"]) == (start, seconds(2026, 2, 10))
    assert (invoice["date"], invoice["status"]) == (NOW, "paid")
    assert (invoice["line_items"][0]["date_from"], invoice["line_items"][0]["date_to"]) == (start, seconds(2026, 2, 10))
    simulation.advance(to=START.replace(month=2, day=10))
    assert [each["date"] for each in shop.invoices("s")] == [NOW, seconds(2026, 2, 10)]


def test_an_invoice_can_be_dated_back_to_the_start_and_one_month(shop: Client) -> None:
    start = seconds(2026, 1, 10)
    assert shop.subscribe(start_date=start, invoice_date=start)["invoice"]["date"] == start
    for date in (start - 1, NOW, NOW + DAY):
        assert shop.subscribe(start_date=start, invoice_date=date).code == WRONG
    shop.price("yearly", "yearly", period_unit="year")
    assert shop.subscribe("yearly", start_date=seconds(2025, 3, 1), invoice_date=seconds(2025, 12, 30)).code == WRONG


def test_a_start_goes_back_at_most_one_period_and_only_where_the_site_allows_it(shop: Client) -> None:
    assert shop.subscribe(start_date=seconds(2025, 12, 31) - 1).code == WRONG
    assert shop.subscribe(id="edge", start_date=seconds(2025, 12, 31))["subscription"]["current_term_end"] == NOW
    shop.vendor.site.settings.backdating_enabled = False
    assert shop.subscribe(start_date=seconds(2026, 1, 30)).code == REFUSED
    assert shop.subscribe(start_date=NOW)["subscription"]["status"] == "active"


def test_a_trial_can_begin_in_the_past_and_even_be_over(shop: Client) -> None:
    start = seconds(2026, 1, 20)
    trying = shop.subscribe(start_date=start, trial_end=seconds(2026, 2, 5))["subscription"]
    assert (trying["status"], trying["trial_start"], trying["next_billing_at"]) == ("in_trial", start, seconds(2026, 2, 5))
    over = shop.subscribe(start_date=start, trial_end=seconds(2026, 1, 25))
    assert (over["subscription"]["status"], over["subscription"]["current_term_start"]) == ("active", seconds(2026, 1, 25))
    assert over["subscription"]["trial_end"] == seconds(2026, 1, 25)
    assert over["invoice"]["status"] == "paid"


@pytest.mark.parametrize(("sent", "dates"), [(1, 1), (3, 3), (0, 7)])
def test_billing_cycles_end_it_after_as_many_terms_and_0_never(shop: Client, simulation: Simulation, sent: int, dates: int) -> None:
    made = shop.subscribe(id="s", billing_cycles=sent)["subscription"]
    assert made.get("remaining_billing_cycles") == (sent - 1 if sent else None)
    assert made["status"] == ("non_renewing" if sent == 1 else "active")
    simulation.advance(days=200)
    assert len(shop.invoices("s")) == dates
    assert shop.subscription("s")["status"] == ("cancelled" if sent else "active")


def test_billing_cycles_count_from_the_first_paid_term(shop: Client, simulation: Simulation) -> None:
    made = shop.subscribe(id="s", billing_cycles=2, start_date=NOW + DAY, trial_end=NOW + 3 * DAY)["subscription"]
    assert made["remaining_billing_cycles"] == 2
    simulation.advance(days=3)
    assert shop.subscription("s")["remaining_billing_cycles"] == 1
    simulation.advance(days=200)
    assert len(shop.invoices("s")) == 2


@pytest.mark.parametrize(
    ("asked", "plan", "site", "status"),
    [
        (None, None, "activate_subscription", "active"),
        (None, None, "cancel_subscription", "cancelled"),
        (None, "activate_subscription", "cancel_subscription", "active"),
        (None, "site_default", "cancel_subscription", "cancelled"),
        ("site_default", "activate_subscription", "cancel_subscription", "cancelled"),
        ("plan_default", "cancel_subscription", "activate_subscription", "cancelled"),
        ("activate_subscription", "cancel_subscription", "cancel_subscription", "active"),
        ("cancel_subscription", None, "activate_subscription", "cancelled"),
    ],
)
def test_the_end_of_a_trial_is_decided_then_by_the_subscription_the_plan_or_the_site(
    shop: Client, simulation: Simulation, asked: str | None, plan: str | None, site: str, status: str
) -> None:
    shop.price("tried", "tried", trial_period=7, trial_period_unit="day", trial_end_action=plan)
    sent: dict[str, Any] = {"trial_end_action": asked} if asked else {}
    made = shop.subscribe("tried", id="s", **sent)["subscription"]
    assert made.get("trial_end_action") == asked
    shop.vendor.site.settings.trial_end_action = site
    simulation.advance(days=7)
    ended = shop.subscription("s")
    assert (ended["status"], "cancel_reason" in ended) == (status, False)
    assert len(shop.invoices("s")) == (status == "active")


@pytest.mark.parametrize(
    "fields", [{"trial_end": NOW + DAY}, {"trial_end": NOW + DAY, "trial_end_action": "activate_subscription"}, {"start_date": NOW + DAY}]
)
def test_what_begins_without_a_card_is_cancelled_without_an_invoice(client: Client, simulation: Simulation, fields: dict[str, Any]) -> None:
    client.price("pro-monthly", "pro")
    client.customer(token=None)
    assert client.subscribe(id="s", **fields).status == 200
    simulation.advance(days=1)
    gone = client.subscription("s")
    assert (gone["status"], gone["cancel_reason"], gone["cancelled_at"]) == ("cancelled", "no_card", NOW + DAY)
    assert "activated_at" not in gone
    assert client.invoices("s") == []


def test_a_card_that_comes_during_the_trial_is_charged_at_its_end(client: Client, simulation: Simulation) -> None:
    client.price("pro-monthly", "pro")
    client.customer(token=None)
    client.subscribe(id="s", trial_end=NOW + DAY)
    client.use("tok_visa")
    simulation.advance(days=1)
    assert [(each["status"], each["total"]) for each in client.invoices("s")] == [("paid", 1900)]


@pytest.mark.parametrize(("fields", "price", "status"), [({"auto_collection": "off"}, 1900, "payment_due"), ({}, 0, "paid")])
def test_what_needs_no_card_begins_without_one(
    client: Client, simulation: Simulation, fields: dict[str, Any], price: int, status: str
) -> None:
    client.price("pro-monthly", "pro", price=price)
    client.customer(token=None)
    client.subscribe(id="s", trial_end=NOW + DAY, **fields)
    simulation.advance(days=1)
    assert client.subscription("s")["status"] == "active"
    assert [(each["status"], each["date"]) for each in client.invoices("s")] == [(status, NOW + DAY)]


@pytest.mark.parametrize(
    ("unit", "count", "dates"),
    [
        ("day", 10, [(2028, 2, 10), (2028, 2, 20), (2028, 3, 1)]),
        ("week", 3, [(2028, 2, 21), (2028, 3, 13), (2028, 4, 3)]),
        ("month", 1, [(2028, 2, 29), (2028, 3, 31), (2028, 4, 30)]),
        ("month", 13, [(2029, 2, 28), (2030, 3, 31), (2031, 4, 30)]),
        ("year", 1, [(2029, 1, 31), (2030, 1, 31), (2031, 1, 31)]),
    ],
)
def test_terms_that_begin_on_31_january_of_a_leap_year_end_on_the_right_days(
    unit: str, count: int, dates: list[tuple[int, int, int]]
) -> None:
    client = Client(Simulation(START.replace(year=2028)))
    client.price("p", "p", period=count, period_unit=unit)
    client.customer()
    client.subscribe("p", id="s")
    expected = [seconds(*date) for date in dates]
    client.simulation.advance(days=(expected[-1] - seconds(2028, 1, 31)) // DAY)
    assert [each["date"] for each in client.invoices("s")][1:] == expected


def test_a_year_that_begins_on_29_february_comes_back_to_it_in_leap_years() -> None:
    client = Client(Simulation(START.replace(year=2028, month=2, day=29)))
    client.price("p", "p", period_unit="year")
    client.customer()
    client.subscribe("p", id="s")
    client.simulation.advance(days=4 * 365 + 1)
    assert [each["date"] for each in client.invoices("s")] == [
        seconds(2028, 2, 29),
        *(seconds(year, 2, 28) for year in (2029, 2030, 2031)),
        seconds(2032, 2, 29),
    ]
