"""The sandbox over HTTP with a check of every exchange, and the unchanged official clients that use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import stripe
from billbridge_sandbox.kernel.http import Answer
from billbridge_sandbox.server import Server, serve
from billbridge_sandbox.simulation import Simulation
from law import check_exchange
from law.chargebee.sdk import chargebee

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
_VENDORS = {"v1": "stripe", "api": "chargebee"}  # first segment of the path


class Watched:
    """A simulation whose HTTP exchanges are judged one by one; the `watched` fixture fails its test when one was found wrong."""

    def __init__(self) -> None:
        self.simulation = Simulation(START)
        self.exchanges = 0
        self.faults: list[str] = []

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        answer = self.simulation.handle(method, target, headers, body)
        found = check_exchange(_VENDORS[target.split("/")[1]], method, target, body, answer.status, answer.body)
        self.exchanges += 1
        self.faults += [f"{method} {target} {answer.status} {line}" for line in found]
        return answer


@pytest.fixture
def watched() -> Iterator[Watched]:
    """A watched simulation; at the end of the test there must have been exchanges, all of them legal."""
    watch = Watched()
    yield watch
    if not watch.exchanges:
        pytest.fail("nothing went over the wire")
    if watch.faults:
        pytest.fail("\n".join(["against the law:", *sorted(set(watch.faults))]), pytrace=False)


@pytest.fixture
def server(watched: Watched) -> Iterator[Server]:
    """The watched simulation on loopback."""
    with serve(watched.handle) as running:
        yield running


@pytest.fixture
def stripe_client(server: Server) -> stripe.StripeClient:
    """The official Stripe client on the watched simulation."""
    return stripe.StripeClient("sk_test_law", base_addresses={"api": server.stripe_url}, max_network_retries=0)


@pytest.fixture
def site(server: Server, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The official Chargebee client on the watched simulation. It builds its host as `site.domain`, so 127.0.0.1 is given in two parts."""
    monkeypatch.setattr(chargebee.Chargebee, "verify_ca_certs", False)
    host, _, rest = server.chargebee_url.removeprefix("http://").partition(".")
    return chargebee.Chargebee(api_key="test_law", site=host, chargebee_domain=rest, protocol="http")
