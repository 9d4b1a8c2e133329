"""The engine of a client without `http=`: a pool of connections, of which the last used one is used first.

httpcore speaks HTTP and TLS on each connection. Its own pool is not used for two reasons. It checks every connection for every request,
which costs more than the request if fifty are in flight. It also never drops a connection that was cancelled while it connected (httpcore
issue 1093). This engine uses no proxies; `billbridge.http` chooses an httpx client for them.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import suppress
from threading import BoundedSemaphore
from typing import Final, Generic, TypeVar

import anyio
import httpcore
import httpx

from billbridge.errors import TransportError
from billbridge.flow import Request, Response
from billbridge.flow.route import Route
from billbridge.http.engine import CONNECTIONS, IDLE_SECONDS, closed, transport_failure, undecodable
from billbridge.http.messages import PreparedRoute, response, times
from billbridge.http.timeouts import AsyncConnection, Connection, is_reusable, running_loop
from billbridge.toolkit.fork_safety import watch

_FAILURES: Final = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)
_KNOWN_ROUTES: Final = 8

C = TypeVar("C", Connection, AsyncConnection)


class _FreeConnections(Generic[C]):
    """The unused connections of each origin, each with the time of its return. Each step is atomic, so threads need no lock."""

    def __init__(self) -> None:
        self.closed = False
        self._targets: dict[int, PreparedRoute] = {}
        self.forget()

    def forget(self) -> None:
        """Drop all connections without closing them."""
        self._idle: defaultdict[tuple[bytes, bytes, int], deque[tuple[float, C]]] = defaultdict(deque)

    def target(self, route: Route) -> PreparedRoute:
        """Return the prepared route, from a cache of a few. Raises `ConfigurationError` if the engine is closed."""
        if self.closed:
            raise closed()
        target = self._targets.get(id(route))
        if target is None:
            if len(self._targets) >= _KNOWN_ROUTES:
                self._targets.clear()
            target = self._targets[id(route)] = PreparedRoute(route)  # it holds the route, so no other route gets its id
        return target

    def take(self, target: PreparedRoute) -> C | None:
        """Remove and return the connection that was used last, or None."""
        try:
            return self._idle[target.key].pop()[1]
        except IndexError:
            return None

    def keep(self, target: PreparedRoute, connection: C) -> None:
        """Put a connection back."""
        self._idle[target.key].append((time.monotonic(), connection))

    def stale(self, target: PreparedRoute) -> Iterator[C]:
        """Remove and yield the connections that were unused for too long."""
        idle, oldest = self._idle[target.key], time.monotonic() - IDLE_SECONDS
        try:
            while idle[0][0] < oldest:
                yield idle.popleft()[1]
        except IndexError:
            return

    def everything(self) -> Iterator[C]:
        """Remove and yield all connections."""
        for idle in list(self._idle.values()):
            with suppress(IndexError):  # another thread may take the last
                while True:
                    yield idle.pop()[1]


class PooledEngine:
    """An `HttpEngine` over its own pool of connections."""

    def __init__(self) -> None:
        self._free: _FreeConnections[Connection] = _FreeConnections()
        self._slots = BoundedSemaphore(CONNECTIONS)
        watch(self)

    def start_afresh(self) -> None:
        """Start empty in a forked process: the connections belong to the parent, and its threads never release their slots here."""
        for connection in self._free.everything():
            connection.close()  # closes the copy of the socket in this process and sends nothing
        self._slots = BoundedSemaphore(CONNECTIONS)

    def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Send one request. `timeout` is in seconds. None means 10 to connect and 80 for the whole request."""
        target, seconds = self._free.target(route), times(request, timeout)
        ends = time.monotonic() + seconds["total"]
        if not self._slots.acquire(timeout=seconds["pool"]):
            raise transport_failure(route, "PoolTimeout", late=True)
        try:
            connection = self._connection(target)
            connection.until.begin(ends)
            try:
                answer = connection.handle_request(target.request(request, seconds))
                body = answer.read()
                answer.close()
            except BaseException:
                connection.close()
                raise
            self._release(target, connection)
        except _FAILURES as error:
            raise _failure(error, route) from error
        finally:
            self._slots.release()
        return _unpacked(answer, body, route)

    def close(self) -> None:
        """Close the connections. One that is in use is closed after its answer."""
        self._free.closed = True
        for connection in self._free.everything():
            connection.close()

    def _connection(self, target: PreparedRoute) -> Connection:
        while (connection := self._free.take(target)) is not None:
            if not connection.has_expired():
                return connection
            connection.close()
        return Connection(target, IDLE_SECONDS)

    def _release(self, target: PreparedRoute, connection: Connection) -> None:
        if self._free.closed:
            connection.close()
        elif is_reusable(connection):
            self._free.keep(target, connection)
            for old in self._free.stale(target):
                old.close()
        else:
            connection.close()


class AsyncPooledEngine:
    """An `AsyncHttpEngine` over its own pool of connections. A cancelled request closes its connection, which may hold half an answer.

    A connection works in one event loop only. In another loop, such as that of a second `asyncio.run` or of a forked process, the engine
    opens new connections and drops the old ones.
    """

    def __init__(self) -> None:
        self._free: _FreeConnections[AsyncConnection] = _FreeConnections()
        self._slots = anyio.Semaphore(CONNECTIONS, fast_acquire=True)
        self._loop: object = None

    async def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Send one request; see `PooledEngine.send`."""
        target, seconds = self._free.target(route), times(request, timeout)
        ends = time.monotonic() + seconds["total"]
        loop = running_loop()
        if loop is not self._loop:
            self._move(loop)
        slots = self._slots
        await _taken(slots, route, seconds["pool"])
        try:
            connection = await self._connection(target)
            connection.until.begin(ends)
            try:
                answer = await connection.handle_async_request(target.request(request, seconds))
                body = await answer.aread()
                await answer.aclose()
            except BaseException:
                with anyio.CancelScope(shield=True):
                    await connection.aclose()
                raise
            await self._release(target, connection, loop)
        except _FAILURES as error:
            raise _failure(error, route) from error
        finally:
            slots.release()
        return _unpacked(answer, body, route)

    async def close(self) -> None:
        """Close the connections. One that is in use is closed after its answer."""
        self._free.closed = True
        if running_loop() is not self._loop:
            self._free.forget()
        for connection in self._free.everything():
            await connection.aclose()

    def _move(self, loop: object) -> None:
        self._loop = loop
        self._free.forget()
        self._slots = anyio.Semaphore(CONNECTIONS, fast_acquire=True)

    async def _connection(self, target: PreparedRoute) -> AsyncConnection:
        while (connection := self._free.take(target)) is not None:
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return AsyncConnection(target, IDLE_SECONDS)

    async def _release(self, target: PreparedRoute, connection: AsyncConnection, loop: object) -> None:
        if self._free.closed or loop is not self._loop:
            await connection.aclose()
        elif is_reusable(connection):
            self._free.keep(target, connection)
            for old in self._free.stale(target):
                await old.aclose()
        else:
            await connection.aclose()


async def _taken(slots: anyio.Semaphore, route: Route, seconds: float) -> None:
    try:
        slots.acquire_nowait()
    except anyio.WouldBlock:
        with anyio.move_on_after(seconds) as waited:
            await slots.acquire()
        if waited.cancelled_caught:
            raise transport_failure(route, "PoolTimeout", late=True) from None


def _failure(error: Exception, route: Route) -> TransportError:
    return transport_failure(route, type(error).__name__, late=isinstance(error, httpcore.TimeoutException))


def _unpacked(answer: httpcore.Response, body: bytes, route: Route) -> Response:
    try:
        return response(answer.status, answer.headers, body)
    except httpx.DecodingError as error:
        raise undecodable(route) from error
