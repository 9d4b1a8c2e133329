"""Performs flows: the only module that knows httpx (imported when the first client needs it). Two surfaces, one loop each.

A runner answers each effect of a flow: it sends requests, waits, and says what the caller wants. Every failure, cancellation
included, is thrown into the flow, and the flow is always closed. Decides nothing about retries or errors of vendors.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Awaitable, Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from billbridge.errors import ConfigurationError, TransportError, TransportTimeoutError
from billbridge.flow import Effect, Flow, Pause, Request, Response
from billbridge.limits import Limiter
from billbridge.route import Route

if TYPE_CHECKING:
    import ssl

    import httpx

T = TypeVar("T")

CONNECT_SECONDS = 10.0
READ_SECONDS = 80.0
"""A vendor that taxes, charges and mails in one request can take tens of seconds."""


def run(flow: Flow[T], perform: Callable[[Effect], Any]) -> T:
    """Runs a flow to its end on this thread; `perform` answers one effect."""
    try:
        effect = next(flow)
        while True:
            try:
                answer = perform(effect)
            except BaseException as failure:
                effect = flow.throw(failure)
            else:
                effect = flow.send(answer)
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        flow.close()


async def run_async(flow: Flow[T], perform: Callable[[Effect], Awaitable[Any]]) -> T:
    """Runs a flow to its end on this task; a cancellation is thrown into the flow like any failure."""
    try:
        effect = next(flow)
        while True:
            try:
                answer = await perform(effect)
            except BaseException as failure:
                effect = flow.throw(failure)
            else:
                effect = flow.send(answer)
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        flow.close()


def wait(effect: Pause) -> None:
    """Sleeps for a time drawn between the effect's bounds."""
    time.sleep(_drawn(effect))


async def wait_async(effect: Pause) -> None:
    """The same on asyncio or trio."""
    import anyio

    await anyio.sleep(_drawn(effect))


async def let_others_run() -> None:
    """Gives other tasks their turn, and a cancellation its chance, where an answer needs no waiting."""
    import anyio.lowlevel

    await anyio.lowlevel.checkpoint()


async def admitted(limiter: Limiter) -> float:
    """Asks the limiter, in a thread if it waits for a disk."""
    if not limiter.waits_on_disk:
        return limiter.admit()
    import anyio

    return await anyio.to_thread.run_sync(limiter.admit)


class HttpEngine:
    """Sends requests with an `httpx.Client`, its own or the user's. Follows no redirect: credentials would travel along."""

    def __init__(self, client: httpx.Client | None = None) -> None:
        import httpx

        _check_kind(client, httpx.Client)
        _keep_queries_out_of_logs()
        self._mine = client is None
        self._client = client or httpx.Client(verify=_tls(), timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS))

    def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Sends one request. `timeout` is in seconds, None for the client's own. Raises `TransportError`."""
        import httpx

        _check_open(self._client)
        try:
            answer = self._client.request(**_arguments(route, request, timeout, httpx))
        except httpx.TransportError as error:
            raise _transport_error(error, route, httpx) from error
        except httpx.DecodingError as error:
            raise _garbled(route) from error
        return _response(answer)

    def close(self) -> None:
        """Closes the client, unless the user brought it."""
        if self._mine:
            self._client.close()


class AsyncHttpEngine:
    """The same with an `httpx.AsyncClient`."""

    def __init__(self, client: httpx.AsyncClient | None = None) -> None:
        import httpx

        _check_kind(client, httpx.AsyncClient)
        _keep_queries_out_of_logs()
        self._mine = client is None
        self._client = client or httpx.AsyncClient(verify=_tls(), timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS))

    async def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Sends one request. `timeout` is in seconds, None for the client's own. Raises `TransportError`."""
        import httpx

        _check_open(self._client)
        try:
            answer = await self._client.request(**_arguments(route, request, timeout, httpx))
        except httpx.TransportError as error:
            raise _transport_error(error, route, httpx) from error
        except httpx.DecodingError as error:
            raise _garbled(route) from error
        return _response(answer)

    async def close(self) -> None:
        """Closes the client, unless the user brought it."""
        if self._mine:
            await self._client.aclose()


class _NoQueries(logging.Filter):
    """Cuts the query off the URLs that httpx logs: a filter such as an e-mail address is in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_without_query(argument) for argument in record.args)
        return True


def _without_query(argument: object) -> object:
    query = getattr(argument, "query", None)
    return str(argument).partition("?")[0] if query else argument


@cache
def _tls() -> ssl.SSLContext:
    """One TLS context for the process: reading the certificates takes 20 to 40 ms."""
    import httpx

    return httpx.create_ssl_context()


@cache
def _keep_queries_out_of_logs() -> None:
    logging.getLogger("httpx").addFilter(_NoQueries())


def _check_kind(client: object, kind: type) -> None:
    if client is not None and not isinstance(client, kind):
        raise ConfigurationError(f"http= must be an httpx.{kind.__name__} here, not {type(client).__name__}", param="http")


def _check_open(client: httpx.Client | httpx.AsyncClient) -> None:
    if client.is_closed:
        raise ConfigurationError("the HTTP client is closed", param="http", hint="keep your own client open as long as this one is used")


def _arguments(route: Route, request: Request, timeout: float | None, httpx: Any) -> dict[str, Any]:
    query = f"?{request.query}" if request.query else ""
    arguments: dict[str, Any] = {
        "method": request.method,
        "url": f"{route.base_url}{request.path}{query}",
        "headers": {**route.headers, **request.headers},
        "content": request.body,
        "follow_redirects": False,
    }
    seconds = request.timeout if request.timeout is not None else timeout
    if seconds is not None:
        arguments["timeout"] = httpx.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS))
    return arguments


def _response(answer: httpx.Response) -> Response:
    return Response(status=answer.status_code, headers={name.lower(): value for name, value in answer.headers.items()}, body=answer.content)


def _transport_error(error: httpx.TransportError, route: Route, httpx: Any) -> TransportError:
    """Says what failed without the library's text, which can name URLs; the library's error is the cause."""
    unsent = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError))
    kind = TransportTimeoutError if isinstance(error, httpx.TimeoutException) else TransportError
    what = "could not be reached" if unsent else "did not answer in time" if kind is TransportTimeoutError else "broke off the connection"
    failure = kind(f"{route.base_url} {what} ({type(error).__name__})", retryable=True)
    failure.sent = not unsent
    return failure


def _garbled(route: Route) -> TransportError:
    failure = TransportError(f"the answer of {route.base_url} could not be unpacked", retryable=True)
    failure.sent = True
    return failure


def _drawn(effect: Pause) -> float:
    return random.uniform(effect.low, effect.high)  # noqa: S311  # spreads retries; no secret depends on it
