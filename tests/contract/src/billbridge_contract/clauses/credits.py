"""Credit: what is given to a customer pays the next invoices. Positive is in the customer's favour, on every vendor."""

from __future__ import annotations

from billbridge import InvoiceStatus, Item, Money
from billbridge.errors import InvalidStateError, NotFoundError, PrecisionError, ValidationError

from billbridge_contract.registry import clause
from billbridge_contract.subscribing import SELL
from billbridge_contract.world import MONTHLY, World, everything, refuses

ADJUST = "customers.create customers.adjust_credit"
READ = f"{ADJUST} customers.get"
FIVE = Money("5.00", "USD")
EXACT = (Money("10.45", "USD"), Money("0.01", "EUR"), Money(500, "JPY"), Money("1.23", "KWD"), Money("1.234", "KWD"), Money("0.005", "USD"))


async def credit(world: World, id: str) -> list[Money]:
    """What a customer has, as it is read."""
    return (await world.billing.customers.get(id)).credit_balance


async def paid_with(world: World, customer: str, credit: Money, money: Money) -> None:
    """Asserts that the customer's only invoice was paid with so much credit and so much money.

    Stripe applies credit to the total; Chargebee takes it off before, as a discount, so that the total is what is left.
    """
    (invoice,) = await everything(world.billing.invoices.list(customer=customer))
    assert (invoice.subtotal, invoice.discount_total + invoice.credits_applied) == (MONTHLY, credit)
    assert invoice.total == invoice.subtotal - invoice.discount_total
    assert (invoice.amount_paid, invoice.total - invoice.credits_applied) == (money, money)
    assert (invoice.amount_due, invoice.status) == (Money(0, "USD"), InvoiceStatus.PAID)


@clause("CRD-01", "A positive amount gives credit, a negative one takes it, and the customer shows what is left.", needs=READ)
async def give_and_take(world: World) -> None:
    customer = await world.customer()
    for amount, left in (("10.00", "10.00"), ("2.50", "12.50"), ("-4.25", "8.25")):
        change, balance = Money(amount, "USD"), Money(left, "USD")
        made = await world.billing.customers.adjust_credit(customer.id, amount=change, reason=f"Sorry: {amount}")
        assert (made.customer_id, made.amount, made.balance, made.reason) == (customer.id, change, balance, f"Sorry: {amount}")
        world.just_now(made, "created_at")
        assert await credit(world, customer.id) == [balance]
    await world.billing.customers.adjust_credit(customer.id, amount=Money("-8.25", "USD"), reason="Mistake")
    read = await world.billing.customers.get(customer.id)
    assert read.credit_balance == []
    assert read.currency in (None, "USD")


@clause("CRD-02", "Taking more than there is is refused and changes nothing, or is owed with the next invoice.", needs=READ)
async def overdrawn(world: World) -> None:
    """Stripe lets the credit go below zero, Chargebee refuses."""
    customer = await world.customer()
    await world.billing.customers.adjust_credit(customer.id, amount=FIVE, reason="Welcome")
    try:
        made = await world.billing.customers.adjust_credit(customer.id, amount=Money("-8.00", "USD"), reason="Too much")
    except (ValidationError, InvalidStateError):
        assert await credit(world, customer.id) == [FIVE]
    else:
        assert (made.amount, made.balance) == (Money("-8.00", "USD"), Money("-3.00", "USD"))
        assert await credit(world, customer.id) == [Money("-3.00", "USD")]


@clause("CRD-03", "The next invoice uses the credit, and says how much.", needs=f"{READ} {SELL} invoices.list", cards=True)
async def used(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price()
    await world.billing.customers.adjust_credit(customer.id, amount=FIVE, reason="Welcome")
    await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
    await paid_with(world, customer.id, FIVE, Money("14.00", "USD"))
    assert await credit(world, customer.id) == []


@clause("CRD-04", "What an invoice does not need of the credit stays for the next.", needs=f"{READ} {SELL} invoices.list", cards=True)
async def left_over(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price()
    await world.billing.customers.adjust_credit(customer.id, amount=Money("50.00", "USD"), reason="Sponsored")
    await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
    await paid_with(world, customer.id, MONTHLY, Money(0, "USD"))
    assert await credit(world, customer.id) == [Money("31.00", "USD")]


@clause("CRD-05", "A second currency is refused, or kept apart from the first.", needs=READ)
async def currencies(world: World) -> None:
    customer, other = await world.customer(), Money("3.00", "EUR")
    await world.billing.customers.adjust_credit(customer.id, amount=FIVE, reason="Welcome")
    try:
        made = await world.billing.customers.adjust_credit(customer.id, amount=other, reason="Willkommen")
    except (ValidationError, InvalidStateError):
        assert await credit(world, customer.id) == [FIVE]
    else:
        assert (made.amount, made.balance) == (other, other)
        assert sorted(await credit(world, customer.id), key=lambda money: money.currency) == [other, FIVE]


@clause("CRD-06", "Credit is exact, or refused with PrecisionError before anything is sent.", needs=READ)
async def exact(world: World) -> None:
    for amount in EXACT:
        customer = await world.customer()
        try:
            made = await world.billing.customers.adjust_credit(customer.id, amount=amount, reason="Exactly")
        except PrecisionError:
            assert world.requests == 0, f"{amount} was refused too late"
            assert amount in EXACT[-2:], f"{amount} is an ordinary amount"
        else:
            assert (made.amount, await credit(world, customer.id)) == (amount, [amount])


@clause("CRD-07", "Nothing, or credit without a reason, is refused before anything is sent.", needs=ADJUST)
async def nothing(world: World) -> None:
    customer = await world.customer()
    for amount, reason in ((Money(0, "USD"), "Nothing"), (FIVE, " ")):
        with refuses(ValidationError):
            await world.billing.customers.adjust_credit(customer.id, amount=amount, reason=reason)
        assert world.requests == 0


@clause("CRD-08", "An unknown customer gets no credit: NotFoundError.", needs="customers.adjust_credit")
async def unknown(world: World) -> None:
    for amount in (FIVE, -FIVE):
        with refuses(NotFoundError):
            await world.billing.customers.adjust_credit(world.unique("nobody"), amount=amount, reason="Welcome")


@clause("CRD-09", "The same adjustment with the same key is made once.", needs=READ)
async def once(world: World) -> None:
    customer, view = await world.customer(), world.billing.with_options(idempotency_key=world.unique("key"))
    made = [await view.customers.adjust_credit(customer.id, amount=FIVE, reason="Welcome") for _ in range(2)]
    assert (made[0].id, made[0].balance) == (made[1].id, made[1].balance)
    assert await credit(world, customer.id) == [FIVE]
