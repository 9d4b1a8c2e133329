from __future__ import annotations

import asyncio
from typing import Any

import pytest
from billbridge import AsyncBilling, Billing
from billbridge.errors import OutcomeUnknownError, TransportTimeoutError, ValidationError
from billbridge.flow import Response
from billbridge.flow.limiter import Limit, Limiter
from billbridge.plugins.provider import Provider

DOWN = Response(status=503)


class Clock:
    """Stands in for `time`: moves only when a test, or a pause, moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now

    def perf_counter(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("billbridge.client.executor.time", made)

    def wait(effect: Any) -> None:
        made.now += effect.high

    async def wait_async(effect: Any) -> None:
        made.now += effect.high

    monkeypatch.setattr("billbridge.client.executor.wait", wait)
    monkeypatch.setattr("billbridge.client.executor.wait_async", wait_async)
    return made


def outcome(surface: Any, toy: Provider, script: Any, *, limiter: Limiter | None = None, **options: Any) -> Exception | None:
    """What a call on that surface raises."""
    billing = surface(toy, gateway=script, limiter=limiter).with_options(**options)
    try:
        if surface is Billing:
            billing.customers.create(email="a@example.com")
        else:
            asyncio.run(billing.customers.create(email="a@example.com"))
    except Exception as error:
        return error
    return None


@pytest.mark.parametrize("surface", [Billing, AsyncBilling])
def test_no_pause_is_begun_that_would_end_after_the_deadline(toy: Provider, make_script: Any, clock: Clock, surface: Any) -> None:
    script = make_script(*[DOWN] * 9)
    assert isinstance(outcome(surface, toy, script, deadline=1.6, retries=8), OutcomeUnknownError)
    assert len(script.sent) == 3  # pauses of 0.5 and 1 s fit; the next, of at least 1 s, does not
    assert clock.now <= 1001.6


@pytest.mark.parametrize("surface", [Billing, AsyncBilling])
def test_nothing_is_sent_after_the_deadline(toy: Provider, make_script: Any, clock: Clock, surface: Any) -> None:
    script = make_script()
    held = Limiter(Limit(1, 60))
    held.admit()
    error = outcome(surface, toy, script, limiter=held, deadline=5)
    assert isinstance(error, TransportTimeoutError)
    assert (error.sent, error.operation) == (False, "customers.create")
    assert script.sent == []


@pytest.mark.parametrize("surface", [Billing, AsyncBilling])
def test_without_a_deadline_all_retries_are_made(toy: Provider, make_script: Any, clock: Clock, surface: Any) -> None:
    script = make_script(*[DOWN] * 9)
    assert isinstance(outcome(surface, toy, script, retries=5), OutcomeUnknownError)
    assert len(script.sent) == 6


def test_a_requests_time_out_is_cut_to_what_is_left(toy: Provider, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float | None] = []

    class Engine:
        def send(self, route: Any, request: Any, timeout: float | None) -> Response:
            seen.append(timeout)
            clock.now += 2
            return DOWN if len(seen) == 1 else Response(status=200)

        def close(self) -> None:
            pass

    monkeypatch.setattr("billbridge.client.billing.blocking_engine", lambda http: Engine())
    billing = Billing(toy)
    billing.with_options(deadline=10).customers.get("c1")
    billing.with_options(deadline=10, timeout=3).customers.get("c1")
    billing.with_options(timeout=3).customers.get("c1")
    billing.customers.get("c1")
    assert seen == [10, 7.5, 3, 3, None]
    billing.close()


def test_a_deadline_is_more_than_nothing(toy: Provider, make_script: Any) -> None:
    with pytest.raises(ValidationError, match="deadline must be a number of seconds"):
        Billing(toy, gateway=make_script()).with_options(deadline=0)
