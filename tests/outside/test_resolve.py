"""`billing.resolve` settles a write whose answer was lost exactly once, on both simulated vendors and both surfaces."""

from __future__ import annotations

import asyncio
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from billbridge import AsyncBilling, Billing, Item, Money
from billbridge.errors import IdempotencyConflictError, InvalidStateError, OutcomeUnknownError, PartialFailureError, ValidationError
from billbridge.flow.journal import Journal
from billbridge_sandbox import Fault, Sandbox

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
VENDORS = ("stripe", "chargebee")


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(start=START)


def billing(vendor: str, sandbox: Sandbox) -> Billing:
    return Billing.connect(vendor, gateway=sandbox).with_options(retries=0)


def plan(client: Billing) -> tuple[str, list[Item]]:
    """A customer who can pay, and what to subscribe to."""
    ada = client.customers.create(email="ada@example.com")
    client.payment_methods.attach(ada.id, token="tok_visa")
    price = client.prices.create(product=client.products.create(name="Pro").id, amount=Money("19.00", "USD"), every="month")
    return ada.id, [Item(price=price.id, quantity=3)]


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.UNAVAILABLE, Fault.UNAVAILABLE_AFTER])
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_subscription_whose_answer_was_lost_is_charged_exactly_once(vendor: str, sandbox: Sandbox, fault: Fault) -> None:
    client = billing(vendor, sandbox)
    customer, items = plan(client)
    sandbox.faults.next(fault, method="POST")
    with pytest.raises(OutcomeUnknownError) as caught:
        client.subscriptions.create(customer=customer, items=items, trial_days=None)
    sandbox.advance(minutes=5)
    settled = client.resolve(caught.value)
    assert [each.id for each in client.subscriptions.list(customer=customer)] == [settled.id]
    assert [invoice.total for invoice in client.invoices.list(customer=customer)] == [Money("57.00", "USD")]


@pytest.mark.parametrize("vendor", VENDORS)
def test_it_is_settled_on_the_awaited_surface_too(vendor: str, sandbox: Sandbox) -> None:
    async def main() -> None:
        client = AsyncBilling.connect(vendor, gateway=sandbox).with_options(retries=0)
        sandbox.faults.next(Fault.DROP_AFTER)
        with pytest.raises(OutcomeUnknownError) as caught:
            await client.customers.create(email="ada@example.com")
        settled = await client.resolve(caught.value)
        assert [customer.id async for customer in client.customers.list()] == [settled.id]

    asyncio.run(main())


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_write_that_was_answered_from_the_vendors_memory_says_so(vendor: str, sandbox: Sandbox) -> None:
    """Case 9."""
    client = Billing.connect(vendor, gateway=sandbox)
    once = client.with_options(idempotency_key="k")
    first, second = once.customers.create(email="ada@example.com"), once.customers.create(email="ada@example.com")
    assert (first.id, first.replayed, second.replayed) == (second.id, False, True)
    assert not client.customers.get(first.id).replayed
    sandbox.faults.next(Fault.DROP_AFTER)
    assert client.customers.create(email="bob@example.com").replayed

    async def main() -> None:
        awaited = AsyncBilling.connect(vendor, gateway=sandbox).with_options(idempotency_key="k")
        assert (await awaited.customers.create(email="ada@example.com")).replayed

    asyncio.run(main())


@pytest.mark.parametrize("vendor", VENDORS)
def test_while_no_answer_comes_it_stays_unknown_and_can_be_asked_again(vendor: str, sandbox: Sandbox) -> None:
    client = billing(vendor, sandbox)
    sandbox.faults.next(Fault.DROP_AFTER, times=2)
    with pytest.raises(OutcomeUnknownError) as first:
        client.customers.create(email="ada@example.com")
    with pytest.raises(OutcomeUnknownError) as second:
        client.resolve(first.value)
    assert second.value.idempotency_key == first.value.idempotency_key
    client.resolve(second.value)
    assert len(list(client.customers.list())) == 1


@pytest.mark.parametrize(("vendor", "window"), [("stripe", {"hours": 23, "minutes": 55}), ("chargebee", {"minutes": 25})])
def test_a_key_that_the_vendor_may_have_forgotten_is_not_used_again(vendor: str, sandbox: Sandbox, window: dict[str, Any]) -> None:
    client = billing(vendor, sandbox)
    sandbox.faults.next(Fault.DROP_AFTER)
    with pytest.raises(OutcomeUnknownError) as caught:
        client.customers.create(email="ada@example.com")
    sandbox.advance(**window)
    with pytest.raises(OutcomeUnknownError, match="may have deleted the idempotency key"):
        client.resolve(caught.value)
    assert len(list(client.customers.list())) == 1


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_lost_cancellation_gives_the_cancelled_subscription_and_its_entry_in_the_journal_is_settled(
    vendor: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "journal")
    client = Billing.connect(vendor, gateway=sandbox, journal=journal).with_options(retries=0)
    customer, items = plan(client)
    subscription = client.subscriptions.create(customer=customer, items=items)
    sandbox.faults.next(Fault.DROP_AFTER, path="*/subscriptions/*")
    with pytest.raises(OutcomeUnknownError):
        client.subscriptions.cancel(subscription.id, timing="now")
    [entry] = journal.pending()
    settled = client.resolve(entry)
    assert (settled.id, settled.status) == (subscription.id, "canceled")
    assert journal.pending() == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_cancelling_a_cancelled_subscription_is_still_refused_when_no_answer_was_lost(vendor: str, sandbox: Sandbox) -> None:
    client = billing(vendor, sandbox)
    customer, items = plan(client)
    subscription = client.subscriptions.create(customer=customer, items=items)
    client.subscriptions.cancel(subscription.id, timing="now")
    with pytest.raises(InvalidStateError):
        client.subscriptions.cancel(subscription.id, timing="now")


def test_an_error_of_somebody_else_is_refused_before_anything_is_sent(sandbox: Sandbox) -> None:
    client = billing("stripe", sandbox)
    others: list[Any] = [OutcomeUnknownError("x"), OutcomeUnknownError("x", provider="chargebee", operation="customers.create")]
    for error in others:
        with pytest.raises(ValidationError, match="this client cannot repeat the call"):
            client.resolve(error)


def test_the_arguments_are_in_no_text_and_travel_between_processes(sandbox: Sandbox) -> None:
    client = billing("stripe", sandbox)
    sandbox.faults.next(Fault.DROP_AFTER)
    with pytest.raises(OutcomeUnknownError) as caught:
        client.customers.create(email="ada@example.com")
    assert "ada@" not in f"{caught.value} {caught.value!r}"
    assert client.resolve(pickle.loads(pickle.dumps(caught.value))).email == "ada@example.com"


@pytest.mark.parametrize(("vendor", "window"), [("stripe", {"hours": 24}), ("chargebee", {"minutes": 30})])
def test_asking_in_vain_does_not_make_the_key_last_longer(vendor: str, sandbox: Sandbox, window: dict[str, Any]) -> None:
    client = billing(vendor, sandbox)
    sandbox.faults.next(Fault.DROP_AFTER)
    with pytest.raises(OutcomeUnknownError) as first:
        client.customers.create(email="ada@example.com")
    sandbox.advance(**{unit: number * 2 / 3 for unit, number in window.items()})
    sandbox.faults.next(Fault.DROP_BEFORE)
    with pytest.raises(OutcomeUnknownError) as second:
        client.resolve(first.value)
    assert second.value.at == first.value.at
    sandbox.advance(**{unit: number * 2 / 3 for unit, number in window.items()})
    with pytest.raises(OutcomeUnknownError, match="may have deleted"):
        client.resolve(second.value)
    assert len(list(client.customers.list())) == 1


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_one_account_was_sent_is_never_made_at_another(vendor: str, sandbox: Sandbox, tmp_path: Path) -> None:
    keys = {"stripe": ("sk_test_one", "sk_test_two"), "chargebee": ("test_one", "test_two")}[vendor]
    with sandbox.serve() as server:
        url = server.stripe_url if vendor == "stripe" else server.chargebee_url
        options: dict[str, Any] = {"base_url": url} if vendor == "stripe" else {"base_url": url, "site": "acme"}
        journal = Journal(tmp_path / "journal")
        with Billing.connect(vendor, api_key=keys[0], journal=journal, **options) as mine:
            sandbox.faults.next(Fault.DROP_BEFORE)
            with pytest.raises(OutcomeUnknownError) as caught:
                mine.with_options(retries=0).customers.create(email="ada@example.com")
            assert caught.value.account is not None
            assert keys[0] not in caught.value.account
            [entry] = journal.pending()
            with Billing.connect(vendor, api_key=keys[1], **options) as theirs:
                for unsettled in (caught.value, entry):
                    with pytest.raises(IdempotencyConflictError, match="another account"):
                        theirs.resolve(unsettled)
            assert list(mine.customers.list()) == []
            mine.resolve(pickle.loads(pickle.dumps(caught.value)))
            assert journal.pending() == []


def test_a_step_of_which_nothing_is_known_is_settled_with_the_whole_operation(sandbox: Sandbox) -> None:
    client = billing("stripe", sandbox)
    ada = client.customers.create(email="ada@example.com")
    sandbox.faults.next(Fault.DROP_AFTER, method="POST", path=f"/v1/customers/{ada.id}")
    with pytest.raises(PartialFailureError) as caught:
        client.payment_methods.attach(ada.id, token="tok_visa")
    unknown = caught.value.__cause__
    assert isinstance(unknown, OutcomeUnknownError)
    method = client.resolve(unknown)
    assert client.customers.get(ada.id).default_payment_method_id == method.id
    assert [each.id for each in client.payment_methods.list(customer=ada.id)] == [method.id]
