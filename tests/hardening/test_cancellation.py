"""A cancelled call, at every moment: its flow is closed, its connection is not used again, and the client still works."""

from __future__ import annotations

import asyncio
import functools
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from typing import Any

import anyio
import pytest
from billbridge.flow import Flow
from billbridge.flow.limiter import Limit, Limiter
from billbridge.plugins.hookspecs import Exchange, hookimpl
from billbridge_chargebee.customers import ChargebeeCustomers
from billbridge_sandbox import Sandbox
from billbridge_stripe.customers import StripeCustomers

from . import line as ways
from .evidence import settled
from .line import Line, Way, line, says
from .surfaces import awaited, connected, on_both_vendors, run

Ready = Callable[[], bool]
CANCELLATIONS = ("CancelledError", "Cancelled", "BaseExceptionGroup")  # asyncio's, trio's, and trio's while several addresses are tried


class Flows:
    """What became of the flows that make customers."""

    def __init__(self) -> None:
        self.ends: list[str] = []

    def watched(self, create: Any) -> Any:
        @functools.wraps(create)
        def watching(service: Any, new: Any) -> Flow[Any]:
            try:
                return (yield from create(service, new))
            except BaseException as failure:
                self.ends.append(type(failure).__name__)
                raise
            finally:
                self.ends.append("closed")

        return watching


@pytest.fixture
def flows(monkeypatch: pytest.MonkeyPatch) -> Flows:
    made = Flows()
    for service in (StripeCustomers, ChargebeeCustomers):
        monkeypatch.setattr(service, "create", made.watched(service.create))
    return made


class Statuses:
    """The answers that arrived, as an observer is told of them; None for none."""

    def __init__(self) -> None:
        self.seen: list[int | None] = []

    @hookimpl
    def billbridge_exchange(self, exchange: Exchange) -> None:
        self.seen.append(exchange.status)


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if thread.name.startswith("Trio thread"):  # trio keeps those that are done for ten seconds, for others to use
            continue
        thread.join(5)
        assert not thread.is_alive()


async def cancelled(call: Callable[[], Awaitable[object]], ready: Ready) -> None:
    """Cancels the call as soon as it is ready for it; it must end so, and leave no task."""
    outcome: list[object] = []

    async def calling() -> None:
        outcome.append(await call())

    tasks = _tasks()
    with anyio.fail_after(30):  # it takes milliseconds, except on a machine that does a lot besides
        async with anyio.create_task_group() as group:
            group.start_soon(calling)
            while not ready():
                await anyio.sleep(0.005)
            group.cancel_scope.cancel()
    assert (outcome, _tasks()) == ([], tasks)


def _tasks() -> int:
    try:
        return len(asyncio.all_tasks())
    except RuntimeError:
        import trio

        return trio.lowlevel.current_statistics().tasks_living


async def works_on(billing: Any, flows: Flows) -> None:
    """The cancelled flow is closed, and the same call under the same key ends with one customer."""
    assert flows.ends[-1] == "closed"
    assert flows.ends[0] in CANCELLATIONS
    made = await billing.with_options(idempotency_key="k").customers.create(email="ada@example.com")
    assert [each.id async for each in billing.customers.list()] == [made.id]


@pytest.mark.parametrize("way", [ways.silence, ways.half, ways.trickle], ids=lambda way: way.__name__)
@on_both_vendors
@awaited
def test_a_call_cancelled_during_a_slow_answer(sandbox: Sandbox, flows: Flows, route: str, surface: str, way: Way) -> None:
    async def main() -> None:
        async with connected(surface, route, far) as billing:
            far.script.append(way)
            view = billing.with_options(idempotency_key="k")
            await cancelled(lambda: view.customers.create(email="ada@example.com"), lambda: bool(far.calls))
            while far.open:  # its connection is given up while the client is open
                await anyio.sleep(0.005)
            await works_on(billing, flows)
            assert far.open == {2}

    with line(sandbox) as far:
        run(main, surface)


@on_both_vendors
@awaited
def test_a_call_cancelled_during_a_retry_s_pause(sandbox: Sandbox, flows: Flows, route: str, surface: str) -> None:
    statuses = Statuses()

    async def main() -> None:
        async with connected(surface, route, far, hooks=[statuses]) as billing:
            far.script.append(says(503, retry_after="30"))
            view = billing.with_options(idempotency_key="k")
            await cancelled(lambda: view.customers.create(email="ada@example.com"), lambda: statuses.seen == [503])
            await works_on(billing, flows)

    with line(sandbox) as far:
        run(main, surface)
    assert far.accepted == 1  # it was idle during the pause


@pytest.mark.parametrize("on_disk", [False, True])
@on_both_vendors
@awaited
def test_a_call_cancelled_while_it_waits_for_its_turn(
    sandbox: Sandbox, flows: Flows, route: str, surface: str, tmp_path: Any, on_disk: bool
) -> None:
    limiter = Limiter(Limit(1, 3600), file=tmp_path / "limit.db" if on_disk else None)
    limiter.admit()

    async def main() -> None:
        async with connected(surface, route, far, limiter=limiter) as billing:
            with anyio.move_on_after(0.3) as scope:
                await billing.customers.create(email="ada@example.com")
            assert scope.cancelled_caught
        async with connected(surface, route, far) as billing:
            assert far.calls == []
            await works_on(billing, flows)

    with line(sandbox) as far:
        run(main, surface)


@on_both_vendors
@awaited
def test_a_call_cancelled_during_connect(sandbox: Sandbox, flows: Flows, route: str, surface: str) -> None:
    with ExitStack() as stack:
        listener = socket.create_server(("127.0.0.1", 0), backlog=0)
        address = listener.getsockname()
        waiting = 0
        while True:  # until the queue of connections that nobody accepts is full: then connecting takes for ever
            one = stack.enter_context(socket.socket())
            one.settimeout(0.2)
            if one.connect_ex(address):
                break
            waiting += 1

        async def main() -> None:
            far = Line(sandbox, f"http://127.0.0.1:{address[1]}")
            async with connected(surface, route, far) as billing:
                with anyio.move_on_after(0.3) as scope:
                    await billing.with_options(idempotency_key="k").customers.create(email="ada@example.com")
                assert scope.cancelled_caught
                stack.close()
                with line(sandbox, listener) as opened:
                    await works_on(billing, flows)
                    assert opened.accepted == waiting + 1  # the cancelled one never came

        run(main, surface)


@pytest.mark.parametrize("way", [ways.silence, ways.half], ids=lambda way: way.__name__)
@on_both_vendors
def test_an_interrupted_blocking_call(sandbox: Sandbox, flows: Flows, route: str, way: Way) -> None:
    def interrupts(call: ways.Call) -> bool:
        threading.Timer(0.2, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT)).start()
        return way(call)

    with line(sandbox) as far, ExitStack() as stack:
        # A shell starts its background jobs with this signal ignored; the test would then wait for ever.
        stack.callback(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))
        billing = connected("blocking", route, far)
        far.script.append(interrupts)
        view = billing.with_options(idempotency_key="k")
        with pytest.raises(KeyboardInterrupt):
            view.customers.create(email="ada@example.com")
        assert flows.ends == ["KeyboardInterrupt", "closed"]
        far.wait(lambda: not far.open)
        made = view.customers.create(email="ada@example.com")
        assert [each.id for each in billing.customers.list()] == [made.id]
        assert far.open == {2}
        billing.close()


# httpx and httpcore leave the generator of a body that they were still sending to the garbage collector, which trio remarks on.
@pytest.mark.filterwarnings("ignore:Async generator 'http(core|x).:ResourceWarning")
@on_both_vendors
@awaited
def test_many_calls_cancelled_at_any_moment_leave_a_client_that_works(sandbox: Sandbox, route: str, surface: str) -> None:
    async def main() -> None:
        async with connected(surface, route, far) as billing:
            for step in range(40):
                with anyio.move_on_after(step / 2000):
                    await billing.with_options(idempotency_key="k").customers.create(email="ada@example.com")
            made = await billing.with_options(idempotency_key="k").customers.create(email="ada@example.com")
            assert [each.id for each in await settled(billing.customers.list())] == [made.id]

    with line(sandbox) as far:
        run(main, surface)
        far.wait(lambda: not far.open)
