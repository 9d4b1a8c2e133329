"""Runners: perform the effects of a flow, with one loop for `Billing` and one for `AsyncBilling`.

A runner answers each effect by the function that it is given. It throws every failure into the flow, also a cancellation, and always
closes the flow. It decides nothing about retries or errors. HTTP engines send the requests (`billbridge.http`).
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
    """Run a flow to its end on this thread and return its result. `perform` answers one effect."""
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
    """Run a flow to its end in this task and return its result. A cancellation is thrown into the flow like any failure."""
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
    """Sleep for a random time between the two bounds of the effect."""
    time.sleep(_drawn(effect))


async def wait_async(effect: Pause) -> None:
    """Sleep for a random time between the two bounds of the effect, on asyncio or trio."""
    import anyio

    await anyio.sleep(_drawn(effect))


async def let_others_run() -> None:
    """Let other tasks run and a cancellation arrive. Call this before an answer that needs no waiting."""
    import anyio.lowlevel

    await anyio.lowlevel.checkpoint()


async def in_thread(do: Callable[[], T]) -> T:
    """Call `do`, which waits for a disk, in a thread. A cancellation waits until it is done.

    The call has a task of its own, because a cancellation by asyncio ends the wait for a thread while the thread still runs.
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
    """Ask the limiter, in a thread if it waits for a disk. Return the seconds to wait."""
    return await in_thread(limiter.admit) if limiter.waits_on_disk else limiter.admit()


def _drawn(effect: Pause) -> float:
    import random

    return random.uniform(effect.low, effect.high)  # noqa: S311  # spreads retries, protects no secret
