"""Subscription schedules, driven by the official client. The simulated time begins on 31 January 2026 at noon."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe

from .shop import Shop, at


def until(shop: Shop, month: int, day: int, hour: int = 13) -> None:
    shop.simulation.advance(to=datetime(2026, month, day, hour, tzinfo=UTC))


def phase(price: stripe.Price, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"items": [{"price": price.id, "quantity": quantity}], **more}


def made(shop: Shop, start: Any, *phases: dict[str, Any], token: str = "tok_visa", **more: Any) -> stripe.SubscriptionSchedule:
    given: Any = {"customer": shop.customer(token).id, "start_date": start, "phases": phases, **more}
    return shop.client.v1.subscription_schedules.create(given)


def again(shop: Shop, schedule: stripe.SubscriptionSchedule) -> stripe.SubscriptionSchedule:
    return shop.client.v1.subscription_schedules.retrieve(schedule.id)


def subscription_of(shop: Shop, schedule: stripe.SubscriptionSchedule) -> stripe.Subscription:
    found = again(shop, schedule)
    return shop.client.v1.subscriptions.retrieve(str(found.subscription or found.released_subscription))


def billed(shop: Shop, subscription: stripe.Subscription) -> list[tuple[int, int, int]]:
    """Start, end and amount of every line of every invoice, oldest first."""
    invoices = list(shop.client.v1.invoices.list({"subscription": subscription.id, "limit": 100}))
    return [(line.period.start, line.period.end, line.amount) for invoice in reversed(invoices) for line in invoice.lines.data]


def test_a_future_start_makes_the_subscription_at_its_date_and_bills_it(shop: Shop) -> None:
    schedule = made(shop, at(3, 1), phase(shop.price(), 2, duration={"interval": "month", "interval_count": 2}), metadata={"a": "b"})
    assert (schedule.status, schedule.subscription, schedule.current_phase) == ("not_started", None, None)
    assert [(row.start_date, row.end_date) for row in schedule.phases] == [(at(3, 1), at(5, 1))]
    until(shop, 3, 1, 11)
    assert shop.client.v1.subscriptions.list({"status": "all"}).data == []
    until(shop, 3, 1, 12)
    started, subscription = again(shop, schedule), subscription_of(shop, schedule)
    assert started.current_phase is not None
    assert (started.status, started.current_phase.start_date, started.current_phase.end_date) == ("active", at(3, 1), at(5, 1))
    assert (subscription.status, subscription.schedule, subscription.start_date) == ("active", schedule.id, at(3, 1))
    assert shop.invoice(subscription).status == "draft"
    until(shop, 5, 1)
    assert billed(shop, subscription) == [(at(3, 1), at(4, 1), 3800), (at(4, 1), at(5, 1), 3800), (at(5, 1), at(6, 1), 3800)]
    assert shop.invoice(subscription).status == "paid"


def test_after_its_last_phase_a_schedule_releases_its_subscription(shop: Shop) -> None:
    schedule = made(shop, "now", phase(shop.price(), end_date=at(3, 31)))
    subscription = subscription_of(shop, schedule)
    until(shop, 4, 30)
    released = again(shop, schedule)
    assert (released.status, released.released_at, released.released_subscription) == ("released", at(3, 31), subscription.id)
    assert (released.subscription, released.current_phase) == (None, None)
    running = shop.again(subscription)
    assert (running.status, running.schedule, running.cancel_at) == ("active", None, None)
    assert len(billed(shop, subscription)) == 4


def test_after_its_last_phase_a_schedule_can_cancel_its_subscription(shop: Shop) -> None:
    schedule = made(shop, "now", phase(shop.price(), end_date=at(3, 31)), end_behavior="cancel")
    subscription = subscription_of(shop, schedule)
    assert subscription.cancel_at == at(3, 31)
    until(shop, 4, 30)
    ended, completed = shop.again(subscription), again(shop, schedule)
    assert (ended.status, ended.ended_at, ended.schedule) == ("canceled", at(3, 31), None)
    assert (completed.status, completed.completed_at, completed.subscription) == ("completed", at(3, 31), subscription.id)
    assert [end for _, end, _ in billed(shop, subscription)] == [at(2, 28), at(3, 31)]


def test_a_start_in_the_past_is_billed_from_then_on(shop: Shop) -> None:
    billed_twice = made(shop, at(1, 1), phase(shop.price(), end_date=at(6, 1)))
    free = made(shop, at(1, 1), phase(shop.price(), end_date=at(6, 1), proration_behavior="none"))
    assert subscription_of(shop, billed_twice).start_date == subscription_of(shop, free).start_date == at(1, 1)
    # 30 of the 31 days since 1 January.
    assert billed(shop, subscription_of(shop, billed_twice)) == [(at(1, 1), at(1, 31), 1839), (at(1, 31), at(2, 28), 1900)]
    assert billed(shop, subscription_of(shop, free)) == [(at(1, 31), at(2, 28), 1900)]


def test_a_last_period_that_the_schedule_cuts_off_costs_its_part(shop: Shop) -> None:
    schedule = made(shop, "now", phase(shop.price(), end_date=at(3, 14)), end_behavior="cancel")
    short = made(shop, "now", phase(shop.price(), end_date=at(2, 14)), end_behavior="cancel")
    until(shop, 3, 31)
    # 14 of the 31 days from 28 February on, and 14 of the 28 days from 31 January on.
    assert [amount for _, _, amount in billed(shop, subscription_of(shop, schedule))] == [1900, 858]
    assert billed(shop, subscription_of(shop, short)) == [(at(1, 31), at(2, 14), 950)]


def test_phases_take_effect_at_a_renewal_without_proration(shop: Shop) -> None:
    small, large = shop.price(1900), shop.price(4900)
    first = phase(small, 1, duration={"interval": "month", "interval_count": 2})
    schedule = made(shop, "now", first, phase(large, 3, metadata={"tier": "large"}, duration={"interval": "month"}))
    subscription = subscription_of(shop, schedule)
    until(shop, 3, 31)
    changed = shop.again(subscription)
    assert [(item.price.id, item.quantity) for item in changed.items.data] == [(large.id, 3)]
    assert changed.metadata.to_dict() == {"tier": "large"}
    assert billed(shop, subscription) == [(at(1, 31), at(2, 28), 1900), (at(2, 28), at(3, 31), 1900), (at(3, 31), at(4, 30), 14700)]
    now = again(shop, schedule).current_phase
    assert now is not None
    assert (now.start_date, now.end_date) == (at(3, 31), at(4, 30))


@pytest.mark.parametrize(
    ("behavior", "pending", "invoices"),
    [("create_prorations", [-950, 2450], 1), ("always_invoice", [], 2), ("none", [], 1)],
)
def test_a_phase_in_the_middle_of_a_period_prorates_as_it_says(shop: Shop, behavior: str, pending: list[int], invoices: int) -> None:
    first = phase(shop.price(1900), end_date=at(2, 14))
    schedule = made(shop, "now", first, phase(shop.price(4900), proration_behavior=behavior, end_date=at(6, 14)))
    subscription = subscription_of(shop, schedule)
    until(shop, 2, 14)
    waiting = shop.client.v1.invoice_items.list({"customer": str(subscription.customer), "pending": True})
    assert sorted(item.amount for item in waiting) == pending
    assert len(shop.client.v1.invoices.list()) == invoices
    if behavior == "always_invoice":
        assert (shop.invoice(subscription).total, shop.invoice(subscription).status) == (1500, "paid")
    until(shop, 2, 28)
    assert shop.invoice(subscription).total == 4900 + sum(pending)


def test_a_schedule_takes_over_a_running_subscription_and_changes_it_at_the_end_of_its_period(shop: Shop) -> None:
    subscription = shop.subscribe(quantity=2, metadata={"a": "b"})
    schedule = shop.client.v1.subscription_schedules.create({"from_subscription": subscription.id})
    (now,) = schedule.phases
    assert (schedule.status, schedule.subscription, schedule.end_behavior) == ("active", subscription.id, "release")
    assert (now.start_date, now.end_date, now.items[0].quantity) == (at(1, 31), at(2, 28), 2)
    assert shop.again(subscription).schedule == schedule.id
    old, new = str(now.items[0].price), shop.price(900)
    plan: Any = {
        "end_behavior": "release",
        "phases": [
            {"items": [{"price": old, "quantity": 2}], "start_date": now.start_date, "end_date": now.end_date},
            {"items": [{"price": new.id, "quantity": 1}], "start_date": now.end_date},
        ],
    }
    updated = shop.client.v1.subscription_schedules.update(schedule.id, plan)
    assert [(row.start_date, row.end_date) for row in updated.phases] == [(at(1, 31), at(2, 28)), (at(2, 28), at(3, 31))]
    assert shop.again(subscription).items.data[0].price.id == old
    until(shop, 2, 28)
    assert billed(shop, subscription) == [(at(1, 31), at(2, 28), 3800), (at(2, 28), at(3, 31), 900)]
    until(shop, 4, 1)
    assert (again(shop, schedule).status, shop.again(subscription).schedule) == ("released", None)


def test_an_update_of_the_current_phase_applies_at_once(shop: Shop) -> None:
    price = shop.price()
    schedule = made(shop, "now", phase(price, 1, end_date=at(4, 30)))
    subscription = subscription_of(shop, schedule)
    until(shop, 2, 14, 12)
    given: Any = {"phases": [phase(price, 3, start_date=at(1, 31), end_date=at(4, 30))], "proration_behavior": "always_invoice"}
    shop.client.v1.subscription_schedules.update(schedule.id, given)
    assert (shop.again(subscription).items.data[0].quantity, shop.invoice(subscription).total) == (3, 1900)


def test_an_update_can_end_the_current_phase_now(shop: Shop) -> None:
    small, large = shop.price(1900), shop.price(4900)
    schedule = made(shop, "now", phase(small, end_date=at(4, 30)))
    subscription = subscription_of(shop, schedule)
    until(shop, 2, 14, 12)
    given: Any = {
        "phases": [
            phase(small, start_date=at(1, 31), end_date="now"),
            phase(large, start_date="now", end_date=at(4, 30), proration_behavior="none"),
        ]
    }
    updated = shop.client.v1.subscription_schedules.update(schedule.id, given)
    assert updated.current_phase is not None
    assert updated.current_phase.start_date == at(2, 14)
    assert shop.again(subscription).items.data[0].price.id == large.id


def test_the_past_phases_can_be_left_out_of_an_update(shop: Shop) -> None:
    price = shop.price()
    schedule = made(shop, "now", phase(price, end_date=at(2, 28)), phase(price, 2, end_date=at(4, 30)))
    until(shop, 3, 5)
    given: Any = {"phases": [phase(price, 2, start_date=at(2, 28), end_date=at(3, 31)), phase(price, 5, end_date=at(4, 30))]}
    updated = shop.client.v1.subscription_schedules.update(schedule.id, given)
    assert [(row.end_date, row.items[0].quantity) for row in updated.phases] == [(at(2, 28), 1), (at(3, 31), 2), (at(4, 30), 5)]
    wrong: Any = {"phases": [phase(price, 2, start_date=at(3, 1), end_date=at(3, 31))]}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscription_schedules.update(schedule.id, wrong)
    assert caught.value.param == "phases[0][start_date]"


def test_a_schedule_that_has_not_started_can_be_moved_and_started(shop: Shop) -> None:
    price = shop.price()
    schedule = made(shop, at(3, 1), phase(price))
    given: list[Any] = [{"phases": [phase(price, 2, start_date=start)]} for start in (at(2, 20), "now")]
    moved = shop.client.v1.subscription_schedules.update(schedule.id, given[0])
    assert (moved.status, moved.phases[0].start_date, moved.phases[0].end_date) == ("not_started", at(2, 20), at(3, 20))
    shop.client.v1.subscription_schedules.update(schedule.id, given[1])
    assert (again(shop, schedule).status, subscription_of(shop, schedule).items.data[0].quantity) == ("active", 2)


def test_a_phase_can_begin_with_a_trial(shop: Shop) -> None:
    schedule = made(shop, "now", phase(shop.price(), trial_end=at(2, 10), end_date=at(3, 10)))
    subscription = subscription_of(shop, schedule)
    assert (subscription.status, subscription.trial_end, schedule.phases[0].trial_end) == ("trialing", at(2, 10), at(2, 10))
    until(shop, 2, 10)
    assert billed(shop, subscription) == [(at(1, 31), at(2, 10), 0), (at(2, 10), at(3, 10), 1900)]


def test_a_phase_brings_its_discounts_and_takes_them_away(shop: Shop) -> None:
    coupon, price = shop.client.v1.coupons.create({"percent_off": 50, "duration": "forever"}), shop.price()
    first = phase(price, discounts=[{"coupon": coupon.id}], end_date=at(3, 31))
    schedule = made(shop, "now", first, phase(price, end_date=at(6, 30)))
    subscription = subscription_of(shop, schedule)
    until(shop, 3, 31)
    totals = [invoice.total for invoice in shop.client.v1.invoices.list({"subscription": subscription.id})]
    assert totals == [1900, 950, 950]
    assert shop.again(subscription).discounts == []


def test_a_phase_can_begin_a_new_period(shop: Shop) -> None:
    price = shop.price()
    second = phase(price, billing_cycle_anchor="phase_start", proration_behavior="none", end_date=at(5, 14))
    schedule = made(shop, "now", phase(price, end_date=at(2, 14)), second)
    until(shop, 3, 14)
    assert billed(shop, subscription_of(shop, schedule)) == [
        (at(1, 31), at(2, 28), 1900),
        (at(2, 14), at(3, 14), 1900),
        (at(3, 14), at(4, 14), 1900),
    ]


@pytest.mark.parametrize(("keep", "end"), [(False, None), (True, at(4, 30))])
def test_a_release_takes_the_planned_end_back_unless_it_is_kept(shop: Shop, keep: bool, end: int | None) -> None:
    schedule = made(shop, "now", phase(shop.price(), end_date=at(4, 30)), end_behavior="cancel")
    released = shop.client.v1.subscription_schedules.release(schedule.id, {"preserve_cancel_date": keep})
    subscription = subscription_of(shop, schedule)
    assert (released.status, subscription.schedule, subscription.cancel_at) == ("released", None, end)
    until(shop, 5, 31)
    assert (shop.again(subscription).ended_at, len(billed(shop, subscription))) == (end, 5 if end is None else 3)


def test_a_canceled_schedule_ends_its_subscription_and_gives_back_what_is_unused(shop: Shop) -> None:
    schedule = made(shop, "now", phase(shop.price(), end_date=at(4, 30)))
    subscription = subscription_of(shop, schedule)
    until(shop, 2, 14, 12)
    canceled = shop.client.v1.subscription_schedules.cancel(schedule.id)
    assert (canceled.status, canceled.canceled_at, shop.again(subscription).status) == ("canceled", at(2, 14), "canceled")
    assert (shop.invoice(subscription).total, shop.client.v1.customers.retrieve(str(subscription.customer)).balance) == (-950, -950)


def test_a_schedule_that_is_over_takes_no_more_orders(shop: Shop) -> None:
    schedule = made(shop, at(3, 1), phase(shop.price()))
    assert shop.client.v1.subscription_schedules.cancel(schedule.id).status == "canceled"
    v1 = shop.client.v1.subscription_schedules
    for order in (v1.cancel, v1.release, v1.update):
        with pytest.raises(stripe.InvalidRequestError, match="currently in the `canceled` status"):
            order(schedule.id)
    until(shop, 3, 2)
    assert shop.client.v1.subscriptions.list({"status": "all"}).data == []


def test_a_canceled_subscription_cancels_its_schedule(shop: Shop) -> None:
    schedule = made(shop, "now", phase(shop.price(), end_date=at(4, 30)), phase(shop.price(), end_date=at(5, 31)))
    subscription = subscription_of(shop, schedule)
    shop.client.v1.subscriptions.cancel(subscription.id)
    assert (again(shop, schedule).status, shop.again(subscription).schedule) == ("canceled", None)
    until(shop, 6, 30)
    assert len(billed(shop, subscription)) == 1


def test_a_scheduled_subscription_takes_item_changes_but_no_end_and_no_pause(shop: Shop) -> None:
    subscription = shop.subscribe()
    schedule = shop.client.v1.subscription_schedules.create({"from_subscription": subscription.id})
    ends: list[Any] = [{"cancel_at_period_end": True}, {"cancel_at": at(3, 5)}]
    for end in ends:
        with pytest.raises(stripe.InvalidRequestError, match="managed by the subscription schedule"):
            shop.client.v1.subscriptions.update(subscription.id, end)
    with pytest.raises(stripe.InvalidRequestError, match="managed by the subscription schedule"):
        shop.client.v1.subscriptions.pause(subscription.id)
    with pytest.raises(stripe.InvalidRequestError, match="already attached"):
        shop.client.v1.subscription_schedules.create({"from_subscription": subscription.id})
    change: Any = {"items": [{"id": subscription.items.data[0].id, "quantity": 7}], "proration_behavior": "none"}
    shop.client.v1.subscriptions.update(subscription.id, change)
    assert again(shop, schedule).phases[0].items[0].quantity == 7


def test_a_declined_first_invoice_of_a_schedule_is_past_due(shop: Shop) -> None:
    schedule = made(shop, "now", phase(shop.price()), token="tok_chargeDeclined")
    assert subscription_of(shop, schedule).status == "active"
    shop.simulation.advance(hours=1)
    assert subscription_of(shop, schedule).status == "past_due"


def test_a_schedule_whose_customer_is_gone_never_starts(shop: Shop) -> None:
    schedule = made(shop, at(3, 1), phase(shop.price()))
    shop.client.v1.customers.delete(str(schedule.customer))
    until(shop, 3, 2)
    assert again(shop, schedule).status == "canceled"


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"start_date": at(1, 30), "phases": [{"end_date": at(1, 31)}]}, "start_date"),
        ({"end_behavior": "renew"}, "end_behavior"),
        ({"phases": [{"items": [{"price": "price_none"}]}]}, "phases[0][items][0][price]"),
        ({"phases": [{"end_date": at(3, 1), "duration": {"interval": "day"}}]}, "phases[0][end_date]"),
        ({"phases": [{"end_date": at(1, 31)}]}, "phases[0][end_date]"),
        ({"phases": [{}, {}]}, "phases[0][duration]"),
        ({"phases": [{"trial_end": at(5, 1), "end_date": at(4, 1)}]}, "phases[0][trial_end]"),
        ({"phases": [{"discounts": [{"coupon": "none"}]}]}, "phases[0][discounts][0][coupon]"),
    ],
)
def test_what_is_no_schedule_is_refused(shop: Shop, change: dict[str, Any], param: str) -> None:
    items = [{"price": shop.price().id}]
    phases = [{"items": items, **row} for row in change.get("phases", [{}])]
    given: Any = {"customer": shop.customer().id, "start_date": "now", **change, "phases": phases}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscription_schedules.create(given)
    assert (caught.value.http_status, caught.value.param) == (400, param)
    assert shop.client.v1.subscription_schedules.list().data == []
    assert shop.client.v1.subscriptions.list({"status": "all"}).data == []


def test_schedules_are_listed_by_customer_and_by_what_became_of_them(shop: Shop) -> None:
    waiting, running, canceled = (made(shop, start, phase(shop.price(), end_date=at(4, 1))) for start in (at(3, 1), "now", at(3, 1)))
    shop.client.v1.subscription_schedules.cancel(canceled.id)
    filters: list[Any] = [{}, {"scheduled": True}, {"customer": str(running.customer)}, {"canceled_at": {"gte": 1}}]
    found = [[row.id for row in shop.client.v1.subscription_schedules.list(asked)] for asked in filters]
    assert found == [[canceled.id, running.id, waiting.id], [waiting.id], [running.id], [canceled.id]]
    until(shop, 4, 1)
    released: Any = {"released_at": {"gte": at(4, 1)}}
    assert [row.id for row in shop.client.v1.subscription_schedules.list(released)] == [running.id, waiting.id]


def test_what_a_schedule_names_can_be_expanded(shop: Shop) -> None:
    schedule = made(shop, "now", phase(shop.price()))
    found = shop.client.v1.subscription_schedules.retrieve(schedule.id, {"expand": ["subscription", "customer", "phases.items.price"]})
    assert isinstance(found.subscription, stripe.Subscription)
    assert isinstance(found.customer, stripe.Customer)
    assert isinstance(found.phases[0].items[0].price, stripe.Price)
    subscription = shop.client.v1.subscriptions.retrieve(found.subscription.id, {"expand": ["schedule"]})
    assert isinstance(subscription.schedule, stripe.SubscriptionSchedule)
