"""What every HTTP engine promises, against a real socket: the same requests have the same outcomes on each."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from billbridge.errors import ConfigurationError, TransportError, TransportTimeoutError
from billbridge.flow import Request, Response
from billbridge.http.engine import tls_context
from billbridge.plugins.gateway import Route

from .driving import WAYS, Script, Sent, after_closing, drive, outcomes
from .wire import Wire, ok, wire

CERTIFICATES = Path(__file__).parent / "certificates"
GET = Request(method="GET", path="/x")

pytestmark = pytest.mark.parametrize("way", WAYS)


def sending(origin: str, request: Request = GET, timeout: float | None = 5, *, headers: Mapping[str, str] | None = None) -> Sent:
    return Route(base_url=origin, headers={"authorization": "Bearer s", **(headers or {})}), request, timeout


def test_the_request_goes_out_as_it_was_encoded(way: str) -> None:
    post = Request(method="POST", path="/a%2Fb", query="x=1%202&y=%5B", body=b"k=v", headers={"Version": "2", "extra": "e"})
    with wire(lambda request: ok()) as server:
        outcomes(way, sending(server.origin + "/base", post, headers={"version": "1"}))
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    line, *lines = head.split(b"\r\n")
    headers = {name.lower(): value for name, _, value in (each.partition(b": ") for each in lines)}
    assert line == b"POST /base/a%2Fb?x=1%202&y=%5B HTTP/1.1"
    assert (headers[b"authorization"], headers[b"version"], headers[b"extra"]) == (b"Bearer s", b"2", b"e")
    assert (headers[b"host"], headers[b"content-length"]) == (server.origin.removeprefix("http://").encode(), b"3")
    assert len(headers) == len(lines)
    assert body == b"k=v"


def test_a_get_has_no_body_and_a_post_without_one_says_so(way: str) -> None:
    with wire(lambda request: ok()) as server:
        outcomes(way, sending(server.origin), sending(server.origin, Request(method="POST", path="/x")))
    assert b"content-length" not in server.requests[0].lower()
    assert b"content-length: 0" in server.requests[1].lower()


def test_a_user_agent_of_the_route_wins(way: str) -> None:
    with wire(lambda request: ok()) as server:
        outcomes(way, sending(server.origin, headers={"User-Agent": "mine"}))
    assert server.requests[0].lower().count(b"user-agent") == 1
    assert b"mine" in server.requests[0]


def test_status_headers_and_body_come_back_whole(way: str) -> None:
    raw = b"HTTP/1.1 402 No\r\nRequest-Id: req_1\r\nLink: a\r\nLink: b\r\ncontent-length: 4\r\n\r\nbody"
    with wire(lambda request: raw) as server:
        response = outcomes(way, sending(server.origin))[0]
    assert (response.status, response.body) == (402, b"body")
    assert (response.headers["request-id"], response.headers["link"]) == ("req_1", "a, b")


def test_a_body_in_chunks_comes_back_whole(way: str) -> None:
    raw = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    with wire(lambda request: raw) as server:
        assert [each.body for each in outcomes(way, sending(server.origin), sending(server.origin))] == [b"abcde"] * 2
    assert server.connections == 1


def test_a_long_body_comes_back_whole(way: str) -> None:
    long = bytes(range(256)) * 8192
    with wire(lambda request: ok(long)) as server:
        assert outcomes(way, sending(server.origin))[0].body == long


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_packed_answer_is_unpacked(way: str, coding: str, pack: Any) -> None:
    with wire(lambda request: ok(pack(b'{"a": 1}'), b"content-encoding: " + coding.encode())) as server:
        assert outcomes(way, sending(server.origin))[0].body == b'{"a": 1}'
    assert coding.encode() in server.requests[0]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # httpx then leaves its own generators open on trio
def test_an_answer_that_cannot_be_unpacked_is_a_transport_error_that_arrived(way: str) -> None:
    with wire(lambda request: ok(b"not gzip", b"content-encoding: gzip")) as server:
        error = outcomes(way, sending(server.origin))[0]
    assert (type(error), error.sent, error.retryable) == (TransportError, True, True)


def test_no_redirect_is_followed(way: str) -> None:
    with wire(lambda request: ok()) as thief:
        raw = b"HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: " + thief.origin.encode() + b"\r\n\r\n"
        with wire(lambda request: raw) as server:
            assert outcomes(way, sending(server.origin))[0].status == 302
    assert thief.connections == 0


def test_a_connection_is_used_again(way: str) -> None:
    with wire(lambda request: ok()) as server:
        outcomes(way, *[sending(server.origin)] * 3)
    assert (len(server.requests), server.connections) == (3, 1)


def test_a_connection_that_the_vendor_closes_after_its_answer_is_not_used_again(way: str) -> None:
    with wire(lambda request: ok(b"{}", b"connection: close")) as server:
        assert [each.status for each in outcomes(way, *[sending(server.origin)] * 3)] == [200] * 3
    assert server.connections == 3


def test_a_connection_that_was_closed_while_nobody_used_it_costs_no_request(way: str) -> None:
    def script() -> Script:
        assert (yield sending(server.origin)).status == 200
        server.hang_up()
        time.sleep(0.05)
        assert (yield sending(server.origin)).status == 200

    with wire(lambda request: ok()) as server:
        drive(way, script())
    assert (len(server.requests), server.connections) == (2, 2)


def test_each_host_has_connections_of_its_own(way: str) -> None:
    with wire(lambda request: ok(b"1")) as one, wire(lambda request: ok(b"2")) as two:
        answers = outcomes(way, *[sending(one.origin), sending(two.origin)] * 2)
    assert [each.body for each in answers] == [b"1", b"2"] * 2
    assert (one.connections, two.connections) == (1, 1)


@pytest.mark.parametrize("answer", [None, ok(b"22")[:-1], b"HTTP/1.1 200 OK\r\nconte", b"nonsense\r\n\r\n"])
def test_an_answer_that_breaks_off_may_have_been_sent_and_spoils_nothing_after_it(way: str, answer: bytes | None) -> None:
    answers = iter([answer, ok(b"good")])

    def script() -> Script:
        error = yield sending(server.origin)
        assert (type(error), error.sent, error.retryable) == (TransportError, True, True)
        assert isinstance(error.__cause__, Exception)
        assert (yield sending(server.origin)).body == b"good"

    with wire(lambda request: next(answers), hangs_up_after=answer) as server:
        drive(way, script())
    assert server.connections == 2


def test_where_nobody_listens_nothing_was_sent(way: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        origin = f"http://127.0.0.1:{taken.getsockname()[1]}"
    error = outcomes(way, sending(origin))[0]
    assert (type(error), error.sent, error.retryable) == (TransportError, False, True)
    assert "could not be reached" in str(error)


def test_an_answer_that_comes_too_late_is_a_time_out_and_goes_to_nobody(way: str) -> None:
    def answering(request: bytes) -> bytes:
        if b"/slow" in request:
            time.sleep(0.4)
            return ok(b"late")
        return ok(b"own")

    def script() -> Script:
        error = yield sending(server.origin, Request(method="GET", path="/slow"), 0.15)
        assert (type(error), error.sent) == (TransportTimeoutError, True)
        time.sleep(0.4)
        assert (yield sending(server.origin)).body == b"own"

    with wire(answering) as server:
        drive(way, script())


def test_a_time_out_of_the_request_goes_before_the_calls(way: str) -> None:
    def answering(request: bytes) -> bytes:
        time.sleep(0.3)
        return ok()

    with wire(answering) as server:
        patient, hasty = Request(method="GET", path="/x", timeout=5), Request(method="GET", path="/x", timeout=0.1)
        found = outcomes(way, sending(server.origin, patient, 0.1), sending(server.origin, hasty, 5))
    assert [type(each) for each in found] == [Response, TransportTimeoutError]


def test_a_host_that_takes_no_connection_is_a_time_out_before_anything_was_sent(way: str) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as deaf:
        waiting = [socket.socket() for _ in range(4)]  # more than the backlog: the next one hangs
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(deaf.getsockname())
        error = outcomes(way, sending(f"http://127.0.0.1:{deaf.getsockname()[1]}", timeout=0.3))[0]
        for each in waiting:
            each.close()
    assert type(error) is TransportTimeoutError
    assert error.sent is way.startswith("fast")  # pyreqwest cannot tell when a call's time ran out, so it may have been sent


@pytest.fixture
def secure(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The process forgets its TLS context before and after."""
    tls_context.cache_clear()
    yield monkeypatch
    tls_context.cache_clear()


@pytest.fixture
def secure_server() -> Iterator[Wire]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem")
    with wire(lambda request: ok(b"secure"), tls=context) as server:
        yield server


def test_a_certificate_that_nobody_signed_is_refused_before_anything_is_sent(way: str, secure_server: Wire) -> None:
    error = outcomes(way, sending(secure_server.origin))[0]
    assert (type(error), error.sent) == (TransportError, False)
    assert secure_server.requests == []


def test_the_authority_that_ssl_cert_file_names_is_trusted(way: str, secure: pytest.MonkeyPatch, secure_server: Wire) -> None:
    secure.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
    assert outcomes(way, *[sending(secure_server.origin)] * 2)[1].body == b"secure"
    assert secure_server.connections == 1


def test_a_closed_engine_says_so(way: str) -> None:
    found = after_closing(way)
    assert isinstance(found, ConfigurationError)
    assert "closed" in str(found)


def test_no_cookie_is_kept(way: str) -> None:
    with wire(lambda request: ok(b"{}", b"set-cookie: session=1")) as server:
        outcomes(way, *[sending(server.origin)] * 2)
    assert len(server.requests) == 2
    assert b"cookie:" not in server.requests[1].lower()
