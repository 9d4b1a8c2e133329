"""The engine over an httpx client: the user's, with its hooks, auth, cookies and proxies, or one of ours if a proxy is configured.

It does not close the user's client.
"""

from __future__ import annotations

import logging
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from billbridge.errors import ConfigurationError, TransportError
from billbridge.flow import Request, Response
from billbridge.flow.route import Route
from billbridge.http.engine import CONNECT_SECONDS, READ_SECONDS, closed, phase_timeouts, tls_context, transport_failure, undecodable
from billbridge.toolkit.fork_safety import watch

if TYPE_CHECKING:
    import httpx


class ClientEngine:
    """An `HttpEngine` over an `httpx.Client`. Without one it makes its own, which uses the proxies of the environment."""

    def __init__(self, client: httpx.Client | None = None) -> None:
        import httpx

        check_kind(client, httpx.Client)
        _keep_queries_out_of_logs()
        self._mine = client is None
        self._client = client or self._made()
        watch(self)

    @staticmethod
    def _made() -> httpx.Client:
        import httpx

        return httpx.Client(**_ours(httpx))

    def start_afresh(self) -> None:
        """Make a new client in a forked process, because the connections belong to the parent. The user's own client stays as it is."""
        if self._mine and not self._client.is_closed:
            self._client = self._made()

    def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Send one request. `timeout` is in seconds; None means the time-out of the client."""
        import httpx

        if self._client.is_closed:
            raise closed()
        watch = _Watch(request, timeout)
        try:
            with self._client.stream(**_arguments(route, request, timeout, httpx)) as answer:
                return _response(answer, b"".join(watch.each(chunk) for chunk in answer.iter_bytes()))
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _failure(error, route, httpx) from error

    def close(self) -> None:
        """Close the client, unless it is the user's."""
        if self._mine:
            self._client.close()


class AsyncClientEngine:
    """An `AsyncHttpEngine` over an `httpx.AsyncClient`; see `ClientEngine`."""

    def __init__(self, client: httpx.AsyncClient | None = None) -> None:
        import httpx

        check_kind(client, httpx.AsyncClient)
        _keep_queries_out_of_logs()
        self._mine = client is None
        self._client = client or httpx.AsyncClient(**_ours(httpx))

    async def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Send one request. `timeout` is in seconds; None means the time-out of the client."""
        import httpx

        if self._client.is_closed:
            raise closed()
        watch = _Watch(request, timeout)
        try:
            async with self._client.stream(**_arguments(route, request, timeout, httpx)) as answer:
                return _response(answer, b"".join([watch.each(chunk) async for chunk in answer.aiter_bytes()]))
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _failure(error, route, httpx) from error

    async def close(self) -> None:
        """Close the client, unless it is the user's."""
        if self._mine:
            await self._client.aclose()


def _ours(httpx: Any) -> dict[str, Any]:
    """Return the arguments of our own httpx client. It keeps no cookies, like the other engines."""
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    return {
        "verify": tls_context(),
        "timeout": httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        "cookies": CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    }


def check_kind(client: object, kind: type) -> None:
    """Raise `ConfigurationError` if `client` is not of this class of httpx. None is allowed."""
    if client is not None and not isinstance(client, kind):
        raise ConfigurationError(
            f"http= must be an httpx.{kind.__name__} here, not {type(client).__name__}",
            param="http",
            hint="Billing takes an httpx.Client, AsyncBilling an httpx.AsyncClient; both take 'fast'",
        )


class _NoQueries(logging.Filter):
    """Removes the query from the URLs that httpx logs. It can hold personal data, such as the e-mail address of a filter."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_without_query(argument) for argument in record.args)
        return True


def _without_query(argument: object) -> object:
    query = getattr(argument, "query", None)
    return str(argument).partition("?")[0] if query else argument


@cache
def _keep_queries_out_of_logs() -> None:
    logging.getLogger("httpx").addFilter(_NoQueries())


def _arguments(route: Route, request: Request, timeout: float | None, httpx: Any) -> dict[str, Any]:
    query = f"?{request.query}" if request.query else ""
    headers = httpx.Headers(dict(route.headers))
    headers.update(dict(request.headers))  # a header of the request replaces that of the route, whatever the case of its name
    arguments: dict[str, Any] = {
        "method": request.method,
        "url": f"{route.base_url}{request.path}{query}",
        "headers": headers,
        "content": request.body,
        "follow_redirects": False,
    }
    limits = phase_timeouts(request, timeout)
    if limits is not None:
        arguments["timeout"] = httpx.Timeout(limits[1], connect=limits[0])
    return arguments


class _Watch:
    """A time-out for a whole request, if the caller set one. The time-outs of httpx are for one read.

    The check runs for each part of a slow body. Before the headers arrive, there is nothing to check in an httpx client.
    """

    def __init__(self, request: Request, timeout: float | None) -> None:
        limits = phase_timeouts(request, timeout)
        self._ends = None if limits is None else time.monotonic() + limits[1]

    def each(self, chunk: bytes) -> bytes:
        """Return the chunk. Raises `httpx.ReadTimeout` if it came too late."""
        if self._ends is not None and time.monotonic() > self._ends:
            import httpx

            raise httpx.ReadTimeout("")
        return chunk


def _response(answer: httpx.Response, body: bytes) -> Response:
    return Response(status=answer.status_code, headers={name.lower(): value for name, value in answer.headers.items()}, body=body)


def _failure(error: Exception, route: Route, httpx: Any) -> TransportError:
    if isinstance(error, httpx.DecodingError):
        return undecodable(route)
    return transport_failure(route, type(error).__name__, late=isinstance(error, httpx.TimeoutException))
