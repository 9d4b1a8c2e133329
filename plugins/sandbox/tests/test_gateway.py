"""The sandbox as a gateway: how it is made."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from billbridge import Billing
from billbridge.errors import ConfigurationError
from billbridge_sandbox import Sandbox


@pytest.mark.parametrize(
    ("start", "what"),
    [
        ("2026-01-31", "str"),
        (date(2026, 1, 31), "date"),
        (1769817600, "int"),
        (0, "int"),
        (datetime(2026, 1, 31), "a datetime without a time zone"),
    ],
)
def test_a_start_that_is_no_moment_is_refused_with_the_line_to_write(start: Any, what: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Sandbox(start=start)
    assert caught.value.message == f"start must be a datetime with a time zone, not {what}"
    assert (caught.value.param, caught.value.hint) == ("start", "Sandbox(start=datetime(2026, 1, 31, tzinfo=UTC))")


@pytest.mark.parametrize("start", [datetime(2026, 1, 31), "2026-01-31T00:00:00"])
def test_a_start_without_a_zone_is_refused_as_an_option_too(start: Any) -> None:
    """Else it would be a moment of this machine's zone."""
    with pytest.raises(ConfigurationError, match="start must be a datetime with a time zone, not a datetime without a time zone"):
        Billing.connect("stripe", gateway="sandbox", start=start)
    with Billing.connect("stripe", gateway="sandbox", start="2026-01-31T01:00:00+01:00") as billing:
        assert billing.customers.create().created_at == datetime(2026, 1, 31, tzinfo=UTC)


def test_the_clock_starts_there() -> None:
    assert Sandbox(start=datetime(2026, 1, 31, tzinfo=UTC)).now == datetime(2026, 1, 31, tzinfo=UTC)
