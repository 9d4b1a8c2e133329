"""Clients of each vendor, in-process and over HTTP, with the pauses between retries taken out and noted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from billbridge import AsyncBilling, Billing
from billbridge.flow import Pause
from billbridge_sandbox import Sandbox

CUSTOMERS = {"stripe": "/v1/customers", "chargebee": "/api/v2/customers"}


class Patience:
    """Pauses that take no time; the clock of `billbridge.flow.limiter` shows that they are over. `noted` are the bounds, in seconds."""

    def __init__(self) -> None:
        self.noted: list[tuple[float, float]] = []

    def monotonic(self) -> float:
        return time.monotonic() + sum(low for low, _ in self.noted)

    def wait(self, effect: Pause) -> None:
        self.noted.append((effect.low, effect.high))

    async def wait_async(self, effect: Pause) -> None:
        self.wait(effect)
        await asyncio.sleep(0)


@dataclass
class Shop:
    """A client, the sandbox that it talks to, and the pauses that it wanted, as (at least, at most) seconds."""

    vendor: str
    sandbox: Sandbox
    billing: Billing
    connect_async: Callable[[], AsyncBilling]
    pauses: list[tuple[float, float]]

    @property
    def path(self) -> str:
        """Where customers are made and listed."""
        return CUSTOMERS[self.vendor]

    def emails(self) -> list[str | None]:
        """The truth: the email of every customer, with no more faults."""
        self.sandbox.faults.clear()
        return [customer.email for customer in self.billing.customers.list(page_size=100)]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float]]:
    patience = Patience()
    monkeypatch.setattr("billbridge.client.executor.wait", patience.wait)
    monkeypatch.setattr("billbridge.client.executor.wait_async", patience.wait_async)
    monkeypatch.setattr("billbridge.flow.limiter.time", patience)
    return patience.noted


@pytest.fixture(params=["stripe", "chargebee"])
def vendor(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture
def here(vendor: str, sandbox: Sandbox, pauses: list[tuple[float, float]]) -> Iterator[Shop]:
    """In this process."""
    with Billing.connect(vendor, gateway=sandbox) as billing:
        yield Shop(vendor, sandbox, billing, lambda: AsyncBilling.connect(vendor, gateway=sandbox), pauses)


@pytest.fixture(params=["here", "http"])
def shop(request: pytest.FixtureRequest, vendor: str, sandbox: Sandbox, pauses: list[tuple[float, float]]) -> Iterator[Shop]:
    """Both ways."""
    if request.param == "here":
        yield request.getfixturevalue("here")
        return
    with ExitStack() as stack:
        server = stack.enter_context(sandbox.serve())
        options: dict[str, Any] = {
            "stripe": {"api_key": "sk_test_x", "base_url": server.stripe_url},
            "chargebee": {"site": "acme", "api_key": "test_x", "base_url": server.chargebee_url},
        }[vendor]
        billing = stack.enter_context(Billing.connect(vendor, **options))
        yield Shop(vendor, sandbox, billing, lambda: AsyncBilling.connect(vendor, **options), pauses)
