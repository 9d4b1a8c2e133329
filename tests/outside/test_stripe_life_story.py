"""The official Stripe client takes one subscription through its life on the sandbox over HTTP, and every exchange is checked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe
from test_stripe_story import customer_with_card
from watched import Watched


@pytest.fixture
def prices(stripe_client: stripe.StripeClient) -> tuple[str, str]:
    """Two monthly prices, of 19.00 and 49.00 USD."""
    product = stripe_client.v1.products.create({"name": "Pro"})
    small, large = (
        stripe_client.v1.prices.create(
            {"product": product.id, "currency": "usd", "unit_amount": amount, "recurring": {"interval": "month"}}
        )
        for amount in (1900, 4900)
    )
    return small.id, large.id


def test_a_customer_waits_tries_grows_rests_and_leaves(
    watched: Watched, stripe_client: stripe.StripeClient, prices: tuple[str, str]
) -> None:
    v1, (small, large) = stripe_client.v1, prices

    def until(month: int, day: int) -> None:
        watched.simulation.advance(to=datetime(2026, month, day, 14, tzinfo=UTC))

    def totals() -> list[int]:
        asked: Any = {"subscription": id, "limit": 100}
        return [invoice.total for invoice in reversed(v1.invoices.list(asked).data)]

    begin, trial, grow = (int(datetime(2026, month, 1, 12, tzinfo=UTC).timestamp()) for month in (3, 4, 6))
    plan: Any = {
        "customer": customer_with_card(stripe_client, "tok_visa"),
        "start_date": begin,
        "phases": [
            {"items": [{"price": small, "quantity": 1}], "trial_end": trial, "end_date": grow},
            {"items": [{"price": large, "quantity": 1}], "duration": {"interval": "month"}},
        ],
    }
    schedule = v1.subscription_schedules.create(plan)
    assert (schedule.status, schedule.subscription) == ("not_started", None)

    until(3, 1)
    schedule = v1.subscription_schedules.retrieve(schedule.id, {"expand": ["subscription"]})
    assert isinstance(schedule.subscription, stripe.Subscription)
    id = schedule.subscription.id
    assert (schedule.status, schedule.subscription.status, totals()) == ("active", "trialing", [0])

    until(5, 2)
    assert (v1.subscriptions.retrieve(id).status, totals()) == ("active", [0, 1900, 1900])
    with pytest.raises(stripe.InvalidRequestError, match="managed by the subscription schedule"):
        v1.subscriptions.update(id, {"cancel_at_period_end": True})

    until(7, 2)
    again = v1.subscriptions.retrieve(id)
    assert (again.schedule, again.items.data[0].price.id) == (None, large)
    assert (v1.subscription_schedules.retrieve(schedule.id).status, totals()) == ("released", [0, 1900, 1900, 4900, 4900])

    v1.subscriptions.update(id, {"pause_collection": {"behavior": "void"}})
    until(8, 2)
    v1.subscriptions.update(id, {"pause_collection": ""})
    assert v1.invoices.list({"subscription": id}).data[0].status == "void"

    paused = v1.subscriptions.pause(id, {"bill_for": {"unused_time_from": {"type": "none"}}})
    assert (paused.status, paused.status_details is not None) == ("paused", True)
    until(12, 2)
    resumed = v1.subscriptions.resume(id, {"payment_behavior": "resume_on_payment_success"})
    assert (resumed.status, totals()) == ("active", [0, 1900, 1900, 4900, 4900, 4900, 4900])

    ended = v1.subscriptions.cancel(id, {"prorate": True, "invoice_now": True})
    assert (ended.status, totals()[-1]) == ("canceled", -4900)
