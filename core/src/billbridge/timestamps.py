"""Unix seconds, in which both vendors write times, to aware UTC datetimes and back."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import overload


@overload
def from_unix(seconds: int) -> datetime: ...
@overload
def from_unix(seconds: int | None) -> datetime | None: ...
def from_unix(seconds: int | None) -> datetime | None:
    """The time that Unix seconds mean; None stays None."""
    return None if seconds is None else _moment(seconds)


@lru_cache(2048)
def _moment(seconds: int) -> datetime:
    """Remembered, because one page repeats its times: made, finalized, paid, begun."""
    return datetime.fromtimestamp(seconds, UTC)


def to_unix(when: datetime) -> int:
    """Whole Unix seconds of an aware datetime."""
    return int(when.timestamp())
