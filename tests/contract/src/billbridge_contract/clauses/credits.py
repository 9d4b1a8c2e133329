"""Credit: a balance that pays the next invoices of a customer. A positive amount is in the customer's favour, at every vendor."""

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
    """Return the credit balances of a customer."""
    return (await world.billing.customers.get(id)).credit_balance


async def paid_with(world: World, customer: str, credit: Money, money: Money) -> None:
    """Assert that the customer's only invoice was paid with this credit and this money.

    Stripe applies credit to the total. Chargebee subtracts it before, as a discount, so that the total is the rest.
    """
    (invoice,) = await everything(world.billing.invoices.list(customer=customer))
    assert (invoice.subtotal, invoice.discount_total + invoice.credits_applied) == (MONTHLY, credit)
    assert invoice.total == invoice.subtotal - invoice.discount_total
    assert (invoice.amount_paid, invoice.total - invoice.credits_applied) == (money, money)
    assert (invoice.amount_due, invoice.status) == (Money(0, "USD"), InvoiceStatus.PAID)


@clause("CRD-01", "A positive amount adds credit, a negative one removes it, and the customer shows the balance.", needs=READ)
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


@clause(
    "CRD-02",
    "Removing more than the balance raises an error and changes nothing, or the customer owes it with the next invoice.",
    needs=READ,
)
async def overdrawn(world: World) -> None:
    """Stripe lets the balance go below zero. Chargebee raises an error."""
    customer = await world.customer()
    await world.billing.customers.adjust_credit(customer.id, amount=FIVE, reason="Welcome")
    try:
        made = await world.billing.customers.adjust_credit(customer.id, amount=Money("-8.00", "USD"), reason="Too much")
    except (ValidationError, InvalidStateError):
        assert await credit(world, customer.id) == [FIVE]
    else:
        assert (made.amount, made.balance) == (Money("-8.00", "USD"), Money("-3.00", "USD"))
        assert await credit(world, customer.id) == [Money("-3.00", "USD")]


@clause("CRD-03", "The next invoice uses the credit and shows how much it used.", needs=f"{READ} {SELL} invoices.list", cards=True)
async def used(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price()
    await world.billing.customers.adjust_credit(customer.id, amount=FIVE, reason="Welcome")
    await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
    await paid_with(world, customer.id, FIVE, Money("14.00", "USD"))
    assert await credit(world, customer.id) == []


@clause("CRD-04", "Credit that an invoice does not use stays for the next one.", needs=f"{READ} {SELL} invoices.list", cards=True)
async def left_over(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price()
    await world.billing.customers.adjust_credit(customer.id, amount=Money("50.00", "USD"), reason="Sponsored")
    await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
    await paid_with(world, customer.id, MONTHLY, Money(0, "USD"))
    assert await credit(world, customer.id) == [Money("31.00", "USD")]


@clause("CRD-05", "Credit in a second currency raises an error, or has a balance of its own.", needs=READ)
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


@clause("CRD-06", "An amount of credit is exact, or raises PrecisionError before anything is sent.", needs=READ)
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


@clause("CRD-07", "An amount of 0, or a blank reason, raises ValidationError before anything is sent.", needs=ADJUST)
async def nothing(world: World) -> None:
    customer = await world.customer()
    for amount, reason in ((Money(0, "USD"), "Nothing"), (FIVE, " ")):
        with refuses(ValidationError):
            await world.billing.customers.adjust_credit(customer.id, amount=amount, reason=reason)
        assert world.requests == 0


@clause("CRD-08", "Adjusting the credit of an unknown customer raises NotFoundError.", needs="customers.adjust_credit")
async def unknown(world: World) -> None:
    for amount in (FIVE, -FIVE):
        with refuses(NotFoundError):
            await world.billing.customers.adjust_credit(world.unique("nobody"), amount=amount, reason="Welcome")


@clause("CRD-09", "The same adjustment with the same idempotency key is made once.", needs=READ)
async def once(world: World) -> None:
    customer, view = await world.customer(), world.billing.with_options(idempotency_key=world.unique("key"))
    made = [await view.customers.adjust_credit(customer.id, amount=FIVE, reason="Welcome") for _ in range(2)]
    assert (made[0].id, made[0].balance) == (made[1].id, made[1].balance)
    assert await credit(world, customer.id) == [FIVE]
