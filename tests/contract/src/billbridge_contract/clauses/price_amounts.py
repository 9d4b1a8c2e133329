"""Amounts of prices, to the last digit: currencies with other minor units, fractions of a cent, and the cost of quantities.

A price with tiers is billed by its model. An amount that a vendor cannot store raises PrecisionError before anything is sent.
"""

from __future__ import annotations

from billbridge import Money, Price
from billbridge.errors import PrecisionError
from billbridge.model import Tier

from billbridge_contract.registry import clause
from billbridge_contract.selling import STEPS, TIERS, tier, tiered
from billbridge_contract.subscribing import SELL
from billbridge_contract.world import World, everything

MAKE = "products.create prices.create prices.get"
BILL = f"{SELL} invoices.list"
ORDINARY = (Money(500, "JPY"), Money("1.230", "KWD"), Money(5, "ISK"), Money(5, "UGX"), Money("10.45", "HUF"))
FINE = (Money("1.234", "KWD"), Money("0.005", "USD"), Money("0.0125", "EUR"), Money("500.5", "JPY"))


async def billed(world: World, price: Price, quantity: int) -> Money:
    """Return the total of the first invoice for a quantity. Assert that its lines and its payment have the same amount."""
    customer = await world.customer(world.tokens.visa)
    made = await world.subscribe(customer.id, price.id, quantity)
    (invoice,) = await everything(world.billing.invoices.list(subscription=made.id))
    assert sum((line.amount for line in invoice.lines), Money.zero(invoice.currency)) == invoice.total
    assert (invoice.amount_paid, invoice.amount_due) == (invoice.total, Money.zero(invoice.currency))
    return invoice.total


@clause("AMT-01", "Ordinary amounts in any currency are stored: 500 JPY, 1.230 KWD, 5 ISK, 5 UGX, 10.45 HUF.", needs=MAKE)
async def ordinary(world: World) -> None:
    for amount in ORDINARY:
        made = await world.price(amount)
        read = await world.billing.prices.get(made.id)
        assert (made.unit_amount, read.unit_amount, read.currency) == (amount, amount, amount.currency)


@clause(
    "AMT-02",
    "With allow_fractional, finer amounts are stored to the last digit, or raise PrecisionError before anything is sent.",
    needs=MAKE,
)
async def fine(world: World) -> None:
    for amount in FINE:
        product = await world.product()
        try:
            made = await world.billing.prices.create(product=product.id, amount=amount, every="month", allow_fractional=True)
        except PrecisionError:
            assert world.requests == 0, f"{amount} was refused too late"
        else:
            read = await world.billing.prices.get(made.id)
            assert (made.unit_amount, read.unit_amount) == (amount, amount)


@clause("AMT-03", "The amounts of tiers follow the same rule.", needs=f"{MAKE} prices.create.graduated")
async def fine_tiers(world: World) -> None:
    for amount in (*ORDINARY, *FINE):
        product, tiers = await world.product(), [Tier(up_to=10, unit_amount=amount), Tier(unit_amount=amount)]
        try:
            made = await world.billing.prices.create(product=product.id, every="month", model="graduated", tiers=tiers)
        except PrecisionError:
            assert world.requests == 0, f"{amount} was refused too late"
            assert amount in FINE, f"{amount} is an ordinary amount"
        else:
            assert (await world.billing.prices.get(made.id)).tiers == made.tiers == tiers


@clause("AMT-04", "Several units are billed exactly, also in yen and dinars.", needs=BILL, cards=True)
async def quantities(world: World) -> None:
    for amount, total in ((Money(500, "JPY"), Money(1500, "JPY")), (Money("1.23", "KWD"), Money("3.69", "KWD"))):
        assert await billed(world, await world.price(amount), 3) == total


@clause("AMT-05", "Fractions of a cent add up: 1000 units at 0.005 USD cost 5.00 USD, if the vendor can sell them.", needs=BILL, cards=True)
async def fractions(world: World) -> None:
    whole = await world.price(Money("0.01", "USD"))
    assert await billed(world, whole, 1000) == Money("10.00", "USD")
    product = await world.product()
    try:
        half = await world.billing.prices.create(product=product.id, amount=Money("0.005", "USD"), every="month")
    except PrecisionError:
        assert world.requests == 0
    else:
        assert await billed(world, half, 1000) == Money("5.00", "USD")


@clause("AMT-06", "Graduated: each unit costs the price of its own tier.", needs=f"{BILL} prices.create.graduated", cards=True)
async def graduated(world: World) -> None:
    price = await tiered(world, "graduated", TIERS)
    for quantity, total in ((10, "50.00"), (11, "54.00"), (15, "70.00"), (101, "412.50")):
        assert await billed(world, price, quantity) == Money(total, "USD")


@clause(
    "AMT-07", "Volume: all units cost the price of the tier that the quantity reaches.", needs=f"{BILL} prices.create.volume", cards=True
)
async def volume(world: World) -> None:
    price = await tiered(world, "volume", TIERS)
    for quantity, total in ((10, "50.00"), (11, "44.00"), (15, "60.00"), (101, "252.50")):
        assert await billed(world, price, quantity) == Money(total, "USD")


@clause(
    "AMT-08",
    "Stairstep: the amount of the tier is billed, for any quantity in the tier.",
    needs=f"{BILL} prices.create.stairstep",
    cards=True,
)
async def stairstep(world: World) -> None:
    price = await tiered(world, "stairstep", STEPS)
    for quantity, total in ((1, "50.00"), (10, "50.00"), (11, "90.00"), (20, "90.00"), (21, "150.00")):
        assert await billed(world, price, quantity) == Money(total, "USD")


@clause("AMT-09", "Package: a started package is billed in full.", needs=f"{BILL} prices.create.package", cards=True)
async def package(world: World) -> None:
    product = await world.product()
    price = await world.billing.prices.create(
        product=product.id, amount=Money("10.00", "USD"), every="month", model="package", package_size=5
    )
    for quantity, total in ((1, "10.00"), (5, "10.00"), (6, "20.00"), (11, "30.00")):
        assert await billed(world, price, quantity) == Money(total, "USD")


@clause(
    "AMT-10",
    "A tier's flat amount is added once, as soon as the quantity reaches the tier.",
    needs=f"{BILL} prices.create.graduated prices.create.flat_amount_in_tiers",
    cards=True,
)
async def flat_and_unit(world: World) -> None:
    price = await tiered(world, "graduated", [tier(10, "5.00", "1.00"), tier(None, "4.00", "2.00")])
    for quantity, total in ((10, "51.00"), (11, "57.00"), (15, "73.00")):
        assert await billed(world, price, quantity) == Money(total, "USD")
