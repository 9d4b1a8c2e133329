"""What a caller gets wrong at first: each error says what was given, where, and the line to write. Nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from billbridge import AsyncBilling, Billing, Customer, Item, Money, Price
from billbridge.errors import BillingError
from billbridge_sandbox import Sandbox

ADA = Customer(provider="stripe", id="cus_1", email="ada@example.com")
PRICE = Price(provider="stripe", id="price_1", product_id="prod_1", currency="USD")
ITEM: Any = Item  # these calls are wrong on purpose

SLIPS: dict[str, tuple[Callable[[Any], Any], str | None, str, str]] = {
    # what: (the call, error.param or None for a TypeError, what the text says, the line to write)
    "a price for an item": (
        lambda billing: billing.subscriptions.create(customer="c", items=[PRICE]),
        "items",
        "items[0] must be Item, not Price",
        "write items=[Item(price=price.id)]",
    ),
    "an item for a list": (
        lambda billing: billing.subscriptions.create(customer="c", items=Item(price="p")),
        "items",
        "items must be list, not Item",
        "write items=[Item(...)]",
    ),
    "an id for an item": (
        lambda billing: billing.subscriptions.create(customer="c", items=["price_1"]),
        "items",
        "items[0] must be Item, not str",
        'write items=[Item(price="...")]',
    ),
    "a misspelt field in a dict": (
        lambda billing: billing.subscriptions.create(customer="c", items=[{"price": "price_1", "qty": 5}]),
        "items",
        "items[0] must not hold the field qty",
        "Item takes: price, quantity",
    ),
    "a field that an address does not have": (
        lambda billing: billing.customers.create(address={"line1": "1 High Street", "town": "London"}),
        "address",
        "address must not hold the field town",
        "Address takes: line1, line2, city",
    ),
    "an item by position": (lambda _: ITEM("price_1"), None, "Item() takes its arguments by name", 'write Item(price="...")'),
    "a misspelt field of an item": (lambda _: ITEM(prize="price_1"), None, "Item() has no argument 'prize'", "did you mean 'price'?"),
    "a price for a price's id": (lambda _: ITEM(price=PRICE), "price", "price must be a string, not Price", "write price=price.id"),
    "a number in metadata": (
        lambda billing: billing.customers.create(metadata={"seats": 1}),
        "metadata",
        "must be str, not int",
        "metadata['seats'] is int: write {'seats': str(...)}",
    ),
    "a number as a key of metadata": (
        lambda billing: billing.customers.create(metadata={1: "seats"}),
        "metadata",
        "must be str, not int",
        "write the keys of metadata as strings",
    ),
    "a customer for an id": (
        lambda billing: billing.subscriptions.create(customer=ADA, items=[Item(price="p")]),
        "customer",
        "customer must be a string, not Customer",
        "write customer=customer.id",
    ),
    "a customer for an id by position": (
        lambda billing: billing.customers.get(ADA),
        "id",
        "id must be a string, not Customer",
        "write customer.id",
    ),
    "an empty id": (lambda billing: billing.customers.get(""), "id", "id is empty", "pass the id of an object, such as customer.id"),
    "a UUID for a key": (
        lambda billing: billing.with_options(idempotency_key=uuid4()),
        "idempotency_key",
        "must be printable ASCII text",
        "write idempotency_key=str(...): the key is UUID",
    ),
    "a capability in the singular": (
        lambda billing: billing.supports("subscription.create"),
        "",
        "no capability is named 'subscription.create'",
        "did you mean 'subscriptions.create'?",
    ),
    "a filter by position": (
        lambda billing: billing.invoices.list("cus_1"),
        None,
        "invoices.list() takes 0 positional arguments, not 1",
        "write invoices.list(customer=...)",
    ),
    "a field by position": (
        lambda billing: billing.products.create("Pro"),
        None,
        "products.create() takes 0 positional arguments, not 1",
        "write products.create(name=...)",
    ),
    "an id by name": (
        lambda billing: billing.payment_methods.attach(customer="cus_1", token="tok_visa"),
        None,
        "payment_methods.attach() takes 'customer' by position",
        "write payment_methods.attach(customer, token=...)",
    ),
    "a missing argument": (
        lambda billing: billing.payment_methods.attach("cus_1"),
        None,
        "missing a required argument: 'token'",
        "write payment_methods.attach(customer, token=...)",
    ),
    "a misspelt argument": (
        lambda billing: billing.customers.create(emial="ada@example.com"),
        None,
        "customers.create() has no argument 'emial'",
        "did you mean 'email'?",
    ),
    "an amount in minor units": (
        lambda billing: billing.prices.create(product="p", amount=1900, every="month"),
        "amount",
        "amount must be Money, such as Money('19.00', 'USD'), not int",
        "Money('19.00', 'USD')",
    ),
    "a word that is almost right": (
        lambda billing: billing.prices.create(product="p", amount=Money(1, "USD"), every="monthly"),
        "every",
        "every must be one of day, week, month, year",
        "did you mean 'month'?",
    ),
}


def started(made: Any) -> None:
    """Awaits until the first request: an awaited operation checks its arguments when it is awaited."""
    if hasattr(made, "send"):
        made.send(None)


@pytest.mark.parametrize("vendor", ["stripe", "chargebee"])
@pytest.mark.parametrize("surface", [Billing, AsyncBilling])
@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_with_the_line_to_write(slip: str, surface: Any, vendor: str) -> None:
    call, param, said, line = SLIPS[slip]
    billing = surface.connect(vendor, gateway=Sandbox())
    kind: Any = TypeError if param is None else BillingError
    with pytest.raises(kind) as caught:
        started(call(billing))
    text = str(caught.value)
    assert said in text
    assert line in text
    if param:
        assert caught.value.param == param
        assert caught.value.status is None
