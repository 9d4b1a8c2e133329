"""The clock and its jobs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from functools import partial

import pytest
from billbridge_sandbox.kernel.clock import Clock

START = datetime(2026, 1, 1, tzinfo=UTC)


def later(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def test_time_is_utc_in_whole_seconds() -> None:
    clock = Clock(datetime(2026, 1, 1, 2, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2))))
    assert (clock.now, clock.now.tzinfo, clock.timestamp) == (START, UTC, 1_767_225_600)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Clock(datetime(2026, 1, 1))


def test_time_does_not_go_back() -> None:
    clock = Clock(START)
    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance_to(later(-1))
    assert clock.now == START


def test_due_jobs_run_in_order_of_time_and_see_their_own_moment() -> None:
    clock, seen = Clock(START), list[tuple[str, datetime]]()

    def note(name: str) -> None:
        seen.append((name, clock.now))

    for name, seconds in (("late", 30), ("early", 10), ("also early", 10), ("at the end", 40), ("not yet", 41)):
        clock.at(later(seconds), partial(note, name))
    clock.advance_to(later(40))
    assert seen == [("early", later(10)), ("also early", later(10)), ("late", later(30)), ("at the end", later(40))]
    assert clock.now == later(40)


def test_a_job_may_plan_the_next_one_within_the_same_advance() -> None:
    clock, seen = Clock(START), list[datetime]()

    def tick() -> None:
        seen.append(clock.now)
        clock.at(clock.now + timedelta(seconds=10), tick)

    clock.at(later(10), tick)
    clock.advance_to(later(35))
    assert seen == [later(10), later(20), later(30)]


def test_a_cancelled_job_never_runs() -> None:
    clock, seen = Clock(START), list[str]()
    first = clock.at(later(10), lambda: seen.append("first"))
    second = clock.at(later(20), lambda: seen.append("second"))
    clock.at(later(15), second.cancel)
    first.cancel()
    clock.advance_to(later(30))
    assert seen == []


def test_a_job_for_the_past_runs_at_the_next_advance_without_turning_time_back() -> None:
    clock, seen = Clock(START), list[datetime]()
    clock.at(later(-100), lambda: seen.append(clock.now))
    clock.advance_to(START)
    assert seen == [START]
