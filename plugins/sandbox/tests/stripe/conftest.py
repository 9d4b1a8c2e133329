"""A simulated Stripe over HTTP, and the official client that talks to it unchanged. Every exchange is judged by the SDK's types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pytest
import stripe
from billbridge_sandbox.kernel.http import Answer
from billbridge_sandbox.server import Server
from billbridge_sandbox.simulation import Simulation
from billbridge_sandbox.stripe.vendor import StripeVendor
from law import check_exchange

from .shop import Shop

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Judged(Simulation):
    """Notes every answer that the SDK's types do not allow, and every request that was answered although they forbid it."""

    def __init__(self) -> None:
        super().__init__(START, vendors=[StripeVendor])
        self.illegal: set[str] = set()

    @property
    def stripe(self) -> StripeVendor:
        """The only vendor."""
        (vendor,) = self.vendors
        assert isinstance(vendor, StripeVendor)
        return vendor

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        answer = super().handle(method, target, headers, body)
        found = check_exchange("stripe", method, target, body, answer.status, answer.body)
        self.illegal |= {f"{method} {target} {line}" for line in found if answer.status == 200 or line.startswith("answer")}
        return answer


@pytest.fixture
def simulation() -> Iterator[Judged]:
    judged = Judged()
    yield judged
    assert sorted(judged.illegal) == []


@pytest.fixture
def server(simulation: Simulation) -> Iterator[Server]:
    with simulation.serve() as running:
        yield running


@pytest.fixture
def client(server: Server) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_x", base_addresses={"api": server.stripe_url}, max_network_retries=0)


@pytest.fixture
def shop(client: stripe.StripeClient, simulation: Simulation) -> Shop:
    return Shop(client, simulation)
