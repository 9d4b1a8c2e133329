"""Sends over connections of its own: a free list of httpcore's single connections, newest first. What a client without `http=` uses.

httpcore speaks HTTP and TLS; this only hands out connections. httpcore's own pool looks at every connection for every request, which
costs more than the request when fifty are in flight, and keeps one that was cancelled while it connected for ever (httpcore issue 1093).
Takes no proxies: `billbridge.http` chooses an httpx client where one is configured.
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
    """The connections that nobody uses, by origin, each with the time it came back. Its steps are atomic: threads need no lock."""

    def __init__(self) -> None:
        self.closed = False
        self._targets: dict[int, PreparedRoute] = {}
        self.forget()

    def forget(self) -> None:
        """Lets go of all of them, without a word to the other side."""
        self._idle: defaultdict[tuple[bytes, bytes, int], deque[tuple[float, C]]] = defaultdict(deque)

    def target(self, route: Route) -> PreparedRoute:
        """The route, taken apart; remembered for the few routes that a client has. Raises when the engine was closed."""
        if self.closed:
            raise closed()
        target = self._targets.get(id(route))
        if target is None:
            if len(self._targets) >= _KNOWN_ROUTES:
                self._targets.clear()
            target = self._targets[id(route)] = PreparedRoute(route)  # it holds the route, so the id stays the route's
        return target

    def take(self, target: PreparedRoute) -> C | None:
        """The connection that was used last, if there is one."""
        try:
            return self._idle[target.key].pop()[1]
        except IndexError:
            return None

    def keep(self, target: PreparedRoute, connection: C) -> None:
        """Takes a connection back."""
        self._idle[target.key].append((time.monotonic(), connection))

    def stale(self, target: PreparedRoute) -> Iterator[C]:
        """Takes out what nobody has used for too long."""
        idle, oldest = self._idle[target.key], time.monotonic() - IDLE_SECONDS
        try:
            while idle[0][0] < oldest:
                yield idle.popleft()[1]
        except IndexError:
            return

    def everything(self) -> Iterator[C]:
        """Takes out all of them."""
        for idle in list(self._idle.values()):
            with suppress(IndexError):  # another thread may take the last
                while True:
                    yield idle.pop()[1]


class PooledEngine:
    """An `HttpEngine` over connections of its own."""

    def __init__(self) -> None:
        self._free: _FreeConnections[Connection] = _FreeConnections()
        self._slots = BoundedSemaphore(CONNECTIONS)
        watch(self)

    def start_afresh(self) -> None:
        """In a forked process: the connections are the parent's, and its other threads give no slot back here."""
        for connection in self._free.everything():
            connection.close()  # this process' copy of the socket; nothing is said on it
        self._slots = BoundedSemaphore(CONNECTIONS)

    def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Sends one request. A `timeout` of None is 10 seconds to connect and 80 for the whole."""
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
        """Closes the connections; one in use is closed when its answer has come."""
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
    """The same to await. A request that is cancelled closes its connection: half an answer may be on it.

    Connections live in one event loop. A client that is used in another, as by a second `asyncio.run` or in a forked process, opens new
    ones there and forgets those of the loop before.
    """

    def __init__(self) -> None:
        self._free: _FreeConnections[AsyncConnection] = _FreeConnections()
        self._slots = anyio.Semaphore(CONNECTIONS, fast_acquire=True)
        self._loop: object = None

    async def send(self, route: Route, request: Request, timeout: float | None) -> Response:
        """Sends one request; see `PooledEngine.send`."""
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
        """Closes the connections; one in use is closed when its answer has come."""
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
