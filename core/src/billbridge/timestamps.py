"""Unix seconds, in which both vendors write times, to aware UTC datetimes and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, overload

from billbridge.remembered import Remembered


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


MOMENTS: Final[Mapping[int | None, datetime | None]] = Remembered(_moment)
"""`from_unix` as a mapping, in which every int and None can be looked up, in a third of the time: for pages with thousands of times.

One page repeats its times (made, finalized, paid, begun), so they are remembered.
"""


@overload
def from_unix(seconds: int) -> datetime: ...
@overload
def from_unix(seconds: int | None) -> datetime | None: ...
def from_unix(seconds: int | None) -> datetime | None:
    """The time that Unix seconds mean; None stays None."""
    return MOMENTS[seconds]


def to_unix(when: datetime) -> int:
    """Whole Unix seconds of an aware datetime."""
    return int(when.timestamp())
