"""Cancelling a subscription: the effects that show at once. The later effects are in the chapter Time."""

from __future__ import annotations

from billbridge import Item, SubscriptionStatus
from billbridge.errors import InvalidStateError, NotFoundError

from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.subscribing import SELL
from billbridge_contract.world import MONTHLY, World, everything, refuses

CANCEL = f"{SELL} subscriptions.cancel"


@clause("CAN-01", "A subscription that is cancelled now ends at once.", needs=f"{CANCEL} subscriptions.get", cards=True)
async def now(world: World) -> None:
    subscription = await world.subscribed()
    canceled = await world.billing.subscriptions.cancel(subscription.id, timing="now")
    read = await world.billing.subscriptions.get(subscription.id)
    for one in (canceled, read):
        assert (one.id, one.status) == (subscription.id, SubscriptionStatus.CANCELED)
        world.just_now(one, "canceled_at", "ended_at")
        assert not one.cancel_at_period_end
    assert fields(read) == fields(canceled)


@clause("CAN-02", "Cancelling an ended subscription raises InvalidStateError.", needs=CANCEL, cards=True)
async def twice(world: World) -> None:
    subscription = await world.subscribed()
    await world.billing.subscriptions.cancel(subscription.id, timing="now")
    with refuses(InvalidStateError):
        await world.billing.subscriptions.cancel(subscription.id, timing="now")
    with refuses(InvalidStateError):
        await world.billing.subscriptions.cancel(subscription.id, timing="period_end")


@clause(
    "CAN-03",
    "A subscription that is cancelled for the end of its period stays active until then.",
    needs=f"{CANCEL} subscriptions.get",
    cards=True,
)
async def period_end(world: World) -> None:
    subscription = await world.subscribed()
    canceled = await world.billing.subscriptions.cancel(subscription.id, timing="period_end")
    read = await world.billing.subscriptions.get(subscription.id)
    for one in (canceled, read):
        assert (one.status, one.cancel_at_period_end) == (SubscriptionStatus.ACTIVE, True)
        assert one.cancel_at == one.current_period_end == subscription.current_period_end
        world.just_now(one, "canceled_at")
        assert one.ended_at is None
    assert fields(read) == fields(canceled)


@clause("CAN-04", "Cancelling for the end of the period twice returns the same result.", needs=CANCEL, cards=True)
async def period_end_twice(world: World) -> None:
    subscription = await world.subscribed()
    first = await world.billing.subscriptions.cancel(subscription.id, timing="period_end")
    again = await world.billing.subscriptions.cancel(subscription.id, timing="period_end")
    assert (again.status, again.cancel_at_period_end, again.cancel_at) == (first.status, True, first.cancel_at)


@clause("CAN-05", "After cancelling for the end of the period, you can still cancel now.", needs=CANCEL, cards=True)
async def sooner(world: World) -> None:
    subscription = await world.subscribed()
    await world.billing.subscriptions.cancel(subscription.id, timing="period_end")
    canceled = await world.billing.subscriptions.cancel(subscription.id, timing="now")
    assert canceled.status is SubscriptionStatus.CANCELED
    assert canceled.ended_at is not None


@clause("CAN-06", "Cancelling an unknown subscription raises NotFoundError.", needs="subscriptions.cancel")
async def unknown(world: World) -> None:
    for timing in ("now", "period_end"):
        with refuses(NotFoundError):
            await world.billing.subscriptions.cancel(world.unique("sub"), timing=timing)


@clause("CAN-07", "Cancelling now refunds nothing and charges nothing.", needs=f"{CANCEL} invoices.list", cards=True)
async def no_money_moves(world: World) -> None:
    subscription = await world.subscribed()
    await world.billing.subscriptions.cancel(subscription.id, timing="now")
    (invoice,) = await everything(world.billing.invoices.list(customer=subscription.customer_id))
    assert (invoice.total, invoice.amount_paid) == (MONTHLY, MONTHLY)


@clause("CAN-08", "A list of subscriptions includes cancelled ones.", needs=f"{CANCEL} subscriptions.list", cards=True)
async def still_listed(world: World) -> None:
    subscription = await world.subscribed()
    await world.billing.subscriptions.cancel(subscription.id, timing="now")
    (listed,) = await everything(world.billing.subscriptions.list(customer=subscription.customer_id))
    assert (listed.id, listed.status) == (subscription.id, SubscriptionStatus.CANCELED)


@clause("CAN-09", "A trial that is cancelled costs nothing.", needs=f"{CANCEL} subscriptions.create.trial invoices.list", cards=True)
async def during_trial(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price()
    made = await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)], trial_days=14)
    canceled = await world.billing.subscriptions.cancel(made.id, timing="now")
    assert canceled.status is SubscriptionStatus.CANCELED
    for invoice in await everything(world.billing.invoices.list(customer=customer.id)):
        assert not invoice.total
