"""How often an account may be asked, so that a vendor's limit is kept instead of run into. Counts requests; sends and waits nothing itself.

A file that several processes share is pyrate-limiter's (a SQLite file, exact sliding windows). In memory a window is the times of the last
requests, kept here: that library loads ten megabytes of modules, for what a queue does.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary, finalize

from billbridge.flow.rate_limit import Limit
from billbridge.toolkit.digest import digest
from billbridge.toolkit.fork_safety import watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Limit", "Limiter", "shared"]

FLOOR: Final = 0.001
"""The shortest wait in seconds: the windows count in milliseconds."""
CALM: Final = 10.0
"""Seconds without a 429 in which the slowing down that one brings is halved."""
SLOWEST: Final = 5.0
"""The longest that repeated 429s keep two requests apart, in seconds."""


class Limiter:
    """Admits requests of one account within all of `limits`; without any, it admits everything.

    Everybody who uses the same object shares it. With `file`, all processes that name the same file do: it is a SQLite file, made when it
    is missing. Safe to use from several threads.

    A 429 slows it down, because the real limit can be lower than the published one, or shared with others: requests then keep a distance,
    at first twice what the limits mean, doubled by each further 429, and halved with every 10 seconds without one.
    """

    def __init__(self, *limits: Limit, file: str | Path | None = None) -> None:
        self.limits = limits
        self.waits_on_disk = file is not None and bool(limits)
        self.start_afresh()
        watch(self)
        self._held_until = 0.0
        self._first = 2 * max((limit.seconds / limit.requests for limit in limits), default=0.05)
        self._distance = 0.0
        self._refused_at = 0.0
        self._admitted_at = 0.0
        self._count: Callable[[], float] | None = None
        if limits and file is None:
            self._count = _Windows(limits).admit
        elif limits and file is not None:
            shared_file = _SharedFile(limits, file)
            self._count = shared_file.admit
            finalize(self, shared_file.close)  # the file is closed when nobody limits by it any more

    def start_afresh(self) -> None:
        """Its locks, at first and in a forked process, where nobody gives back those of the parent's threads."""
        self._admitting = Lock()  # one at a time, even while it waits for a disk
        self._lock = Lock()  # of what `hold` changes: never held for long, because an event loop asks for it

    def admit(self) -> float:
        """0 if a request may be sent now (it is then counted), else the seconds to wait before asking again."""
        with self._admitting:
            if self._held_until and (held := self._held()) > 0:
                return held
            delay = 0.0 if self._count is None else self._count()
            if not delay:
                self._admitted_at = time.monotonic()
            return delay

    def _held(self) -> float:
        """The seconds for which a 429 still holds everything back."""
        with self._lock:
            now = time.monotonic()
            return max(self._held_until, self._admitted_at + self._apart(now) if self._distance else 0.0) - now

    def hold(self, seconds: float) -> None:
        """Admits nothing for so long, and less for a while after that: what a vendor's 429 asks for. In this process only."""
        with self._lock:
            now = time.monotonic()
            self._held_until = max(self._held_until, now + seconds)
            self._distance = min(max(2 * self._apart(now), self._first), SLOWEST)
            self._refused_at = self._held_until

    def _apart(self, now: float) -> float:
        """How many seconds two requests are kept apart now, after 429s; none once that is far below what the limits mean."""
        distance: float = self._distance * 0.5 ** max(0.0, (now - self._refused_at) / CALM)
        if distance < self._first / 8:
            self._distance = distance = 0.0
        return distance

    def __repr__(self) -> str:
        return f"Limiter({', '.join(f'{limit.requests} in {limit.seconds:g} s' for limit in self.limits) or 'none'})"


class _Windows:
    """Counts in memory: of each limit the times of as many requests as it admits, the oldest first."""

    def __init__(self, limits: Sequence[Limit]) -> None:
        self._windows = [(limit.seconds, deque[float](maxlen=limit.requests)) for limit in limits]

    def admit(self) -> float:
        """0 and counted, or the seconds until the oldest request leaves each window that is full."""
        now = time.monotonic()
        waits = [times[0] + seconds - now for seconds, times in self._windows if len(times) == times.maxlen]
        if waits and (longest := max(waits)) > 0:
            return longest
        for _, times in self._windows:
            times.append(now)
        return 0.0


class _SharedFile:
    """Counts in a SQLite file, for all processes that name it."""

    def __init__(self, limits: Sequence[Limit], file: str | Path) -> None:
        from pyrate_limiter import Rate, RateItem, SQLiteBucket

        rates = [Rate(limit.requests, round(limit.seconds * 1000)) for limit in limits]
        self._bucket: Any = SQLiteBucket.init_from_file(rates, db_path=str(file), use_file_lock=True)
        self._item = RateItem
        self._sweep_every = round(max(limit.seconds for limit in limits) * 1000)
        self._sweep_at = 0

    def admit(self) -> float:
        """0 and counted, or the seconds to wait."""
        now = int(self._bucket.now())
        item = self._item("request", now)
        admitted = self._bucket.put(item)
        wait = 0.0 if admitted else max(int(self._bucket.waiting(item)) / 1000, FLOOR)
        if not admitted or now >= self._sweep_at:
            self._bucket.leak(now)  # forgets what has left the longest window
            self._sweep_at = now + self._sweep_every
        return wait

    def close(self) -> None:
        """Closes the file."""
        self._bucket.close()


_SHARED: WeakValueDictionary[str, Limiter] = WeakValueDictionary()
_SHARING: Final = Lock()


def shared(account: str, limits: Sequence[Limit]) -> Limiter:
    """The limiter of this process for an account: every client of the account gets the same one. Only a digest of `account` is kept."""
    key = digest(f"{account} {tuple(limits)}")
    with _SHARING:
        limiter = _SHARED.get(key)
        if limiter is None:
            limiter = _SHARED[key] = Limiter(*limits)
        return limiter
