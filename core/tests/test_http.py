"""The engine over an httpx client, with httpx's own mock transport: what is sent, and what each failure becomes.

What all engines have in common is in `test_engines`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from billbridge import AsyncBilling, Billing
from billbridge.errors import ConfigurationError, OutcomeUnknownError, TransportError, TransportTimeoutError
from billbridge.flow import Request, Response
from billbridge.http.httpx_client import AsyncClientEngine, ClientEngine
from billbridge.plugins.gateway import Route
from billbridge.plugins.provider import Provider

ROUTE = Route(base_url="https://toy.invalid", headers={"authorization": "Bearer s", "version": "1"})
POST = Request(method="POST", path="/a%2Fb", query="x=1%202", body=b"k=v", headers={"version": "2", "extra": "e"})

Handler = Callable[[httpx.Request], httpx.Response]


def send(handler: Handler, request: Request = POST, timeout: float | None = None) -> list[Any]:
    """What the blocking and the async engine give (a response or the exception), checked to be alike."""
    results: list[Any] = []
    with httpx.Client(transport=httpx.MockTransport(handler)) as client:
        try:
            results.append(ClientEngine(client).send(ROUTE, request, timeout))
        except TransportError as error:
            results.append(error)

    async def main() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as client:
            try:
                results.append(await AsyncClientEngine(client).send(ROUTE, request, timeout))
            except TransportError as error:
                results.append(error)

    asyncio.run(main())
    assert [(type(r), str(r), getattr(r, "sent", None)) for r in results[:1]] == [
        (type(r), str(r), getattr(r, "sent", None)) for r in results[1:]
    ]
    return results


def test_the_request_is_sent_as_it_was_encoded_and_the_answer_comes_back_whole() -> None:
    seen: list[httpx.Request] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(402, headers={"Request-Id": "req_1"}, content=b"body")

    response = send(handler)[0]
    assert isinstance(response, Response)
    assert (response.status, response.body, response.headers["request-id"]) == (402, b"body", "req_1")
    for request in seen:
        assert str(request.url) == "https://toy.invalid/a%2Fb?x=1%202"
        assert request.content == b"k=v"
        assert (request.headers["version"], request.headers["extra"], request.headers["authorization"]) == ("2", "e", "Bearer s")


def test_a_get_has_no_body() -> None:
    """Case 19."""

    def handler(request: httpx.Request) -> httpx.Response:
        assert request.content == b""
        assert "content-type" not in request.headers
        return httpx.Response(200)

    assert send(handler, Request(method="GET", path="/"))[0].status == 200


def test_no_redirect_is_followed() -> None:
    calls: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        calls.append(str(request.url))
        return httpx.Response(302, headers={"location": "https://thief.invalid/"})

    assert send(handler)[0].status == 302
    assert calls == ["https://toy.invalid/a%2Fb?x=1%202"] * 2


@pytest.mark.parametrize(
    ("failure", "kind", "sent"),
    [
        (httpx.ConnectError("https://secret"), TransportError, False),
        (httpx.ConnectTimeout("x"), TransportTimeoutError, False),
        (httpx.PoolTimeout("x"), TransportTimeoutError, False),
        (httpx.ProxyError("x"), TransportError, False),
        (httpx.ReadTimeout("x"), TransportTimeoutError, True),
        (httpx.WriteTimeout("x"), TransportTimeoutError, True),
        (httpx.ReadError("x"), TransportError, True),
        (httpx.WriteError("x"), TransportError, True),
        (httpx.RemoteProtocolError("x"), TransportError, True),
    ],
)
def test_a_failure_says_whether_the_request_may_have_arrived(failure: Exception, kind: Any, sent: bool) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise failure

    error: Any = send(handler)[0]
    assert type(error) is kind
    assert error.sent is sent
    assert error.retryable
    assert error.__cause__ is not None
    assert "secret" not in str(error)


def test_an_answer_that_cannot_be_unpacked_is_a_transport_error() -> None:
    error = send(lambda request: httpx.Response(200, headers={"content-encoding": "gzip"}, content=b"not gzip"))[0]
    assert isinstance(error, TransportError)
    assert error.sent


def test_timeouts_are_the_requests_then_the_calls_then_the_clients() -> None:
    seen: list[Any] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"])
        return httpx.Response(200)

    send(handler, timeout=3)
    send(handler, Request(method="GET", path="/", timeout=60), timeout=3)
    assert {t["read"] for t in seen[:2]} == {3}
    assert {t["connect"] for t in seen[:2]} == {3}
    assert {(t["read"], t["connect"]) for t in seen[2:]} == {(60, 10.0)}


def test_a_client_of_your_own_is_used_and_not_closed(toy: Provider) -> None:
    with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200))) as http:
        with Billing(toy, http=http) as billing:
            assert billing.customers.get("c1").id == "c1"
        assert not http.is_closed


def test_a_client_of_the_wrong_kind_is_refused(toy: Provider) -> None:
    with httpx.Client() as http, pytest.raises(ConfigurationError, match=r"httpx\.AsyncClient here, not Client"):
        AsyncBilling(toy, http=http)  # type: ignore[arg-type]  # that is what is tested
    with pytest.raises(ConfigurationError, match=r"httpx\.Client here, not str"):
        Billing(toy, http="proxy")  # type: ignore[arg-type]  # that is what is tested


def test_a_write_without_an_answer_is_an_unknown_outcome_over_http(toy: Provider) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("x")

    with httpx.Client(transport=httpx.MockTransport(handler)) as http, pytest.raises(OutcomeUnknownError) as caught:
        Billing(toy, http=http).with_options(idempotency_key="k").customers.create(email="ada@example.com")
    assert caught.value.idempotency_key == "k"
    assert "ada" not in str(caught.value)


def test_httpx_logs_no_query_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    send(lambda request: httpx.Response(200), Request(method="GET", path="/customers", query="email=ada%40example.com"))
    lines = [record.getMessage() for record in caplog.records if record.name == "httpx"]
    assert lines == ['HTTP Request: GET https://toy.invalid/customers "HTTP/1.1 200 OK"'] * 2
    assert "ada" not in caplog.text
