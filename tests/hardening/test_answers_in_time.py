"""Promises of our own HTTP engine that httpx does not make: an answer belongs to its request, and a time-out covers the whole answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from billbridge.errors import OutcomeUnknownError, TransportTimeoutError
from billbridge_sandbox import Sandbox

from . import line as ways
from .evidence import settled
from .line import Line, line
from .surfaces import on_both_vendors, on_every_surface, tell


@on_both_vendors
@on_every_surface
def test_bytes_after_an_answer_are_never_the_next_answer(sandbox: Sandbox, route: str, surface: str) -> None:
    def chatters(call: ways.Call) -> bool:
        call.send(call.answer() + ways.message(200, b'{"id": "cus_forged", "customer": {"id": "cus_forged"}}'))
        return True

    async def story(billing: Any) -> None:
        ada = await settled(billing.customers.create(email="ada@example.com"))
        bob = await settled(billing.customers.create(email="bob@example.com"))
        far.script.append(chatters)
        assert (await settled(billing.customers.get(ada.id))).id == ada.id
        assert (await settled(billing.customers.get(bob.id))).email == "bob@example.com"

    with line(sandbox) as far:
        tell(story, surface, route, far)


async def cut_in_time(far: Line, billing: Any, option: str) -> None:
    made = await settled(billing.customers.create(email="ada@example.com"))
    view = billing.with_options(retries=0, **{option: 0.4})
    calls: list[tuple[Any, Callable[[], object]]] = [
        (TransportTimeoutError, lambda: view.customers.get(made.id)),
        (OutcomeUnknownError, lambda: view.customers.create(email="bob@example.com")),
    ]
    for kind, call in calls:
        far.script.append(ways.trickle)
        started = time.monotonic()
        with pytest.raises(kind):
            await settled(call())
        assert time.monotonic() - started < 2
    far.wait(lambda: far.ended >= {1, 2})
    assert len(await settled(billing.customers.list())) == 2


@on_both_vendors
@on_every_surface
@pytest.mark.parametrize("option", ["deadline", "timeout"])
def test_an_answer_that_trickles_is_cut_when_the_time_is_over(sandbox: Sandbox, route: str, surface: str, option: str) -> None:
    with line(sandbox) as far:
        tell(lambda billing: cut_in_time(far, billing, option), surface, route, far)


@pytest.mark.parametrize("client", ["brought", "fast"])
@pytest.mark.parametrize("surface", ["blocking", "asyncio"])
def test_other_engines_cut_it_too(sandbox: Sandbox, surface: str, client: str) -> None:
    mine: Any = "fast" if client == "fast" else httpx.Client() if surface == "blocking" else httpx.AsyncClient()

    async def story(billing: Any) -> None:
        await cut_in_time(far, billing, "timeout")
        if client == "brought":
            await settled(mine.close() if surface == "blocking" else mine.aclose())

    with line(sandbox) as far:
        tell(story, surface, "stripe", far, http=mine)
