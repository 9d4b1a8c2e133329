"""A time for the whole of a request, and connections that keep to it: httpcore's time-outs are for one read, so that an answer that
trickles could take for ever. Sends nothing itself; which error a passed time becomes is httpcore's own.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore

from billbridge.http.messages import PreparedRoute


class Deadline:
    """When the request on a connection must be over, on the monotonic clock. One connection carries one request at a time."""

    __slots__ = ("_ends",)

    def __init__(self) -> None:
        self._ends = 0.0

    def begin(self, ends: float) -> None:
        """The request that is sent now must be over at this time."""
        self._ends = ends

    def left(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
        """What is left for one step of it. Raises `late` if nothing is."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise late
        return left if timeout is None or left < timeout else timeout


class TimedStream(httpcore.NetworkStream):
    """A stream that keeps to the time of the request on it."""

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
    """The same to await."""

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
        self._inner: Any = httpcore.AnyIOBackend()  # checkers see the class that httpcore has where anyio is missing
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
    """A connection to one origin, which may be idle for so many seconds; `until` is the time of the request on it."""

    def __init__(self, target: PreparedRoute, idle: float) -> None:
        self.until = Deadline()
        super().__init__(target.origin, ssl_context=target.tls, keepalive_expiry=idle, network_backend=_Backend(self.until))


class AsyncConnection(httpcore.AsyncHTTPConnection):
    """The same to await."""

    def __init__(self, target: PreparedRoute, idle: float) -> None:
        self.until = Deadline()
        super().__init__(target.origin, ssl_context=target.tls, keepalive_expiry=idle, network_backend=_AsyncBackend(self.until))


def is_reusable(connection: Connection | AsyncConnection) -> bool:
    """Whether the next request may use it: it is idle, and nothing came after the answer.

    What the other side sent too much would be read as the next answer. What is still in the socket httpcore notices; what came along with
    the answer is in its parser, which only a private attribute leads to (httpcore 1.0: `_connection._h11_state`).
    """
    parser = getattr(getattr(connection, "_connection", None), "_h11_state", None)
    return connection.is_available() and parser is not None and not parser.trailing_data[0]


def running_loop() -> object:
    """What this task runs in: connections work in no other. asyncio's event loop, or on trio its token."""
    import asyncio  # only what is awaited needs it

    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        import trio

        return trio.lowlevel.current_trio_token()
