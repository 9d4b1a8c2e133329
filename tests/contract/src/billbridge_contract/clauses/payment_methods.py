"""Payment methods. Cards that are declined are in the chapter Declines, because vendors decline them at different moments."""

from __future__ import annotations

from itertools import pairwise

from billbridge.errors import NotFoundError, ValidationError
from billbridge.model import CardBrand, PaymentMethodStatus, PaymentMethodType

from billbridge_contract.registry import clause
from billbridge_contract.same import fields
from billbridge_contract.world import World, everything, in_pages, refuses

ATTACH = "customers.create payment_methods.attach"


@clause(
    "PAY-01",
    "An attached card belongs to the customer, shows its brand and becomes the default.",
    needs=f"{ATTACH} customers.get",
    cards=True,
)
async def attach(world: World) -> None:
    customer = await world.customer()
    method = await world.billing.payment_methods.attach(customer.id, token=world.tokens.visa)
    assert (method.customer_id, method.type, method.status) == (customer.id, PaymentMethodType.CARD, PaymentMethodStatus.VALID)
    card = method.card
    assert card is not None
    assert card.brand is CardBrand.VISA
    assert card.last4 is not None
    assert len(card.last4) == 4
    assert card.last4.isdigit()
    assert card.exp_month in range(1, 13)
    assert card.exp_year is not None
    assert (await world.billing.customers.get(customer.id)).default_payment_method_id == method.id


@clause(
    "PAY-02",
    "A second card becomes the default, and both are listed.",
    needs=f"{ATTACH} customers.get payment_methods.list",
    cards=True,
)
async def second(world: World) -> None:
    customer = await world.customer()
    first = await world.billing.payment_methods.attach(customer.id, token=world.tokens.visa)
    other = await world.billing.payment_methods.attach(customer.id, token=world.tokens.mastercard)
    assert other.card is not None
    assert other.card.brand is CardBrand.MASTERCARD
    assert (await world.billing.customers.get(customer.id)).default_payment_method_id == other.id
    listed = await everything(world.billing.payment_methods.list(customer=customer.id))
    assert {method.id: fields(method) for method in listed} == {method.id: fields(method) for method in (first, other)}
    for newer, older in pairwise(method.created_at for method in listed):
        assert newer is not None
        assert older is not None
        assert newer >= older


@clause("PAY-03", "With make_default=False a second card does not become the default.", needs=f"{ATTACH} customers.get", cards=True)
async def not_default(world: World) -> None:
    customer = await world.customer()
    first = await world.billing.payment_methods.attach(customer.id, token=world.tokens.visa)
    await world.billing.payment_methods.attach(customer.id, token=world.tokens.mastercard, make_default=False)
    assert (await world.billing.customers.get(customer.id)).default_payment_method_id == first.id


@clause("PAY-04", "Another card can be made the default.", needs=f"{ATTACH} customers.get payment_methods.set_default", cards=True)
async def set_default(world: World) -> None:
    customer = await world.customer()
    first = await world.billing.payment_methods.attach(customer.id, token=world.tokens.visa)
    await world.billing.payment_methods.attach(customer.id, token=world.tokens.mastercard)
    answered = await world.billing.payment_methods.set_default(customer.id, first.id)
    assert (answered.id, answered.default_payment_method_id) == (customer.id, first.id)
    assert (await world.billing.customers.get(customer.id)).default_payment_method_id == first.id


@clause("PAY-05", "An unknown token raises an error, and nothing is attached.", needs=f"{ATTACH} payment_methods.list")
async def unknown_token(world: World) -> None:
    customer = await world.customer()
    with refuses(NotFoundError, ValidationError):
        await world.billing.payment_methods.attach(customer.id, token="tok_0000000000000000")
    assert await everything(world.billing.payment_methods.list(customer=customer.id)) == []


@clause("PAY-06", "Attaching a card to an unknown customer raises NotFoundError.", needs="payment_methods.attach", cards=True)
async def unknown_customer(world: World) -> None:
    with refuses(NotFoundError):
        await world.billing.payment_methods.attach(world.unique("nobody"), token=world.tokens.visa)


@clause(
    "PAY-07",
    "Making an unknown card the default raises NotFoundError, and the default stays.",
    needs=f"{ATTACH} customers.get payment_methods.set_default",
    cards=True,
)
async def unknown_default(world: World) -> None:
    customer = await world.customer()
    method = await world.billing.payment_methods.attach(customer.id, token=world.tokens.visa)
    with refuses(NotFoundError):
        await world.billing.payment_methods.set_default(customer.id, world.unique("pm"))
    assert (await world.billing.customers.get(customer.id)).default_payment_method_id == method.id


@clause("PAY-08", "A list of cards has the customer's own cards only, page by page.", needs=f"{ATTACH} payment_methods.list", cards=True)
async def pages(world: World) -> None:
    customer = await world.customer()
    await world.customer(world.tokens.visa)
    tokens = (world.tokens.visa, world.tokens.mastercard, world.tokens.visa)
    made = [(await world.billing.payment_methods.attach(customer.id, token=token)).id for token in tokens]
    listed = await in_pages(world.billing.payment_methods.list(customer=customer.id, page_size=1), 1)
    assert sorted(method.id for method in listed) == sorted(made)
