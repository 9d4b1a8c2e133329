"""The journal as a file: what it holds, who may read it, what it refuses. Calls through a client are in tests/outside/test_journal.py."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from billbridge import Address, Billing, Item, Money, NewTaxId, Shipping, Tier
from billbridge.client.billing import AsyncBilling
from billbridge.client.resources import (
    Coupons,
    Customers,
    Entitlements,
    Meters,
    PaymentMethods,
    Prices,
    ProductFeatures,
    Products,
    PromotionCodes,
    Raw,
    Subscriptions,
)
from billbridge.errors import ConfigurationError, IdempotencyConflictError, ValidationError
from billbridge.flow.journal import Entry, Journal

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
ENTRY = Entry(
    provider="stripe",
    account="a" * 32,
    operation="customers.create",
    idempotency_key="k-1",
    arguments=b'[[],{"email":"ada@example.com"}]',
    at=NOON,
)


def other(**changes: Any) -> Entry:
    return msgspec.structs.replace(ENTRY, **changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "billing.journal"


def test_a_write_is_pending_for_whoever_opens_the_file_until_its_outcome_is_known(path: Path) -> None:
    mine, theirs = Journal(path), Journal(path)
    assert mine.begin(ENTRY) == (ENTRY, True)
    assert theirs.pending() == [other(in_flight=True)]
    assert mine.pending() == []  # it is under way here
    mine.end(ENTRY, known=False)
    assert mine.pending() == theirs.pending() == [ENTRY]
    mine.begin(ENTRY)
    mine.end(ENTRY, known=True)
    assert mine.pending() == theirs.pending() == []


def test_the_oldest_come_first_and_can_be_forgotten(path: Path) -> None:
    journal = Journal(path)
    entries = [other(idempotency_key=f"k-{hour}", at=NOON.replace(hour=hour)) for hour in (9, 7, 8)]
    for entry in entries:
        journal.begin(entry)
        journal.end(entry, known=False)
    assert [entry.idempotency_key for entry in journal.pending()] == ["k-7", "k-8", "k-9"]
    journal.forget(journal.pending()[0])
    assert [entry.idempotency_key for entry in journal.pending()] == ["k-8", "k-9"]


def test_the_same_call_again_keeps_the_time_of_the_first(path: Path) -> None:
    journal = Journal(path)
    journal.begin(ENTRY)
    journal.end(ENTRY, known=False)
    assert journal.begin(other(at=NOON.replace(hour=18))) == (ENTRY, False)


@pytest.mark.parametrize("changes", [{"arguments": b"[[],{}]"}, {"account": "b" * 32}], ids=str)
def test_one_key_for_two_calls_of_one_operation_is_refused(path: Path, changes: dict[str, Any]) -> None:
    journal = Journal(path)
    journal.begin(ENTRY)
    journal.end(ENTRY, known=False)
    with pytest.raises(IdempotencyConflictError, match="nothing was sent"):
        journal.begin(other(**changes))
    assert journal.pending() == [ENTRY]


def test_two_operations_may_have_the_same_key(path: Path) -> None:
    journal = Journal(path)
    second = other(operation="products.create")
    for entry in (ENTRY, second):
        journal.begin(entry)
        journal.end(entry, known=False)
    assert journal.pending() == [ENTRY, second]
    journal.forget(ENTRY)
    assert journal.pending() == [second]


def in_another_process(path: Path, then: str) -> subprocess.Popen[str]:
    """A process that has begun the call of `ENTRY`, does something, and then waits for its standard input to close."""
    code = f"""
import sys
from datetime import datetime
from billbridge.flow.journal import Entry, Journal
journal = Journal({str(path)!r})
entry = Entry(provider="stripe", account="{"a" * 32}", operation="customers.create", idempotency_key="k-1",
              arguments=b'[[],{{"email":"ada@example.com"}}]', at=datetime.fromisoformat("{NOON.isoformat()}"))
journal.begin(entry)
{then}
print("begun", flush=True)
sys.stdin.read()
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def test_a_call_is_in_flight_until_its_process_ends_even_by_a_crash(path: Path) -> None:
    journal = Journal(path)
    with in_another_process(path, "") as worker:
        assert [entry.in_flight for entry in journal.pending()] == [True]
        worker.kill()
        worker.wait()
        assert [entry.in_flight for entry in journal.pending()] == [False]
    assert [each.name for each in path.parent.iterdir() if "worker" in each.name] == []


def test_a_call_that_ended_without_an_outcome_is_not_in_flight_while_its_process_lives(path: Path) -> None:
    journal = Journal(path)
    with in_another_process(path, "journal.end(entry, known=False)") as worker:
        assert journal.pending() == [ENTRY]
        worker.kill()


def test_a_forked_child_does_not_keep_a_call_in_flight(path: Path) -> None:
    journal = Journal(path)
    fork = "import os\nif os.fork() == 0:\n    os.close(1); sys.stdin.read(); os._exit(0)"
    with in_another_process(path, fork) as worker:
        assert [entry.in_flight for entry in journal.pending()] == [True]
        worker.kill()
        worker.wait()
        assert [entry.in_flight for entry in journal.pending()] == [False]


def test_closing_a_journal_removes_its_lock_and_keeps_the_entries(path: Path) -> None:
    journal = Journal(path)
    journal.begin(ENTRY)
    assert len([each for each in path.parent.iterdir() if "worker" in each.name]) == 1
    journal.close()
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert Journal(path).pending() == [ENTRY]


def test_a_call_that_ends_while_another_process_writes_waits_for_nothing_and_is_marked_later(path: Path) -> None:
    mine, theirs = Journal(path), Journal(path)
    mine.begin(ENTRY)
    with sqlite3.connect(path, isolation_level=None) as writer:
        writer.execute("begin immediate")
        mine.end(ENTRY, known=False)
        assert theirs.pending() == [other(in_flight=True)]
        writer.execute("rollback")
    writer.close()
    assert mine.pending() == [ENTRY]
    assert theirs.pending() == [ENTRY]


def test_two_vendors_may_have_the_same_key(path: Path) -> None:
    journal = Journal(path)
    for provider in ("stripe", "chargebee"):
        journal.begin(other(provider=provider))
        journal.end(other(provider=provider), known=False)
    assert {entry.provider for entry in journal.pending()} == {"stripe", "chargebee"}


def test_only_the_owner_may_read_the_file_and_no_secret_is_in_it(path: Path) -> None:
    journal = Journal(path)
    journal.begin(ENTRY)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert b"ada@example.com" in found
    assert b"sk_test" not in found


def test_what_is_settled_is_wiped_from_the_disk(path: Path) -> None:
    journal = Journal(path)
    journal.begin(ENTRY)
    journal.end(ENTRY, known=True)
    journal.close()
    assert b"ada@example.com" not in b"".join(each.read_bytes() for each in path.parent.iterdir())


def test_reprs_show_no_argument(path: Path) -> None:
    assert repr(ENTRY) == "Entry(customers.create at stripe, 'k-1', 2026-01-31 12:00:00)"
    assert repr(Journal(path)) == f"Journal('{path}')"


def test_a_file_that_is_none_of_ours_is_refused(path: Path) -> None:
    path.write_bytes(b"something else entirely, long enough for SQLite to look at it" * 9)
    with pytest.raises(ConfigurationError, match="DatabaseError"):
        Journal(path)
    with pytest.raises(ConfigurationError, match="IsADirectoryError"):
        Journal(path.parent)


def test_a_newer_version_is_refused(path: Path) -> None:
    Journal(path).close()
    with sqlite3.connect(path) as file:
        file.execute("pragma user_version = 99")
    file.close()
    with pytest.raises(ConfigurationError, match="version 99"):
        Journal(path)


@pytest.mark.parametrize("name", [None, 3, "a\x00b", "\ud800", b"journal"])
def test_what_cannot_be_a_path_is_refused(name: Any) -> None:
    with pytest.raises(ConfigurationError, match="path must be the path of a file") as caught:
        Journal(name)
    assert caught.value.param == "path"


def test_only_an_entry_can_be_forgotten(path: Path) -> None:
    with closing(Journal(path)) as journal, pytest.raises(ValidationError, match=r"pass one of journal\.pending\(\)"):
        journal.forget("order-1")  # type: ignore[arg-type]  # a key is not enough


def test_processes_that_open_a_new_file_together_all_get_it(path: Path) -> None:
    code = "import sys, time\nfrom billbridge.flow.journal import Journal\nsys.stdin.read(1)\nfor name in sys.argv[1:]: Journal(name)"
    names = [f"{path}{number}" for number in range(20)]
    workers = [subprocess.Popen([sys.executable, "-c", code, *names], stdin=subprocess.PIPE) for _ in range(4)]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(b"x")
        worker.stdin.close()
    assert [worker.wait() for worker in workers] == [0, 0, 0, 0]


def test_a_forked_process_may_not_use_its_parents_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(path)
    with monkeypatch.context() as child:
        child.setattr("os.getpid", lambda: 1)
        for use in (lambda: journal.begin(ENTRY), journal.pending, lambda: journal.forget(ENTRY)):
            with pytest.raises(ConfigurationError, match="forked process"):
                use()
    assert journal.pending() == []


def test_threads_share_one_journal(path: Path) -> None:
    journal = Journal(path)

    def write(number: int) -> None:
        for turn in range(20):
            entry = other(idempotency_key=f"{number}-{turn}")
            journal.begin(entry)
            journal.end(entry, known=turn != 7)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(entry.idempotency_key for entry in journal.pending()) == [f"{number}-7" for number in range(8)]


CALLS: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
    (
        Customers.create,
        (),
        {
            "email": "ada@example.com",
            "address": Address(line1="Straße 1", country="DE"),
            "shipping": Shipping(name="Ada", address=Address(city="Köln")),
            "tax_exempt": "reverse",
            "tax_ids": [NewTaxId(type="eu_vat", value="DE123456789")],
            "metadata": {"a": "½", "b": ""},
        },
    ),
    (Customers.update, ("cus_1",), {"email": None, "name": "Ada", "metadata": None}),
    (Customers.delete, ("cus_1",), {"destroy_history": True}),
    (Customers.adjust_credit, ("cus_1",), {"amount": Money("-5.00", "USD"), "reason": "sorry"}),
    (Products.create, (), {"name": "Pro", "kind": "addon", "metered": True}),
    (Prices.create, (), {"product": "p", "amount": Money("0.005", "USD"), "every": "month", "interval_count": 3}),
    (
        Prices.create,
        (),
        {
            "product": "p",
            "every": None,
            "model": "graduated",
            "tiers": [Tier(up_to=10, unit_amount=Money("1.230", "KWD")), Tier(flat_amount=Money(0, "KWD"))],
        },
    ),
    (Meters.create, (), {"name": "calls", "event_name": "call"}),
    (Coupons.create, (), {"name": "Q", "percent_off": Decimal("12.5"), "duration": "once", "expires_at": NOON}),
    (Coupons.create, (), {"name": "Q", "percent_off": 25, "duration": "repeating", "duration_months": 3}),
    (PromotionCodes.create, (), {"coupon": "c", "code": "SPRING", "max_redemptions": 1}),
    (ProductFeatures.create, (), {"key": "seats", "name": "Seats", "kind": "quantity", "levels": ["5", "unlimited"]}),
    (ProductFeatures.attach, ("prod_1",), {"feature": "seats", "value": 5}),
    (ProductFeatures.attach, ("prod_1",), {"feature": "seats", "value": "unlimited"}),
    (ProductFeatures.detach, ("prod_1", "feat_1"), {}),
    (Entitlements.override, ("sub_1",), {"feature": "sso", "value": True, "expires_at": NOON}),
    (Entitlements.override, ("sub_1",), {"feature": "seats", "value": 1}),
    (PaymentMethods.attach, ("cus_1",), {"token": "tok_visa", "make_default": False}),
    (PaymentMethods.set_default, ("cus_1", "pm_1"), {}),
    (Subscriptions.create, (), {"customer": "c", "items": [Item(price="p", quantity=3)], "trial_end": NOON}),
    (Subscriptions.cancel, ("sub_1",), {"timing": "period_end"}),
    (Raw.post, ("/v1/charges", {"amount": 3, "deep": {"list": [1, "two", None, True]}}), {}),
    (Raw.delete, ("/v1/charges/ch_1",), {"params": None}),
]


@pytest.mark.parametrize(("operation", "args", "kwargs"), CALLS, ids=[f"{call[0]._name}-{number}" for number, call in enumerate(CALLS)])
def test_a_call_comes_back_from_json_as_it_was(operation: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    packed = operation._signature.to_json(args, kwargs)
    assert operation.arguments_from_json(packed) == (args, kwargs)
    again_args, again_kwargs = operation.arguments_from_json(packed)
    assert operation._signature.to_json(again_args, again_kwargs) == packed


@pytest.mark.parametrize(
    "params", [{"at": NOON}, {"share": Decimal("0.5")}, {"what": object()}, {1: "one"}], ids=["time", "decimal", "object", "key"]
)
def test_a_raw_call_that_would_come_back_changed_is_refused(params: Any) -> None:
    operation: Any = Raw.post
    with pytest.raises(ValidationError, match="the journal cannot store this call"):
        operation._signature.to_json(("/v1/charges", params), {})


@pytest.mark.parametrize("packed", [b"{}", b"[[],{}", b'[[],{"no_such_field":1}]', b'[[],{"email":5}]', b'[["cus_1"],{}]'], ids=str)
def test_arguments_of_another_operation_are_refused(packed: bytes) -> None:
    operation: Any = Customers.create
    with pytest.raises(ValidationError, match="do not fit its operation"):
        operation.arguments_from_json(packed)


def test_both_clients_take_a_journal(path: Path) -> None:
    from billbridge_stripe import StripeProvider

    journal = Journal(path)
    assert Billing(StripeProvider(api_key="sk_test_x"), journal=journal)._session.journal is journal
    assert AsyncBilling(StripeProvider(api_key="sk_test_x"), journal=journal)._session.journal is journal
    assert Billing.connect("stripe", api_key="sk_test_x", journal=journal)._session.journal is journal
