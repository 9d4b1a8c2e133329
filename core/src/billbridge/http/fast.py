"""The engine of `http="fast"`, over pyreqwest (reqwest, hyper and rustls, written in Rust). Install it with `billbridge[fast]`.

It differs from the other engines in four ways:
- A time-out counts from connecting to the end of the answer, not for each phase.
- It trusts the certificates of the operating system, not those of certifi. All engines read SSL_CERT_FILE and SSL_CERT_DIR.
- It works on asyncio, not on trio.
- A client cannot be used after a fork. It raises `ConfigurationError` there, because it would hang.

Like the other engines, it uses the proxies that the environment names.
"""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Final, TypeVar

from pyreqwest.client import BaseClientBuilder, ClientBuilder, SyncClientBuilder
from pyreqwest.exceptions import BodyDecodeError, DetailedPyreqwestError, RequestError, RequestTimeoutError
from pyreqwest.http import HeaderMap
from pyreqwest.request import BaseRequestBuilder

from billbridge.errors import ConfigurationError, TransportError
from billbridge.flow import Request, Response
from billbridge.flow.route import Route
from billbridge.http.engine import (
    CONNECT_SECONDS,
    CONNECTIONS,
    IDLE_SECONDS,
    READ_SECONDS,
    closed,
    lower_names,
    phase_timeouts,
    transport_failure,
    undecodable,
)

_UNSENT: Final = "client error (Connect)"
"""The text of hyper for a request that never had a connection. Every other failure counts as sent, so a write has an unknown outcome.

The class of the error does not tell, because pyreqwest 0.15 raises ConnectError and ConnectTimeoutError for lost answers too.
"""
_CUT_OFF: Final = "error reading a body from connection"
_SETTLING: Final = 0.05
"""Seconds to sleep at the end of the program, so that the threads of Rust finish.

CPython 3.11 aborts if such a thread asks for the interpreter while it ends (PyO3/pyo3-async-runtimes issue 40). Without the sleep, one
asyncio program in five aborted; with it, none of forty.
"""

A = TypeVar("A", bound=BaseClientBuilder)
B = TypeVar("B", bound=BaseRequestBuilder)


class FastEngine:
    """An `HttpEngine` over pyreqwest."""

    def __init__(self) -> None:
        self._life = _Life()
        self._client = _configured(SyncClientBuilder()).build()

    def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Send one request. `timeout` is in seconds for all of it. None means 10 to connect and 80 between two parts of the answer."""
        self._life.check()
        started = self._client.request(request.method, _url(route, request))
        try:
            answer = _filled(started, route, request, timeout).build().send()
            return Response(status=answer.status, headers=_Headers(answer.headers), body=bytes(answer.bytes()))
        except RequestError as error:
            failure = _failure(error, route)
        raise failure  # outside of `except`, because the library's text holds the URL with its query

    def close(self) -> None:
        """Close the connections."""
        self._life.closed = True
        self._client.close()


class AsyncFastEngine:
    """An `AsyncHttpEngine` over pyreqwest, for asyncio only."""

    def __init__(self) -> None:
        self._life = _Life()
        self._client = _configured(ClientBuilder()).build()
        _settle_at_exit()

    async def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Send one request; see `FastEngine.send`. Raises `ConfigurationError` on trio."""
        self._life.check()
        _check_loop()
        started = self._client.request(request.method, _url(route, request))
        try:
            answer = await _filled(started, route, request, timeout).build().send()
            return Response(status=answer.status, headers=_Headers(answer.headers), body=bytes(await answer.bytes()))
        except RequestError as error:
            failure = _failure(error, route)
        raise failure  # outside of `except`, as above

    async def close(self) -> None:
        """Close the connections."""
        self._life.closed = True
        _check_loop()
        await self._client.close()


class _Life:
    """Refuses a client that was closed, or that was made before a fork."""

    def __init__(self) -> None:
        self.closed = False
        self._process = os.getpid()

    def check(self) -> None:
        if self.closed:
            raise closed()
        if os.getpid() != self._process:
            raise ConfigurationError(
                "a client with http='fast' cannot be used in a forked process",
                param="http",
                hint="make a client in each process, after the fork",
            )


def _configured(builder: A) -> A:
    return (
        builder.follow_redirects(False)
        .referer(False)
        .user_agent("billbridge")
        .connect_timeout(timedelta(seconds=CONNECT_SECONDS))
        .read_timeout(timedelta(seconds=READ_SECONDS))
        .pool_timeout(timedelta(seconds=READ_SECONDS))
        .pool_idle_timeout(timedelta(seconds=IDLE_SECONDS))
        .max_connections(CONNECTIONS)
    )


def _url(route: Route, request: Request) -> str:
    url = f"{route.base_url}{request.path}"
    return f"{url}?{request.query}" if request.query else url


def _filled(builder: B, route: Route, request: Request, timeout: float | None) -> B:
    builder = builder.headers(lower_names(route.headers) | lower_names(request.headers) if request.headers else dict(route.headers))
    if request.body is not None:
        builder = builder.body_bytes(request.body)
    elif request.method in ("POST", "PUT", "PATCH"):
        builder = builder.header("content-length", "0")
    limits = phase_timeouts(request, timeout)
    return builder if limits is None else builder.timeout(timedelta(seconds=limits[1]))


class _Headers(Mapping[str, str]):
    """The headers of an answer, each converted when it is read. Converting all takes nine microseconds, and most calls read one or none."""

    def __init__(self, sent: HeaderMap) -> None:
        self._sent = sent

    def __getitem__(self, name: str) -> str:
        try:
            values = self._sent.getall(name)
        except (ValueError, TypeError):  # the value is not text, or the name is not valid
            values = []
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    def __iter__(self) -> Iterator[str]:
        return (name for name in dict.fromkeys(self._sent) if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __reduce__(self) -> tuple[type[dict[str, str]], tuple[dict[str, str]]]:
        return dict, (dict(self),)


def _failure(error: DetailedPyreqwestError, route: Route) -> TransportError:
    """Return the error for a failure of the library. Its cause holds the library's reasons, except the one that names the URL."""
    reasons = [cause["message"] for cause in error.details["causes"] or () if " for url " not in cause["message"]]
    late = isinstance(error, RequestTimeoutError)
    if isinstance(error, BodyDecodeError) and _CUT_OFF not in reasons:
        failure = undecodable(route)
    elif _UNSENT in reasons:
        failure = transport_failure(route, "ConnectTimeout" if late else "ConnectError", late=late)
    else:
        failure = transport_failure(route, "ReadTimeout" if late else "ReadError", late=late)
    failure.__cause__ = ConnectionError(": ".join(reasons) or type(error).__name__)
    return failure


def _check_loop() -> None:
    import asyncio  # imported here: the blocking engine does not need it

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise ConfigurationError("http='fast' works on asyncio only", param="http", hint="leave http= out on trio") from None


@cache
def _settle_at_exit() -> None:
    atexit.register(time.sleep, _SETTLING)
