"""How subscriptions end, and what lists show of those that did."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from .shop import Shop, at


def test_cancel_at_period_end_ends_exactly_there_without_a_further_invoice(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.simulation.advance(days=5)
    asked = shop.client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    assert (asked.status, asked.cancel_at, asked.canceled_at) == ("active", at(2, 28), at(2, 5))
    shop.simulation.advance(to=datetime(2026, 2, 28, 11, 59, 59, tzinfo=UTC))
    assert shop.again(subscription).status == "active"
    shop.simulation.advance(days=40)
    ended = shop.again(subscription)
    assert (ended.status, ended.ended_at, ended.canceled_at) == ("canceled", at(2, 28), at(2, 5))
    assert len(shop.client.v1.invoices.list({"subscription": subscription.id}).data) == 1


def test_a_cancellation_can_be_taken_back(shop: Shop) -> None:
    subscription = shop.subscribe(cancel_at_period_end=True)
    kept = shop.client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": False})
    assert (kept.cancel_at, kept.canceled_at, kept.cancel_at_period_end) == (None, None, False)
    shop.simulation.advance(days=29)
    assert shop.again(subscription).status == "active"


def test_cancel_at_a_date(shop: Shop) -> None:
    subscription = shop.subscribe(cancel_at=at(4, 5))
    shop.simulation.advance(days=100)
    assert shop.again(subscription).ended_at == at(4, 5)
    assert len(shop.client.v1.invoices.list({"subscription": subscription.id}).data) == 3


def test_a_scheduled_end_follows_a_moved_trial(shop: Shop) -> None:
    subscription = shop.subscribe(trial_period_days=5, cancel_at_period_end=True)
    moved = shop.client.v1.subscriptions.update(subscription.id, {"trial_end": at(2, 10)})
    assert (moved.cancel_at, moved.trial_end) == (at(2, 10), at(2, 10))
    shop.simulation.advance(days=30)
    assert shop.again(subscription).ended_at == at(2, 10)
    assert [invoice.total for invoice in shop.client.v1.invoices.list()] == [0]


@pytest.mark.parametrize("name", ["cancel_at", "trial_end"])
@pytest.mark.parametrize("when", [at(1, 31), 10**17])
def test_a_date_in_the_past_or_beyond_reason_is_refused(shop: Shop, name: str, when: int) -> None:
    given: Any = {name: when}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.subscribe(**given)
    assert (caught.value.http_status, caught.value.param) == (400, name)


def test_cancel_now_and_a_second_time_is_404(shop: Shop) -> None:
    subscription = shop.subscribe()
    ended = shop.client.v1.subscriptions.cancel(subscription.id, {"cancellation_details": {"comment": "too loud"}})
    assert (ended.status, ended.ended_at) == ("canceled", at(1, 31))
    assert ended.cancellation_details is not None
    assert (ended.cancellation_details.comment, ended.cancellation_details.reason) == ("too loud", "cancellation_requested")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.cancel(subscription.id)
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.update(subscription.id, {"description": "x"})
    assert caught.value.code == "invalid_canceled_subscription_fields"


def test_the_default_list_hides_what_ended(shop: Shop) -> None:
    ended, running = shop.subscribe(), shop.subscribe()
    shop.client.v1.subscriptions.cancel(ended.id)
    filters: list[Any] = [{}, *({"status": word} for word in ("all", "ended", "canceled", "active", "past_due"))]
    found = {asked.get("status"): [row.id for row in shop.client.v1.subscriptions.list(asked)] for asked in filters}
    both = [running.id, ended.id]
    assert found == {
        None: [running.id],
        "all": both,
        "ended": [ended.id],
        "canceled": [ended.id],
        "active": [running.id],
        "past_due": [],
    }
