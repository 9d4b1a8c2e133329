"""Payment methods: reading one by id, and detaching it.

A provider must also keep the card if it lies in the vault of another vendor. No clause can prove that.
"""

from __future__ import annotations

from billbridge import Item
from billbridge.errors import NotFoundError, PaymentMethodRequiredError, ValidationError

from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.subscribing import SELL
from billbridge_contract.world import World, everything, refuses

ATTACH = "customers.create payment_methods.attach"


@clause(
    "PME-01",
    "A payment method has the same fields when it is attached, read by id and listed.",
    needs=f"{ATTACH} payment_methods.get payment_methods.list",
    cards=True,
)
async def read(world: World) -> None:
    customer = await world.customer()
    for token in (world.tokens.visa, world.tokens.mastercard):
        made = await world.billing.payment_methods.attach(customer.id, token=token)
        assert fields(await world.billing.payment_methods.get(made.id)) == fields(made)
    for method in await everything(world.billing.payment_methods.list(customer=customer.id)):
        assert fields(await world.billing.payment_methods.get(method.id)) == fields(method)


@clause(
    "PME-02",
    "A detached method no longer belongs to the customer: it is not listed and not the default.",
    needs=f"{ATTACH} customers.get payment_methods.get payment_methods.list payment_methods.detach",
    cards=True,
)
async def detach(world: World) -> None:
    """Stripe still returns the method, without a customer. Chargebee does not."""
    customer = await world.customer()
    stays = await world.billing.payment_methods.attach(customer.id, token=world.tokens.mastercard)
    gone = await world.billing.payment_methods.attach(customer.id, token=world.tokens.visa)
    await world.billing.payment_methods.detach(gone.id)
    assert [method.id for method in await everything(world.billing.payment_methods.list(customer=customer.id))] == [stays.id]
    assert (await world.billing.customers.get(customer.id)).default_payment_method_id != gone.id
    try:
        still = await world.billing.payment_methods.get(gone.id)
    except NotFoundError:
        pass
    else:
        assert (still.id, still.customer_id) == (gone.id, None)


@clause("PME-03", "Detaching a method again raises an error.", needs=f"{ATTACH} payment_methods.detach", cards=True)
async def twice(world: World) -> None:
    customer = await world.customer()
    method = await world.billing.payment_methods.attach(customer.id, token=world.tokens.visa)
    await world.billing.payment_methods.detach(method.id)
    with refuses(NotFoundError, ValidationError):
        await world.billing.payment_methods.detach(method.id)


@clause("PME-04", "An unknown payment method raises NotFoundError.", needs="payment_methods.get payment_methods.detach")
async def unknown(world: World) -> None:
    for step in (world.billing.payment_methods.get, world.billing.payment_methods.detach):
        with refuses(NotFoundError):
            await step(world.unique("pm"))


@clause(
    "PME-05",
    "A customer whose only method was detached cannot be charged, and no subscription is created.",
    needs=f"{SELL} payment_methods.detach subscriptions.list",
    cards=True,
)
async def not_charged(world: World) -> None:
    customer, price = await world.customer(), await world.price()
    method = await world.billing.payment_methods.attach(customer.id, token=world.tokens.visa)
    await world.billing.payment_methods.detach(method.id)
    with refuses(PaymentMethodRequiredError):
        await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
    assert await everything(world.billing.subscriptions.list(customer=customer.id)) == []
