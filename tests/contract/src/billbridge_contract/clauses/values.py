"""Promises for every object: its provider, the vendor's JSON, exact numbers, aware times, and no personal data in its repr."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from billbridge import Address, Money

from billbridge_contract.entities import PROMISE, check_all
from billbridge_contract.registry import clause
from billbridge_contract.subscribing import SELL
from billbridge_contract.world import MONTHLY, World, everything


@clause("VAL-01", f"A customer {PROMISE}.", needs="customers.create customers.get customers.list")
async def customers(world: World) -> None:
    email = world.email()
    made = [await world.billing.customers.create(email=email, name=name, metadata={"n": "1.5"}) for name in ("One", "Two")]
    listed = await everything(world.billing.customers.list(email=email))
    check_all(world, [*made, *listed, await world.billing.customers.get(made[0].id)])


@clause("VAL-02", f"A product or price {PROMISE}.", needs="products.create products.get prices.create prices.get prices.list")
async def catalog(world: World) -> None:
    product = await world.product()
    prices = [await world.billing.prices.create(product=product.id, amount=MONTHLY, every=every) for every in ("month", "year")]
    listed = await everything(world.billing.prices.list(product=product.id))
    read = [await world.billing.products.get(product.id), await world.billing.prices.get(prices[0].id)]
    check_all(world, [product, *prices, *listed, *read])


@clause("VAL-03", f"A payment method {PROMISE}.", needs="customers.create payment_methods.attach payment_methods.list", cards=True)
async def payment_methods(world: World) -> None:
    customer = await world.customer()
    made = [await world.billing.payment_methods.attach(customer.id, token=token) for token in (world.tokens.visa, world.tokens.mastercard)]
    check_all(world, [*made, *await everything(world.billing.payment_methods.list(customer=customer.id))])


@clause("VAL-04", f"A subscription {PROMISE}.", needs=f"{SELL} subscriptions.get subscriptions.list", cards=True)
async def subscriptions(world: World) -> None:
    made = await world.subscribed()
    listed = await everything(world.billing.subscriptions.list(customer=made.customer_id))
    check_all(world, [made, await world.billing.subscriptions.get(made.id), *listed])


@clause("VAL-05", f"An invoice {PROMISE}.", needs=f"{SELL} invoices.get invoices.list", cards=True)
async def invoices(world: World) -> None:
    made = await world.subscribed()
    listed = await everything(world.billing.invoices.list(customer=made.customer_id))
    check_all(world, [*listed, await world.billing.invoices.get(listed[0].id)])


@clause("VAL-06", "The repr of a customer shows no personal data.", needs="customers.create customers.list")
async def repr_of_a_customer(world: World) -> None:
    email, name, phone = world.email(), f"Zenobia {world.unique('Quill')}", "+442079460123"
    address = Address(line1="7 Hidden Lane", city="Nowhereton", country="GB")
    made = await world.billing.customers.create(email=email, name=name, phone=phone, address=address, metadata={"pet": "Rumpel"})
    (listed,) = await everything(world.billing.customers.list(email=email))
    for shown in (repr(made), str(made), repr(listed), repr([listed]), repr(made.address)):
        for private in (email, name, phone, "Hidden", "Nowhereton", "Rumpel"):
            assert private not in shown


@clause("VAL-07", f"A coupon {PROMISE}.", needs="coupons.create coupons.get coupons.list")
async def coupons(world: World) -> None:
    amount, percent = Money("5.00", "USD"), Decimal("12.5")
    made = [
        await world.billing.coupons.create(name=world.unique("Half"), percent_off=percent, duration="once", metadata={"n": "1.5"}),
        await world.billing.coupons.create(name=world.unique("Five"), amount_off=amount, duration="repeating", duration_months=3),
    ]
    listed = await everything(world.billing.coupons.list())
    check_all(world, [*made, *(one for one in listed if one.id in {made[0].id, made[1].id}), await world.billing.coupons.get(made[0].id)])


@clause("VAL-08", f"A promotion code {PROMISE}.", needs="coupons.create promotion_codes.create promotion_codes.get promotion_codes.list")
async def promotion_codes(world: World) -> None:
    coupon = await world.billing.coupons.create(name=world.unique("Half"), percent_off=50, duration="once")
    code = world.unique("CODE").replace("-", "").upper()
    made = await world.billing.promotion_codes.create(coupon=coupon.id, code=code, max_redemptions=1)
    listed = await everything(world.billing.promotion_codes.list(coupon=coupon.id))
    check_all(world, [made, *listed, await world.billing.promotion_codes.get(made.id)])


@clause("VAL-09", f"A meter {PROMISE}.", needs="meters.create meters.get")
async def meters(world: World) -> None:
    made = await world.billing.meters.create(name="Calls", event_name=world.unique("calls"))
    check_all(world, [made, await world.billing.meters.get(made.id)])


@clause("VAL-10", f"A credit adjustment {PROMISE}.", needs="customers.create customers.adjust_credit")
async def credits(world: World) -> None:
    customer = await world.customer()
    for amount in (Money("5.00", "USD"), Money("-2.00", "USD")):
        check_all(world, [await world.billing.customers.adjust_credit(customer.id, amount=amount, reason="Welcome")])


@clause("VAL-11", f"A payment method setup {PROMISE}.", needs="customers.create payment_methods.setup payment_methods.get_setup")
async def setups(world: World) -> None:
    """The vendor's JSON need not hold the customer, because Chargebee adds it only when the setup is done."""
    customer = await world.customer()
    made = await world.billing.payment_methods.setup(customer.id, return_url="https://example.com/done")
    read = await world.billing.payment_methods.get_setup(made.id)
    check_all(world, [msgspec.structs.replace(made, customer_id=read.customer_id), read])
