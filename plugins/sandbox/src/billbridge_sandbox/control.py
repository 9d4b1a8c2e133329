"""The control path of a sandbox: `GET /_sandbox/clock` and `POST /_sandbox/advance`, JSON in and out.

For programs in other languages, which cannot call `Simulation.advance`. It knows no vendor, and faults never hit it.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Final

from .kernel.clock import Clock
from .kernel.http import Answer, Call, json_answer

PREFIX: Final = "/_sandbox/"
"""The beginning of every control path. No simulated vendor has paths below it."""

_CLOCK: Final = f"{PREFIX}clock"
_METHODS: Final = {_CLOCK: "GET", f"{PREFIX}advance": "POST"}
_AMOUNTS: Final = ("days", "hours", "minutes", "seconds")
_WAYS: Final = 'pass days, hours, minutes or seconds, such as {"days": 31}, or a time, such as {"to": "2026-03-03T00:00:00Z"}'
_END: Final = datetime(9000, 1, 1, tzinfo=UTC)
"""Python's last year is 9999. A subscription that renews shortly before this time still finds the end of its next period."""


class Control:
    """The endpoints below `PREFIX`. They read and move one clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def handle(self, call: Call) -> Answer:
        """Answer one request: 200 with the time, or 400, 404 or 405 with `{"error": text}`."""
        method = _METHODS.get(call.path)
        if method is None:
            known = " and ".join(f"{method} {path}" for path, method in _METHODS.items())
            return json_answer(404, {"error": f"the sandbox has no control path {json.dumps(call.path)}; it has {known}"})
        if call.method != method:
            return json_answer(405, {"error": f"{call.path} takes {method}, not {call.method}"}, {"allow": method})
        return self._read() if call.path == _CLOCK else self._move(call.body)

    def _read(self, **more: str) -> Answer:
        return json_answer(200, {"now": text_of(self._clock.now), "timestamp": self._clock.timestamp, **more})

    def _move(self, body: bytes) -> Answer:
        before = self._clock.now
        try:
            target = _target(_fields(body), before)
        except ValueError as error:
            return json_answer(400, {"error": str(error)})
        self._clock.advance_to(target)
        return self._read(before=text_of(before))


def text_of(moment: datetime) -> str:
    """A time in UTC as ISO 8601 text that ends in Z."""
    return moment.isoformat().replace("+00:00", "Z")


def _fields(body: bytes) -> dict[str, object]:
    """The members of the JSON object in a body. Raises ValueError if it holds none, or one that is unknown."""
    try:
        found: object = json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError(f"the body is not JSON: {_WAYS}") from None
    if not isinstance(found, dict) or not found:
        raise ValueError(f"the body says no time: {_WAYS}")
    fields: dict[str, object] = found
    if unknown := fields.keys() - {*_AMOUNTS, "to"}:
        raise ValueError(f"{_shown(min(unknown))} is unknown: {_WAYS}")
    if "to" in fields and len(fields) > 1:
        raise ValueError(f'"to" cannot be combined with an amount: {_WAYS}')
    return fields


def _target(fields: dict[str, object], now: datetime) -> datetime:
    """The time to move to. Raises ValueError for a time that is past, too far ahead, or has a fraction of a second."""
    target: datetime | None = None
    try:
        if "to" in fields:
            target = _moment(fields["to"])
        else:
            target = now + timedelta(**{name: _amount(name, value) for name, value in fields.items()})
    except OverflowError:
        pass
    if target is None or target >= _END:
        raise ValueError(f"the clock cannot reach the year {_END.year}; pass an earlier time")
    if target.microsecond:
        raise ValueError("the clock counts whole seconds; pass a time without a fraction of a second")
    if target < now:
        raise ValueError(f"the clock is at {text_of(now)} and cannot go back to {text_of(target)}; pass a later time")
    return target


def _amount(name: str, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or not (isinstance(value, int) or math.isfinite(value)):
        raise ValueError(f'"{name}" is {_shown(value)}; pass a number that is 0 or more')
    return value


def _moment(value: object) -> datetime:
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OSError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f'"to" is {_shown(value)}; pass ISO 8601 text with a zone, such as "2026-03-03T00:00:00Z", or Unix seconds')
    return moment.astimezone(UTC)


def _shown(value: object) -> str:
    """A value of JSON as an error shows it: short."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:40]}..."
