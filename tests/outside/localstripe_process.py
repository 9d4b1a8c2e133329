"""Run localstripe, an independent imitation of Stripe (GPL-3, used in development only), in a process of its own.

The command `localstripe` listens on every interface and writes to one file in /tmp, which parallel tests would share. Here it listens on a
free port of loopback only, and writes nothing.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module

import httpx
import pytest


def main() -> None:
    """Serve until terminated; the first line of output is the port."""
    from aiohttp import web  # not needed by the tests that only import this module

    server = import_module("localstripe.server")
    type(server.store).dump_to_disk = lambda store: None
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    web.run_app(server.app, sock=listener, print=lambda *_: None, access_log=None)


@pytest.fixture(scope="session")
def localstripe_process() -> Iterator[str]:
    """The origin of a running localstripe, one for each test process."""
    with subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


@pytest.fixture
def localstripe_url(localstripe_process: str) -> str:
    """The bare origin of a localstripe that holds nothing yet."""
    httpx.delete(f"{localstripe_process}/_config/data").raise_for_status()
    return localstripe_process


if __name__ == "__main__":
    main()
