"""Pauses of subscriptions and of their payment collection, driven by the official client."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from .shop import DAY, Shop, at

NO_CREDIT: Any = {"bill_for": {"unused_time_from": {"type": "none"}}}


def paused(shop: Shop, **more: Any) -> stripe.Subscription:
    subscription = shop.subscribe(**more)
    shop.simulation.advance(days=10)
    return shop.client.v1.subscriptions.pause(subscription.id, NO_CREDIT)


def statuses(shop: Shop) -> list[Any]:
    return [invoice.status for invoice in shop.client.v1.invoices.list({"limit": 100})]


@pytest.mark.parametrize(("behavior", "status"), [("keep_as_draft", "draft"), ("mark_uncollectible", "uncollectible"), ("void", "void")])
def test_while_collection_is_paused_invoices_are_made_but_not_collected(shop: Shop, behavior: Any, status: str) -> None:
    subscription = shop.subscribe()
    updated = shop.client.v1.subscriptions.update(subscription.id, {"pause_collection": {"behavior": behavior}})
    assert updated.pause_collection is not None
    assert (updated.status, updated.pause_collection.behavior, updated.pause_collection.resumes_at) == ("active", behavior, None)
    shop.simulation.advance(days=60)
    assert (shop.again(subscription).status, statuses(shop)) == ("active", [status, status, "paid"])
    held = shop.invoice(subscription)
    assert (held.amount_due, held.amount_remaining, held.auto_advance, held.attempted) == (1900, 1900, False, False)
    resumed = shop.client.v1.subscriptions.update(subscription.id, {"pause_collection": ""})
    assert resumed.pause_collection is None
    shop.simulation.advance(days=31)
    assert statuses(shop) == ["paid", status, status, "paid"]


def test_collection_resumes_at_its_time_and_collects_from_then_on(shop: Shop) -> None:
    subscription = shop.subscribe()
    given: Any = {"pause_collection": {"behavior": "void", "resumes_at": at(3, 31)}}
    shop.client.v1.subscriptions.update(subscription.id, given)
    shop.simulation.advance(days=58)
    assert shop.again(subscription).pause_collection is not None
    shop.simulation.advance(days=1, hours=2)
    assert shop.again(subscription).pause_collection is None
    assert statuses(shop) == ["paid", "void", "paid"]


def test_a_voided_invoice_leaves_the_customers_balance_alone(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.client.v1.customers.balance_transactions.create(str(subscription.customer), {"amount": -5000, "currency": "usd"})
    shop.client.v1.subscriptions.update(subscription.id, {"pause_collection": {"behavior": "void"}})
    shop.simulation.advance(days=29)
    assert (shop.invoice(subscription).status, shop.invoice(subscription).amount_due) == ("void", 1900)
    assert shop.client.v1.customers.retrieve(str(subscription.customer)).balance == -5000
    assert len(shop.client.v1.customers.balance_transactions.list(str(subscription.customer)).data) == 1


def test_a_written_off_invoice_and_a_kept_draft_can_still_be_paid(shop: Shop) -> None:
    first, second = shop.subscribe(), shop.subscribe()
    shop.client.v1.subscriptions.update(first.id, {"pause_collection": {"behavior": "mark_uncollectible"}})
    shop.client.v1.subscriptions.update(second.id, {"pause_collection": {"behavior": "keep_as_draft"}})
    shop.simulation.advance(days=29)
    for subscription in (first, second):
        invoice = shop.client.v1.invoices.pay(shop.invoice(subscription).id)
        assert (invoice.status, invoice.amount_paid) == ("paid", 1900)


def test_an_invoice_from_before_the_pause_is_still_collected(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.simulation.advance(days=28)
    shop.client.v1.subscriptions.update(subscription.id, {"pause_collection": {"behavior": "void"}})
    shop.simulation.advance(hours=1)
    assert shop.invoice(subscription).status == "paid"


def test_a_time_in_the_past_is_no_time_to_resume_collection(shop: Shop) -> None:
    subscription = shop.subscribe()
    given: Any = {"pause_collection": {"behavior": "void", "resumes_at": at(1, 31)}, "metadata": {"a": "b"}}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.update(subscription.id, given)
    assert caught.value.param == "pause_collection[resumes_at]"
    assert shop.again(subscription).metadata.to_dict() == {}


def test_a_paused_subscription_raises_no_invoice(shop: Shop) -> None:
    subscription = paused(shop)
    assert subscription.status_details is not None
    why = subscription.status_details.paused
    assert (subscription.status, why.subscription.type, why.transitioned_at) == ("paused", "pause_requested", at(2, 10))
    assert subscription.items.data[0].current_period_end == at(2, 10)
    shop.simulation.advance(days=200)
    assert (shop.again(subscription).status, statuses(shop)) == ("paused", ["paid"])
    assert [row.id for row in shop.client.v1.subscriptions.list({"status": "paused"})] == [subscription.id]


def test_by_default_a_resumption_starts_a_new_period_and_waits_for_its_payment(shop: Shop) -> None:
    subscription = paused(shop)
    shop.simulation.advance(days=20)
    waiting = shop.client.v1.subscriptions.resume(subscription.id)
    invoice = shop.invoice(subscription)
    assert (waiting.status, invoice.status, invoice.attempted, invoice.amount_due) == ("paused", "open", False, 1900)
    with pytest.raises(stripe.InvalidRequestError, match="already being resumed"):
        shop.client.v1.subscriptions.resume(subscription.id)
    shop.simulation.advance(hours=5)
    shop.client.v1.invoices.pay(invoice.id)
    resumed = shop.again(subscription)
    (item,) = resumed.items.data
    assert (resumed.status, "status_details" in resumed, resumed.billing_cycle_anchor) == ("active", False, at(3, 2))
    assert (item.current_period_start, item.current_period_end) == (at(3, 2), at(4, 2))
    shop.simulation.advance(days=31)
    assert statuses(shop) == ["paid", "paid", "paid"]
    assert shop.invoice(subscription).lines.data[0].period.start == at(4, 2)


def test_an_unpaid_resumption_is_void_after_23_hours_and_the_subscription_stays_paused(shop: Shop) -> None:
    subscription = paused(shop)
    shop.client.v1.subscriptions.resume(subscription.id)
    shop.simulation.advance(hours=22, minutes=59)
    assert shop.invoice(subscription).status == "open"
    shop.simulation.advance(minutes=1)
    assert (shop.again(subscription).status, shop.invoice(subscription).status) == ("paused", "void")
    shop.client.v1.subscriptions.resume(subscription.id, {"payment_behavior": "resume_on_payment_success"})
    assert (shop.again(subscription).status, statuses(shop)) == ("active", ["paid", "void", "paid"])


def test_a_declined_resumption_stays_paused_or_is_past_due_as_it_was_asked(shop: Shop) -> None:
    on_success, on_attempt = paused(shop), paused(shop)
    for subscription in (on_success, on_attempt):
        shop.give_card(str(subscription.customer), "tok_chargeDeclined")
    shop.client.v1.subscriptions.resume(on_success.id, {"payment_behavior": "resume_on_payment_success"})
    shop.client.v1.subscriptions.resume(on_attempt.id)
    assert shop.invoice(on_success).attempt_count == 1
    with pytest.raises(stripe.CardError):
        shop.client.v1.invoices.pay(shop.invoice(on_attempt).id)
    assert (shop.again(on_success).status, shop.again(on_attempt).status) == ("paused", "past_due")
    shop.give_card(str(on_attempt.customer), "tok_visa")
    shop.client.v1.invoices.pay(shop.invoice(on_attempt).id)
    shop.simulation.advance(days=2)
    assert (shop.again(on_success).status, shop.again(on_attempt).status) == ("paused", "active")
    assert (shop.invoice(on_success).status, shop.invoice(on_attempt).status) == ("void", "paid")


def test_a_resumption_can_keep_the_billing_anchor(shop: Shop) -> None:
    subscription = paused(shop)
    shop.simulation.advance(days=50)
    given: Any = {"billing_cycle_anchor": {"type": "unchanged"}, "proration_behavior": "none"}
    resumed = shop.client.v1.subscriptions.resume(subscription.id, given)
    (item,) = resumed.items.data
    assert (resumed.status, resumed.billing_cycle_anchor) == ("active", at(1, 31))
    assert (item.current_period_start, item.current_period_end) == (at(4, 1), at(4, 30))
    shop.simulation.advance(to=shop.simulation.now.replace(month=5, day=1))
    assert (statuses(shop), shop.invoice(subscription).lines.data[0].period.end) == (["paid", "paid"], at(5, 31))


def pending(shop: Shop, subscription: stripe.Subscription) -> list[int]:
    return [item.amount for item in shop.client.v1.invoice_items.list({"customer": str(subscription.customer), "pending": True})]


@pytest.mark.parametrize(("since", "credit"), [("now", -1221), ("item_current_period_start", -1900), ("none", None)])
def test_a_pause_credits_unused_time_as_it_is_told(shop: Shop, since: str, credit: int | None) -> None:
    subscription = shop.subscribe()
    shop.simulation.advance(days=10)
    given: Any = {} if since == "now" else {"bill_for": {"unused_time_from": {"type": since}}}
    shop.client.v1.subscriptions.pause(subscription.id, given)
    # 18 of 28 days are unused.
    assert pending(shop, subscription) == ([] if credit is None else [credit])
    shop.simulation.advance(days=10)
    shop.client.v1.subscriptions.resume(subscription.id, {"payment_behavior": "resume_on_payment_success"})
    assert (shop.invoice(subscription).total, shop.again(subscription).status) == (1900 + (credit or 0), "active")


def test_a_pause_can_invoice_its_credit_at_once(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.simulation.advance(days=14)
    shop.client.v1.subscriptions.pause(subscription.id, {"invoicing_behavior": "invoice"})
    assert (shop.invoice(subscription).total, pending(shop, subscription)) == (-950, [])
    assert shop.client.v1.customers.retrieve(str(subscription.customer)).balance == -950


@pytest.mark.parametrize(("through", "amounts"), [("now", [70]), ("none", [])])
def test_a_pause_bills_the_usage_until_then_and_a_resumption_counts_anew(shop: Shop, through: str, amounts: list[int]) -> None:
    given: Any = {"display_name": "Calls", "event_name": "calls", "default_aggregation": {"formula": "sum"}}
    meter = shop.client.v1.billing.meters.create(given)
    price = shop.price(10, recurring={"interval": "month", "usage_type": "metered", "meter": meter.id})
    subscription = shop.subscribe(items=[{"price": price.id}])

    def use(count: int) -> None:
        payload = {"stripe_customer_id": str(subscription.customer), "value": str(count)}
        shop.client.v1.billing.meter_events.create({"event_name": "calls", "payload": payload})

    shop.simulation.advance(days=10)
    use(7)
    shop.simulation.advance(seconds=1)
    told: Any = {"bill_for": {"outstanding_usage_through": {"type": through}}}
    shop.client.v1.subscriptions.pause(subscription.id, told)
    assert pending(shop, subscription) == amounts
    shop.simulation.advance(days=20)
    shop.client.v1.subscriptions.resume(subscription.id, {"payment_behavior": "resume_on_payment_success"})
    shop.simulation.advance(days=1)
    use(3)
    shop.simulation.advance(days=31)
    assert [invoice.total for invoice in shop.client.v1.invoices.list()] == [30, sum(amounts), 0]


@pytest.mark.parametrize(
    ("behavior", "totals", "waiting"), [("create_prorations", [1900], [1330]), ("always_invoice", [1330, 1900], []), ("none", [1900], [])]
)
def test_a_resumption_on_the_kept_anchor_bills_the_rest_of_the_period(
    shop: Shop, behavior: Any, totals: list[int], waiting: list[int]
) -> None:
    subscription = paused(shop)
    shop.simulation.advance(to=datetime(2026, 4, 9, 12, tzinfo=UTC))
    how: Any = {"billing_cycle_anchor": {"type": "unchanged"}, "proration_behavior": behavior}
    given: Any = {**how, "payment_behavior": "resume_on_payment_success"}
    shop.client.v1.subscriptions.resume(subscription.id, given)
    # From 9 to 30 April are 21 of the 30 days since 31 March.
    assert shop.again(subscription).status == "active"
    assert ([invoice.total for invoice in shop.client.v1.invoices.list()], pending(shop, subscription)) == (totals, waiting)
    shop.simulation.advance(to=datetime(2026, 4, 30, 13, tzinfo=UTC))
    assert shop.invoice(subscription).total == 1900 + sum(waiting)


def test_what_an_abandoned_resumption_billed_is_not_credited_later(shop: Shop) -> None:
    subscription = paused(shop)
    shop.client.v1.subscriptions.resume(subscription.id)
    shop.simulation.advance(days=1)
    shop.client.v1.subscriptions.cancel(subscription.id, {"prorate": True, "invoice_now": True})
    assert [invoice.total for invoice in shop.client.v1.invoices.list()] == [1900, 1900]
    assert shop.client.v1.customers.retrieve(str(subscription.customer)).balance == 0


def test_a_trial_without_card_can_end_in_a_pause_and_resume_with_a_card(shop: Shop) -> None:
    told: Any = {"end_behavior": {"missing_payment_method": "pause"}}
    by_time = shop.subscribe(None, trial_period_days=5, trial_settings=told)
    now = shop.subscribe(None, trial_period_days=5, trial_settings=told)
    ended = shop.client.v1.subscriptions.update(now.id, {"trial_end": "now"})
    shop.simulation.advance(days=5)
    for subscription, moment in ((shop.again(by_time), at(2, 5)), (ended, at(1, 31))):
        assert subscription.status_details is not None
        why = subscription.status_details.paused
        assert (why.subscription.type, why.transitioned_at) == ("trial_end_without_payment_method", moment)
    shop.simulation.advance(days=40)
    assert [invoice.total for invoice in shop.client.v1.invoices.list()] == [0, 0]
    shop.give_card(str(by_time.customer), "tok_visa")
    resumed = shop.client.v1.subscriptions.resume(by_time.id, {"payment_behavior": "resume_on_payment_success"})
    assert (resumed.status, resumed.billing_cycle_anchor, shop.invoice(by_time).amount_paid) == ("active", at(2, 5) + 40 * DAY, 1900)


def test_a_paused_subscription_can_be_canceled_and_ends_at_its_date(shop: Shop) -> None:
    now, later = paused(shop), paused(shop, cancel_at=at(6, 1))
    assert shop.client.v1.subscriptions.cancel(now.id).status == "canceled"
    shop.simulation.advance(days=200)
    ended = shop.again(later)
    assert (ended.status, "status_details" in ended, ended.ended_at) == ("canceled", False, at(6, 1))


@pytest.mark.parametrize(
    ("start", "change", "why"),
    [
        ({"trial_period_days": 20}, {}, "status is trialing"),
        ({"billing_mode": {"type": "classic"}}, {}, "billing mode"),
        ({"collection_method": "send_invoice", "days_until_due": 7}, {}, "collection method"),
        ({}, {"pause_collection": {"behavior": "void"}}, "collection is paused"),
    ],
)
def test_what_cannot_be_paused_is_refused(shop: Shop, start: dict[str, Any], change: Any, why: str) -> None:
    subscription = shop.subscribe(**start)
    shop.client.v1.subscriptions.update(subscription.id, change)
    with pytest.raises(stripe.InvalidRequestError, match=why):
        shop.client.v1.subscriptions.pause(subscription.id, NO_CREDIT)


def test_only_a_paused_subscription_resumes_and_only_once_is_it_paused(shop: Shop) -> None:
    running, resting = shop.subscribe(), paused(shop)
    with pytest.raises(stripe.InvalidRequestError, match="status is active"):
        shop.client.v1.subscriptions.resume(running.id)
    with pytest.raises(stripe.InvalidRequestError, match="status is paused"):
        shop.client.v1.subscriptions.pause(resting.id, NO_CREDIT)
