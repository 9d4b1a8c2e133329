"""What each fault looks like on the wire, seen by a client that knows nothing of Billbridge."""

from __future__ import annotations

import logging
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from billbridge_sandbox import Fault, Sandbox
from billbridge_sandbox.kernel.clock import Clock
from billbridge_sandbox.kernel.http import Answer, Call, json_answer
from billbridge_sandbox.kernel.ids import Ids
from billbridge_sandbox.simulation import Simulation

ADA = {"email": "ada@example.com"}


class Counter:
    """A vendor that counts its calls."""

    prefix = "/count"

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self.calls = 0

    def handle(self, call: Call) -> Answer:
        self.calls += 1
        return json_answer(200, {"calls": self.calls, "filling": "x" * 200}, {"x-own": "yes"})


class Wire:
    """A client, and the vendor whose calls it counts."""

    def __init__(self, simulation: Simulation, client: httpx.Client) -> None:
        self.faults = simulation.faults
        self.client = client
        (vendor,) = simulation.vendors
        assert isinstance(vendor, Counter)
        self.vendor = vendor

    def post(self, **more: float) -> httpx.Response:
        return self.client.post("/count", **more)  # type: ignore[arg-type]  # only ever timeout=


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    records = [record for phase in ("setup", "call", "teardown") for record in caplog.get_records(phase)]
    return [record.getMessage() for record in records if record.levelno >= logging.WARNING]


@pytest.fixture
def wire(caplog: pytest.LogCaptureFixture) -> Iterator[Wire]:
    """The server must neither log a complaint nor leave a thread, whatever is injected."""
    simulation = Simulation(vendors=[Counter])
    before = threading.active_count()
    with simulation.serve() as server, httpx.Client(base_url=server.stripe_url, timeout=5, trust_env=False) as client:
        yield Wire(simulation, client)
    assert complaints(caplog) == []
    assert threading.active_count() == before


@pytest.mark.parametrize(("fault", "calls"), [(Fault.DROP_BEFORE, 0), (Fault.DROP_AFTER, 1)])
def test_a_dropped_answer_is_a_closed_connection_without_a_byte(wire: Wire, fault: Fault, calls: int) -> None:
    wire.faults.next(fault)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        wire.post()
    assert wire.vendor.calls == calls
    assert wire.post().status_code == 200


def test_a_connection_that_served_before_can_be_dropped_too(wire: Wire) -> None:
    wire.post()
    wire.faults.next(Fault.DROP_AFTER)
    with pytest.raises(httpx.RemoteProtocolError):
        wire.post()
    assert wire.vendor.calls == 2


def test_a_late_answer_is_whole(wire: Wire) -> None:
    wire.faults.next(Fault.DELAY, seconds=0.3)
    started = time.perf_counter()
    answer = wire.post()
    assert time.perf_counter() - started >= 0.3
    assert (answer.json()["calls"], answer.headers["x-own"]) == (1, "yes")


def test_a_client_that_does_not_wait_times_out_and_the_effect_stays(wire: Wire) -> None:
    wire.faults.next(Fault.DELAY, seconds=30)
    with pytest.raises(httpx.ReadTimeout):
        wire.post(timeout=0.1)
    assert wire.post().json()["calls"] == 2


def test_slow_bytes_trickle(wire: Wire) -> None:
    wire.faults.next(Fault.SLOW, seconds=0.4)
    with wire.client.stream("POST", "/count") as answer:
        times = [time.perf_counter() for _ in answer.iter_raw()]
    assert len(times) >= 5
    assert times[-1] - times[0] >= 0.2
    wire.faults.next(Fault.SLOW, seconds=0.2)
    assert wire.post().json()["calls"] == 2


def test_a_client_may_hang_up_on_a_slow_answer(wire: Wire) -> None:
    wire.faults.next(Fault.SLOW, seconds=60)
    with wire.client.stream("POST", "/count") as answer:
        assert next(answer.iter_raw())
    assert wire.post().status_code == 200


@pytest.mark.parametrize("fault", [Fault.DELAY, Fault.SLOW])
def test_the_end_of_the_server_does_not_wait_for_a_late_or_slow_answer(fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    simulation = Simulation(vendors=[Counter])
    simulation.faults.next(fault, seconds=60)
    failures: list[Exception] = []

    def ask(url: str) -> None:
        try:
            httpx.post(url, timeout=20, trust_env=False)
        except httpx.TransportError as error:
            failures.append(error)

    with simulation.serve() as server:
        client = threading.Thread(target=ask, args=(f"{server.stripe_url}/count",))
        client.start()
        while not simulation.faults.log:
            time.sleep(0.01)
        started = time.perf_counter()
    client.join(timeout=10)
    assert time.perf_counter() - started < 5
    assert [type(error) for error in failures] == [httpx.RemoteProtocolError]
    assert complaints(caplog) == []


def test_a_rate_limit_comes_before_the_effect_with_advice(wire: Wire) -> None:
    wire.faults.next(Fault.RATE_LIMITED, retry_after=7)
    wire.faults.next(Fault.RATE_LIMITED, retry_after=None)
    answers = [wire.post(), wire.post()]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert [answer.headers.get("retry-after") for answer in answers] == ["7", None]
    assert wire.vendor.calls == 0


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize(("fault", "calls"), [(Fault.UNAVAILABLE, 0), (Fault.UNAVAILABLE_AFTER, 1)])
def test_a_failing_vendor_answers_html_before_or_after_the_effect(wire: Wire, fault: Fault, calls: int, status: int) -> None:
    wire.faults.next(fault, status=status)
    answer = wire.post()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert answer.text.startswith("<html>")
    assert wire.vendor.calls == calls


def test_a_truncated_body_is_no_json_and_the_effect_stays(wire: Wire) -> None:
    wire.faults.next(Fault.TRUNCATED)
    answer = wire.post()
    assert (answer.status_code, answer.headers["x-own"], answer.headers["x-sandbox-fault"]) == (200, "yes", "truncated")
    with pytest.raises(ValueError, match="Unterminated"):
        answer.json()
    assert wire.vendor.calls == 1


def test_a_duplicate_reaches_the_vendor_twice_and_is_answered_once(wire: Wire) -> None:
    wire.faults.next(Fault.DUPLICATE)
    assert wire.post().json()["calls"] == 2
    assert wire.post().json()["calls"] == 3


def test_answers_of_the_vendor_carry_no_mark(wire: Wire) -> None:
    wire.faults.next(Fault.DUPLICATE)
    wire.faults.next(Fault.SLOW, seconds=0.05)
    wire.faults.next(Fault.DELAY, seconds=0.05)
    assert ["x-sandbox-fault" in wire.post().headers for _ in range(4)] == [False] * 4


def test_the_vendors_own_rate_limits() -> None:
    sandbox = Sandbox()
    with sandbox.serve() as server, httpx.Client(base_url=server.stripe_url, trust_env=False) as client:
        sandbox.faults.next(Fault.RATE_LIMITED, times=2)
        stripe = client.post("/v1/customers", data=ADA, headers={"authorization": "Bearer sk_test_x"})
        basic = b64encode(b"test_x:").decode()
        chargebee = client.post("/api/v2/customers", data=ADA, headers={"authorization": f"Basic {basic}"})
        assert urlsplit(server.chargebee_url) == urlsplit(server.stripe_url)
    assert stripe.status_code == chargebee.status_code == 429
    assert (stripe.json()["error"]["type"], stripe.json()["error"]["code"]) == ("invalid_request_error", "rate_limit")
    assert (chargebee.json()["type"], chargebee.json()["api_error_code"]) == ("operation_failed", "api_request_limit_exceeded")
    assert chargebee.json()["http_status_code"] == 429
