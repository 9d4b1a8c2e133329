"""Rate limits: how many requests an account can send, so that a client stays below the vendor's limit. Sends nothing and does not wait.

A file that several processes share is written by pyrate-limiter (a SQLite file with exact sliding windows). In memory, a window is a queue
of the times of the last requests. That needs no library: pyrate-limiter would load ten megabytes of modules.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from os import PathLike
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary, finalize

from billbridge.errors import ConfigurationError
from billbridge.flow.rate_limit import Limit
from billbridge.toolkit.digest import digest
from billbridge.toolkit.fork_safety import watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Limit", "Limiter", "shared"]

FLOOR: Final = 0.001
"""The shortest wait in seconds, because the windows count in milliseconds."""
CALM: Final = 10.0
"""Seconds without a 429 after which the distance between requests is halved."""
SLOWEST: Final = 5.0
"""The longest distance between two requests after repeated 429s, in seconds."""


class Limiter:
    """A rate limiter for one account. It admits requests within all `limits`, and every request if there are none.

    Pass the same object to all clients that share the limit. Pass `file` to share the limit between processes: they must name the same
    file, a SQLite file that is created if it is missing. Several threads can use one limiter.

    After an answer 429 it keeps a distance between requests, because the real limit can be lower than the published one, or other programs
    use it too. The first distance is twice what the limits need (0.1 s without limits). Each further 429 doubles it, up to 5 seconds. Every
    10 seconds without a 429 halve it.
    """

    def __init__(self, *limits: Limit, file: str | Path | None = None) -> None:
        for limit in limits:
            if not isinstance(limit, Limit):
                raise ConfigurationError(
                    f"a limiter takes limits, not {type(limit).__name__}",
                    param="limiter",
                    hint="write Limiter(Limit(requests=25, seconds=1))",
                )
        if file is not None and not isinstance(file, str | PathLike):
            raise ConfigurationError(f"file must be the path of a file, not {type(file).__name__}", param="limiter")
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
            finalize(self, shared_file.close)  # closes the file when nobody uses the limiter any more

    def start_afresh(self) -> None:
        """Make new locks: at first, and in a forked process, where the parent's threads never release theirs."""
        self._admitting = Lock()  # one request at a time, even while it waits for a disk
        self._lock = Lock()  # guards what `hold` changes; held only briefly, because an event loop waits for it

    def admit(self) -> float:
        """Return 0.0 and count the request if it can be sent now. Else return the seconds to wait before you ask again."""
        with self._admitting:
            if self._held_until and (held := self._held()) > 0:
                return held
            delay = 0.0 if self._count is None else self._count()
            if not delay:
                self._admitted_at = time.monotonic()
            return delay

    def _held(self) -> float:
        """Return the seconds for which the last 429 still holds all requests back."""
        with self._lock:
            now = time.monotonic()
            return max(self._held_until, self._admitted_at + self._apart(now) if self._distance else 0.0) - now

    def hold(self, seconds: float) -> None:
        """Admit nothing for so many seconds, and fewer requests for a while after that. Call this for a 429. Affects this process only."""
        with self._lock:
            now = time.monotonic()
            self._held_until = max(self._held_until, now + seconds)
            self._distance = min(max(2 * self._apart(now), self._first), SLOWEST)
            self._refused_at = self._held_until

    def _apart(self, now: float) -> float:
        """Return the distance between two requests after 429s, in seconds. It becomes 0 when it is far below what the limits need."""
        distance: float = self._distance * 0.5 ** max(0.0, (now - self._refused_at) / CALM)
        if distance < self._first / 8:
            self._distance = distance = 0.0
        return distance

    def __repr__(self) -> str:
        return f"Limiter({', '.join(f'{limit.requests} in {limit.seconds:g} s' for limit in self.limits) or 'none'})"


class _Windows:
    """Counts requests in memory. For each limit it holds the times of as many requests as the limit admits, the oldest first."""

    def __init__(self, limits: Sequence[Limit]) -> None:
        self._windows = [(limit.seconds, deque[float](maxlen=limit.requests)) for limit in limits]

    def admit(self) -> float:
        """Count the request and return 0.0, or return the seconds until no window is full."""
        now = time.monotonic()
        waits = [times[0] + seconds - now for seconds, times in self._windows if len(times) == times.maxlen]
        if waits and (longest := max(waits)) > 0:
            return longest
        for _, times in self._windows:
            times.append(now)
        return 0.0


class _SharedFile:
    """Counts requests in a SQLite file, for all processes that name the file."""

    def __init__(self, limits: Sequence[Limit], file: str | Path) -> None:
        from pyrate_limiter import Rate, RateItem, SQLiteBucket

        rates = [Rate(limit.requests, round(limit.seconds * 1000)) for limit in limits]
        self._bucket: Any = SQLiteBucket.init_from_file(rates, db_path=str(file), use_file_lock=True)
        self._item = RateItem
        self._sweep_every = round(max(limit.seconds for limit in limits) * 1000)
        self._sweep_at = 0

    def admit(self) -> float:
        """Count the request and return 0.0, or return the seconds to wait."""
        now = int(self._bucket.now())
        item = self._item("request", now)
        admitted = self._bucket.put(item)
        wait = 0.0 if admitted else max(int(self._bucket.waiting(item)) / 1000, FLOOR)
        if not admitted or now >= self._sweep_at:
            self._bucket.leak(now)  # deletes the requests that left the longest window
            self._sweep_at = now + self._sweep_every
        return wait

    def close(self) -> None:
        """Close the file."""
        self._bucket.close()


_SHARED: WeakValueDictionary[str, Limiter] = WeakValueDictionary()
_SHARING: Final = Lock()


def shared(account: str, limits: Sequence[Limit]) -> Limiter:
    """Return the limiter of an account in this process. All clients of the account get the same one. Only a digest of `account` is kept."""
    key = digest(f"{account} {tuple(limits)}")
    with _SHARING:
        limiter = _SHARED.get(key)
        if limiter is None:
            limiter = _SHARED[key] = Limiter(*limits)
        return limiter
