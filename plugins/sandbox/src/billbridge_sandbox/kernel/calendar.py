"""Billing periods on the calendar. It knows days, weeks, months and years in UTC, and no time zone's rules."""

from __future__ import annotations

from calendar import isleap
from datetime import datetime, timedelta

_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "year": 12}
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def add_interval(start: datetime, unit: str, count: int, anchor_day: int) -> datetime:
    """`start` plus `count` units ("day", "week", "month" or "year"), at the same time of day.

    Months and years land on `anchor_day`, or on the last day of a shorter month, so a series that began on the 31st goes
    31 January, 28 February, 31 March. Days and weeks ignore `anchor_day`. Raises KeyError for another unit.
    """
    if unit in _DAYS:
        return start + timedelta(days=_DAYS[unit] * count)
    year, month = divmod(start.year * 12 + start.month - 1 + _MONTHS[unit] * count, 12)
    last = 29 if month == 1 and isleap(year) else _LENGTHS[month]
    return start.replace(year=year, month=month + 1, day=min(anchor_day, last))
