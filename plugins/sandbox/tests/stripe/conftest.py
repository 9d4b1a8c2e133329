"""A simulated Stripe over HTTP, and the official client that talks to it unchanged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import stripe
from billbridge_sandbox.server import Server
from billbridge_sandbox.simulation import Simulation
from billbridge_sandbox.stripe.vendor import StripeVendor

from .shop import Shop

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def simulation() -> Simulation:
    return Simulation(START, vendors=[StripeVendor])


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
