"""Runs one script against every HTTP engine, on threads, asyncio and trio: the same requests must have the same outcomes."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Final, TypeAlias

import anyio
from billbridge.errors import BillingError
from billbridge.flow import Request, Response
from billbridge.http.engine import AsyncHttpEngine, HttpEngine
from billbridge.http.fast import AsyncFastEngine, FastEngine
from billbridge.http.httpx_client import AsyncClientEngine, ClientEngine
from billbridge.http.pool import AsyncPooledEngine, PooledEngine
from billbridge.plugins.gateway import Route

Sent: TypeAlias = tuple[Route, Request, float | None]
Script: TypeAlias = Generator[Sent, Any, None]
"""Yields what to send and is sent the `Response`, or the `BillingError` that was raised."""

BLOCKING: Final[dict[str, Callable[[], HttpEngine]]] = {"pooled": PooledEngine, "brought": ClientEngine, "fast": FastEngine}
AWAITED: Final[dict[str, Callable[[], AsyncHttpEngine]]] = {
    "pooled": AsyncPooledEngine,
    "brought": AsyncClientEngine,
    "fast": AsyncFastEngine,
}
WAYS: Final = [f"{kind}-{mode}" for kind in BLOCKING for mode in ("threads", "asyncio", "trio") if (kind, mode) != ("fast", "trio")]


def drive(way: str, script: Script) -> None:
    """Runs the script to its end on one engine, which is closed after it."""
    kind, _, mode = way.partition("-")
    if mode == "threads":
        _drive(BLOCKING[kind](), script)
    else:
        anyio.run(_drive_async, AWAITED[kind], script, backend=mode)


def outcomes(way: str, *sent: Sent) -> list[Any]:
    """What each of these requests comes to, in order, on one engine."""
    found: list[Any] = []

    def script() -> Script:
        for each in sent:
            found.append((yield each))

    drive(way, script())
    return found


def after_closing(way: str) -> BillingError | None:
    """What an engine raises for a request that is made after it was closed."""
    kind, _, mode = way.partition("-")
    sent = (Route(base_url="http://127.0.0.1:9", headers={}), Request(method="GET", path="/"), None)

    async def main() -> None:
        engine = AWAITED[kind]()
        await engine.close()
        await engine.send(*sent)

    try:
        if mode == "threads":
            engine = BLOCKING[kind]()
            engine.close()
            engine.send(*sent)
        else:
            anyio.run(main, backend=mode)
    except BillingError as error:
        return error
    return None


def _drive(engine: HttpEngine, script: Script) -> None:
    try:
        sent = next(script)
        while True:
            answer: Response | BillingError
            try:
                answer = engine.send(*sent)
            except BillingError as error:
                answer = error
            sent = script.send(answer)
    except StopIteration:
        return
    finally:
        engine.close()


async def _drive_async(make: Callable[[], AsyncHttpEngine], script: Script) -> None:
    engine = make()
    try:
        sent = next(script)
        while True:
            answer: Response | BillingError
            try:
                answer = await engine.send(*sent)
            except BillingError as error:
                answer = error
            sent = script.send(answer)
    except StopIteration:
        return
    finally:
        await engine.close()
