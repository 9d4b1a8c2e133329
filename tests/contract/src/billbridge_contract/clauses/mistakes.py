"""Mistakes: the same mistake raises the same class of error at every vendor, so one `except` works for all vendors."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from billbridge import Address, Item, Money
from billbridge.errors import (
    BillingError,
    DuplicateError,
    IdempotencyConflictError,
    InvalidStateError,
    NotFoundError,
    PaymentDeclinedError,
    PaymentMethodRequiredError,
    PrecisionError,
    ValidationError,
)

from billbridge_contract.mistaken import Act, Call, mistake
from billbridge_contract.subscribing import CATALOG, SELL
from billbridge_contract.world import MONTHLY, World, everything

ONE: Final = Money("1.00", "USD")
SUB_CENT: Final = Money("1.005", "USD")


# Mistakes that raise before anything is sent, so they need no objects.

NEVER: Final[dict[tuple[str, str], tuple[type[BillingError], Call]]] = {
    ("MIS-01 An empty id", "customers.get"): (ValidationError, lambda billing, _: billing.customers.get("")),
    ("MIS-02 A text that is not an e-mail address", "customers.create"): (
        ValidationError,
        lambda billing, _: billing.customers.create(email="not an address"),
    ),
    ("MIS-03 A country that is not two letters", "customers.create"): (
        ValidationError,
        lambda billing, _: billing.customers.create(address=Address(country="Germany")),
    ),
    ("MIS-04 A credit adjustment of 0", "customers.adjust_credit"): (
        ValidationError,
        lambda billing, id: billing.customers.adjust_credit(id, amount=Money("0.00", "USD"), reason="late"),
    ),
    ("MIS-05 A product without a name", "products.create"): (ValidationError, lambda billing, _: billing.products.create(name="")),
    ("MIS-06 A negative price", "prices.create"): (
        ValidationError,
        lambda billing, id: billing.prices.create(product=id, amount=Money("-1.00", "USD"), every="month"),
    ),
    ("MIS-07 An unknown interval", "prices.create"): (
        ValidationError,
        lambda billing, id: billing.prices.create(product=id, amount=ONE, every="fortnight"),
    ),
    ("MIS-08 An interval of 0 months", "prices.create"): (
        ValidationError,
        lambda billing, id: billing.prices.create(product=id, amount=ONE, every="month", interval_count=0),
    ),
    ("MIS-09 A discount of more than 100 per cent", "coupons.create"): (
        ValidationError,
        lambda billing, _: billing.coupons.create(name="Much", percent_off=101, duration="once"),
    ),
    ("MIS-10 A discount of 0 per cent", "coupons.create"): (
        ValidationError,
        lambda billing, _: billing.coupons.create(name="None", percent_off=0, duration="once"),
    ),
    ("MIS-11 A subscription without items", "subscriptions.create"): (
        ValidationError,
        lambda billing, id: billing.subscriptions.create(customer=id, items=[]),
    ),
    ("MIS-12 A subscription to the same price twice", "subscriptions.create"): (
        ValidationError,
        lambda billing, id: billing.subscriptions.create(customer=id, items=[Item(price=id), Item(price=id)]),
    ),
    ("MIS-13 A trial of -1 days", "subscriptions.create"): (
        ValidationError,
        lambda billing, id: billing.subscriptions.create(customer=id, items=[Item(price=id)], trial_days=-1),
    ),
    ("MIS-14 A price per unit finer than a cent", "prices.create"): (
        PrecisionError,
        lambda billing, id: billing.prices.create(product=id, amount=Money("19.999", "USD"), every="month"),
    ),
    ("MIS-15 A page size of 0", "customers.list"): (ValidationError, lambda billing, _: everything(billing.customers.list(page_size=0))),
    ("MIS-16 A text that is not a cursor", "customers.list"): (
        ValidationError,
        lambda billing, _: everything(billing.customers.list(cursor="x")),
    ),
    ("MIS-17 A raw path without a slash at its start", "raw.get"): (ValidationError, lambda billing, _: billing.raw.get("customers")),
}


def _never(call: Call) -> Act:
    async def act(world: World) -> None:
        try:
            await call(world.billing, world.unique("nobody"))
        finally:
            assert world.requests == 0, "it was sent"

    return act


for (_key, _needs), (_error, _call) in NEVER.items():
    _id, _, _promise = _key.partition(" ")
    mistake(_id, _promise, _error, _needs, _never(_call))


# Mistakes with objects that exist.


async def _deleted(world: World) -> None:
    customer = await world.customer()
    await world.billing.customers.delete(customer.id, destroy_history=True)
    await world.billing.customers.update(customer.id, name="Ada")


async def _credit_finer_than_a_cent(world: World) -> None:
    await world.billing.customers.adjust_credit((await world.customer()).id, amount=SUB_CENT, reason="late")


async def _coupon_finer_than_a_cent(world: World) -> None:
    await world.billing.coupons.create(name=world.unique("Fine"), amount_off=SUB_CENT, duration="once")


async def _coupon_of_the_past(world: World) -> None:
    past = world.backend.now() - timedelta(days=1)
    await world.billing.coupons.create(name=world.unique("Past"), percent_off=10, duration="once", expires_at=past)


async def _product_again(world: World) -> None:
    id = world.unique("pro")
    for _ in range(2):
        await world.billing.products.create(id=id, name=world.unique("Pro"))


async def _coupon_again(world: World) -> None:
    id = world.unique("TEN")
    for _ in range(2):
        await world.billing.coupons.create(id=id, name=world.unique("Ten"), percent_off=10, duration="once")


async def _code_again(world: World) -> None:
    coupon, code = await world.billing.coupons.create(name=world.unique("Ten"), percent_off=10, duration="once"), world.unique("TEN")
    for _ in range(2):
        await world.billing.promotion_codes.create(coupon=coupon.id, code=code, max_redemptions=1)


async def _product_in_use(world: World) -> None:
    await world.billing.products.delete((await world.price()).product_id)


async def _key_again(world: World) -> None:
    view = world.billing.with_options(idempotency_key=world.unique("key"))
    for _ in range(2):
        await view.customers.create(email=world.email())


async def _unknown_token(world: World) -> None:
    await world.billing.payment_methods.attach((await world.customer()).id, token="tok_billbridge_nobody_gave_this")


async def _method_of_another(world: World) -> None:
    method = await world.billing.payment_methods.attach((await world.customer()).id, token=world.tokens.visa)
    await world.billing.payment_methods.set_default((await world.customer()).id, method.id)


async def _unknown_buyer(world: World) -> None:
    await world.subscribe(world.unique("nobody"), (await world.price()).id)


async def _unknown_price(world: World) -> None:
    await world.subscribe((await world.customer()).id, world.unique("nothing"))


async def _archived_price(world: World) -> None:
    customer, price = await world.customer(world.tokens.visa), await world.price()
    await world.billing.prices.archive(price.id)
    await world.subscribe(customer.id, price.id)


async def _quantity_of_a_flat_price(world: World) -> None:
    await world.subscribe((await world.customer()).id, (await world.price(model="flat")).id, 2)


async def _trial_of_the_past(world: World) -> None:
    customer, price, past = await world.customer(), await world.price(), world.backend.now() - timedelta(days=1)
    await world.billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)], trial_end=past)


async def _no_payment_method(world: World) -> None:
    await world.subscribe((await world.customer()).id, (await world.price(MONTHLY)).id)


async def _declined(world: World) -> None:
    price = await world.price()  # first, because a vendor without prices need not know the token
    await world.subscribe((await world.customer(world.tokens.declined)).id, price.id)


async def _ended_now(world: World) -> None:
    subscription = await world.subscribed()
    for _ in range(2):
        await world.billing.subscriptions.cancel(subscription.id, timing="now")


async def _ended_later(world: World) -> None:
    subscription = await world.subscribed()
    for timing in ("now", "period_end"):
        await world.billing.subscriptions.cancel(subscription.id, timing=timing)


async def _invoices_of_an_unknown_subscription(world: World) -> None:
    await everything(world.billing.invoices.list(subscription=world.unique("nothing")))


_COUPON: Final = "coupons.create"
_BUY: Final = f"{CATALOG} subscriptions.create"
_END: Final = f"{SELL} subscriptions.cancel"
_ATTACH: Final = "customers.create payment_methods.attach"

_DEFAULT: Final = f"{_ATTACH} payment_methods.set_default"

EXISTING: Final[list[tuple[str, type[BillingError], str, Act]]] = [
    ("MIS-18 Updating a deleted customer", NotFoundError, "customers.create customers.delete customers.update", _deleted),
    ("MIS-19 Listing the invoices of an unknown subscription", NotFoundError, "invoices.list", _invoices_of_an_unknown_subscription),
    ("MIS-20 A credit finer than a cent", PrecisionError, "customers.create customers.adjust_credit", _credit_finer_than_a_cent),
    ("MIS-21 An amount off finer than a cent", PrecisionError, _COUPON, _coupon_finer_than_a_cent),
    ("MIS-22 A coupon that has expired already", ValidationError, _COUPON, _coupon_of_the_past),
    ("MIS-23 A product id that exists", DuplicateError, "products.create", _product_again),
    ("MIS-24 A coupon id that exists", DuplicateError, _COUPON, _coupon_again),
    ("MIS-25 A promotion code that exists", DuplicateError, f"{_COUPON} promotion_codes.create", _code_again),
    ("MIS-26 Deleting a product that has prices", InvalidStateError, "products.create prices.create products.delete", _product_in_use),
    ("MIS-27 Using an idempotency key again with other arguments", IdempotencyConflictError, "customers.create", _key_again),
    ("MIS-28 A token that the vendor did not make", ValidationError, _ATTACH, _unknown_token),
    ("MIS-29 A subscription for an unknown customer", NotFoundError, "products.create prices.create subscriptions.create", _unknown_buyer),
    ("MIS-30 A subscription to an unknown price", NotFoundError, "customers.create subscriptions.create", _unknown_price),
    ("MIS-31 A quantity for a flat price", ValidationError, _BUY, _quantity_of_a_flat_price),
    ("MIS-32 A trial that ends in the past", ValidationError, _BUY, _trial_of_the_past),
    ("MIS-33 A subscription without a payment method", PaymentMethodRequiredError, _BUY, _no_payment_method),
]
WITH_CARDS: Final[list[tuple[str, type[BillingError], str, Act]]] = [
    (
        "MIS-34 Another customer's payment method as the default",
        NotFoundError,
        _DEFAULT,
        _method_of_another,
    ),
    ("MIS-35 A subscription to an archived price", ValidationError, f"{SELL} prices.archive", _archived_price),
    ("MIS-36 A card that is declined", PaymentDeclinedError, SELL, _declined),
    ("MIS-37 Cancelling an ended subscription", InvalidStateError, _END, _ended_now),
    ("MIS-38 Cancelling an ended subscription at the end of its period", InvalidStateError, _END, _ended_later),
]
PARAMS: Final[dict[str, str]] = {
    "A coupon that has expired already": "expires_at",
    "A product's id that is taken": "id",
    "A coupon's id that is taken": "id",
    "A promotion code that is taken": "code",
    "A token that the vendor did not give": "token",
    "A subscription to an unknown price": "items[0].price",
    "A quantity of a flat price": "items[0].quantity",
    "A trial that ends in the past": "trial_end",
    "Another customer's payment method as default": "payment_method",
    "A subscription to an archived price": "items[0].price",
}
"""The argument that the error names, by the promise. It has one name for all vendors; `provider_param` keeps the vendor's."""

for _cards, _table in ((False, EXISTING), (True, WITH_CARDS)):
    for _key, _error, _needs, _act in _table:
        _id, _, _promise = _key.partition(" ")
        mistake(_id, _promise, _error, _needs, _act, param=PARAMS.get(_promise), cards=_cards)
