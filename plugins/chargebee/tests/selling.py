"""What stories on the simulated Chargebee begin with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from billbridge import Billing
from billbridge_sandbox import Sandbox

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(start=START)


@pytest.fixture
def billing(sandbox: Sandbox) -> Iterator[Billing]:
    with Billing.connect("chargebee", gateway=sandbox) as client:
        yield client
