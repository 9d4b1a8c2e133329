"""Writes with a journal, on both simulated vendors and both surfaces: what is noted, and what a new process can finish after a crash."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest
from billbridge import AsyncBilling, Billing, Item, Money
from billbridge.errors import (
    BillingError,
    ConfigurationError,
    IdempotencyConflictError,
    NotFoundError,
    OutcomeUnknownError,
    PartialFailureError,
    ProtocolError,
    ValidationError,
)
from billbridge.flow.journal import Entry, Journal
from billbridge_sandbox import Fault, Sandbox
from journaling import OPTIONS, START, VENDORS, client, path, sandbox

__all__ = ["path", "sandbox"]  # fixtures


CRASHING = """
import os, signal, sys
from billbridge import Billing, Item
from billbridge.plugins.hookspecs import hookimpl
from billbridge.flow.journal import Journal

vendor, url, path, customer, price = sys.argv[1:]
options = {"stripe": {"api_key": "sk_test_x"}, "chargebee": {"api_key": "test_x", "site": "acme"}}[vendor]

class Dies:
    @hookimpl
    def billbridge_exchange(self, exchange):
        if exchange.method == "POST":
            os.kill(os.getpid(), signal.SIGKILL)  # the vendor has answered, and nobody was told

billing = Billing.connect(vendor, base_url=url, hooks=[Dies()], journal=Journal(path), **options)
billing.subscriptions.create(customer=customer, items=[Item(price=price, quantity=3)])
"""


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_process_killed_after_the_effect_finishes_the_call_after_its_restart_exactly_once(vendor: str, path: Path) -> None:
    sandbox = Sandbox(start=START)
    with sandbox.serve() as server:
        url = server.stripe_url if vendor == "stripe" else server.chargebee_url
        with Billing.connect(vendor, base_url=url, **OPTIONS[vendor], journal=Journal(path)) as billing:
            ada = billing.customers.create(email="ada@example.com")
            billing.payment_methods.attach(ada.id, token="tok_visa")
            product = billing.products.create(name="Pro")
            price = billing.prices.create(product=product.id, amount=Money("19.00", "USD"), every="month")
            command = [sys.executable, "-c", CRASHING, vendor, url, str(path), ada.id, price.id]
            assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
        journal = Journal(path)
        [entry] = journal.pending()
        assert (entry.provider, entry.operation) == (vendor, "subscriptions.create")
        with Billing.connect(vendor, base_url=url, **OPTIONS[vendor], journal=journal) as billing:
            settled = billing.resolve(entry)
            assert settled.replayed
            assert [each.id for each in billing.subscriptions.list(customer=ada.id)] == [settled.id]
            assert [invoice.total for invoice in billing.invoices.list(customer=ada.id)] == [Money("57.00", "USD")]
        assert journal.pending() == []


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.UNAVAILABLE_AFTER, Fault.TRUNCATED])
def test_what_got_no_answer_that_can_be_read_stays_pending_until_it_is_resolved(
    vendor: str, fault: Fault, sandbox: Sandbox, path: Path
) -> None:
    billing = client(vendor, sandbox, path)
    sandbox.faults.next(fault, method="POST")
    with pytest.raises((OutcomeUnknownError, ProtocolError)):
        billing.customers.create(email="ada@example.com", metadata={"crm": "42"})
    [entry] = Journal(path).pending()
    again = client(vendor, sandbox, path)  # as after a restart
    settled = again.resolve(entry)
    assert (settled.email, settled.metadata) == ("ada@example.com", {"crm": "42"})
    assert [customer.id for customer in again.customers.list()] == [settled.id]
    assert Journal(path).pending() == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_it_is_the_same_on_the_awaited_surface(vendor: str, sandbox: Sandbox, path: Path) -> None:
    async def main() -> None:
        journal = Journal(path)
        billing = AsyncBilling.connect(vendor, gateway=sandbox, journal=journal).with_options(retries=0)
        sandbox.faults.next(Fault.DROP_AFTER, method="POST")
        with pytest.raises(OutcomeUnknownError):
            await billing.customers.create(email="ada@example.com")
        [entry] = journal.pending()
        settled = await billing.resolve(entry)
        assert [customer.id async for customer in billing.customers.list()] == [settled.id]
        assert journal.pending() == []

    asyncio.run(main())


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_cancelled_task_leaves_its_write_in_the_journal(vendor: str, path: Path) -> None:
    sandbox = Sandbox(start=START)

    async def main(url: str) -> None:
        journal = Journal(path)
        async with AsyncBilling.connect(vendor, base_url=url, **OPTIONS[vendor], journal=journal) as billing:
            sandbox.faults.next(Fault.DELAY, seconds=5, method="POST")
            task = asyncio.create_task(billing.customers.create(email="ada@example.com"))
            while not journal._under_way:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            [entry] = journal.pending()
            settled = await billing.resolve(entry)
            assert [customer.id async for customer in billing.customers.list()] == [settled.id]
            assert journal.pending() == []

    with sandbox.serve() as server:
        asyncio.run(main(server.stripe_url if vendor == "stripe" else server.chargebee_url))


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_was_answered_is_forgotten_whatever_the_answer_said(vendor: str, sandbox: Sandbox, path: Path) -> None:
    billing = client(vendor, sandbox, path)
    made = billing.customers.create(email="ada@example.com")
    with pytest.raises(NotFoundError):
        billing.customers.update("nobody", name="Nobody")
    with pytest.raises(BillingError):
        billing.payment_methods.attach(made.id, token="tok_none_such")
    billing.customers.delete(made.id, destroy_history=True)
    assert billing._session.journal is not None
    assert billing._session.journal.pending() == []
    assert not billing._session.journal._under_way


@pytest.mark.parametrize("vendor", VENDORS)
def test_reads_are_not_noted(vendor: str, sandbox: Sandbox, path: Path) -> None:
    billing = client(vendor, sandbox, path)
    noted: list[Any] = []
    assert billing._session.journal is not None
    begin = billing._session.journal.begin

    def watched(entry: Entry) -> tuple[Entry, bool]:
        noted.append(entry.operation)
        return begin(entry)

    billing._session.journal.begin = watched  # type: ignore[method-assign]
    made = billing.customers.create(email="ada@example.com")
    billing.customers.get(made.id)
    list(billing.customers.list())
    with pytest.raises(ValidationError):
        billing.customers.create(email=5)  # type: ignore[arg-type]
    assert noted == ["customers.create"]


def test_an_operation_of_several_writes_is_noted_once_and_finished_as_a_whole(sandbox: Sandbox, path: Path) -> None:
    billing = client("stripe", sandbox, path)
    ada = billing.customers.create(email="ada@example.com")
    sandbox.faults.next(Fault.DROP_AFTER, method="POST", path=f"/v1/customers/{ada.id}")
    with pytest.raises(PartialFailureError):
        billing.payment_methods.attach(ada.id, token="tok_visa")
    [entry] = Journal(path).pending()
    method = billing.resolve(entry)
    assert billing.customers.get(ada.id).default_payment_method_id == method.id
    assert [each.id for each in billing.payment_methods.list(customer=ada.id)] == [method.id]
    assert Journal(path).pending() == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_entry_is_never_sent_to_another_account(vendor: str, path: Path) -> None:
    sandbox = Sandbox(start=START)
    with sandbox.serve() as server:
        url = server.stripe_url if vendor == "stripe" else server.chargebee_url
        with Billing.connect(vendor, base_url=url, **OPTIONS[vendor], journal=Journal(path)) as billing:
            sandbox.faults.next(Fault.DROP_BEFORE, method="POST")
            with pytest.raises(OutcomeUnknownError):
                billing.with_options(retries=0).customers.create(email="ada@example.com")
        [entry] = Journal(path).pending()
        options = {**OPTIONS[vendor], "api_key": {"stripe": "sk_test_other", "chargebee": "test_other"}[vendor]}
        with Billing.connect(vendor, base_url=url, **options, journal=Journal(path)) as others:
            with pytest.raises(IdempotencyConflictError, match="another account"):
                others.resolve(entry)
            assert list(others.customers.list()) == []
    assert Journal(path).pending() == [entry]


@pytest.mark.parametrize(("vendor", "minutes"), [("stripe", 24 * 60), ("chargebee", 30)])
def test_an_entry_that_the_vendor_may_have_forgotten_is_not_repeated(vendor: str, minutes: int, sandbox: Sandbox, path: Path) -> None:
    billing = client(vendor, sandbox, path)
    sandbox.faults.next(Fault.DROP_AFTER, method="POST")
    with pytest.raises(OutcomeUnknownError):
        billing.customers.create(email="ada@example.com")
    sandbox.advance(minutes=minutes)
    [entry] = Journal(path).pending()
    with pytest.raises(OutcomeUnknownError, match="may have deleted"):
        billing.resolve(entry)
    assert len(list(billing.customers.list())) == 1
    Journal(path).forget(entry)
    assert Journal(path).pending() == []


def test_an_entry_of_another_vendor_is_refused(sandbox: Sandbox, path: Path) -> None:
    billing = client("stripe", sandbox, path)
    sandbox.faults.next(Fault.DROP_BEFORE, method="POST")
    with pytest.raises(OutcomeUnknownError):
        billing.customers.create(email="ada@example.com")
    with pytest.raises(ValidationError, match="this client cannot repeat the call"):
        client("chargebee", sandbox, path).resolve(Journal(path).pending()[0])


@pytest.mark.parametrize("vendor", VENDORS)
def test_nothing_is_sent_when_the_journal_cannot_be_written(vendor: str, sandbox: Sandbox, path: Path) -> None:
    billing = client(vendor, sandbox, path)
    assert billing._session.journal is not None
    billing._session.journal._file.execute("pragma query_only = on")
    with pytest.raises(ConfigurationError, match="nothing was sent"):
        billing.customers.create(email="ada@example.com")
    assert list(billing.customers.list()) == []


def test_a_note_that_cannot_be_deleted_does_not_make_a_success_a_failure(
    sandbox: Sandbox, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    billing = client("stripe", sandbox, path)
    journal = billing._session.journal
    assert journal is not None

    def fails(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    journal._delete = fails  # type: ignore[method-assign]
    made = billing.customers.create(email="ada@example.com")
    assert made.email == "ada@example.com"
    assert "the entry of a finished write stays in the journal" in caplog.text
    assert "ada@example.com" not in caplog.text
    [entry] = Journal(path).pending()
    again = client("stripe", sandbox, path)
    assert again.resolve(entry).id == made.id
    assert [customer.id for customer in again.customers.list()] == [made.id]


def test_processes_share_one_journal(path: Path) -> None:
    code = (
        "import sys\n"
        "from billbridge import Billing\nfrom billbridge.flow.journal import Journal\nfrom billbridge_sandbox import Sandbox\n"
        "billing = Billing.connect('stripe', gateway=Sandbox(), journal=Journal(sys.argv[1]))\n"
        "for number in range(30): billing.customers.create(email=f'{number}@example.com')\n"
    )
    workers = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(3)]
    assert [worker.wait() for worker in workers] == [0, 0, 0]
    assert Journal(path).pending() == []
    assert os.path.getsize(path) < 1_000_000


def test_items_survive_in_the_entry(sandbox: Sandbox, path: Path) -> None:
    billing = client("chargebee", sandbox, path)
    ada = billing.customers.create(email="ada@example.com")
    billing.payment_methods.attach(ada.id, token="tok_visa")
    price = billing.prices.create(product=billing.products.create(name="Pro").id, amount=Money("19.00", "USD"), every="month")
    sandbox.faults.next(Fault.DROP_AFTER, method="POST")
    with pytest.raises(OutcomeUnknownError):
        billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id, quantity=3)])
    settled = client("chargebee", sandbox, path).resolve(Journal(path).pending()[0])
    assert [(item.price_id, item.quantity) for item in settled.items] == [(price.id, 3)]


class Months(IntEnum):
    QUARTER = 3


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_journal_takes_every_argument_that_a_call_without_one_takes(vendor: str, path: Path, sandbox: Sandbox) -> None:
    """The entry holds the values as the draft converted them, so a lost call of dicts, tuples and words can be settled."""
    billing: Any = client(vendor, sandbox, path)
    ada = billing.customers.create(email="ada@example.com")
    billing.payment_methods.attach(ada.id, token="tok_visa")
    product = billing.products.create(name="Pro")
    price = billing.prices.create(product=product.id, amount=Money("19.00", "USD"), every="month", interval_count=Months.QUARTER)
    assert price.interval_count == 3
    sandbox.faults.next(Fault.DROP_AFTER, method="POST")
    with pytest.raises(OutcomeUnknownError):
        billing.subscriptions.create(customer=ada.id, items=({"price": price.id},), metadata=None)
    [entry] = billing._session.journal.pending()
    assert billing.resolve(entry).items[0].price_id == price.id
