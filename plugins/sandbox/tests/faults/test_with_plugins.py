"""The vendors' plugins under faults, through the public API, in-process and over HTTP: effects happen once, errors say the truth."""

from __future__ import annotations

import asyncio

import pytest
from billbridge.errors import (
    OutcomeUnknownError,
    ProtocolError,
    ProviderUnavailableError,
    RateLimitError,
    TransportError,
    TransportTimeoutError,
)
from billbridge_sandbox import Fault

from .conftest import Shop

ADA = "ada@example.com"
SURVIVED = [
    Fault.DROP_BEFORE,
    Fault.DROP_AFTER,
    Fault.RATE_LIMITED,
    Fault.UNAVAILABLE,
    Fault.UNAVAILABLE_AFTER,
    Fault.DUPLICATE,
]


@pytest.mark.parametrize("fault", SURVIVED)
def test_a_create_that_meets_one_fault_makes_exactly_one_customer(shop: Shop, fault: Fault) -> None:
    shop.sandbox.faults.next(fault)
    made = shop.billing.customers.create(email=ADA)
    assert shop.emails() == [ADA]
    assert shop.billing.customers.get(made.id).email == ADA
    assert [entry.fault for entry in shop.sandbox.faults.log] == [fault]
    assert bool(shop.pauses) == (fault is not Fault.DUPLICATE)
    assert len(shop.pauses) <= 1 or fault is Fault.RATE_LIMITED  # after a 429 the account's next requests keep a distance


@pytest.mark.parametrize("fault", SURVIVED)
def test_a_create_on_the_awaited_surface_makes_exactly_one_customer(shop: Shop, fault: Fault) -> None:
    shop.sandbox.faults.next(fault)

    async def create() -> None:
        async with shop.connect_async() as billing:
            await billing.customers.create(email=ADA)

    asyncio.run(create())
    assert shop.emails() == [ADA]


@pytest.mark.parametrize("fault", [Fault.DROP_AFTER, Fault.RATE_LIMITED, Fault.UNAVAILABLE, Fault.DUPLICATE])
def test_a_read_that_meets_one_fault_is_answered(shop: Shop, fault: Fault) -> None:
    made = shop.billing.customers.create(email=ADA)
    shop.sandbox.faults.next(fault, method="GET")
    assert shop.billing.customers.get(made.id).email == ADA
    assert len(shop.sandbox.faults.log) == 1


def test_a_read_whose_answers_are_all_dropped_is_a_plain_transport_error(shop: Shop) -> None:
    made = shop.billing.customers.create(email=ADA)
    shop.sandbox.faults.next(Fault.DROP_AFTER, times=3)
    with pytest.raises(TransportError) as caught:
        shop.billing.customers.get(made.id)
    assert caught.value.sent
    assert shop.billing.customers.get(made.id).email == ADA


@pytest.mark.parametrize(("fault", "made"), [(Fault.DROP_BEFORE, []), (Fault.DROP_AFTER, [ADA])])
def test_a_write_whose_answers_are_all_dropped_is_of_unknown_outcome_and_can_be_settled(shop: Shop, fault: Fault, made: list[str]) -> None:
    shop.sandbox.faults.next(fault, times=3)
    with pytest.raises(OutcomeUnknownError) as caught:
        shop.billing.customers.create(email=ADA)
    assert shop.emails() == made
    assert len(shop.sandbox.faults.log) == 3
    key = caught.value.idempotency_key
    assert key is not None
    shop.billing.with_options(idempotency_key=key).customers.create(email=ADA)
    assert shop.emails() == [ADA]


def test_a_truncated_answer_is_a_protocol_error_after_exactly_one_effect(shop: Shop) -> None:
    shop.sandbox.faults.next(Fault.TRUNCATED)
    with pytest.raises(ProtocolError) as caught:
        shop.billing.customers.create(email=ADA)
    assert ADA not in str(caught.value)
    assert shop.emails() == [ADA]
    assert shop.pauses == []


def test_the_vendors_advice_on_a_rate_limit_is_followed(shop: Shop) -> None:
    shop.sandbox.faults.next(Fault.RATE_LIMITED, retry_after=2, path=shop.path, method="POST")
    shop.billing.customers.create(email=ADA)
    ((low, high),) = shop.pauses
    assert 2 <= low <= high <= 2.5


def test_a_rate_limit_without_end_is_raised_with_the_advice(shop: Shop) -> None:
    shop.sandbox.faults.next(Fault.RATE_LIMITED, retry_after=2, times=3)
    with pytest.raises(RateLimitError) as caught:
        shop.billing.customers.create(email=ADA)
    assert (caught.value.retry_after, caught.value.status) == (2, 429)
    assert shop.emails() == []


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_write_to_a_vendor_that_stays_unavailable_is_unknown_whatever_its_page_says(shop: Shop, status: int) -> None:
    shop.sandbox.faults.next(Fault.UNAVAILABLE, status=status, times=3)
    with pytest.raises(OutcomeUnknownError) as caught:
        shop.billing.customers.create(email=ADA)
    assert caught.value.status == status
    assert isinstance(caught.value.__cause__, ProviderUnavailableError)
    assert shop.emails() == []


def test_faults_on_one_vendor_leave_the_other_alone(shop: Shop) -> None:
    shop.sandbox.faults.random(seed=1, probability=1, kinds=[Fault.DROP_BEFORE], path="/other/*")
    shop.billing.customers.create(email=ADA)
    assert shop.sandbox.faults.log == []


def test_in_process_a_late_answer_is_a_time_out_and_the_retry_is_replayed(here: Shop) -> None:
    here.sandbox.faults.next(Fault.DELAY)
    here.billing.customers.create(email=ADA)
    assert here.emails() == [ADA]
    here.sandbox.faults.next(Fault.DELAY, times=3, method="GET")
    with pytest.raises(TransportTimeoutError) as caught:
        list(here.billing.customers.list())
    assert caught.value.sent


def test_in_process_a_slow_answer_comes_whole_at_once(here: Shop) -> None:
    here.sandbox.faults.next(Fault.SLOW, seconds=600)
    here.billing.customers.create(email=ADA)
    assert here.emails() == [ADA]
    assert here.pauses == []


def test_a_late_answer_is_a_time_out_for_a_client_that_does_not_wait(shop: Shop) -> None:
    shop.sandbox.faults.next(Fault.DELAY, seconds=20)
    shop.billing.with_options(timeout=0.3).customers.create(email=ADA)
    assert shop.emails() == [ADA]
    assert len(shop.pauses) == 1


def test_no_error_names_keys_or_what_was_sent(here: Shop) -> None:
    here.sandbox.faults.next(Fault.DROP_AFTER, times=3)
    with pytest.raises(OutcomeUnknownError) as caught:
        here.billing.customers.create(email=ADA)
    text = f"{caught.value!r} {caught.value.__cause__!r}"
    assert ADA not in text
    assert "sk_" not in text
