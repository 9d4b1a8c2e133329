"""A vendor behind a bad connection: a server on loopback that counts connections and answers as a script says.

The answers come from the sandbox. The script decides how their bytes travel. It uses plain sockets, because an HTTP server would not
misbehave.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BufferedReader
from typing import TypeAlias

from billbridge_sandbox import Sandbox

Way: TypeAlias = Callable[["Call"], bool]
"""How one request is answered; says whether the connection may carry another."""


@dataclass
class Call:
    """One request: on which connection it came (from 1 on), and what the vendor says to it when it is asked."""

    connection: int
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    line: Line
    socket: socket.socket
    at: float = field(default_factory=time.monotonic)

    def answer(self) -> bytes:
        """The vendor's answer as it would travel; asking for it has the effect."""
        said = self.line.sandbox.handle(self.method, self.target, self.headers, self.body)
        return message(said.status, said.body, said.headers)

    def send(self, data: bytes) -> None:
        with suppress(OSError):  # the client may be gone
            self.socket.sendall(data)

    def wait_for_the_end(self) -> bool:
        """Waits until the client hangs up."""
        with suppress(OSError):
            while self.socket.recv(65536):
                pass
        return False


def message(status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """An answer, whole, on a connection that stays."""
    lines = [f"HTTP/1.1 {status} Said", f"content-length: {len(body)}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def well(call: Call) -> bool:
    """The vendor's answer."""
    call.send(call.answer())
    return True


def says(status: int, body: bytes = b"", **headers: str) -> Way:
    """This answer instead of the vendor's, who sees nothing of the request."""

    def way(call: Call) -> bool:
        call.send(message(status, body, {name.replace("_", "-"): value for name, value in headers.items()}))
        return True

    return way


def silence(call: Call) -> bool:
    """The vendor does what was asked, and no byte comes back."""
    call.answer()
    return call.wait_for_the_end()


def half(call: Call) -> bool:
    """Half of the answer, then silence."""
    whole = call.answer()
    call.send(whole[: len(whole) // 2])
    return call.wait_for_the_end()


def cut(call: Call) -> bool:
    """Half of the answer, then the end of the connection."""
    whole = call.answer()
    call.send(whole[: len(whole) // 2])
    return False


def trickle(call: Call) -> bool:
    """The answer, byte by byte: each comes soon enough, all of them take a minute."""
    whole = call.answer()
    head, body = whole.split(b"\r\n\r\n", 1)
    call.send(head + b"\r\n\r\n")
    pause = 60 / max(len(body), 1)
    try:
        for index in range(len(body)):
            call.socket.sendall(body[index : index + 1])
            time.sleep(min(pause, 0.1))
    except OSError:
        return False
    return call.wait_for_the_end()


def last_words(call: Call) -> bool:
    """The answer, and that it is the last one on this connection."""
    call.send(call.answer().replace(b"\r\n", b"\r\nconnection: close\r\n", 1))
    return False


@dataclass
class Line:
    """The server. `script` is how the next requests are answered, one after another; then all is well. Every request is in `calls`."""

    sandbox: Sandbox
    url: str = ""
    accepted: int = 0
    script: list[Way] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    ended: set[int] = field(default_factory=set)

    def wait(self, what: Callable[[], bool]) -> None:
        """Waits at most five seconds until that is so."""
        end = time.monotonic() + 5
        while not what():
            assert time.monotonic() < end, "it did not come to that"
            time.sleep(0.005)

    @property
    def open(self) -> set[int]:
        """The connections that the client has not given up."""
        return set(range(1, self.accepted + 1)) - self.ended

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self._talk, args=(connection, self.accepted), name="line", daemon=True).start()

    def _talk(self, connection: socket.socket, number: int) -> None:
        with connection, suppress(OSError), connection.makefile("rb") as reader:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while call := self._next(connection, reader, number):
                way = self.script.pop(0) if self.script else well
                self.calls.append(call)
                if not way(call):
                    break
        self.ended.add(number)

    def _next(self, connection: socket.socket, reader: BufferedReader, number: int) -> Call | None:
        """The next request, when the whole of it has come."""
        head: list[str] = []
        while (read := reader.readline()) != b"\r\n":
            if not read.endswith(b"\r\n"):
                return None
            head.append(read.decode("latin-1").strip())
        method, target, _ = head[0].split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in head[1:])}
        size = int(headers.get("content-length", 0))
        body = reader.read(size)
        return Call(number, method, target, headers, body, self, connection) if len(body) == size else None


@contextmanager
def line(sandbox: Sandbox, listener: socket.socket | None = None) -> Iterator[Line]:
    """A line to that sandbox, on a free port or on a socket that listens already."""
    with listener or socket.create_server(("127.0.0.1", 0)) as open_listener:
        made = Line(sandbox, f"http://127.0.0.1:{open_listener.getsockname()[1]}")
        thread = threading.Thread(target=made._accept, args=(open_listener,), name="line", daemon=True)
        thread.start()
        yield made
        open_listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)
