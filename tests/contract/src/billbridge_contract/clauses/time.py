"""Renewals, ends of trials and ends of periods. These clauses need a backend with a clock."""

from __future__ import annotations

from itertools import pairwise

from billbridge import InvoiceStatus, Item, Money, SubscriptionStatus

from billbridge_contract.registry import clause
from billbridge_contract.subscribing import SELL
from billbridge_contract.world import MONTHLY, World, everything

BILL = f"{SELL} subscriptions.get invoices.list"


async def paid(world: World, subscription: str) -> list[Money]:
    """Return the amounts that were paid for a subscription, newest first, without invoices of 0."""
    invoices = await everything(world.billing.invoices.list(subscription=subscription))
    assert all(invoice.status is InvoiceStatus.PAID for invoice in invoices)
    return [invoice.amount_paid for invoice in invoices if invoice.amount_paid]


@clause(
    "TIM-01",
    "A subscription renews at the end of its period, with one more paid invoice and the next period.",
    needs=BILL,
    clock=True,
    cards=True,
)
async def renews(world: World) -> None:
    subscription = await world.subscribed()
    world.advance(32)
    renewed = await world.billing.subscriptions.get(subscription.id)
    assert renewed.status is SubscriptionStatus.ACTIVE
    assert renewed.current_period_start == subscription.current_period_end
    assert await paid(world, subscription.id) == [MONTHLY, MONTHLY]


@clause(
    "TIM-02",
    "Periods follow each other without gap or overlap, and invoices are newest first.",
    needs=f"{SELL} invoices.list",
    clock=True,
    cards=True,
)
async def periods(world: World) -> None:
    subscription = await world.subscribed()
    for _ in range(3):
        world.advance(32)
    invoices = await everything(world.billing.invoices.list(subscription=subscription.id))
    assert [invoice.total for invoice in invoices] == [MONTHLY] * 4
    for newer, older in pairwise(invoice.lines[0] for invoice in invoices):
        assert newer.period_start is not None
        assert newer.period_start == older.period_end
    assert invoices[-1].lines[0].period_start == subscription.current_period_start


@clause("TIM-03", "The first payment is taken when the trial ends.", needs=f"{BILL} subscriptions.create.trial", clock=True, cards=True)
async def trial_ends(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price()
    made = await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id, quantity=2)], trial_days=14)
    world.advance(13)
    assert (await world.billing.subscriptions.get(made.id)).status is SubscriptionStatus.TRIALING
    assert await paid(world, made.id) == []
    world.advance(2)
    after = await world.billing.subscriptions.get(made.id)
    assert (after.status, after.current_period_start) == (SubscriptionStatus.ACTIVE, made.trial_end)
    assert await paid(world, made.id) == [Money("38.00", "USD")]


@clause(
    "TIM-04",
    "A subscription that is cancelled for the end of its period ends then and is not billed again.",
    needs=f"{BILL} subscriptions.cancel",
    clock=True,
    cards=True,
)
async def ends(world: World) -> None:
    subscription = await world.subscribed()
    await world.billing.subscriptions.cancel(subscription.id, timing="period_end")
    world.advance(20)
    assert (await world.billing.subscriptions.get(subscription.id)).status is SubscriptionStatus.ACTIVE
    world.advance(20)
    ended = await world.billing.subscriptions.get(subscription.id)
    assert (ended.status, ended.cancel_at_period_end) == (SubscriptionStatus.CANCELED, False)
    assert ended.ended_at == subscription.current_period_end
    world.advance(32)
    assert await paid(world, subscription.id) == [MONTHLY]


@clause("TIM-05", "A subscription that is cancelled now is not billed again.", needs=f"{BILL} subscriptions.cancel", clock=True, cards=True)
async def stays_canceled(world: World) -> None:
    subscription = await world.subscribed()
    await world.billing.subscriptions.cancel(subscription.id, timing="now")
    world.advance(64)
    assert (await world.billing.subscriptions.get(subscription.id)).status is SubscriptionStatus.CANCELED
    assert await paid(world, subscription.id) == [MONTHLY]


@clause(
    "TIM-06",
    "A trial that is cancelled for its end is never charged.",
    needs=f"{BILL} subscriptions.create.trial subscriptions.cancel",
    clock=True,
    cards=True,
)
async def canceled_trial(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price()
    made = await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)], trial_days=14)
    scheduled = await world.billing.subscriptions.cancel(made.id, timing="period_end")
    assert (scheduled.status, scheduled.cancel_at_period_end) == (SubscriptionStatus.TRIALING, True)
    assert scheduled.cancel_at == made.trial_end
    world.advance(64)
    assert (await world.billing.subscriptions.get(made.id)).status is SubscriptionStatus.CANCELED
    assert await paid(world, made.id) == []


@clause("TIM-07", "A yearly subscription is billed after a year, not after a month.", needs=BILL, clock=True, cards=True)
async def yearly(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price(Money("190.00", "USD"), every="year")
    made = await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
    world.advance(32)
    assert await paid(world, made.id) == [Money("190.00", "USD")]
    world.advance(335)
    assert await paid(world, made.id) == [Money("190.00", "USD")] * 2
    assert (await world.billing.subscriptions.get(made.id)).current_period_start == made.current_period_end
