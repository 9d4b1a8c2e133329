"""Subscriptions as the official client sees them while the clock moves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from .shop import Shop

DAY = 24 * 60 * 60


def at(month: int, day: int, hour: int = 12) -> int:
    return int(datetime(2026, month, day, hour, tzinfo=UTC).timestamp())


def test_the_first_invoice_is_numbered_and_paid_at_once(shop: Shop) -> None:
    subscription = shop.subscribe(quantity=3)
    invoice = shop.invoice(subscription)
    assert subscription.status == "active"
    assert (invoice.status, invoice.billing_reason) == ("paid", "subscription_create")
    assert (invoice.amount_due, invoice.amount_paid, invoice.amount_remaining) == (5700, 5700, 0)
    assert invoice.number is not None
    assert invoice.number.endswith("-0001")
    assert invoice.status_transitions.paid_at == at(1, 31)
    assert invoice.payments is not None
    (payment,) = invoice.payments.data
    assert (payment.status, payment.amount_paid) == ("paid", 5700)
    assert isinstance(payment.payment.payment_intent, str)
    intent = shop.client.v1.payment_intents.retrieve(payment.payment.payment_intent)
    assert (intent.status, intent.amount_received) == ("succeeded", 5700)


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


DECLINES = [
    ("tok_chargeDeclined", "card_declined", "generic_decline"),
    ("tok_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    ("tok_expired", "expired_card", "expired_card"),
    ("tok_authenticationRequired", "subscription_payment_intent_requires_action", None),
]


@pytest.mark.parametrize(("token", "code", "decline_code"), DECLINES)
def test_error_if_incomplete_answers_402_and_leaves_nothing_behind(shop: Shop, token: str, code: str, decline_code: str | None) -> None:
    with pytest.raises(stripe.CardError) as caught:
        shop.subscribe(token, payment_behavior="error_if_incomplete")
    assert (caught.value.http_status, caught.value.code) == (402, code)
    assert caught.value.error is not None
    assert getattr(caught.value.error, "decline_code", None) == decline_code
    (customer,) = shop.client.v1.customers.list()
    assert customer.currency is None
    assert shop.client.v1.subscriptions.list({"status": "all"}).data == []
    assert shop.client.v1.invoices.list().data == []


def test_off_session_a_wanted_authentication_is_a_decline(shop: Shop) -> None:
    with pytest.raises(stripe.CardError) as caught:
        shop.subscribe("tok_authenticationRequired", payment_behavior="error_if_incomplete", off_session=True)
    assert caught.value.code == "authentication_required"


@pytest.mark.parametrize(
    ("token", "behavior", "intent_status"),
    [
        ("tok_chargeDeclined", "allow_incomplete", "requires_payment_method"),
        ("tok_authenticationRequired", "allow_incomplete", "requires_action"),
        ("tok_visa", "default_incomplete", "requires_confirmation"),
        (None, "default_incomplete", "requires_payment_method"),
    ],
)
def test_an_unpaid_start_is_incomplete_and_expires_after_23_hours(shop: Shop, token: str | None, behavior: str, intent_status: str) -> None:
    subscription = shop.subscribe(token, payment_behavior=behavior)
    invoice = shop.invoice(subscription)
    assert (subscription.status, invoice.status, invoice.amount_remaining) == ("incomplete", "open", 1900)
    assert invoice.attempted is (behavior == "allow_incomplete")
    assert invoice.confirmation_secret is not None
    assert [intent.status for intent in shop.client.v1.payment_intents.list()] == [intent_status]
    shop.simulation.advance(hours=22, minutes=59)
    assert shop.again(subscription).status == "incomplete"
    shop.simulation.advance(minutes=1)
    assert shop.again(subscription).status == "incomplete_expired"
    assert shop.invoice(subscription).status == "void"


def test_paying_the_first_invoice_activates_and_renews(shop: Shop) -> None:
    subscription = shop.subscribe("tok_chargeDeclined")
    card = shop.client.v1.payment_methods.attach("pm_card_visa", {"customer": str(subscription.customer)})
    paid = shop.client.v1.invoices.pay(str(subscription.latest_invoice), {"payment_method": card.id})
    assert (paid.status, paid.attempt_count) == ("paid", 2)
    assert shop.again(subscription).status == "active"
    shop.simulation.advance(days=28, hours=2)
    assert shop.again(subscription).status == "past_due"


def test_without_a_payment_method_nothing_starts(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.subscribe(None)
    assert (caught.value.http_status, caught.value.code) == (400, "resource_missing")
    assert "no attached payment source or default payment method" in str(caught.value)
    assert shop.client.v1.subscriptions.list({"status": "all"}).data == []


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


def test_a_quantity_changed_without_proration_counts_from_the_next_period(shop: Shop) -> None:
    subscription = shop.subscribe()
    (item,) = shop.client.v1.subscription_items.list({"subscription": subscription.id})
    change: Any = {"items": [{"id": item.id, "quantity": 4}], "proration_behavior": "none"}
    shop.client.v1.subscriptions.update(subscription.id, change)
    assert len(shop.client.v1.invoices.list().data) == 1
    shop.simulation.advance(days=28, hours=1)
    assert shop.invoice(subscription).amount_paid == 4 * 1900


def test_a_proration_is_refused_by_name_and_changes_nothing(shop: Shop) -> None:
    subscription = shop.subscribe()
    (item,) = shop.client.v1.subscription_items.list({"subscription": subscription.id})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.update(subscription.id, {"items": [{"id": item.id, "quantity": 4}], "metadata": {"a": "b"}})
    assert (caught.value.code, caught.value.param) == ("billbridge_not_simulated", "proration_behavior")
    assert shop.again(subscription).metadata.to_dict() == {}


def test_send_invoice_waits_for_money_from_outside(shop: Shop) -> None:
    subscription = shop.subscribe(None, collection_method="send_invoice", days_until_due=30)
    assert (subscription.status, shop.invoice(subscription).status) == ("active", "draft")
    shop.simulation.advance(hours=1)
    invoice = shop.invoice(subscription)
    assert (invoice.status, invoice.due_date) == ("open", at(1, 31) + 30 * DAY)
    paid = shop.client.v1.invoices.pay(invoice.id, {"paid_out_of_band": True})
    assert (paid.status, paid.amount_paid_off_stripe, paid.amount_remaining) == ("paid", 1900, 0)


def test_one_customer_has_one_currency(shop: Shop) -> None:
    subscription = shop.subscribe()
    euro = shop.price(currency="eur")
    with pytest.raises(stripe.InvalidRequestError, match="combine currencies"):
        shop.client.v1.subscriptions.create({"customer": str(subscription.customer), "items": [{"price": euro.id}]})


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"items": [{"price": "price_none"}]}, "items[0][price]"),
        ({"default_payment_method": "pm_none"}, "default_payment_method"),
    ],
)
def test_a_missing_reference_is_400_and_names_its_parameter(shop: Shop, change: dict[str, Any], param: str) -> None:
    given: Any = {"customer": shop.customer().id, "items": [{"price": shop.price().id}], **change}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.create(given)
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, "resource_missing", param)


def test_an_unknown_customer_is_404(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.create({"customer": "cus_none", "items": [{"price": shop.price().id}]})
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (404, "resource_missing", "customer")


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


def test_more_than_ten_items_and_lines_are_read_from_their_own_lists(shop: Shop) -> None:
    prices = [shop.price(100 + index) for index in range(12)]
    customer = shop.customer()
    subscription = shop.client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id} for price in prices]})
    again = shop.client.v1.subscriptions.retrieve(subscription.id, {"expand": ["latest_invoice"]})
    assert (len(again.items.data), again.items.has_more) == (10, True)
    assert isinstance(again.latest_invoice, stripe.Invoice)
    assert (len(again.latest_invoice.lines.data), again.latest_invoice.lines.has_more) == (10, True)
    items = list(shop.client.v1.subscription_items.list({"subscription": subscription.id}).auto_paging_iter())
    assert [item.price.id for item in items] == [price.id for price in prices]
    invoice = shop.invoice(subscription)
    lines = list(shop.client.v1.invoices.line_items.list(invoice.id).auto_paging_iter())
    assert (len(invoice.lines.data), invoice.lines.has_more) == (10, True)
    assert [line.amount for line in lines] == [price.unit_amount for price in prices]
    assert invoice.total == sum(line.amount for line in lines)


@pytest.mark.parametrize(
    ("currency", "amount", "works"),
    [("jpy", 501, True), ("isk", 500, True), ("isk", 501, False), ("ugx", 550, False), ("kwd", 5120, True), ("kwd", 5124, False)],
)
def test_amounts_follow_the_currencys_own_rule(shop: Shop, currency: str, amount: int, works: bool) -> None:
    given: Any = {"customer": shop.customer().id, "items": [{"price": shop.price(amount, currency).id}]}
    if works:
        assert shop.invoice(shop.client.v1.subscriptions.create(given)).amount_paid == amount
        return
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.create(given)
    assert caught.value.code == "invalid_charge_amount_no_decimal_compatible"
    assert shop.client.v1.subscriptions.list({"status": "all"}).data == []
