"""Calls that both type checkers must refuse, each on a line that ends in `# wrong`. Never run: see `tests/typing/check.py`."""

from __future__ import annotations

import httpx
from billbridge import AsyncBilling, Billing, Item, Money


def blocking(billing: Billing, money: Money) -> None:
    billing.customers.create(emial="a@b.c")  # wrong
    billing.customers.create("a@b.c")  # wrong
    billing.customers.create(email=5)  # wrong
    billing.customers.create(metadata={"k": 1})  # wrong
    billing.customers.create(address="12 Park Lane")  # wrong
    billing.customers.get()  # wrong
    billing.customers.get(5)  # wrong
    billing.customers.update(name="x")  # wrong
    billing.customers.update("cus_1", nam="x")  # wrong
    billing.customers.delete("cus_1", True)  # wrong
    billing.customers.list(emial="x")  # wrong
    billing.customers.list(page_size="10")  # wrong
    billing.customers.search("x")  # wrong
    billing.products.create()  # wrong
    billing.prices.create(product="pro", amount=19.0, every="month")  # wrong
    billing.prices.create(product="pro", amount="19.00", every="month")  # wrong
    billing.prices.create(product="pro", amount=money, every="fortnight")  # wrong
    billing.prices.create(product="pro", amount=money)  # wrong
    billing.payment_methods.attach("cus_1")  # wrong
    billing.payment_methods.attach("cus_1", "tok_visa")  # wrong
    billing.payment_methods.list()  # wrong
    billing.payment_methods.set_default("cus_1")  # wrong
    billing.subscriptions.create(customer="cus_1")  # wrong
    billing.subscriptions.create(customer="cus_1", items=["price"])  # wrong
    billing.subscriptions.create(customer="cus_1", items=[Item(quantity=1)])  # wrong
    billing.subscriptions.create(customer="cus_1", items=[Item(price="p")], trial_end="tomorrow")  # wrong
    billing.subscriptions.cancel("sub_1")  # wrong
    billing.subscriptions.cancel("sub_1", timing="tomorrow")  # wrong
    billing.invoices.create()  # wrong
    billing.with_options(timeuot=3)  # wrong
    billing.customers.get("cus_1").emial  # wrong
    billing.customers.get("cus_1").email.upper()  # wrong
    Billing.connect("stripe", http=httpx.AsyncClient())  # wrong
    money + 1  # wrong
    money * 1.5  # wrong
    Money(1.5, "USD")  # wrong
    money.amount = money.amount  # wrong


async def awaited(billing: AsyncBilling) -> None:
    await billing.customers.create(emial="a@b.c")  # wrong
    await billing.customers.get()  # wrong
    await billing.customers.update("cus_1", nam="x")  # wrong
    billing.customers.get("cus_1").email  # wrong
    for _ in billing.customers.list():  # wrong
        pass
    await billing.customers.list()  # wrong
    await billing.prices.create(product="pro", amount=19.0, every="month")  # wrong
    await billing.subscriptions.create(customer="cus_1", items=["price"])  # wrong
    await billing.subscriptions.cancel("sub_1", timing="tomorrow")  # wrong
    await billing.payment_methods.attach("cus_1")  # wrong
    AsyncBilling.connect("stripe", http=httpx.Client())  # wrong
    with billing:  # wrong
        pass


def surfaces(billing: Billing) -> None:
    async def inner() -> None:
        await billing.customers.get("cus_1")  # wrong
        async for _ in billing.customers.list():  # wrong
            pass
