"""Remembered answers for idempotency keys. Each vendor decides what a repeated key with other parameters means."""

from __future__ import annotations

from .clock import Clock
from .http import Answer


class Replays:
    """Answers by key, kept for `window_seconds` of simulated time after they were first given."""

    def __init__(self, window_seconds: int, clock: Clock) -> None:
        self._window = window_seconds
        self._clock = clock
        self._kept: dict[str, tuple[int, str, Answer]] = {}

    def get(self, key: str) -> tuple[str, Answer] | None:
        """The fingerprint and the answer remembered for `key`, or None when there is none or its window is over."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        stored_at, fingerprint, answer = kept
        if self._clock.timestamp - stored_at >= self._window:
            del self._kept[key]
            return None
        return fingerprint, answer

    def put(self, key: str, fingerprint: str, answer: Answer) -> None:
        """Remember `answer`, given to the request that `fingerprint` describes."""
        self._kept[key] = (self._clock.timestamp, fingerprint, answer)
