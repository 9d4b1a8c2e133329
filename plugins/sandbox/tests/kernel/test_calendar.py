"""Billing periods."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta

import pytest
from billbridge_sandbox.kernel.calendar import add_interval
from hypothesis import given
from hypothesis import strategies as st

MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))
COUNTS = st.integers(min_value=1, max_value=36)


def test_a_series_from_the_31st_comes_back_to_the_31st() -> None:
    moment, days = datetime(2026, 1, 31, 9, 30, tzinfo=UTC), []
    for _ in range(5):
        moment = add_interval(moment, "month", 1, 31)
        days.append((moment.month, moment.day, moment.hour, moment.minute))
    assert days == [(2, 28, 9, 30), (3, 31, 9, 30), (4, 30, 9, 30), (5, 31, 9, 30), (6, 30, 9, 30)]


def test_the_29th_of_february_comes_back_in_leap_years() -> None:
    moment, dates = datetime(2024, 2, 29, tzinfo=UTC), []
    for _ in range(4):
        moment = add_interval(moment, "year", 1, 29)
        dates.append(moment.date().isoformat())
    assert dates == ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]


@given(MOMENTS, COUNTS)
def test_months_land_in_the_right_month_on_the_anchor_or_its_last_day(start: datetime, count: int) -> None:
    end = add_interval(start, "month", count, start.day)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == count
    assert end.day == min(start.day, monthrange(end.year, end.month)[1])
    assert end.timetz() == start.timetz()


@given(MOMENTS, COUNTS, st.integers(min_value=1, max_value=12))
def test_step_by_step_or_at_once_the_end_is_the_same(start: datetime, count: int, steps: int) -> None:
    moment = start
    for _ in range(steps):
        moment = add_interval(moment, "month", count, start.day)
    assert moment == add_interval(start, "month", count * steps, start.day)


@given(MOMENTS, COUNTS)
def test_twelve_months_are_a_year_and_seven_days_a_week(start: datetime, count: int) -> None:
    assert add_interval(start, "month", 12 * count, start.day) == add_interval(start, "year", count, start.day)
    assert add_interval(start, "day", 7 * count, 1) == add_interval(start, "week", count, 31) == start + timedelta(weeks=count)


def test_another_unit_is_refused() -> None:
    with pytest.raises(KeyError):
        add_interval(datetime(2026, 1, 1, tzinfo=UTC), "fortnight", 1, 1)
