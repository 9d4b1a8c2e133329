"""The stub of stub.c on asyncio, for machines without a compiler: python stub_python.py ANSWERS PAGES.

It is slower than most clients, so the wall time of rows with many requests in flight is that of the stub. The CPU time is that of the
client only.
"""

from __future__ import annotations

import asyncio
import re
import sys
from itertools import count
from pathlib import Path

DIGITS = 6
CURSOR = re.compile(rb"(?:starting_after|offset)=[^& ]*([0-9]{6})(?![0-9]{6})")
LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Route:
    """The answers of one route."""

    def __init__(self, path: bytes, kind: bytes, answers: list[bytes], pages: int) -> None:
        self.path, self.answers, self.pages = path, answers, pages
        self.paged = kind == b"pages"
        self.numbers = count()

    def fits(self, path: bytes) -> bool:
        """Return whether a path belongs to this route. A route that ends with a slash includes all paths below it."""
        return path.startswith(self.path) if self.path.endswith(b"/") else path == self.path

    def answer(self, query: bytes) -> bytes:
        """Return the next answer, or the page after the cursor."""
        if not self.paged:
            return self.answers[next(self.numbers) % len(self.answers)]
        found = list(CURSOR.finditer(query))
        page = int(found[-1][1]) + 1 if found else 0
        chosen = self.answers[-1] if page >= self.pages - 1 else self.answers[page % (len(self.answers) - 1)]
        return chosen.replace(b"@" * DIGITS, b"%0*d" % (DIGITS, page))


class Connection(asyncio.Protocol):
    """Answers each request of one connection as soon as it is complete."""

    def __init__(self, routes: dict[bytes, list[Route]]) -> None:
        self._routes, self._have = routes, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._have += data
        while (end := self._have.find(b"\r\n\r\n")) >= 0:
            length = LENGTH.search(self._have, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._have) < whole:
                return
            method, target, _ = self._have[: self._have.index(b"\r")].split(b" ", 2)
            path, _, query = target.partition(b"?")
            route = next((each for each in self._routes.get(method, ()) if each.fits(path)), None)
            self._transport.write(route.answer(query) if route else MISSING)
            self._have = self._have[whole:]


def load(file: Path, pages: int) -> dict[bytes, list[Route]]:
    """Return the routes by method, in the order of the file."""
    routes: dict[bytes, list[Route]] = {}
    with file.open("rb") as lines:
        while line := lines.readline():
            method, path, kind, number = line.split()
            answers = [lines.read(int(lines.readline())) for _ in range(int(number))]
            routes.setdefault(method, []).append(Route(path, kind, answers, pages))
    return routes


async def main(file: Path, pages: int) -> None:
    """Serve until standard input ends."""
    routes = load(file, pages)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(routes), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
