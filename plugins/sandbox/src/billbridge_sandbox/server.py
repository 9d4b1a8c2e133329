"""The simulation over HTTP, on loopback unless the caller allows more. It has no TLS, no access log and no authentication of its own.

Faults are real here: a lost answer is a closed connection, a late or slow one takes its time.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Thread
from typing import TypeAlias

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .control import PREFIX
from .injection import Hindered, Lost
from .kernel.http import Answer

_PIECES = 20  # of a slow answer's body
_PATIENCE = 1  # second for answers in progress when the server ends
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # where a client on this machine finds a server on all addresses
_LOG = logging.getLogger("billbridge_sandbox")

Handle: TypeAlias = Callable[[str, str, Mapping[str, str], bytes], Answer]


@dataclass(frozen=True)
class Server:
    """Where the simulation listens: the `base_url` of each of the four sides, and the address of the control path.

    All but Maton's are bare origins, the same one, because the paths tell them apart. `maton_url` is for both its proxy and its
    connections. `{control_url}/advance` and `{control_url}/clock` move and read the simulated time.
    """

    stripe_url: str
    chargebee_url: str
    maton_url: str
    airbyte_url: str
    control_url: str


class _Line(H11Protocol):
    """A connection that the application can close, with `hang_up` in its scope's state."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        super().connection_made(transport)
        self.app_state = {**self.app_state, "hang_up": transport.close}

    def shutdown(self) -> None:
        """Close the connection when the server ends, also in the middle of a late or slow answer."""
        if self.cycle and not self.cycle.response_complete:
            self.transport.close()
        else:
            super().shutdown()


class _Server(uvicorn.Server):
    """A server that ends at once. uvicorn checks every 0.1 seconds whether it must end, then waits as long again for open connections."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def end(self) -> None:
        """Tell the server to end, from another thread."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended by itself, and its loop with it
                self._loop.call_soon_threadsafe(self._told.set)

    async def main_loop(self) -> None:
        """Run like uvicorn's loop, with its tick every 0.1 seconds, but wake at once when told to end."""
        self._loop = asyncio.get_running_loop()
        ticks = 0
        while not await self.on_tick(ticks):
            ticks += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    await self._told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything, as uvicorn does, but wait in smaller steps and at most a second for answers in progress."""
        for listener in (*self.servers, *(sockets or ())):
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        state, end = self.server_state, time.monotonic() + _PATIENCE
        while (state.connections or state.tasks) and time.monotonic() < end:
            await asyncio.sleep(0.002)
        for task in state.tasks:
            _LOG.error("a request is given up at the server's end")
            task.cancel()


class _Endpoint:
    """An ASGI application that passes every request on with its raw path and headers, and carries out connection faults."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        query: bytes = scope["query_string"]
        raw: bytes = scope["raw_path"]
        target = (raw + b"?" + query if query else raw).decode("latin-1")
        body = await request.body()
        try:
            # Answering takes well under a millisecond, so it may run on the loop; a thread pool would outlive the server.
            answer = self._handle(request.method, target, request.headers, body)
        except Lost:
            scope["state"]["hang_up"]()
            await _gone(receive)
            return
        response = Response(answer.body, answer.status, answer.headers)
        if not isinstance(answer, Hindered):
            await response(scope, receive, send)
        elif not await _gone(receive, answer.late):
            await (_trickle(response, answer.slow, receive, send) if answer.slow else response(scope, receive, send))


async def _trickle(response: Response, seconds: float, receive: Receive, send: Send) -> None:
    """Send the answer's head at once and its body evenly over `seconds`, until the client hangs up."""
    await send({"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers})
    body = bytes(response.body)
    size = max(1, -(-len(body) // _PIECES))
    for start in range(0, len(body), size):
        if await _gone(receive, seconds / _PIECES):
            return
        await send({"type": "http.response.body", "body": body[start : start + size], "more_body": True})
    await send({"type": "http.response.body"})


async def _gone(receive: Receive, seconds: float | None = None) -> bool:
    """Wait, at most `seconds`, for the client to hang up, and say whether it did."""
    try:
        async with asyncio.timeout(seconds):
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        return False
    return True


@contextmanager
def serve(handle: Handle, host: str = "127.0.0.1", port: int = 0, *, allow_remote: bool = False) -> Generator[Server, None, None]:
    """Run `handle` behind an HTTP server in a thread of its own; stop it when the block ends.

    Raises ValueError for a host that is not loopback without `allow_remote`, OSError when the port is taken or the server does not start.
    """
    if not isinstance(host, str):
        raise ValueError(f"host must be a string, not {type(host).__name__}")
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port <= 65535:
        raise ValueError("port must be an int from 0 to 65535")
    address = _allowed(host, allow_remote=allow_remote is True)
    with _listener(address, port) as listener:
        # asyncio sets this only on sockets that name their protocol; without it every answer waits 40 ms for an acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        app = Starlette(routes=[Route("/{path:path}", _Endpoint(handle))])
        config = uvicorn.Config(app, http=_Line, ws="none", lifespan="off", log_config=None, access_log=False, server_header=False)
        server = _Server(config)
        thread = Thread(target=server.run, args=([listener],), name="billbridge-sandbox", daemon=True)
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.005)
            if not server.started:
                raise OSError("the sandbox's HTTP server did not start")
            yield _addresses(_EVERYWHERE.get(address, address), listener.getsockname()[1])
        finally:
            server.end()
            thread.join()


def _listener(address: str, port: int) -> socket.socket:
    try:
        return socket.create_server((address, port), family=socket.AF_INET6 if ":" in address else socket.AF_INET)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise OSError(error.errno, f"port {port} of {address} is in use; pass another port, or 0 for a free one") from error
        raise


def _allowed(host: str, *, allow_remote: bool) -> str:
    """The address to listen on. Raises ValueError for one that the caller must allow explicitly, and has not."""
    address = "127.0.0.1" if host == "localhost" else host
    if not allow_remote and not _is_loopback(address):
        raise ValueError(
            f"the sandbox listens on loopback only, not on {host!r}: it takes any API key, and other machines could use it; "
            "to let them, pass allow_remote=True too (--allow-remote on the command line)"
        )
    if not address:
        raise ValueError("the host is empty; pass an address such as 127.0.0.1")
    return address


def _addresses(host: str, port: int) -> Server:
    url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    return Server(stripe_url=url, chargebee_url=url, maton_url=f"{url}/maton", airbyte_url=url, control_url=f"{url}{PREFIX}".rstrip("/"))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
