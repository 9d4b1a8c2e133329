"""What only the engine of `billbridge[fast]` has to answer for; what it shares with the others is in `test_engines`."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import trio
from billbridge import AsyncBilling, Billing
from billbridge.errors import ConfigurationError, TransportError
from billbridge.flow import Request
from billbridge.http import blocking_engine
from billbridge.http.fast import AsyncFastEngine, FastEngine
from billbridge.plugins.gateway import Route
from billbridge.plugins.provider import Provider

from .wire import ok, wire

GET = Request(method="GET", path="/x")


def to(origin: str) -> Route:
    return Route(base_url=origin, headers={"authorization": "Bearer sk_secret"})


def echo(request: bytes) -> bytes:
    time.sleep(0.01)
    return ok(request.split(b" ")[1])


def test_a_client_asks_for_it_by_name(toy: Provider) -> None:
    billing, awaited = Billing(toy, http="fast"), AsyncBilling(toy, http="fast")
    assert type(billing._engine) is FastEngine
    assert type(awaited._engine) is AsyncFastEngine
    billing.close()
    asyncio.run(awaited.close())


def test_where_it_is_not_installed_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "billbridge.http.fast")
    monkeypatch.setitem(sys.modules, "pyreqwest.client", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'billbridge\[fast\]'"):
        blocking_engine("fast")


def test_it_is_refused_where_a_gateway_answers_in_this_process(toy: Provider, make_script: Any) -> None:
    with pytest.raises(ConfigurationError, match="it cannot use http="):
        Billing(toy, gateway=make_script(), http="fast")


def test_trio_is_refused_before_anything_is_sent() -> None:
    async def main() -> None:
        with pytest.raises(ConfigurationError, match="asyncio only"):
            await AsyncFastEngine().send(to("http://127.0.0.1:9"), GET, 1)

    trio.run(main)


def test_threads_share_an_engine_and_each_gets_its_own_answer() -> None:
    engine = FastEngine()
    with wire(echo) as server, ThreadPoolExecutor(8) as threads:
        route = to(server.origin)
        bodies = list(threads.map(lambda number: engine.send(route, Request(method="GET", path=f"/{number}"), 5).body, range(100)))
        engine.close()
    assert bodies == [f"/{number}".encode() for number in range(100)]


def test_a_cancelled_task_spoils_nothing_for_the_others() -> None:
    def slowly(request: bytes) -> bytes:
        time.sleep(0.3 if b"/slow" in request else 0)
        return ok(request.split(b" ")[1])

    async def main() -> list[bytes]:
        engine = AsyncFastEngine()
        slow = asyncio.create_task(engine.send(route, Request(method="GET", path="/slow"), 5))
        await asyncio.sleep(0.1)
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        answers = await asyncio.gather(*(engine.send(route, Request(method="GET", path=f"/{number}"), 5) for number in range(20)))
        await engine.close()
        return [answer.body for answer in answers]

    with wire(slowly) as server:
        route = to(server.origin)
        assert asyncio.run(main()) == [f"/{number}".encode() for number in range(20)]


@pytest.mark.parametrize("answer", [None, b"nonsense\r\n\r\n", ok(b"not gzip", b"content-encoding: gzip")])
def test_a_failure_names_neither_the_query_nor_the_key(answer: bytes | None) -> None:
    request = Request(method="GET", path="/x", query="email=ada%40example.com")
    with wire(lambda request: answer) as server, pytest.raises(TransportError) as caught:
        FastEngine().send(to(server.origin), request, 5)
    text = "".join(traceback.format_exception(caught.value))
    assert "ConnectionError: " in text
    assert caught.value.__context__ is None
    for secret in ("ada", "email=", "sk_secret"):
        assert secret not in text


def test_a_proxy_in_the_environment_is_used_except_where_no_proxy_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with wire(lambda request: ok(b"by proxy")) as proxy, wire(lambda request: ok(b"straight")) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.origin)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert FastEngine().send(to(server.origin), GET, 5).body == b"by proxy"
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        assert FastEngine().send(to(server.origin), GET, 5).body == b"straight"


def test_after_a_fork_it_is_refused_instead_of_hanging(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = FastEngine()
    parent = os.getpid()
    monkeypatch.setattr("os.getpid", lambda: parent + 1)
    with pytest.raises(ConfigurationError, match="forked"):
        engine.send(to("http://127.0.0.1:9"), GET, 1)


def test_a_program_that_ends_right_after_its_last_answer_ends_well() -> None:
    program = """
import asyncio, sys
from billbridge.http.fast import AsyncFastEngine
from billbridge.flow import Request
from billbridge.plugins.gateway import Route
async def main():
    engine = AsyncFastEngine()
    route = Route(base_url=sys.argv[1], headers={})
    await asyncio.gather(*(engine.send(route, Request(method="GET", path="/x"), 5) for _ in range(50)))
asyncio.run(main())
"""
    with wire(lambda request: ok()) as server:
        codes = [subprocess.run([sys.executable, "-c", program, server.origin], check=False).returncode for _ in range(5)]
    assert codes == [0] * 5
