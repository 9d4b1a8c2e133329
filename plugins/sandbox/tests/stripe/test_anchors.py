"""Billing anchors and starts in the past, driven by the official client. The simulated time begins on 31 January 2026 at noon."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from .shop import Shop, at


def moment(year: int, month: int, day: int, hour: int = 12, minute: int = 0, second: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())


def periods(shop: Shop, subscription: stripe.Subscription) -> list[tuple[int, int, int]]:
    """Start, end and amount of every line of every invoice, oldest first."""
    invoices = list(shop.client.v1.invoices.list({"subscription": subscription.id, "limit": 100}).auto_paging_iter())
    lines = [line for invoice in reversed(invoices) for line in invoice.lines.data]
    return [(line.period.start, line.period.end, line.amount) for line in lines]


def until(shop: Shop, year: int, month: int, day: int) -> None:
    shop.simulation.advance(to=datetime(year, month, day, 13, tzinfo=UTC))


def test_the_time_until_the_anchor_costs_its_part_of_the_price(shop: Shop) -> None:
    subscription = shop.subscribe(billing_cycle_anchor=at(2, 10))
    assert (subscription.status, subscription.billing_cycle_anchor) == ("active", at(2, 10))
    until(shop, 2026, 3, 10)
    # From 31 January to 10 February are 10 of the 31 days from 10 January on: 19.00 * 10 / 31 = 6.13.
    assert periods(shop, subscription) == [
        (at(1, 31), at(2, 10), 613),
        (at(2, 10), at(3, 10), 1900),
        (at(3, 10), at(4, 10), 1900),
    ]
    assert shop.invoice(subscription).status == "paid"


def test_without_prorations_nothing_is_billed_before_the_anchor(shop: Shop) -> None:
    subscription = shop.subscribe(billing_cycle_anchor=at(2, 10), proration_behavior="none")
    assert (subscription.status, subscription.latest_invoice) == ("active", None)
    until(shop, 2026, 2, 10)
    assert periods(shop, subscription) == [(at(2, 10), at(3, 10), 1900)]


@pytest.mark.parametrize(
    ("config", "ends"),
    [
        ({"day_of_month": 31}, [(2026, 2, 28), (2026, 3, 31), (2026, 4, 30), (2026, 5, 31)]),
        ({"day_of_month": 30}, [(2026, 2, 28), (2026, 3, 30), (2026, 4, 30), (2026, 5, 30)]),
        ({"day_of_month": 29}, [(2026, 2, 28), (2026, 3, 29), (2026, 4, 29), (2026, 5, 29)]),
        ({"day_of_month": 1}, [(2026, 2, 1), (2026, 3, 1), (2026, 4, 1), (2026, 5, 1)]),
    ],
)
def test_a_configured_day_is_kept_where_the_month_has_it(shop: Shop, config: Any, ends: list[tuple[int, int, int]]) -> None:
    subscription = shop.subscribe(billing_cycle_anchor_config=config)
    until(shop, 2026, 4, 30)
    assert [end for _, end, _ in periods(shop, subscription)] == [moment(*day) for day in ends]
    assert [amount for _, _, amount in periods(shop, subscription)][1:] == [1900] * 3
    again = shop.again(subscription).billing_cycle_anchor_config
    assert again is not None
    assert (again.day_of_month, again.hour, again.month) == (config["day_of_month"], None, None)


def test_a_configured_time_of_the_day_moves_every_renewal(shop: Shop) -> None:
    config: Any = {"day_of_month": 15, "hour": 3, "minute": 4, "second": 5}
    subscription = shop.subscribe(billing_cycle_anchor_config=config)
    until(shop, 2026, 3, 16)
    assert [end for _, end, _ in periods(shop, subscription)] == [moment(2026, month, 15, 3, 4, 5) for month in (2, 3, 4)]


def test_a_configured_month_decides_when_a_years_period_begins(shop: Shop) -> None:
    price = shop.price(36500, interval="year")
    given: Any = {"items": [{"price": price.id}], "billing_cycle_anchor_config": {"day_of_month": 1, "month": 7}}
    subscription = shop.subscribe(**given)
    until(shop, 2027, 7, 2)
    # From 31 January to 1 July are 151 of 365 days.
    assert periods(shop, subscription) == [
        (at(1, 31), at(7, 1), 15100),
        (at(7, 1), moment(2027, 7, 1), 36500),
        (moment(2027, 7, 1), moment(2028, 7, 1), 36500),
    ]


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"billing_cycle_anchor": at(1, 31)}, "billing_cycle_anchor"),
        ({"billing_cycle_anchor": at(3, 5)}, "billing_cycle_anchor"),
        ({"billing_cycle_anchor": at(2, 5), "billing_cycle_anchor_config": {"day_of_month": 5}}, "billing_cycle_anchor"),
        ({"billing_cycle_anchor_config": {"day_of_month": 32}}, "billing_cycle_anchor_config[day_of_month]"),
        ({"backdate_start_date": at(2, 1)}, "backdate_start_date"),
    ],
)
def test_an_impossible_anchor_or_start_is_refused(shop: Shop, given: Any, param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.subscribe(**given)
    assert (caught.value.http_status, caught.value.param) == (400, param)
    assert shop.client.v1.subscriptions.list({"status": "all"}).data == []


def test_a_week_has_no_day_of_the_month(shop: Shop) -> None:
    given: Any = {"items": [{"price": shop.price(interval="week").id}], "billing_cycle_anchor_config": {"day_of_month": 5}}
    with pytest.raises(stripe.InvalidRequestError, match="monthly and yearly"):
        shop.subscribe(**given)


def test_a_start_in_the_past_is_billed_for_each_of_its_periods(shop: Shop) -> None:
    subscription = shop.subscribe(backdate_start_date=moment(2025, 11, 15))
    assert (subscription.start_date, subscription.billing_cycle_anchor) == (moment(2025, 11, 15), at(1, 31))
    # The last one is cut off: 16 of the 31 days from 15 January on, 9.81.
    assert periods(shop, subscription) == [
        (moment(2025, 11, 15), moment(2025, 12, 15), 1900),
        (moment(2025, 12, 15), at(1, 15), 1900),
        (at(1, 15), at(1, 31), 981),
        (at(1, 31), at(2, 28), 1900),
    ]
    assert shop.invoice(subscription).amount_paid == 6681


def test_the_example_of_stripes_own_page_on_backdating(shop: Shop) -> None:
    shop.simulation.advance(to=datetime(2026, 3, 1, tzinfo=UTC))
    half, part = (shop.subscribe(backdate_start_date=moment(2026, 2, 15, 0)), shop.subscribe(backdate_start_date=moment(2026, 1, 15, 0)))
    assert [amount for _, _, amount in periods(shop, half)] == [950, 1900]
    # 15 January to 15 February in full, then half of the 28 days from 15 February on.
    assert [amount for _, _, amount in periods(shop, part)] == [1900, 950, 1900]


def test_a_start_in_the_past_with_an_anchor_is_billed_up_to_the_anchor(shop: Shop) -> None:
    subscription = shop.subscribe(backdate_start_date=at(1, 1), billing_cycle_anchor=at(2, 15))
    (item,) = subscription.items.data
    assert (item.current_period_start, item.current_period_end) == (at(2, 1), at(2, 15))
    until(shop, 2026, 2, 15)
    assert periods(shop, subscription) == [
        (at(1, 1), at(2, 1), 1900),
        (at(2, 1), at(2, 15), 950),
        (at(2, 15), at(3, 15), 1900),
    ]


def test_a_start_in_the_past_without_prorations_is_not_billed(shop: Shop) -> None:
    now = shop.subscribe(backdate_start_date=at(1, 1), proration_behavior="none")
    later = shop.subscribe(backdate_start_date=at(1, 1), billing_cycle_anchor=at(2, 15), proration_behavior="none")
    trial = shop.subscribe(backdate_start_date=at(1, 1), trial_period_days=3, proration_behavior="none")
    assert {row.start_date for row in (now, later, trial)} == {at(1, 1)}
    assert periods(shop, now) == [(at(1, 31), at(2, 28), 1900)]
    assert (later.latest_invoice, trial.trial_start) == (None, at(1, 31))
    until(shop, 2026, 2, 15)
    assert periods(shop, later) == [(at(2, 15), at(3, 15), 1900)]


def test_a_backdated_start_counts_no_quantity_or_discount_twice(shop: Shop) -> None:
    coupon = shop.client.v1.coupons.create({"percent_off": 50, "duration": "once"})
    given: Any = {"backdate_start_date": moment(2025, 12, 31), "discounts": [{"coupon": coupon.id}]}
    subscription = shop.subscribe(quantity=3, **given)
    assert [amount for _, _, amount in periods(shop, subscription)] == [5700, 5700]
    assert shop.invoice(subscription).total == 5700


LEAP = [
    ("month", 1, (2026, 1, 31), [(2026, 2, 28), (2026, 3, 31), (2026, 4, 30)]),
    ("month", 3, (2026, 1, 31), [(2026, 4, 30), (2026, 7, 31), (2026, 10, 31)]),
    ("month", 6, (2026, 8, 31), [(2027, 2, 28), (2027, 8, 31), (2028, 2, 29)]),
    ("month", 1, (2028, 1, 29), [(2028, 2, 29), (2028, 3, 29), (2028, 4, 29)]),
    ("year", 1, (2028, 2, 29), [(2029, 2, 28), (2030, 2, 28), (2031, 2, 28), (2032, 2, 29)]),
    ("year", 2, (2028, 2, 29), [(2030, 2, 28), (2032, 2, 29)]),
    ("week", 2, (2028, 2, 22), [(2028, 3, 7), (2028, 3, 21)]),
    ("day", 90, (2028, 2, 28), [(2028, 5, 28), (2028, 8, 26)]),
]


@pytest.mark.parametrize(("interval", "count", "start", "ends"), LEAP)
def test_renewals_stay_on_their_day(shop: Shop, interval: str, count: int, start: Any, ends: list[Any]) -> None:
    shop.simulation.advance(to=datetime.fromtimestamp(moment(*start), UTC))
    price = shop.price(recurring={"interval": interval, "interval_count": count})
    subscription = shop.subscribe(items=[{"price": price.id}])
    shop.simulation.advance(to=datetime.fromtimestamp(moment(*ends[-1]) - 1, UTC))
    found = periods(shop, subscription)
    assert [end for _, end, _ in found] == [moment(*day) for day in ends]
    assert [begin for begin, _, _ in found] == [moment(*start), *(moment(*day) for day in ends[:-1])]
