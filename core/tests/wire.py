"""A server on loopback that speaks bytes: it answers as a test says, also in ways that no real server library would."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from billbridge.flow import Request
from billbridge.flow.route import Route

Answer = Callable[[bytes], bytes | None]
"""Given a request's bytes, what to send back; None closes the connection without an answer. May sleep."""

_LENGTH = re.compile(rb"content-length: *(\d+)", re.I)


def ok(body: bytes = b"{}", *headers: bytes) -> bytes:
    """A whole answer of status 200."""
    lines = [b"HTTP/1.1 200 OK", b"content-length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


class Wire:
    """What the server saw: each request whole, how many connections there were, and how many of them the client has closed."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None, last: bytes | None) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.ended = 0
        self._answer = answer
        self._tls = tls
        self._last = last
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.origin = f"{'https' if tls else 'http'}://127.0.0.1:{self._listening.getsockname()[1]}"
        Thread(target=self._accept, daemon=True).start()

    def hang_up(self) -> None:
        """Closes every connection from this side, without a word."""
        for connection in self._open:
            connection.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        try:
            with self._tls.wrap_socket(plain, server_side=True) if self._tls else plain as connection:
                while request := _request(connection):
                    self.requests.append(request)
                    answer = self._answer(request)
                    if answer is None:
                        return
                    connection.sendall(answer)
                    if answer == self._last or b"connection: close" in answer.partition(b"\r\n\r\n")[0]:
                        return
        except OSError:
            pass
        finally:
            plain.close()
            self.ended += 1


@contextmanager
def wire(answer: Answer, *, tls: ssl.SSLContext | None = None, hangs_up_after: bytes | None = None) -> Iterator[Wire]:
    """Serves while the block runs."""
    server = Wire(answer, tls, hangs_up_after)
    try:
        yield server
    finally:
        server.close()


def _request(connection: socket.socket) -> bytes:
    """One request, head and body; empty when the client has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def to(origin: str) -> Route:
    """There, with no credentials."""
    return Route(base_url=origin, headers={})


def get(path: str = "/x") -> Request:
    """A plain request."""
    return Request(method="GET", path=path)
