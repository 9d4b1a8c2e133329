"""The free list of connections: shared by threads and tasks, tidy after cancellation; and who gets it."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx
import pytest
from billbridge.http import async_engine, blocking_engine
from billbridge.http.httpx_client import AsyncClientEngine, ClientEngine
from billbridge.http.pool import AsyncPooledEngine, PooledEngine

from .wire import get, ok, to, wire


def echo(request: bytes) -> bytes:
    """Answers with the path, a little later."""
    time.sleep(0.01)
    return ok(request.split(b" ")[1])


def test_threads_share_an_engine_and_each_gets_its_own_answer() -> None:
    engine = PooledEngine()
    with wire(echo) as server, ThreadPoolExecutor(8) as threads:
        route = to(server.origin)
        bodies = list(threads.map(lambda number: engine.send(route, get(f"/{number}"), 5).body, range(200)))
        engine.close()
    assert bodies == [f"/{number}".encode() for number in range(200)]
    assert 1 < server.connections <= 8


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_tasks_share_an_engine_and_each_gets_its_own_answer(backend: str) -> None:
    bodies: dict[int, bytes] = {}

    async def main() -> None:
        engine = AsyncPooledEngine()

        async def fetch(number: int) -> None:
            bodies[number] = (await engine.send(route, get(f"/{number}"), 5)).body

        for _ in range(2):
            async with anyio.create_task_group() as tasks:
                for number in range(60):
                    tasks.start_soon(fetch, number)
        await engine.close()

    with wire(echo) as server:
        route = to(server.origin)
        anyio.run(main, backend=backend)
    assert bodies == {number: f"/{number}".encode() for number in range(60)}
    assert server.connections == 60


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_request_gives_its_place_back_and_its_answer_reaches_nobody(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billbridge.http.pool.CONNECTIONS", 1)

    def slowly(request: bytes) -> bytes:
        time.sleep(0.3 if b"/slow" in request else 0)
        return ok(request.split(b" ")[1])

    async def main() -> bytes:
        engine = AsyncPooledEngine()
        with anyio.move_on_after(0.1) as scope:
            await engine.send(route, get("/slow"), 5)
        assert scope.cancelled_caught
        await anyio.sleep(0.3)
        response = await engine.send(route, get("/own"), 5)
        await engine.close()
        return response.body

    with wire(slowly) as server:
        route = to(server.origin)
        assert anyio.run(main, backend=backend) == b"/own"
    assert server.connections == 2


def test_a_connection_that_was_not_used_for_long_is_closed_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billbridge.http.pool.IDLE_SECONDS", 0.05)
    engine = PooledEngine()
    with wire(lambda request: ok()) as server:
        for _ in range(2):
            engine.send(to(server.origin), get(), 5)
            time.sleep(0.1)
        engine.close()
    assert server.connections == 2


def test_connections_that_a_burst_opened_are_closed_when_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = PooledEngine()
    with wire(echo) as server, ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda number: engine.send(to(server.origin), get(), 5), range(6)))
        monkeypatch.setattr("billbridge.http.pool.IDLE_SECONDS", 0.0)
        engine.send(to(server.origin), get(), 5)
        deadline = time.monotonic() + 5
        while server.ended < server.connections - 1 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.ended >= server.connections - 1
        engine.close()


def test_closing_waits_for_nobody_and_leaves_no_connection_open() -> None:
    engine = PooledEngine()

    def slowly(request: bytes) -> bytes:
        time.sleep(0.2)
        return ok()

    with wire(slowly) as server, ThreadPoolExecutor(1) as threads:
        running = threads.submit(engine.send, to(server.origin), get(), 5)
        time.sleep(0.1)
        engine.close()
        assert running.result().status == 200
        time.sleep(0.1)
        assert server.ended == server.connections == 1


def test_an_unconfigured_client_gets_connections_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert type(blocking_engine(None)) is PooledEngine
    assert type(async_engine(None)) is AsyncPooledEngine


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy"])
def test_a_proxy_in_the_environment_gets_an_httpx_client_with_our_time_outs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    engine: Any = blocking_engine(None)
    assert type(engine) is ClientEngine
    assert engine._client.timeout == httpx.Timeout(80, connect=10)
    engine.close()
    assert engine._client.is_closed
    engine = async_engine(None)
    assert type(engine) is AsyncClientEngine
    anyio.run(engine.close)
    assert engine._client.is_closed


def test_a_proxy_in_the_environment_is_used_except_where_no_proxy_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with wire(lambda request: ok(b"by proxy")) as proxy, wire(lambda request: ok(b"straight")) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.origin)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        engine = blocking_engine(None)
        assert engine.send(to(server.origin), get(), 5).body == b"by proxy"
        engine.close()
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        engine = blocking_engine(None)
        assert engine.send(to(server.origin), get(), 5).body == b"straight"
        engine.close()
    assert proxy.requests[0].startswith(b"GET " + server.origin.encode() + b"/x HTTP/1.1")


def test_a_forked_process_never_reads_an_answer_of_its_parent() -> None:
    code = """
import os, sys
from billbridge.http.pool import PooledEngine
from billbridge.flow import Request
from billbridge.flow.route import Route

engine, route = PooledEngine(), Route(base_url=sys.argv[1], headers={})
fetch = lambda path: engine.send(route, Request(method="GET", path=path), 5).body.decode()
fetch("/before")
name = "child" if os.fork() == 0 else "parent"
wrong = [path for number in range(20) if fetch(path := f"/{name}{number}") != path]
engine.close()
if name == "child":
    os._exit(len(wrong))
sys.exit(len(wrong) + os.waitstatus_to_exitcode(os.wait()[1]))
"""
    with wire(echo) as server:
        run = subprocess.run([sys.executable, "-c", code, server.origin], capture_output=True, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (0, b"")
    assert server.connections == 2


def test_a_forked_process_has_all_its_places_whatever_its_parents_threads_were_doing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billbridge.http.pool.CONNECTIONS", 1)
    engine = PooledEngine()
    assert engine._slots.acquire(blocking=False)  # as by a thread that is not in the child
    engine.start_afresh()
    with wire(echo) as server:
        assert engine.send(to(server.origin), get("/x"), 1).body == b"/x"
    engine.close()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # nobody can close the first loop's connection
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_client_can_be_used_in_one_event_loop_after_another(backend: str) -> None:
    engine = AsyncPooledEngine()

    async def main(*paths: str) -> list[bytes]:
        return [(await engine.send(route, get(path), 5)).body for path in paths]

    with wire(echo) as server:
        route = to(server.origin)
        assert anyio.run(main, "/1", "/2", backend=backend) == [b"/1", b"/2"]
        assert anyio.run(main, "/3", "/4", backend=backend) == [b"/3", b"/4"]
        assert server.connections == 2
        anyio.run(engine.close, backend=backend)
        gc.collect()


def test_our_client_for_proxies_is_made_anew_in_a_forked_process_and_the_users_is_left_alone() -> None:
    ours, brought = ClientEngine(), httpx.Client()
    before = ours._client
    ours.start_afresh()
    assert ours._client is not before
    theirs = ClientEngine(brought)
    theirs.start_afresh()
    assert theirs._client is brought
    for client in (before, ours, brought):
        client.close()
    ours.start_afresh()
    assert ours._client.is_closed
