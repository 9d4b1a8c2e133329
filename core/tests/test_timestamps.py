from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from billbridge.errors import ProtocolError
from billbridge.toolkit.timestamps import MOMENTS, from_unix, from_unix_all, to_unix
from hypothesis import given
from hypothesis import strategies as st

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@given(st.integers(-62_135_596_800, 253_402_300_799))
def test_every_second_of_the_calendar_comes_back_as_it_went(seconds: int) -> None:
    assert from_unix(seconds) == MOMENTS[seconds] == EPOCH + timedelta(seconds=seconds)
    assert from_unix_all([None, seconds, 0]) == [None, from_unix(seconds), EPOCH]
    assert from_unix(seconds).tzinfo is UTC
    assert [when.tzinfo for when in from_unix_all([seconds]) if when] == [UTC]
    assert to_unix(from_unix(seconds)) == seconds


def test_no_time_stays_none_and_more_times_than_are_remembered_are_right_too() -> None:
    assert [MOMENTS[seconds] for seconds in range(5000)] == [EPOCH + timedelta(seconds=seconds) for seconds in range(5000)]
    assert len(MOMENTS) < 5000
    assert from_unix(None) is MOMENTS[None] is None
    assert from_unix(1) == EPOCH + timedelta(seconds=1)


@pytest.mark.parametrize("seconds", [10**12, -(10**12), 2**63, 10**30])
def test_a_time_outside_the_calendar_is_the_vendors_fault(seconds: int) -> None:
    with pytest.raises(ProtocolError, match="outside the years 1 to 9999"):
        from_unix(seconds)
    with pytest.raises(ProtocolError, match="outside the years 1 to 9999"):
        MOMENTS[seconds]
    with pytest.raises(ProtocolError, match="outside the years 1 to 9999"):
        from_unix_all([1, seconds])
