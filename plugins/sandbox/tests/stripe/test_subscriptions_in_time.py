"""Subscriptions while the clock moves: renewals, trials, dunning, changes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from .shop import DAY, Shop, at


def test_renewals_keep_the_day_of_the_month_and_leave_no_gap(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.simulation.advance(days=90)
    invoices = list(shop.client.v1.invoices.list({"subscription": subscription.id}).auto_paging_iter())
    periods = [(invoice.lines.data[0].period.start, invoice.lines.data[0].period.end) for invoice in reversed(invoices)]
    assert periods == [(at(1, 31), at(2, 28)), (at(2, 28), at(3, 31)), (at(3, 31), at(4, 30)), (at(4, 30), at(5, 31))]
    assert [invoice.billing_reason for invoice in invoices] == ["subscription_cycle"] * 3 + ["subscription_create"]
    assert [invoice.status for invoice in invoices] == ["paid"] * 4


def test_a_renewal_is_a_draft_for_one_hour(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.simulation.advance(days=28, minutes=59)
    draft = shop.invoice(subscription)
    assert (draft.status, draft.number, draft.amount_due) == ("draft", None, 1900)
    assert draft.automatically_finalizes_at == at(2, 28, 13)
    assert (draft.period_start, draft.period_end) == (at(1, 31), at(2, 28))
    shop.simulation.advance(minutes=1)
    paid = shop.invoice(subscription)
    assert (paid.id, paid.status, paid.status_transitions.finalized_at) == (draft.id, "paid", at(2, 28, 13))
    assert shop.again(subscription).status == "active"


def test_paying_the_first_invoice_activates_and_renews(shop: Shop) -> None:
    subscription = shop.subscribe("tok_chargeDeclined")
    card = shop.client.v1.payment_methods.attach("pm_card_visa", {"customer": str(subscription.customer)})
    paid = shop.client.v1.invoices.pay(str(subscription.latest_invoice), {"payment_method": card.id})
    assert (paid.status, paid.attempt_count) == ("paid", 2)
    assert shop.again(subscription).status == "active"
    shop.simulation.advance(days=28, hours=2)
    assert shop.again(subscription).status == "past_due"


def test_a_trial_starts_free_and_is_charged_when_it_ends(shop: Shop) -> None:
    subscription = shop.subscribe(trial_period_days=14)
    first = shop.invoice(subscription)
    assert (subscription.status, first.status, first.total) == ("trialing", "paid", 0)
    assert (subscription.trial_start, subscription.trial_end) == (at(1, 31), at(2, 14))
    assert first.payments is not None
    assert first.payments.data == []
    shop.simulation.advance(days=14, hours=1)
    second = shop.invoice(subscription)
    assert shop.again(subscription).status == "active"
    assert (second.status, second.amount_paid, second.billing_reason) == ("paid", 1900, "subscription_cycle")
    assert second.lines.data[0].period.end == at(3, 14)


def test_trial_end_now_charges_at_once(shop: Shop) -> None:
    subscription = shop.subscribe(trial_period_days=14)
    shop.simulation.advance(days=3)
    updated = shop.client.v1.subscriptions.update(subscription.id, {"trial_end": "now"})
    assert (updated.status, updated.trial_end, updated.billing_cycle_anchor) == ("active", at(2, 3), at(2, 3))
    assert shop.invoice(subscription).amount_paid == 1900


def test_a_trial_without_card_ends_as_it_was_told(shop: Shop) -> None:
    told: Any = {"end_behavior": {"missing_payment_method": "cancel"}}
    kept = shop.subscribe(None, trial_period_days=1)
    ended = shop.subscribe(None, trial_period_days=1, trial_settings=told)
    shop.simulation.advance(days=1, hours=1)
    assert (shop.again(kept).status, shop.again(ended).status) == ("past_due", "canceled")
    assert shop.invoice(ended).total == 0


def test_dunning_retries_on_schedule_then_cancels(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.give_card(str(subscription.customer), "tok_chargeDeclinedInsufficientFunds")
    shop.simulation.advance(days=28, hours=1)
    began = at(2, 28, 13)
    for attempt, days in enumerate([3, 8, 15, 21], start=1):
        invoice = shop.invoice(subscription)
        assert (shop.again(subscription).status, invoice.status, invoice.attempt_count) == ("past_due", "open", attempt)
        assert invoice.next_payment_attempt == began + days * DAY
        shop.simulation.advance(to=datetime.fromtimestamp(began + days * DAY, UTC))
    ended, invoice = shop.again(subscription), shop.invoice(subscription)
    assert (ended.status, ended.ended_at, invoice.attempt_count) == ("canceled", began + 21 * DAY, 5)
    assert ended.cancellation_details is not None
    assert ended.cancellation_details.reason == "payment_failed"
    assert (invoice.status, invoice.next_payment_attempt, invoice.auto_advance) == ("open", None, False)
    assert shop.client.v1.customers.retrieve(str(subscription.customer)).delinquent is True


def test_a_new_card_heals_a_past_due_subscription(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.give_card(str(subscription.customer), "tok_chargeDeclined")
    shop.simulation.advance(days=28, hours=1)
    shop.give_card(str(subscription.customer), "tok_mastercard")
    shop.simulation.advance(days=3)
    assert (shop.again(subscription).status, shop.invoice(subscription).status) == ("active", "paid")
    assert shop.client.v1.customers.retrieve(str(subscription.customer)).delinquent is False


def test_a_quantity_changed_without_proration_counts_from_the_next_period(shop: Shop) -> None:
    subscription = shop.subscribe()
    (item,) = shop.client.v1.subscription_items.list({"subscription": subscription.id})
    change: Any = {"items": [{"id": item.id, "quantity": 4}], "proration_behavior": "none"}
    shop.client.v1.subscriptions.update(subscription.id, change)
    assert len(shop.client.v1.invoices.list().data) == 1
    shop.simulation.advance(days=28, hours=1)
    assert shop.invoice(subscription).amount_paid == 4 * 1900


def test_send_invoice_waits_for_money_from_outside(shop: Shop) -> None:
    subscription = shop.subscribe(None, collection_method="send_invoice", days_until_due=30)
    assert (subscription.status, shop.invoice(subscription).status) == ("active", "draft")
    shop.simulation.advance(hours=1)
    invoice = shop.invoice(subscription)
    assert (invoice.status, invoice.due_date) == ("open", at(1, 31) + 30 * DAY)
    paid = shop.client.v1.invoices.pay(invoice.id, {"paid_out_of_band": True})
    assert (paid.status, paid.amount_paid_off_stripe, paid.amount_remaining) == ("paid", 1900, 0)


def test_ending_a_trial_now_without_a_card_is_refused_or_cancels_as_it_was_told(shop: Shop) -> None:
    told: Any = {"end_behavior": {"missing_payment_method": "cancel"}}
    kept = shop.subscribe(None, trial_period_days=9)
    ended = shop.subscribe(None, trial_period_days=9, trial_settings=told)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.update(kept.id, {"trial_end": "now"})
    assert (caught.value.http_status, caught.value.code) == (400, "resource_missing")
    assert shop.again(kept).status == "trialing"
    canceled = shop.client.v1.subscriptions.update(ended.id, {"trial_end": "now"})
    assert (canceled.status, canceled.ended_at) == ("canceled", at(1, 31))
