"""The simulation over HTTP, on loopback only. It has no TLS, no access log and no authentication of its own."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
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

from .kernel.http import Answer

Handle: TypeAlias = Callable[[str, str, Mapping[str, str], bytes], Answer]


@dataclass(frozen=True)
class Server:
    """Where the simulation listens. Both URLs are bare origins; they are the same one, because the paths tell the vendors apart."""

    stripe_url: str
    chargebee_url: str


class _Endpoint:
    """An ASGI application that hands every request on, its raw path and headers untouched."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        query: bytes = scope["query_string"]
        raw: bytes = scope["raw_path"]
        target = (raw + b"?" + query if query else raw).decode("latin-1")
        # Answering takes well under a millisecond, so it may run on the loop; a thread pool would outlive the server.
        answer = self._handle(request.method, target, request.headers, await request.body())
        await Response(answer.body, answer.status, answer.headers)(scope, receive, send)


@contextmanager
def serve(handle: Handle, host: str = "127.0.0.1", port: int = 0) -> Generator[Server, None, None]:
    """Run `handle` behind an HTTP server in a thread of its own; stop it when the block ends.

    Raises ValueError for a host that is not loopback, OSError when the port is taken or the server does not start.
    """
    address = "127.0.0.1" if host == "localhost" else host
    if not _is_loopback(address):
        raise ValueError(f"the sandbox listens on loopback only, not on {host!r}")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, port), family=family) as listener:
        # asyncio sets this only on sockets that name their protocol; without it every answer waits 40 ms for an acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        app = Starlette(routes=[Route("/{path:path}", _Endpoint(handle))])
        config = uvicorn.Config(
            app, http="h11", ws="none", lifespan="off", log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=1
        )
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, args=([listener],), name="billbridge-sandbox", daemon=True)
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.005)
            if not server.started:
                raise OSError("the sandbox's HTTP server did not start")
            url = f"http://{f'[{address}]' if ':' in address else address}:{listener.getsockname()[1]}"
            yield Server(stripe_url=url, chargebee_url=url)
        finally:
            server.should_exit = True
            thread.join()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
