"""Invoices: what a customer owes, and how much of it is paid."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from billbridge import InvoiceStatus, Item, Money
from billbridge.errors import NotFoundError
from billbridge.model import CollectionState, Invoice

from billbridge_contract.registry import clause
from billbridge_contract.same import fields, lasted
from billbridge_contract.subscribing import A_MONTH, SELL
from billbridge_contract.world import MONTHLY, World, everything, in_pages, refuses

MANY_LINES = 12
"""More than ten lines, because Stripe puts at most ten into an invoice and pages the rest."""


def check_sums(invoice: Invoice) -> None:
    """Assert that an invoice adds up."""
    zero = Money(0, invoice.currency)
    assert sum((line.amount for line in invoice.lines), zero) == invoice.subtotal
    assert invoice.subtotal - invoice.discount_total + invoice.tax == invoice.total
    assert invoice.amount_paid + invoice.amount_due + invoice.credits_applied == invoice.total


@clause("INV-01", "A paid invoice has its number and its times, and nothing is due.", needs=f"{SELL} invoices.list", cards=True)
async def paid(world: World) -> None:
    subscription = await world.subscribed()
    (invoice,) = await everything(world.billing.invoices.list(subscription=subscription.id))
    zero = Money(0, "USD")
    assert (invoice.status, invoice.collection_state) == (InvoiceStatus.PAID, CollectionState.NONE)
    assert invoice.number
    world.just_now(invoice, "issued_at", "paid_at", *(["due_at"] if invoice.due_at else []))
    assert invoice.voided_at is None
    assert (invoice.currency, invoice.total, invoice.amount_paid) == ("USD", MONTHLY, MONTHLY)
    assert (invoice.amount_due, invoice.discount_total, invoice.tax, invoice.credits_applied) == (zero, zero, zero, zero)


@clause("INV-02", "A line shows what was sold: price, quantity, unit amount, amount, period.", needs=f"{SELL} invoices.list", cards=True)
async def line(world: World) -> None:
    subscription = await world.subscribed(quantity=3)
    (invoice,) = await everything(world.billing.invoices.list(subscription=subscription.id))
    (line,) = invoice.lines
    assert (line.amount, line.quantity, line.unit_amount) == (Money("57.00", "USD"), Decimal(3), MONTHLY)
    assert line.price_id == subscription.items[0].price_id
    assert not line.proration
    assert not line.discount
    assert not line.tax
    assert line.period_start == subscription.current_period_start
    assert A_MONTH[0] <= lasted(line.period_start, line.period_end) <= A_MONTH[1]


@clause(
    "INV-03",
    "An invoice adds up: lines to the subtotal, subtotal to the total, total to the paid and the due amount.",
    needs=f"{SELL} invoices.list",
    cards=True,
)
async def sums(world: World) -> None:
    subscription = await world.subscribed(quantity=7)
    (invoice,) = await everything(world.billing.invoices.list(subscription=subscription.id))
    check_sums(invoice)


@clause(
    "INV-04", "An invoice in a list has the same fields as the invoice read by id.", needs=f"{SELL} invoices.get invoices.list", cards=True
)
async def same(world: World) -> None:
    subscription = await world.subscribed(quantity=2)
    (invoice,) = await everything(world.billing.invoices.list(subscription=subscription.id))
    assert fields(await world.billing.invoices.get(invoice.id)) == fields(invoice)


@clause(
    "INV-05",
    "An invoice has all its lines, in a list and read by id, even if the vendor pages them.",
    needs=f"{SELL} subscriptions.create.several_items subscriptions.get invoices.get invoices.list",
    cards=True,
)
async def many_lines(world: World) -> None:
    customer = await world.customer(world.tokens.visa)
    prices = [await world.price(Money(number, "USD")) for number in range(1, MANY_LINES + 1)]
    items = [Item(price=price.id) for price in prices]
    made = await world.billing.subscriptions.create(customer=customer.id, items=items)
    assert len((await world.billing.subscriptions.get(made.id)).items) == MANY_LINES
    (listed,) = await everything(world.billing.invoices.list(subscription=made.id))
    read = await world.billing.invoices.get(listed.id)
    for invoice in (listed, read):
        assert {line.price_id: line.amount for line in invoice.lines} == {price.id: price.unit_amount for price in prices}
        assert invoice.total == Money(78, "USD")
        check_sums(invoice)


@clause(
    "INV-06",
    "Invoices can be listed by customer and by subscription, without those of others.",
    needs=f"{SELL} invoices.list",
    cards=True,
)
async def filters(world: World) -> None:
    customer = await world.customer(world.tokens.visa)
    await world.subscribed()
    made = []
    for amount in (Money("10.00", "USD"), Money("20.00", "USD")):
        price = await world.price(amount)
        made.append(await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)]))
    for page_size in (100, 1):
        invoices = await in_pages(world.billing.invoices.list(customer=customer.id, page_size=page_size), page_size)
        assert sorted(invoice.subscription_id or "" for invoice in invoices) == sorted(one.id for one in made)
    (second,) = await everything(world.billing.invoices.list(customer=customer.id, subscription=made[1].id))
    assert second.total == Money("20.00", "USD")


@clause("INV-07", "A customer without purchases has no invoices.", needs="customers.create invoices.list")
async def none(world: World) -> None:
    customer = await world.customer()
    assert await everything(world.billing.invoices.list(customer=customer.id)) == []


@clause("INV-08", "The invoices of a customer are newest first, also across pages.", needs=f"{SELL} invoices.list", clock=True, cards=True)
async def order(world: World) -> None:
    customer = await world.customer(world.tokens.visa)
    for _ in range(3):
        price = await world.price(every="year")
        await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
        world.advance(1)
    times = [invoice.issued_at for invoice in await everything(world.billing.invoices.list(customer=customer.id, page_size=1))]
    assert len(times) == 3
    for newer, older in pairwise(times):
        assert newer is not None
        assert older is not None
        assert newer > older


@clause("INV-09", "Reading an unknown invoice raises NotFoundError.", needs="invoices.get")
async def unknown(world: World) -> None:
    with refuses(NotFoundError):
        await world.billing.invoices.get(world.unique("inv"))
