"""Calls that both type checkers must accept. Never run: `tests/typing/check.py` hands them to mypy and pyright."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import assert_type

import httpx
from billbridge import (
    UNSET,
    Address,
    AsyncBilling,
    Billing,
    CancelTiming,
    Customer,
    Interval,
    Invoice,
    Item,
    Money,
    Page,
    PaymentMethod,
    Price,
    Product,
    ProviderInfo,
    Subscription,
    Support,
)
from billbridge.listed import AsyncListed, Listed


def blocking(billing: Billing, when: datetime) -> None:
    assert_type(
        billing.customers.create(email="a@b.c", name="Ada", address=Address(line1="x", country="GB"), metadata={"k": "v"}), Customer
    )
    assert_type(billing.customers.create(), Customer)
    assert_type(billing.customers.get("cus_1"), Customer)
    assert_type(billing.customers.update("cus_1", name=None, email=UNSET, phone="1"), Customer)
    assert_type(billing.customers.delete("cus_1", destroy_history=True), None)
    assert_type(billing.customers.list(email="a@b.c", page_size=10, cursor=None), Listed[Customer])
    for customer in billing.customers.list():
        assert_type(customer, Customer)
    for page in billing.customers.list().pages():
        assert_type(page, Page[Customer])
    assert_type(billing.products.create(name="Pro", id="pro"), Product)
    assert_type(billing.products.get("pro"), Product)
    assert_type(billing.products.list(active=True), Listed[Product])
    assert_type(billing.prices.create(product="pro", amount=Money("19.00", "USD"), every="month"), Price)
    assert_type(billing.prices.create(product="pro", amount=Money(1, "USD"), every=Interval.YEAR, interval_count=2, model="flat"), Price)
    assert_type(billing.prices.get("p"), Price)
    assert_type(billing.prices.list(product="pro"), Listed[Price])
    assert_type(billing.payment_methods.attach("cus_1", token="tok_visa"), PaymentMethod)
    assert_type(billing.payment_methods.attach("cus_1", token="tok_visa", make_default=False), PaymentMethod)
    assert_type(billing.payment_methods.list(customer="cus_1"), Listed[PaymentMethod])
    assert_type(billing.payment_methods.set_default("cus_1", "pm_1"), Customer)
    assert_type(billing.subscriptions.create(customer="cus_1", items=[Item(price="p", quantity=3)], trial_end=when), Subscription)
    assert_type(billing.subscriptions.create(customer="c", items=[Item(price="p")], payment_behavior="allow_incomplete"), Subscription)
    assert_type(billing.subscriptions.get("sub_1"), Subscription)
    assert_type(billing.subscriptions.list(customer="cus_1"), Listed[Subscription])
    assert_type(billing.subscriptions.cancel("sub_1", timing="now"), Subscription)
    assert_type(billing.subscriptions.cancel("sub_1", timing=CancelTiming.PERIOD_END), Subscription)
    assert_type(billing.invoices.get("in_1"), Invoice)
    assert_type(billing.invoices.list(customer="cus_1", subscription="sub_1"), Listed[Invoice])
    billing.raw.get("/v1/charges", {"limit": 3})
    assert_type(billing.with_options(idempotency_key="k", timeout=5, retries=0), Billing)
    assert_type(billing.supports("customers.create"), Support)
    assert_type(billing.capabilities["customers.create"], Support)
    assert_type(billing.info(), ProviderInfo)
    with Billing.connect("stripe", api_key="sk_test_x", http=httpx.Client()) as connected:
        assert_type(connected, Billing)


async def awaited(billing: AsyncBilling) -> None:
    assert_type(await billing.customers.create(email="a@b.c"), Customer)
    assert_type(await billing.customers.update("cus_1", name=None), Customer)
    assert_type(await billing.customers.delete("cus_1"), None)
    assert_type(billing.customers.list(email="a@b.c"), AsyncListed[Customer])
    async for customer in billing.customers.list():
        assert_type(customer, Customer)
    async for page in billing.customers.list().pages():
        assert_type(page, Page[Customer])
    assert_type(await billing.products.create(name="Pro"), Product)
    assert_type(await billing.prices.create(product="pro", amount=Money("19.00", "USD"), every="month"), Price)
    assert_type(await billing.payment_methods.attach("cus_1", token="tok_visa"), PaymentMethod)
    assert_type(await billing.payment_methods.set_default("cus_1", "pm_1"), Customer)
    assert_type(await billing.subscriptions.create(customer="cus_1", items=[Item(price="p")]), Subscription)
    assert_type(await billing.subscriptions.cancel("sub_1", timing="period_end"), Subscription)
    assert_type(await billing.invoices.get("in_1"), Invoice)
    assert_type(billing.invoices.list(), AsyncListed[Invoice])
    await billing.raw.post("/v1/charges", {"amount": 3})
    assert_type(await asyncio.create_task(billing.customers.get("cus_1")), Customer)
    async with asyncio.TaskGroup() as group:
        group.create_task(billing.customers.delete("cus_1"))
    async with AsyncBilling.connect("stripe", http=httpx.AsyncClient()) as connected:
        assert_type(connected, AsyncBilling)


def amounts(a: Money, b: Money) -> None:
    assert_type(a + b, Money)
    assert_type(a * 3, Money)
    assert_type(sum([a, b], Money.zero("USD")), Money)
    assert_type(a < b, bool)
