"""Idempotency keys: the same call with the same key runs once."""

from __future__ import annotations

from billbridge import Item
from billbridge.errors import IdempotencyConflictError, ValidationError

from billbridge_contract.registry import clause
from billbridge_contract.subscribing import SELL
from billbridge_contract.world import MONTHLY, World, everything

MAKE = "customers.create customers.list"


@clause("IDM-01", "The same create with the same idempotency key runs once and returns the same object.", needs=MAKE)
async def once(world: World) -> None:
    email, view = world.email(), world.billing.with_options(idempotency_key=world.unique("key"))
    first = await view.customers.create(email=email, name="Ada Lovelace")
    again = await view.customers.create(email=email, name="Ada Lovelace")
    assert again.id == first.id
    assert not first.replayed
    assert [customer.id for customer in await everything(world.billing.customers.list(email=email))] == [first.id]


@clause("IDM-02", "The same key with other arguments creates nothing new: it raises an error or returns the first answer.", needs=MAKE)
async def another_body(world: World) -> None:
    """Stripe raises IdempotencyConflictError. Chargebee documents a replay for the same parameters only, and does not say what happens
    with others. A ValidationError or the first answer also keep the promise."""
    email, other, view = world.email(), world.email(), world.billing.with_options(idempotency_key=world.unique("key"))
    first = await view.customers.create(email=email)
    try:
        again = await view.customers.create(email=other)
    except (IdempotencyConflictError, ValidationError):
        pass
    else:
        assert (again.id, again.email) == (first.id, email)
    assert await everything(world.billing.customers.list(email=other)) == []
    assert [customer.id for customer in await everything(world.billing.customers.list(email=email))] == [first.id]


@clause("IDM-03", "Without a key, or with another key, the same create runs again.", needs=MAKE)
async def other_keys(world: World) -> None:
    email = world.email()
    for key in (None, None, world.unique("key"), world.unique("key")):
        await world.billing.with_options(idempotency_key=key).customers.create(email=email)
    assert len(await everything(world.billing.customers.list(email=email))) == 4


@clause(
    "IDM-04",
    "The same subscription with the same idempotency key is created once and charged once.",
    needs=f"{SELL} subscriptions.list invoices.list",
    cards=True,
)
async def sold_once(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price()
    view = world.billing.with_options(idempotency_key=world.unique("key"))
    made = {(await view.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])).id for _ in range(2)}
    assert {one.id for one in await everything(world.billing.subscriptions.list(customer=customer.id))} == made
    assert len(made) == 1
    assert [invoice.amount_paid for invoice in await everything(world.billing.invoices.list(customer=customer.id))] == [MONTHLY]


@clause(
    "IDM-05",
    "An operation of several requests runs once too: a card attached twice with one key is one card.",
    needs="customers.create customers.get payment_methods.attach payment_methods.list",
    cards=True,
)
async def attached_once(world: World) -> None:
    customer, view = await world.customer(), world.billing.with_options(idempotency_key=world.unique("key"))
    made = {(await view.payment_methods.attach(customer.id, token=world.tokens.visa)).id for _ in range(2)}
    assert {method.id for method in await everything(world.billing.payment_methods.list(customer=customer.id))} == made
    assert (await world.billing.customers.get(customer.id)).default_payment_method_id in made
    assert len(made) == 1


@clause(
    "IDM-06",
    "One key can cover several operations. Each runs once, and you can repeat all of them.",
    needs=f"{SELL} payment_methods.attach subscriptions.list",
    cards=True,
)
async def unit_of_work(world: World) -> None:
    price, email = await world.price(), world.email()
    view = world.billing.with_options(idempotency_key=world.unique("order"))
    sold = set()
    for _ in range(2):
        customer = await view.customers.create(email=email)
        await view.payment_methods.attach(customer.id, token=world.tokens.visa)
        subscription = await view.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
        sold.add((customer.id, subscription.id))
    ((customer_id, subscription_id),) = sold
    listed = await everything(world.billing.subscriptions.list(customer=customer_id))
    assert [subscription.id for subscription in listed] == [subscription_id]
