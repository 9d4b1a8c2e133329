"""Trials of the simulated Stripe: begun on a running subscription, moved, and their ends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from .shop import Shop, at


def totals(shop: Shop, subscription: stripe.Subscription) -> list[tuple[str | None, int]]:
    """Reason and total of every invoice, oldest first."""
    invoices = shop.client.v1.invoices.list({"subscription": subscription.id, "limit": 100}).data
    return [(invoice.billing_reason, invoice.total) for invoice in reversed(invoices)]


def test_a_trial_on_a_running_subscription_credits_its_unused_time(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.simulation.advance(days=14)
    trial = shop.client.v1.subscriptions.update(subscription.id, {"trial_end": at(3, 5)})
    (item,) = trial.items.data
    assert (trial.status, trial.trial_start, trial.trial_end, trial.billing_cycle_anchor) == ("trialing", at(2, 14), at(3, 5), at(3, 5))
    assert (item.current_period_start, item.current_period_end) == (at(2, 14), at(3, 5))
    # 14 of 28 days are unused: 9.50 go to the customer's balance.
    assert totals(shop, subscription) == [("subscription_create", 1900), ("subscription_update", -950)]
    assert shop.client.v1.customers.retrieve(str(subscription.customer)).balance == -950
    shop.simulation.advance(to=datetime(2026, 3, 5, 13, tzinfo=UTC))
    paid = shop.invoice(subscription)
    assert (shop.again(subscription).status, paid.total, paid.amount_paid, paid.lines.data[0].period.end) == ("active", 1900, 950, at(4, 5))


def test_without_prorations_a_trial_only_moves_the_next_payment(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.simulation.advance(days=14)
    shop.client.v1.subscriptions.update(subscription.id, {"trial_end": at(3, 5), "proration_behavior": "none"})
    assert totals(shop, subscription) == [("subscription_create", 1900), ("subscription_update", 0)]
    shop.simulation.advance(to=datetime(2026, 4, 5, 13, tzinfo=UTC))
    assert totals(shop, subscription)[2:] == [("subscription_cycle", 1900)] * 2
    assert shop.client.v1.customers.retrieve(str(subscription.customer)).balance == 0


def test_now_on_a_running_subscription_changes_nothing(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.simulation.advance(days=14)
    same = shop.client.v1.subscriptions.update(subscription.id, {"trial_end": "now"})
    assert (same.status, same.trial_end, same.billing_cycle_anchor) == ("active", None, at(1, 31))
    assert totals(shop, subscription) == [("subscription_create", 1900)]


def test_a_trial_can_be_extended_and_shortened(shop: Shop) -> None:
    subscription = shop.subscribe(trial_period_days=10)
    shop.client.v1.subscriptions.update(subscription.id, {"trial_end": at(2, 20)})
    shop.simulation.advance(to=datetime(2026, 2, 11, tzinfo=UTC))
    assert shop.again(subscription).status == "trialing"
    moved = shop.client.v1.subscriptions.update(subscription.id, {"trial_end": at(2, 12)})
    assert (moved.trial_start, moved.items.data[0].current_period_end) == (at(1, 31), at(2, 12))
    shop.simulation.advance(to=datetime(2026, 2, 12, 13, tzinfo=UTC))
    assert totals(shop, subscription) == [("subscription_create", 0), ("subscription_cycle", 1900)]


def test_by_default_a_trial_without_card_ends_in_an_unpaid_invoice_and_is_past_due(shop: Shop) -> None:
    subscription = shop.subscribe(None, trial_period_days=3)
    assert subscription.trial_settings is not None
    assert subscription.trial_settings.end_behavior.missing_payment_method == "create_invoice"
    shop.simulation.advance(days=3, hours=1)
    invoice = shop.invoice(subscription)
    assert (shop.again(subscription).status, invoice.status, invoice.attempt_count) == ("past_due", "open", 1)
    shop.give_card(str(subscription.customer), "tok_visa")
    shop.simulation.advance(days=3)
    assert (shop.again(subscription).status, shop.invoice(subscription).status) == ("active", "paid")


def test_what_a_trial_without_card_does_can_be_told_later(shop: Shop) -> None:
    subscription = shop.subscribe(None, trial_period_days=3)
    told: Any = {"trial_settings": {"end_behavior": {"missing_payment_method": "cancel"}}}
    updated = shop.client.v1.subscriptions.update(subscription.id, told)
    assert updated.trial_settings is not None
    assert updated.trial_settings.end_behavior.missing_payment_method == "cancel"
    shop.simulation.advance(days=3)
    assert shop.again(subscription).status == "canceled"


def test_a_trial_of_an_incomplete_subscription_is_refused_by_name(shop: Shop) -> None:
    subscription = shop.subscribe("tok_chargeDeclined")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.update(subscription.id, {"trial_end": at(3, 5)})
    assert (caught.value.code, caught.value.param) == ("billbridge_not_simulated", "trial_end")
