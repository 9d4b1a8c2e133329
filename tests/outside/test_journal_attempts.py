"""Entries that stay in a journal: attempts of `resolve` without an answer, cancellation during a write, calls without a key."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from threading import Event, Timer
from typing import Any

import anyio
import pytest
from billbridge import AsyncBilling, Billing
from billbridge.errors import (
    OutcomeUnknownError,
    RateLimitError,
    TransportError,
)
from billbridge.flow.journal import Entry, Journal
from billbridge_sandbox import Fault, Sandbox
from journaling import OPTIONS, START, VENDORS, client, path, sandbox

__all__ = ["path", "sandbox"]  # fixtures


def unsettled(vendor: str, sandbox: Sandbox, path: Path, fault: Fault = Fault.DROP_AFTER) -> Entry:
    """What a crashed process left: a write that took effect, unless the fault says otherwise."""
    sandbox.faults.next(fault, method="POST")
    with pytest.raises(OutcomeUnknownError):
        client(vendor, sandbox, path).customers.create(email="ada@example.com")
    return Journal(path).pending()[0]


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("why", ["limited", "late", "unreachable"])
def test_an_attempt_to_resolve_that_learns_nothing_keeps_the_entry(
    vendor: str, why: str, sandbox: Sandbox, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = unsettled(vendor, sandbox, path)
    billing = client(vendor, sandbox, path)
    with monkeypatch.context() as patched:
        if why == "limited":
            sandbox.faults.next(Fault.RATE_LIMITED, method="POST")
        elif why == "late":
            billing = billing.with_options(deadline=1e-9)
        else:
            refused = TransportError("could not be reached", retryable=True)
            patched.setattr(type(billing._session), "answer_in_process", lambda *_: (_ for _ in ()).throw(refused))
        with pytest.raises((RateLimitError, TransportError)):
            billing.resolve(entry)
    assert Journal(path).pending() == [entry]
    assert client(vendor, sandbox, path).resolve(entry).replayed
    assert Journal(path).pending() == []


@pytest.mark.parametrize(("vendor", "minutes"), [("stripe", 24 * 60), ("chargebee", 30)])
def test_a_noted_call_is_not_sent_again_under_its_old_key_either(vendor: str, minutes: int, sandbox: Sandbox, path: Path) -> None:
    for _ in range(2):
        sandbox.faults.next(Fault.DROP_AFTER, method="POST")
        with pytest.raises(OutcomeUnknownError):
            client(vendor, sandbox, path).with_options(idempotency_key="order-1").customers.create(email="ada@example.com")
        sandbox.advance(minutes=minutes / 2)
    sandbox.faults.clear()
    with pytest.raises(OutcomeUnknownError, match="may have deleted") as caught:
        client(vendor, sandbox, path).with_options(idempotency_key="order-1").customers.create(email="ada@example.com")
    assert caught.value.at == START
    assert len(list(client(vendor, sandbox, path).customers.list())) == 1
    assert len(Journal(path).pending()) == 1


@pytest.mark.parametrize("step", ["begin", "_delete"])
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_task_that_is_cancelled_while_the_journal_is_written_leaves_its_write_there_or_has_its_answer(
    step: str, backend: str, sandbox: Sandbox, path: Path
) -> None:
    async def main() -> None:
        journal = Journal(path)
        write = getattr(journal, step)
        started, finished = Event(), Event()

        def slowly(*args: Any) -> Any:
            started.set()
            time.sleep(0.1)
            written = write(*args)
            finished.set()
            return written

        billing = AsyncBilling.connect("stripe", gateway=sandbox, journal=journal)
        setattr(journal, step, slowly)
        answered: list[Any] = []

        async def create() -> None:
            answered.append(await billing.customers.create(email="ada@example.com"))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(create)
            while not started.is_set():
                await anyio.sleep(0.005)
            tasks.cancel_scope.cancel()
        assert finished.is_set()
        setattr(journal, step, write)
        entries = journal.pending()
        assert len(answered) + len(entries) == 1  # on trio the cancellation came too late for the last step
        [settled] = answered or [await billing.resolve(entries[0])]
        assert [customer.id async for customer in billing.customers.list()] == [settled.id]
        assert journal.pending() == []

    anyio.run(main, backend=backend)


def test_asyncios_own_cancellation_waits_for_the_journal_too(sandbox: Sandbox, path: Path) -> None:
    async def main() -> None:
        journal = Journal(path)
        begin, begun = journal.begin, Event()

        def slowly(entry: Entry) -> tuple[Entry, bool]:
            time.sleep(0.2)
            noted = begin(entry)
            begun.set()
            return noted

        journal.begin = slowly  # type: ignore[method-assign]
        billing = AsyncBilling.connect("stripe", gateway=sandbox, journal=journal)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(billing.customers.create(email="ada@example.com"), 0.05)
        assert begun.is_set()
        assert len(journal.pending()) == 1
        assert [customer async for customer in billing.customers.list()] == []

    asyncio.run(main())


def test_an_error_of_a_call_without_a_key_settles_its_entry_as_well(sandbox: Sandbox, path: Path) -> None:
    billing = client("stripe", sandbox, path)
    ada = billing.customers.create(email="ada@example.com")
    sandbox.faults.next(Fault.DROP_BEFORE, method="DELETE")
    with pytest.raises(OutcomeUnknownError) as caught:
        billing.customers.delete(ada.id, destroy_history=True)
    billing.resolve(caught.value)
    assert Journal(path).pending() == []


def test_a_client_that_is_closed_between_two_attempts_does_not_hide_the_first(path: Path) -> None:
    sandbox = Sandbox(start=START)
    with sandbox.serve() as server:
        billing = Billing.connect("stripe", base_url=server.stripe_url, **OPTIONS["stripe"], journal=Journal(path))
        sandbox.faults.next(Fault.DROP_AFTER, method="POST")
        closing = Timer(0.1, billing.close)
        closing.start()
        with pytest.raises(OutcomeUnknownError):
            billing.customers.create(email="ada@example.com")
        closing.join()
    assert len(Journal(path).pending()) == 1
