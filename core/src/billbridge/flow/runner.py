"""Performs flows: two surfaces, one loop each.

A runner answers each effect of a flow: it sends requests, waits, and says what the caller wants. Every failure, cancellation
included, is thrown into the flow, and the flow is always closed. Decides nothing about retries or errors of vendors; sends nothing
itself: that is `billbridge.http`.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from billbridge.flow import Effect, Flow, Pause

if TYPE_CHECKING:
    from billbridge.flow.limiter import Limiter

T = TypeVar("T")


def run(flow: Flow[T], perform: Callable[[Effect], Any]) -> T:
    """Runs a flow to its end on this thread; `perform` answers one effect."""
    try:
        effect = next(flow)
        while True:
            try:
                answer = perform(effect)
            except BaseException as failure:
                effect = flow.throw(failure)
            else:
                effect = flow.send(answer)
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        flow.close()


async def run_async(flow: Flow[T], perform: Callable[[Effect], Awaitable[Any]]) -> T:
    """Runs a flow to its end on this task; a cancellation is thrown into the flow like any failure."""
    try:
        effect = next(flow)
        while True:
            try:
                answer = await perform(effect)
            except BaseException as failure:
                effect = flow.throw(failure)
            else:
                effect = flow.send(answer)
    except StopIteration as stop:
        result: T = stop.value
        return result
    finally:
        flow.close()


def wait(effect: Pause) -> None:
    """Sleeps for a time drawn between the effect's bounds."""
    time.sleep(_drawn(effect))


async def wait_async(effect: Pause) -> None:
    """The same on asyncio or trio."""
    import anyio

    await anyio.sleep(_drawn(effect))


async def let_others_run() -> None:
    """Gives other tasks their turn, and a cancellation its chance, where an answer needs no waiting."""
    import anyio.lowlevel

    await anyio.lowlevel.checkpoint()


async def in_thread(do: Callable[[], T]) -> T:
    """Calls what waits for a disk, in a thread; a cancellation waits until it is done.

    In a task of its own, because asyncio's own cancellation breaks the wait for a thread off, and the thread would go on unseen.
    """
    import anyio

    done: list[T] = []
    failed: list[Exception] = []

    async def work() -> None:
        with anyio.CancelScope(shield=True):
            try:
                done.append(await anyio.to_thread.run_sync(do))
            except Exception as failure:
                failed.append(failure)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(work)
    if failed:
        raise failed[0]
    return done[0]


async def admitted(limiter: Limiter) -> float:
    """Asks the limiter, in a thread if it waits for a disk."""
    return await in_thread(limiter.admit) if limiter.waits_on_disk else limiter.admit()


def _drawn(effect: Pause) -> float:
    import random

    return random.uniform(effect.low, effect.high)  # noqa: S311  # spreads retries; no secret depends on it
