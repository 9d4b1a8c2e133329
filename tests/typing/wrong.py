"""Calls that both type checkers must refuse, each on a line that ends in `# wrong`. Never run: see `tests/typing/check.py`."""

from __future__ import annotations

import httpx
from billbridge import AsyncBilling, Billing, Item, Money
from billbridge.model import NewTaxId, Shipping, Tier


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
    Billing.connect("stripe", http="slow")  # wrong
    Billing.connect("stripe", journal="billing.journal")  # wrong
    billing.resolve("key")  # wrong
    money + 1  # wrong
    money * 1.5  # wrong
    Money(1.5, "USD")  # wrong
    money.amount = money.amount  # wrong


def customers(billing: Billing, money: Money) -> None:
    billing.customers.create(tax_exempt="sometimes")  # wrong
    billing.customers.create(shipping="12 Park Lane")  # wrong
    billing.customers.create(tax_ids=["DE123456789"])  # wrong
    billing.customers.create(auto_collection="on")  # wrong
    billing.customers.update("cus_1", auto_collection=None)  # wrong
    billing.customers.update("cus_1", tax_ids=[NewTaxId(type="eu_vat", value="x")])  # wrong
    billing.customers.update("cus_1", id="ada")  # wrong
    billing.customers.adjust_credit("cus_1", money, "Sorry")  # wrong
    billing.customers.adjust_credit("cus_1", amount=5, reason="Sorry")  # wrong
    billing.customers.adjust_credit("cus_1", amount=money)  # wrong
    billing.customers.add_tax_id("cus_1", type="eu_vat")  # wrong
    billing.customers.remove_tax_id("cus_1")  # wrong
    billing.customers.search(query="email:x")  # wrong
    billing.customers.search(order="oldest_first")  # wrong
    billing.customers.list(order="random")  # wrong
    billing.customers.list(created_gte="2026-01-01")  # wrong
    billing.customers.anonymise()  # wrong
    Shipping(name="Ada")  # wrong


def catalog(billing: Billing, money: Money) -> None:
    billing.products.create(name="Pro", kind="bundle")  # wrong
    billing.products.update("pro", name=None)  # wrong
    billing.products.update("pro", kind="addon")  # wrong
    billing.products.update("pro", metered=True)  # wrong
    billing.products.archive()  # wrong
    billing.products.list(ids="pro")  # wrong
    billing.products.list(order="oldest_first")  # wrong
    billing.prices.create(product="pro", amount=money, every="month", model="tiered")  # wrong
    billing.prices.create(product="pro", every="month", model="volume", tiers=[{"up_to": 10}])  # wrong
    billing.prices.create(product="pro", amount=money, every="month", tax_behavior="maybe")  # wrong
    billing.prices.create(product="pro", amount=money, every="month", currency_options={"EUR": money})  # wrong
    billing.prices.update("p", amount=money)  # wrong
    billing.prices.update("p", active=False)  # wrong
    billing.prices.list(type="rare")  # wrong
    billing.prices.list(lookup_keys="pro")  # wrong
    billing.meters.create(name="Calls")  # wrong
    billing.meters.create(name="Calls", event_name="calls", aggregation="average")  # wrong
    billing.meters.delete("mtr_1")  # wrong
    Tier(up_to=10, unit_amount=5)  # wrong
    Tier(up_to=1.5, unit_amount=money)  # wrong


def discounts(billing: Billing, money: Money) -> None:
    billing.coupons.create(name="Ten", percent_off=10)  # wrong
    billing.coupons.create(name="Ten", percent_off=12.5, duration="once")  # wrong
    billing.coupons.create(name="Ten", amount_off=5, duration="once")  # wrong
    billing.coupons.create(name="Ten", percent_off=10, duration="sometimes")  # wrong
    billing.coupons.update("TEN", percent_off=20)  # wrong
    billing.coupons.list(active=True)  # wrong
    billing.promotion_codes.create(coupon="TEN")  # wrong
    billing.promotion_codes.create(coupon="TEN", code="SUMMER", expires_at="tomorrow")  # wrong
    billing.promotion_codes.find(code=5)  # wrong
    billing.promotion_codes.update("promo_1", active=False)  # wrong
    billing.promotion_codes.delete("promo_1")  # wrong
    billing.product_features.create(key="seats", name="Seats", kind="number")  # wrong
    billing.product_features.create(key="seats", name="Seats", kind="quantity", levels=[5])  # wrong
    billing.product_features.attach("prod_1", "feat_1")  # wrong
    billing.product_features.delete("feat_1")  # wrong
    billing.entitlements.check("cus_1")  # wrong
    billing.entitlements.check("cus_1", "sso").value  # wrong
    billing.entitlements.override("sub_1", feature="sso")  # wrong


def methods(billing: Billing) -> None:
    billing.payment_methods.setup("cus_1", way="by_post")  # wrong
    billing.payment_methods.setup("cus_1", "https://example.com")  # wrong
    billing.payment_methods.setup(return_url="https://example.com")  # wrong
    billing.payment_methods.detach("cus_1", "pm_1")  # wrong
    billing.payment_methods.attach("cus_1", card={"number": "4242424242424242"})  # wrong


async def awaited_catalog(billing: AsyncBilling, money: Money) -> None:
    await billing.customers.adjust_credit("cus_1", amount=5, reason="Sorry")  # wrong
    await billing.customers.search(email="a@b.c")  # wrong
    await billing.products.update("pro", name=None)  # wrong
    await billing.prices.update("p", amount=money)  # wrong
    await billing.coupons.create(name="Ten", percent_off=10)  # wrong
    await billing.promotion_codes.find()  # wrong
    await billing.payment_methods.setup("cus_1", way="by_post")  # wrong
    billing.coupons.get("TEN").percent_off  # wrong
    await billing.meters.list()  # wrong


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
