"""Subscriptions: how they start, and their first invoice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from billbridge import Interval, InvoiceStatus, Item, Money, SubscriptionStatus
from billbridge.errors import NotFoundError, ValidationError
from billbridge.model import CollectionMethod

from billbridge_contract.registry import clause
from billbridge_contract.same import fields, lasted
from billbridge_contract.subscribing import A_MONTH, SELL
from billbridge_contract.world import MONTHLY, World, everything, in_pages, refuses


@clause("SUB-01", "A subscription starts at once and is read back as it was created.", needs=f"{SELL} subscriptions.get", cards=True)
async def create(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price()
    made = await world.billing.subscriptions.create(
        customer=customer.id, items=[Item(price=price.id, quantity=3)], metadata={"order": "A-1"}
    )
    read = await world.billing.subscriptions.get(made.id)
    for subscription in (made, read):
        assert (subscription.customer_id, subscription.status) == (customer.id, SubscriptionStatus.ACTIVE)
        assert subscription.metadata == {"order": "A-1"}
        assert subscription.currency == "USD"
        (item,) = subscription.items
        assert (item.price_id, item.quantity, item.unit_amount) == (price.id, Decimal(3), MONTHLY)
        assert item.product_id in (None, price.product_id)
        assert not item.one_time
        assert A_MONTH[0] <= lasted(subscription.current_period_start, subscription.current_period_end) <= A_MONTH[1]
        assert (subscription.cancel_at_period_end, subscription.cancel_at) == (False, None)
        assert (subscription.canceled_at, subscription.ended_at) == (None, None)
        assert (subscription.trial_start, subscription.trial_end) == (None, None)
        world.just_now(subscription, "current_period_start", "created_at")
        assert (subscription.status_derived, subscription.collection_paused) == (False, False)
        assert subscription.collection_method in (None, CollectionMethod.CHARGE_AUTOMATICALLY)
    assert fields(read) == fields(made)


@clause(
    "SUB-02", "The first invoice is quantity times price, exact to the cent, and it is paid.", needs=f"{SELL} invoices.list", cards=True
)
async def first_invoice(world: World) -> None:
    subscription = await world.subscribed(quantity=3)
    (invoice,) = await everything(world.billing.invoices.list(subscription=subscription.id))
    total = Money("57.00", "USD")
    assert (invoice.subtotal, invoice.total, invoice.amount_paid) == (total, total, total)
    assert (invoice.amount_due, invoice.status) == (Money(0, "USD"), InvoiceStatus.PAID)
    assert (invoice.customer_id, invoice.subscription_id) == (subscription.customer_id, subscription.id)
    assert subscription.latest_invoice_id in (None, invoice.id)


@clause(
    "SUB-03",
    "An odd amount times an odd quantity is not rounded: 7 times 33.33 EUR is 233.31 EUR.",
    needs=f"{SELL} invoices.list",
    cards=True,
)
async def odd_amounts(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price(Money("33.33", "EUR"))
    made = await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id, quantity=7)])
    (invoice,) = await everything(world.billing.invoices.list(subscription=made.id))
    assert (invoice.total, invoice.amount_paid, invoice.currency) == (Money("233.31", "EUR"), Money("233.31", "EUR"), "EUR")


@clause(
    "SUB-04",
    "A currency without minor units is billed in whole units: 2 times 500 JPY is 1000 JPY.",
    needs=f"{SELL} invoices.list",
    cards=True,
)
async def yen(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price(Money(500, "JPY"))
    made = await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id, quantity=2)])
    (invoice,) = await everything(world.billing.invoices.list(subscription=made.id))
    assert (invoice.total, invoice.amount_paid) == (Money(1000, "JPY"), Money(1000, "JPY"))
    assert invoice.lines[0].amount == Money(1000, "JPY")


@clause(
    "SUB-05",
    "A trial of some days takes no money and shows when it ends.",
    needs=f"{SELL} subscriptions.get subscriptions.create.trial invoices.list",
    cards=True,
)
async def trial_days(world: World) -> None:
    """Stripe makes an invoice of 0 for a trial. Chargebee makes none."""
    customer, price = await world.customer(world.tokens.visa), await world.price()
    made = await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)], trial_days=14)
    read = await world.billing.subscriptions.get(made.id)
    for subscription in (made, read):
        assert subscription.status is SubscriptionStatus.TRIALING
        assert abs(lasted(subscription.trial_start, subscription.trial_end) - timedelta(days=14)) < timedelta(minutes=5)
    for invoice in await everything(world.billing.invoices.list(subscription=made.id)):
        assert (invoice.total, invoice.amount_paid) == (Money(0, "USD"), Money(0, "USD"))


@clause(
    "SUB-06", "A trial with an end time ends then, to the second.", needs=f"{SELL} subscriptions.get subscriptions.create.trial", cards=True
)
async def trial_end(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price()
    start = customer.created_at or datetime.now(UTC)
    until = start.replace(microsecond=0) + timedelta(days=10, hours=3, seconds=7)
    made = await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)], trial_end=until)
    assert (made.status, made.trial_end) == (SubscriptionStatus.TRIALING, until)
    assert (await world.billing.subscriptions.get(made.id)).trial_end == until


@clause(
    "SUB-07",
    "An unknown price raises NotFoundError, and no subscription remains.",
    needs="customers.create payment_methods.attach subscriptions.create subscriptions.list",
    cards=True,
)
async def unknown_price(world: World) -> None:
    customer = await world.customer(world.tokens.visa)
    for quantity in (1, 2):
        with refuses(NotFoundError):
            await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=world.unique("price"), quantity=quantity)])
    assert await everything(world.billing.subscriptions.list(customer=customer.id)) == []


@clause("SUB-08", "An unknown customer raises NotFoundError.", needs="products.create prices.create subscriptions.create")
async def unknown_customer(world: World) -> None:
    price = await world.price()
    with refuses(NotFoundError):
        await world.billing.subscriptions.create(customer=world.unique("nobody"), items=[Item(price=price.id)])


@clause("SUB-09", "A flat price is billed once, with its own amount.", needs=f"{SELL} invoices.list", cards=True)
async def flat(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price(Money("99.00", "USD"), model="flat")
    made = await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
    (invoice,) = await everything(world.billing.invoices.list(subscription=made.id))
    assert invoice.total == Money("99.00", "USD")


@clause(
    "SUB-10",
    "A quantity for a flat price raises an error, and nothing is charged.",
    needs=f"{SELL} subscriptions.list invoices.list",
    cards=True,
)
async def flat_has_no_quantity(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price(Money("99.00", "USD"), model="flat")
    with refuses(ValidationError):
        await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id, quantity=2)])
    assert await everything(world.billing.subscriptions.list(customer=customer.id)) == []
    assert await everything(world.billing.invoices.list(customer=customer.id)) == []


@clause(
    "SUB-11",
    "Several items are billed on one invoice.",
    needs=f"{SELL} subscriptions.create.several_items subscriptions.get invoices.list",
    cards=True,
)
async def several_items(world: World) -> None:
    customer = await world.customer(world.tokens.visa)
    seat, base = await world.price(Money("7.50", "USD")), await world.price(Money("40.00", "USD"), model="flat")
    items = [Item(price=seat.id, quantity=5), Item(price=base.id)]
    made = await world.billing.subscriptions.create(customer=customer.id, items=items)
    read = await world.billing.subscriptions.get(made.id)
    assert {item.price_id: item.quantity for item in read.items} == {seat.id: 5, base.id: 1}
    (invoice,) = await everything(world.billing.invoices.list(subscription=made.id))
    assert (invoice.total, invoice.amount_paid) == (Money("77.50", "USD"), Money("77.50", "USD"))
    assert {line.price_id: line.amount for line in invoice.lines} == {seat.id: Money("37.50", "USD"), base.id: Money("40.00", "USD")}


@clause(
    "SUB-12",
    "A payment method that is passed for the subscription is charged instead of the default.",
    needs=f"{SELL} subscriptions.get",
    cards=True,
)
async def own_method(world: World) -> None:
    customer, price = await world.customer(), await world.price()
    method = await world.billing.payment_methods.attach(customer.id, token=world.tokens.mastercard)
    await world.billing.payment_methods.attach(customer.id, token=world.tokens.visa)
    made = await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)], payment_method=method.id)
    assert made.status is SubscriptionStatus.ACTIVE
    assert (await world.billing.subscriptions.get(made.id)).default_payment_method_id == method.id


@clause(
    "SUB-13",
    "A list of a customer's subscriptions has no others and returns the same fields as reading by id, page by page.",
    needs=f"{SELL} subscriptions.get subscriptions.list",
    cards=True,
)
async def listed(world: World) -> None:
    customer = await world.customer(world.tokens.visa)
    await world.subscribed()
    made = set()
    for _ in range(3):
        price = await world.price()
        made.add((await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])).id)
    for page_size in (100, 1):
        found = await in_pages(world.billing.subscriptions.list(customer=customer.id, page_size=page_size), page_size)
        assert len(found) == len(made)
        assert {subscription.id for subscription in found} == made
    for subscription in found:
        assert fields(subscription) == fields(await world.billing.subscriptions.get(subscription.id))


@clause("SUB-14", "Reading an unknown subscription raises NotFoundError.", needs="subscriptions.get")
async def unknown(world: World) -> None:
    with refuses(NotFoundError):
        await world.billing.subscriptions.get(world.unique("sub"))


@clause("SUB-15", "A period is as long as the price says: a week, three months, a year.", needs=SELL, cards=True)
async def periods(world: World) -> None:
    customer = await world.customer(world.tokens.visa)
    for every, count, shortest, longest in ((Interval.WEEK, 1, 7, 7), (Interval.MONTH, 3, 89, 92), (Interval.YEAR, 1, 365, 366)):
        price = await world.price(every=every, interval_count=count)
        made = await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
        assert timedelta(days=shortest) <= lasted(made.current_period_start, made.current_period_end) <= timedelta(days=longest)
