"""Sends with pyreqwest (reqwest, hyper and rustls, written in Rust): what `http="fast"` uses, installed by `billbridge[fast]`.

Where it differs from the other engines: a call's time-out counts from connecting to the end of the answer, not per phase; the operating
system's certificates are trusted, not certifi's (SSL_CERT_FILE and SSL_CERT_DIR count on all); on asyncio only, not on trio; and a client
does not survive a fork, which is refused instead of hanging. Proxies of the environment are taken, as everywhere.
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
"""How hyper says that it never had a connection. pyreqwest 0.15 raises its ConnectError and ConnectTimeoutError for lost answers too, so
their class decides nothing here: whatever does not say this may have been sent, and a write is then of unknown outcome."""
_CUT_OFF: Final = "error reading a body from connection"
_SETTLING: Final = 0.05
"""Seconds that lie at least between the last answer and the end of the program. A thread of Rust's that asks for the interpreter while it
ends makes CPython 3.11 abort (PyO3/pyo3-async-runtimes issue 40): without this one asyncio program in five did, with it none of forty."""

A = TypeVar("A", bound=BaseClientBuilder)
B = TypeVar("B", bound=BaseRequestBuilder)


class FastEngine:
    """An `HttpEngine` over pyreqwest."""

    def __init__(self) -> None:
        self._life = _Life()
        self._client = _configured(SyncClientBuilder()).build()

    def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Sends one request. `timeout` is in seconds for all of it; None is 10 to connect and 80 between two parts of the answer."""
        self._life.check()
        started = self._client.request(request.method, _url(route, request))
        try:
            answer = _filled(started, route, request, timeout).build().send()
            return Response(status=answer.status, headers=_Headers(answer.headers), body=bytes(answer.bytes()))
        except RequestError as error:
            failure = _failure(error, route)
        raise failure  # outside, because the library's text holds the URL, query and all

    def close(self) -> None:
        """Closes the connections."""
        self._life.closed = True
        self._client.close()


class AsyncFastEngine:
    """The same to await, on asyncio."""

    def __init__(self) -> None:
        self._life = _Life()
        self._client = _configured(ClientBuilder()).build()
        _settle_at_exit()

    async def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Sends one request; see `FastEngine.send`. Raises `ConfigurationError` on trio."""
        self._life.check()
        _check_loop()
        started = self._client.request(request.method, _url(route, request))
        try:
            answer = await _filled(started, route, request, timeout).build().send()
            return Response(status=answer.status, headers=_Headers(answer.headers), body=bytes(await answer.bytes()))
        except RequestError as error:
            failure = _failure(error, route)
        raise failure  # outside, as above

    async def close(self) -> None:
        """Closes the connections."""
        self._life.closed = True
        _check_loop()
        await self._client.close()


class _Life:
    """Whether a client can still be used: not after it was closed, nor in a process forked from the one that made it."""

    def __init__(self) -> None:
        self.closed = False
        self._process = os.getpid()

    def check(self) -> None:
        if self.closed:
            raise closed()
        if os.getpid() != self._process:
            raise ConfigurationError("a client with http='fast' cannot be used in a forked process", hint="make a client after the fork")


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
    """An answer's headers, each taken over when it is asked for: all of them take nine microseconds, and mostly one or none is wanted."""

    def __init__(self, sent: HeaderMap) -> None:
        self._sent = sent

    def __getitem__(self, name: str) -> str:
        try:
            values = self._sent.getall(name)
        except (ValueError, TypeError):  # no text, or no name
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
    """What the failure means. Its cause repeats the library's reasons without the one that names the URL."""
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
    import asyncio  # imported here: what blocks does not need it

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise ConfigurationError("http='fast' works on asyncio only", param="http", hint="leave http= out on trio") from None


@cache
def _settle_at_exit() -> None:
    atexit.register(time.sleep, _SETTLING)
