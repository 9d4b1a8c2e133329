"""The simulation as a whole: vendors by prefix, one clock, threads, and HTTP on loopback."""

from __future__ import annotations

import http.client
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from billbridge_sandbox.faults import Fault
from billbridge_sandbox.kernel.clock import Clock
from billbridge_sandbox.kernel.http import Answer, Call, json_answer
from billbridge_sandbox.kernel.ids import Ids
from billbridge_sandbox.simulation import Simulation

START = datetime(2026, 1, 1, tzinfo=UTC)


class Echo:
    """A third party's vendor: answers what it was asked."""

    prefix = "/echo/"

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self.calls: list[Call] = []
        self._clock = clock

    def handle(self, call: Call) -> Answer:
        self.calls.append(call)
        if call.path == "/echo/slow":
            before = len(self.calls)
            time.sleep(0.01)
            assert len(self.calls) == before
        return json_answer(299, {"path": call.path, "now": self._clock.timestamp}, {"x-echo": call.headers.get("x-sent", "")})


def echo(simulation: Simulation) -> Echo:
    (vendor,) = simulation.vendors
    assert isinstance(vendor, Echo)
    return vendor


def test_a_call_reaches_the_vendor_of_its_prefix_undamaged() -> None:
    simulation = Simulation(START, vendors=[Echo])
    simulation.handle("post", "/echo/a%2Fb?x=1&x=%26&y=", {"X-Sent": "Ü"}, b"body")
    (call,) = echo(simulation).calls
    assert call == Call("POST", "/echo/a%2Fb", [("x", "1"), ("x", "&"), ("y", "")], {"x-sent": "Ü"}, b"body")


def test_a_path_of_no_vendor_is_404() -> None:
    assert Simulation(START, vendors=[Echo]).handle("GET", "/other", {}).status == 404


def test_headers_bodies_and_queries_stay_out_of_reprs() -> None:
    shown = repr(Call("GET", "/p", [("email", "ada@example.com")], {"authorization": "secret"}, b"secret"))
    assert shown == "Call(method='GET', path='/p')"


def test_the_default_start_is_the_present_and_both_vendors_are_there() -> None:
    simulation = Simulation()
    assert abs(simulation.now - datetime.now(UTC)) < timedelta(seconds=10)
    assert [vendor.prefix for vendor in simulation.vendors] == ["/v1/", "/api/v2/"]


def test_the_clock_is_moved_by_amounts_or_to_a_time() -> None:
    simulation = Simulation(START, vendors=[])
    simulation.advance(days=1, hours=2, minutes=3, seconds=4)
    assert simulation.now == START + timedelta(days=1, hours=2, minutes=3, seconds=4)
    simulation.advance(to=START + timedelta(days=5))
    assert simulation.now == START + timedelta(days=5)
    with pytest.raises(ValueError, match="cannot go back"):
        simulation.advance(days=-1)


def test_calls_from_several_threads_take_turns() -> None:
    simulation = Simulation(START, vendors=[Echo])
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: simulation.handle("GET", "/echo/slow", {}), range(8)))
    assert [answer.status for answer in answers] == [299] * 8


def test_http_keeps_raw_paths_headers_and_statuses_and_leaves_no_thread() -> None:
    simulation = Simulation(START, vendors=[Echo])
    before = threading.active_count()
    with simulation.serve() as server:
        assert server.stripe_url == server.chargebee_url
        origin = urlsplit(server.stripe_url)
        assert (origin.scheme, origin.hostname, origin.path) == ("http", "127.0.0.1", "")
        assert origin.port is not None
        connection = http.client.HTTPConnection("127.0.0.1", origin.port)
        for method in ("GET", "POST", "DELETE", "PATCH"):
            connection.request(method, "/echo/a%2Fb%20c?x=%20y", b"body", {"X-Sent": method})
            answer = connection.getresponse()
            assert (answer.status, answer.headers["x-echo"]) == (299, method)
            assert answer.read().startswith(b'{"path":"/echo/a%2Fb%20c"')
        connection.close()
    assert [call.query for call in echo(simulation).calls] == [[("x", " y")]] * 4
    assert [call.body for call in echo(simulation).calls] == [b"body"] * 4
    assert threading.active_count() == before


def test_the_clock_moves_under_a_running_server() -> None:
    simulation = Simulation(START, vendors=[Echo])
    with simulation.serve() as server:
        simulation.advance(days=1)
        connection = http.client.HTTPConnection(urlsplit(server.stripe_url).netloc)
        connection.request("GET", "/echo/now")
        assert str(int((START + timedelta(days=1)).timestamp())).encode() in connection.getresponse().read()
        connection.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.1", "example.com", ""])
def test_any_host_but_loopback_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="loopback only"), Simulation(START, vendors=[]).serve(host):
        raise AssertionError("it listened")


def test_a_taken_port_is_an_error() -> None:
    simulation = Simulation(START, vendors=[])
    with simulation.serve() as server:
        port = urlsplit(server.stripe_url).port
        assert port is not None
        with (
            pytest.raises(OSError, match=f"port {port} of 127.0.0.1 is in use; pass another port, or 0 for a free one"),
            simulation.serve(port=port),
        ):
            raise AssertionError("it listened")


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda simulation: simulation.advance(days="31"), "must be numbers"),
        (lambda simulation: simulation.advance(days=10**9), "after the year 9999"),
        (lambda simulation: simulation.advance(to="2026-03-03"), "must be a datetime, not str"),
        (lambda simulation: simulation.faults.next("drop_before"), r"one of Fault\.DROP_BEFORE"),
        (lambda simulation: simulation.faults.next(Fault.DROP_AFTER, times=None), "times must be a number, not NoneType"),
        (lambda simulation: simulation.faults.random(seed=1, probability="1"), "probability must be a number, not str"),
        (lambda simulation: simulation.serve(port="80").__enter__(), "port must be an int"),
        (lambda simulation: Simulation("2026-01-31"), "must be a datetime, not str"),  # type: ignore[arg-type]  # as a user may
    ],
)
def test_a_value_of_a_wrong_type_is_a_value_error_that_says_what_fits(call: Any, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        call(Simulation())
