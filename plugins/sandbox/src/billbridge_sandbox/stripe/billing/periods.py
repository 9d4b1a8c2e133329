"""The billing periods of a subscription's items: where each ends, counted from the billing anchor. It knows no invoice."""

from __future__ import annotations

from datetime import UTC, datetime

from billbridge_sandbox.kernel.calendar import add_interval
from billbridge_sandbox.stripe.store.account import Json


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
