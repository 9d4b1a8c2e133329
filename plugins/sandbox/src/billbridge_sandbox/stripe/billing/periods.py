"""The billing periods of a subscription's items, counted from the billing anchor, and the price of a part of one. It knows no invoice."""

from __future__ import annotations

from datetime import UTC, datetime

from billbridge_sandbox.kernel.calendar import add_interval
from billbridge_sandbox.stripe.store.account import Json

# The shortest that each interval can be, in days.
_SHORTEST = {"day": 1, "week": 7, "month": 28, "year": 365}
_DAY = 24 * 60 * 60


def period_end(start: int, recurring: Json, anchor: int, day: int | None = None) -> int:
    """The end of the period that starts at a Unix time, on the anchor's day of the month where the month has it.

    `day` is the configured day of the month, if there is one (`anchor_day`).
    """
    return _later(start, recurring, 1, day or _day(anchor))


def anchor_day(subscription: Json) -> int | None:
    """The day of the month of `billing_cycle_anchor_config`, such as 31, even if the anchor lies in a shorter month."""
    config = subscription["billing_cycle_anchor_config"]
    return config and int(config["day_of_month"])


def next_boundary(after: int, recurring: Json, anchor: int, day: int | None = None) -> int:
    """The first end of a period after a Unix time: the anchor itself, or whole intervals later."""
    count = 0
    while (found := _later(anchor, recurring, count, day or _day(anchor))) <= after:
        count += 1
    return found


def _day(moment: int) -> int:
    return datetime.fromtimestamp(moment, UTC).day


def _later(moment: int, recurring: Json, times: int, day: int) -> int:
    """A Unix time plus so many intervals of a price."""
    begin = datetime.fromtimestamp(moment, UTC)
    return int(add_interval(begin, recurring["interval"], recurring["interval_count"] * times, day).timestamp())


def whole_period(subscription: Json, recurring: Json, moment: int) -> tuple[int, int]:
    """The full period of a price, start and end, that contains a Unix time. Periods repeat before and after the anchor without a gap."""
    anchor = subscription["billing_cycle_anchor"]
    day = anchor_day(subscription) or _day(anchor)
    # At least as far from the anchor as the moment: no period is shorter than this.
    number = (moment - anchor) // (_SHORTEST[recurring["interval"]] * recurring["interval_count"] * _DAY)
    while (start := _later(anchor, recurring, number, day)) > moment:
        number -= 1
    while (end := _later(anchor, recurring, number + 1, day)) <= moment:
        start, number = end, number + 1
    return start, end


def part_of(amount: int, seconds: int, whole: int) -> int:
    """The part of an amount that falls on `seconds` of `whole`, to the second, rounded half away from zero."""
    part = (2 * abs(amount) * seconds + whole) // (2 * whole)
    return part if amount >= 0 else -part
