"""Connections with a time-out for the whole request. The time-outs of httpcore are for one read, so a slow answer could take for ever.

A passed time-out raises the error of httpcore.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from billbridge.http.messages import PreparedRoute


class Deadline:
    """The time by which the request on a connection must end, on the monotonic clock. A connection carries one request at a time."""

    __slots__ = ("_ends",)

    def __init__(self) -> None:
        self._ends = 0.0

    def begin(self, ends: float) -> None:
        """Start a request that must end at this time."""
        self._ends = ends

    def left(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
        """Return the seconds that are left for one step of the request, at most `timeout`. Raises `late` if none are left."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise late
        return left if timeout is None or left < timeout else timeout


class TimedStream(httpcore.NetworkStream):
    """A stream that ends with the deadline of its request."""

    def __init__(self, stream: httpcore.NetworkStream, until: Deadline) -> None:
        self._stream = stream
        self._deadline = until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class AsyncTimedStream(httpcore.AsyncNetworkStream):
    """A `TimedStream` for asyncio or trio."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, until: Deadline) -> None:
        self._stream = stream
        self._deadline = until

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return await self._stream.read(max_bytes, self._deadline.left(timeout, httpcore.ReadTimeout))

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await self._stream.write(buffer, self._deadline.left(timeout, httpcore.WriteTimeout))

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return AsyncTimedStream(await self._stream.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, until: Deadline) -> None:
        self._inner: httpcore.NetworkBackend = httpcore.SyncBackend()
        self._deadline = until

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return TimedStream(self._inner.connect_tcp(host, port, left, local_address, socket_options), self._deadline)


class _AsyncBackend(httpcore.AsyncNetworkBackend):
    def __init__(self, until: Deadline) -> None:
        self._inner: Any = httpcore.AnyIOBackend()  # type checkers see the class that httpcore defines for installations without anyio
        self._deadline = until

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        left = self._deadline.left(timeout, httpcore.ConnectTimeout)
        return AsyncTimedStream(await self._inner.connect_tcp(host, port, left, local_address, socket_options), self._deadline)


class Connection(httpcore.HTTPConnection):
    """A connection to one origin, which can be unused for `idle` seconds. `until` is the deadline of its request."""

    def __init__(self, target: PreparedRoute, idle: float) -> None:
        self.until = Deadline()
        super().__init__(target.origin, ssl_context=target.tls, keepalive_expiry=idle, network_backend=_Backend(self.until))


class AsyncConnection(httpcore.AsyncHTTPConnection):
    """A `Connection` for asyncio or trio."""

    def __init__(self, target: PreparedRoute, idle: float) -> None:
        self.until = Deadline()
        super().__init__(target.origin, ssl_context=target.tls, keepalive_expiry=idle, network_backend=_AsyncBackend(self.until))


def is_reusable(connection: Connection | AsyncConnection) -> bool:
    """Return whether the next request can use the connection: it is idle, and no byte came after the answer.

    Such bytes would be read as the next answer. httpcore notices those that are still in the socket. Those that came with the answer are in
    its parser, which is a private attribute (httpcore 1.0: `_connection._h11_state`).
    """
    parser = getattr(getattr(connection, "_connection", None), "_h11_state", None)
    return connection.is_available() and parser is not None and not parser.trailing_data[0]


def running_loop() -> object:
    """Return the event loop of asyncio, or the token of trio. A connection works in the loop that opened it only."""
    import asyncio  # imported here: the blocking engine does not need it

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        import trio

        return trio.lowlevel.current_trio_token()
