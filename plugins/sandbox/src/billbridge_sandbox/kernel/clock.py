"""The simulated clock and the jobs that wait on it. It never reads the real time and starts no thread."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, datetime


class Job:
    """Work that waits for its moment."""

    __slots__ = ("work",)

    def __init__(self, work: Callable[[], None]) -> None:
        self.work: Callable[[], None] | None = work

    def cancel(self) -> None:
        """Cancel the job. Does nothing if it already ran."""
        self.work = None


class Clock:
    """Simulated time: aware UTC, whole seconds, moving forward only. `timestamp` is `now` as Unix seconds."""

    def __init__(self, start: datetime) -> None:
        self._set(whole_utc(start))
        # The order of scheduling is the second key, so jobs of the same moment run in that order.
        self._queue: list[tuple[int, int, Job]] = []
        self._made = 0

    def at(self, when: datetime | int, work: Callable[[], None]) -> Job:
        """Schedule `work` for a time, or for Unix seconds. Jobs of the same moment run in the order in which they were scheduled.

        A moment that is past runs at the next `advance_to`; `now` does not go back.
        """
        job = Job(work)
        heapq.heappush(self._queue, (max(_seconds(when), self.timestamp), self._made, job))
        self._made += 1
        return job

    def advance_to(self, when: datetime) -> None:
        """Run every job due until `when` in order of time, then set `now` to `when`.

        While a job runs, `now` is the job's moment. Jobs may schedule more jobs, due ones included. Raises ValueError for a move back.
        """
        target = whole_utc(when)
        if target < self.now:
            raise ValueError(f"the clock is at {self.now.isoformat()} and cannot go back to {target.isoformat()}; pass a later time")
        last = _seconds(target)
        while self._queue and self._queue[0][0] <= last:
            due, _, job = heapq.heappop(self._queue)
            work, job.work = job.work, None
            if work is not None:
                if due != self.timestamp:
                    self._set(datetime.fromtimestamp(due, UTC))
                work()
        self._set(target)

    def _set(self, now: datetime) -> None:
        self.now: datetime = now
        self.timestamp: int = _seconds(now)


def _seconds(when: datetime | int) -> int:
    return when if isinstance(when, int) else int(whole_utc(when).timestamp())


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
