"""`resolve` of every operation that writes, after each kind of lost answer, on both simulated vendors.

The result and all the vendor's data must be the same as in an equal account without a lost answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from billbridge import Billing
from billbridge.client import resources
from billbridge.client.operation import Operation
from billbridge.errors import NotFoundError, OutcomeUnknownError, PartialFailureError
from billbridge.plugins.hookspecs import hookimpl
from billbridge_sandbox import Fault, Sandbox
from writes import Shop, plain, world, writes

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
KEY = "unit-of-work"
READS = ("get", "find", "check", "get_setup", "search", "list")


class Watch:
    """Notes the writes that go over the line."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    @hookimpl
    def billbridge_exchange(self, exchange: Any) -> None:
        if exchange.method != "GET":
            self.sent.append((exchange.method, exchange.path))


class Account:
    """One simulated account with a shop in it, and a client that sends each request once, or three times."""

    def __init__(self, vendor: str, retries: int = 0) -> None:
        self.sandbox = Sandbox(start=START)
        self.watch = Watch()
        self.client = Billing.connect(vendor, gateway=self.sandbox, hooks=[self.watch])
        self.shop = Shop(self.client)
        self.calls = writes(self.client.with_options(idempotency_key=KEY, retries=retries), self.shop)
        self.watch.sent.clear()


def settled(account: Account, call: Callable[[], Any]) -> Any:
    """The result of a call whose outcome is unknown, through `resolve`."""
    with pytest.raises((OutcomeUnknownError, PartialFailureError)) as caught:
        call()
    unknown = caught.value if isinstance(caught.value, OutcomeUnknownError) else caught.value.__cause__
    assert isinstance(unknown, OutcomeUnknownError)
    return account.client.resolve(unknown)


NAMES = {vendor: sorted(Account(vendor).calls) for vendor in ("stripe", "chargebee")}
CASES = [(vendor, name) for vendor, names in NAMES.items() for name in names if name != "raw.delete"]


@pytest.mark.parametrize(
    ("fault", "retries"),
    [(Fault.DROP_BEFORE, 0), (Fault.DROP_AFTER, 0), (Fault.DROP_AFTER, 2)],
    ids=["drop before", "drop after", "drop after all retries"],
)
@pytest.mark.parametrize(("vendor", "name"), CASES, ids=[f"{vendor}-{name}" for vendor, name in CASES])
def test_resolve_gives_what_an_undisturbed_call_gives(
    vendor: str, name: str, fault: Fault, retries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billbridge.client.executor.wait", lambda pause: None)
    undisturbed = Account(vendor)
    expected = plain(undisturbed.calls[name]())
    assert undisturbed.watch.sent
    for method, path in dict.fromkeys(undisturbed.watch.sent):
        account = Account(vendor, retries)
        account.sandbox.faults.next(fault, method=method, path=path, times=retries + 1)
        result = settled(account, account.calls[name])
        assert plain(result) == expected
        assert world(account.client, account.shop) == world(undisturbed.client, undisturbed.shop)


@pytest.mark.parametrize("vendor", NAMES)
def test_every_operation_that_writes_is_among_them(vendor: str) -> None:
    client = Billing.connect(vendor, gateway=Sandbox())
    found = {
        f"{attribute}.{name}"
        for attribute, bound in vars(client).items()
        if type(bound).__module__ == resources.__name__
        for name, operation in vars(type(bound)).items()
        if isinstance(operation, Operation) and name not in READS and client.supports(f"{attribute}.{name}")
    }
    assert found - {name.partition(" ")[0] for name in NAMES[vendor]} == set()
    assert len(found) > 20


def test_a_lost_raw_delete_is_not_found_when_it_is_repeated_because_its_answer_is_known_to_stripe_only() -> None:
    account = Account("stripe")
    account.sandbox.faults.next(Fault.DROP_AFTER, method="DELETE")
    with pytest.raises(OutcomeUnknownError) as unknown:
        account.calls["raw.delete"]()
    with pytest.raises(NotFoundError) as gone:
        account.client.resolve(unknown.value)
    assert gone.value.answer_lost_before
