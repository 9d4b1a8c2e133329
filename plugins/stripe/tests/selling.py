"""What stories on the simulated Stripe begin with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from billbridge import Billing, Money
from billbridge_sandbox import Sandbox

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


def usd(amount: str) -> Money:
    return Money(amount, "USD")


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(start=START)


@pytest.fixture
def billing(sandbox: Sandbox) -> Iterator[Billing]:
    with Billing.connect("stripe", gateway=sandbox) as billing:
        yield billing


@pytest.fixture
def pro(billing: Billing) -> str:
    return billing.products.create(id="pro", name="Pro").id
