"""At most so many connections at once: who waits for one, for how long, and what it is told. Here there is a place for one."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest
from billbridge.errors import TransportTimeoutError
from billbridge.flow import Response
from billbridge.http.pool import AsyncPooledEngine, PooledEngine

from .wire import get, ok, to, wire

both_loops = pytest.mark.parametrize("backend", ["asyncio", "trio"])


@pytest.fixture(autouse=True)
def _one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billbridge.http.pool.CONNECTIONS", 1)


def slowly(request: bytes) -> bytes:
    time.sleep(0.5)
    return ok()


def test_a_thread_that_waits_too_long_for_a_connection_has_sent_nothing() -> None:
    engine = PooledEngine()
    with wire(slowly) as server, ThreadPoolExecutor(1) as threads:
        first = threads.submit(engine.send, to(server.origin), get("/first"), 5)
        time.sleep(0.1)
        with pytest.raises(TransportTimeoutError, match="PoolTimeout") as caught:
            engine.send(to(server.origin), get("/second"), 0.1)
        assert first.result().status == 200
        engine.close()
    assert not caught.value.sent
    assert [request.split(b" ")[1] for request in server.requests] == [b"/first"]


@both_loops
def test_a_task_that_waits_too_long_for_a_connection_has_sent_nothing(backend: str) -> None:
    async def main() -> None:
        engine, answers = AsyncPooledEngine(), list[Response]()

        async def first() -> None:
            answers.append(await engine.send(route, get("/first"), 5))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(first)
            await anyio.sleep(0.1)
            with pytest.raises(TransportTimeoutError, match="PoolTimeout") as caught:
                await engine.send(route, get("/second"), 0.1)
        assert not caught.value.sent
        assert [each.status for each in answers] == [200]
        await engine.close()

    with wire(slowly) as server:
        route = to(server.origin)
        anyio.run(main, backend=backend)
    assert len(server.requests) == 1


def test_the_wait_for_a_place_counts_towards_the_time_of_the_request() -> None:
    engine = PooledEngine()
    with wire(slowly) as server, ThreadPoolExecutor(1) as threads:
        route = to(server.origin)
        first = threads.submit(engine.send, route, get("/first"), 5)
        while not server.requests:
            time.sleep(0.005)
        started = time.monotonic()
        with pytest.raises(TransportTimeoutError):
            engine.send(route, get("/second"), 0.6)
        assert time.monotonic() - started < 0.75
        assert first.result().status == 200
        engine.close()


@both_loops
def test_it_does_so_on_the_awaited_surface_too(backend: str) -> None:
    async def main() -> None:
        engine = AsyncPooledEngine()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(engine.send, route, get("/first"), 5)
            while not server.requests:
                await anyio.sleep(0.005)
            started = time.monotonic()
            with pytest.raises(TransportTimeoutError):
                await engine.send(route, get("/second"), 0.6)
            assert time.monotonic() - started < 0.75
        await engine.close()

    with wire(slowly) as server:
        route = to(server.origin)
        anyio.run(main, backend=backend)
