"""The simulated clock and the jobs that wait on it. It never reads the real time and starts no thread."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(order=True)
class Job:
    """Work scheduled for a moment. Jobs of the same moment run in the order in which they were scheduled."""

    when: datetime
    order: int
    work: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Cancel the job. Does nothing if it already ran."""
        self.cancelled = True


class Clock:
    """Simulated time: aware UTC, whole seconds, moving forward only."""

    def __init__(self, start: datetime) -> None:
        self.now: datetime = whole_utc(start)
        self._queue: list[Job] = []
        self._made = 0

    @property
    def timestamp(self) -> int:
        """`now` as Unix seconds."""
        return int(self.now.timestamp())

    def at(self, when: datetime, work: Callable[[], None]) -> Job:
        """Schedule `work` for `when`. A moment that is past runs at the next `advance_to`; `now` does not go back."""
        job = Job(max(whole_utc(when), self.now), self._made, work)
        self._made += 1
        heapq.heappush(self._queue, job)
        return job

    def advance_to(self, when: datetime) -> None:
        """Run every job due until `when` in order of time, then set `now` to `when`.

        While a job runs, `now` is the job's moment. Jobs may schedule more jobs, due ones included. Raises ValueError for a move back.
        """
        target = whole_utc(when)
        if target < self.now:
            raise ValueError(f"the clock is at {self.now.isoformat()} and cannot go back to {target.isoformat()}; pass a later time")
        while self._queue and self._queue[0].when <= target:
            job = heapq.heappop(self._queue)
            if not job.cancelled:
                self.now = job.when
                job.work()
        self.now = target


def whole_utc(when: datetime) -> datetime:
    """`when` in UTC, cut to whole seconds. Raises ValueError for anything but a time with a zone."""
    if not isinstance(when, datetime):
        raise ValueError(f"a simulated time must be a datetime, not {type(when).__name__}")
    if when.tzinfo is None:
        raise ValueError("a simulated time must be aware; pass a datetime with a time zone")
    try:
        return when.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError("a simulated time must be within the years 1 to 9999 in UTC") from None
