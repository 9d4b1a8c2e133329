"""Calls that both type checkers must accept. Never run: `tests/typing/check.py` hands them to mypy and pyright."""

from __future__ import annotations

import asyncio
from datetime import datetime
from decimal import Decimal
from typing import assert_type

import httpx
from billbridge import (
    UNSET,
    Address,
    AsyncBilling,
    Billing,
    CancelTiming,
    Coupon,
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
from billbridge.client.pager import AsyncPager, Pager
from billbridge.flow.journal import Journal
from billbridge.model import (
    CreditAdjustment,
    Entitlement,
    EntitlementOverride,
    FeatureAttachment,
    Meter,
    NewTaxId,
    Order,
    PaymentMethodSetup,
    ProductFeature,
    ProductKind,
    PromotionCode,
    SetupWay,
    Shipping,
    TaxExempt,
    TaxId,
    Tier,
)


def blocking(billing: Billing, when: datetime) -> None:
    assert_type(
        billing.customers.create(email="a@b.c", name="Ada", address=Address(line1="x", country="GB"), metadata={"k": "v"}), Customer
    )
    assert_type(billing.customers.create(), Customer)
    assert_type(billing.customers.get("cus_1"), Customer)
    assert_type(billing.customers.update("cus_1", name=None, email=UNSET, phone="1"), Customer)
    assert_type(billing.customers.delete("cus_1", destroy_history=True), None)
    assert_type(billing.customers.list(email="a@b.c", page_size=10, cursor=None), Pager[Customer])
    for customer in billing.customers.list():
        assert_type(customer, Customer)
    for page in billing.customers.list().pages():
        assert_type(page, Page[Customer])
    assert_type(billing.products.create(name="Pro", id="pro"), Product)
    assert_type(billing.products.get("pro"), Product)
    assert_type(billing.products.list(active=True), Pager[Product])
    assert_type(billing.prices.create(product="pro", amount=Money("19.00", "USD"), every="month"), Price)
    assert_type(billing.prices.create(product="pro", amount=Money(1, "USD"), every=Interval.YEAR, interval_count=2, model="flat"), Price)
    assert_type(billing.prices.get("p"), Price)
    assert_type(billing.prices.list(product="pro"), Pager[Price])
    assert_type(billing.payment_methods.attach("cus_1", token="tok_visa"), PaymentMethod)
    assert_type(billing.payment_methods.attach("cus_1", token="tok_visa", make_default=False), PaymentMethod)
    assert_type(billing.payment_methods.list(customer="cus_1"), Pager[PaymentMethod])
    assert_type(billing.payment_methods.set_default("cus_1", "pm_1"), Customer)
    assert_type(billing.subscriptions.create(customer="cus_1", items=[Item(price="p", quantity=3)], trial_end=when), Subscription)
    assert_type(billing.subscriptions.create(customer="c", items=[Item(price="p")], payment_behavior="allow_incomplete"), Subscription)
    assert_type(billing.subscriptions.get("sub_1"), Subscription)
    assert_type(billing.subscriptions.list(customer="cus_1"), Pager[Subscription])
    assert_type(billing.subscriptions.cancel("sub_1", timing="now"), Subscription)
    assert_type(billing.subscriptions.cancel("sub_1", timing=CancelTiming.PERIOD_END), Subscription)
    assert_type(billing.invoices.get("in_1"), Invoice)
    assert_type(billing.invoices.list(customer="cus_1", subscription="sub_1"), Pager[Invoice])
    billing.raw.get("/v1/charges", {"limit": 3})
    assert_type(billing.with_options(idempotency_key="k", timeout=5, retries=0), Billing)
    assert_type(billing.supports("customers.create"), Support)
    assert_type(billing.capabilities["customers.create"], Support)
    assert_type(billing.info(), ProviderInfo)
    with Billing.connect("stripe", api_key="sk_test_x", http=httpx.Client()) as connected:
        assert_type(connected, Billing)
    journal = Journal("billing.journal")
    assert_type(Billing.connect("stripe", http="fast", journal=journal), Billing)
    for entry in journal.pending():
        billing.resolve(entry)


def customers(billing: Billing, when: datetime, address: Address) -> None:
    assert_type(billing.customers.create(company="x", locale="fr-CA", tax_exempt="exempt", description="x", currency="EUR"), Customer)
    assert_type(billing.customers.create(given_name="Ada", family_name="King", auto_collection=False), Customer)
    assert_type(billing.customers.create(tax_ids=[NewTaxId(type="eu_vat", value="DE123456789")]), Customer)
    assert_type(billing.customers.update("cus_1", shipping=Shipping(name="Ada", address=address), tax_exempt=TaxExempt.REVERSE), Customer)
    assert_type(billing.customers.update("cus_1", shipping=None, company=None, description=None, tax_exempt=None), Customer)
    assert_type(billing.customers.anonymise("cus_1"), Customer)
    assert_type(billing.customers.adjust_credit("cus_1", amount=Money(5, "USD"), reason="Sorry"), CreditAdjustment)
    assert_type(billing.customers.add_tax_id("cus_1", type="eu_vat", value="DE123456789"), TaxId)
    assert_type(billing.customers.remove_tax_id("cus_1", "txi_1"), None)
    assert_type(billing.customers.search(name="Ada", metadata={"k": "v"}), Pager[Customer])
    assert_type(billing.customers.list(created_gte=when, created_lt=when, order="oldest_first"), Pager[Customer])
    assert_type(billing.invoices.list(order=Order.OLDEST_FIRST, created_gte=when), Pager[Invoice])
    assert_type(billing.customers.get("cus_1").credit_balance, list[Money])


def catalog(billing: Billing, money: Money) -> None:
    assert_type(billing.products.create(name="Pro", kind="addon", unit_label="seat", metered=True, family="f"), Product)
    assert_type(billing.products.update("pro", name="Pro+", description=None, metadata={"k": ""}), Product)
    assert_type(billing.products.archive("pro"), Product)
    assert_type(billing.products.unarchive("pro"), Product)
    assert_type(billing.products.delete("pro"), None)
    assert_type(billing.products.list(kind=ProductKind.CHARGE, ids=["pro"]), Pager[Product])
    assert_type(billing.prices.create(product="pro", amount=money, every=None, tax_behavior="inclusive"), Price)
    assert_type(billing.prices.create(product="pro", amount=money, every="month", model="package", package_size=5), Price)
    tiers = [Tier(up_to=10, unit_amount=money), Tier(flat_amount=money)]
    assert_type(billing.prices.create(product="pro", every="month", model="graduated", tiers=tiers), Price)
    assert_type(billing.prices.create(product="pro", amount=money, every="month", usage_type="metered", meter="mtr_1"), Price)
    assert_type(billing.prices.create(product="pro", amount=money, every="month", currency_options=[money], trial_days=7), Price)
    assert_type(billing.prices.update("p", nickname=None, metadata={}), Price)
    assert_type(billing.prices.archive("p"), Price)
    assert_type(billing.prices.unarchive("p"), Price)
    assert_type(billing.prices.delete("p"), None)
    assert_type(billing.prices.list(currency="EUR", type="one_time", lookup_keys=["pro"]), Pager[Price])
    assert_type(billing.meters.create(name="Calls", event_name="calls", aggregation="last"), Meter)
    assert_type(billing.meters.get("mtr_1"), Meter)
    assert_type(billing.meters.archive("mtr_1"), Meter)
    assert_type(billing.meters.unarchive("mtr_1"), Meter)
    assert_type(billing.meters.list(active=True), Pager[Meter])


def discounts(billing: Billing, when: datetime, money: Money) -> None:
    assert_type(billing.coupons.create(name="Ten", percent_off=Decimal("12.5"), duration="once", expires_at=when), Coupon)
    assert_type(billing.coupons.create(name="Ten", amount_off=money, duration="repeating", duration_months=3, products=["p"]), Coupon)
    assert_type(billing.coupons.get("TEN"), Coupon)
    assert_type(billing.coupons.update("TEN", name="Ten", metadata=None), Coupon)
    assert_type(billing.coupons.delete("TEN"), None)
    assert_type(billing.coupons.list(order="oldest_first"), Pager[Coupon])
    assert_type(billing.promotion_codes.create(coupon="TEN", code="SUMMER", max_redemptions=1, minimum_amount=money), PromotionCode)
    assert_type(billing.promotion_codes.get("promo_1"), PromotionCode)
    assert_type(billing.promotion_codes.find("SUMMER"), PromotionCode)
    assert_type(billing.promotion_codes.update("promo_1", metadata={"k": "v"}), PromotionCode)
    assert_type(billing.promotion_codes.deactivate("promo_1"), PromotionCode)
    assert_type(billing.promotion_codes.list(coupon="TEN", active=True), Pager[PromotionCode])
    assert_type(billing.product_features.create(key="seats", name="Seats", kind="quantity", levels=["5", "unlimited"]), ProductFeature)
    assert_type(billing.product_features.find("sso"), ProductFeature)
    assert_type(billing.product_features.attach("prod_1", feature="feat_1", value=5), FeatureAttachment)
    assert_type(billing.product_features.detach("prod_1", "feat_1"), None)
    assert_type(billing.product_features.attachments(product="prod_1"), Pager[FeatureAttachment])
    assert_type(billing.entitlements.check("cus_1", "sso"), Entitlement | None)
    assert_type(billing.entitlements.list(customer="cus_1"), Pager[Entitlement])
    assert_type(billing.entitlements.override("sub_1", feature="sso", value=True), EntitlementOverride)


def methods(billing: Billing) -> None:
    assert_type(billing.payment_methods.get("pm_1"), PaymentMethod)
    assert_type(billing.payment_methods.detach("pm_1"), None)
    assert_type(billing.payment_methods.setup("cus_1", return_url="https://example.com"), PaymentMethodSetup)
    assert_type(billing.payment_methods.setup("cus_1", way=SetupWay.CLIENT_SIDE), PaymentMethodSetup)
    assert_type(billing.payment_methods.get_setup("seti_1"), PaymentMethodSetup)
    assert_type(billing.payment_methods.list(customer="cus_1", order="newest_first"), Pager[PaymentMethod])


async def awaited_catalog(billing: AsyncBilling, when: datetime, money: Money) -> None:
    assert_type(await billing.customers.anonymise("cus_1"), Customer)
    assert_type(await billing.customers.adjust_credit("cus_1", amount=-money, reason="Mistake"), CreditAdjustment)
    assert_type(await billing.customers.add_tax_id("cus_1", type="eu_vat", value="DE123456789"), TaxId)
    assert_type(await billing.customers.remove_tax_id("cus_1", "txi_1"), None)
    assert_type(billing.customers.search(email="a@b.c"), AsyncPager[Customer])
    assert_type(await billing.products.update("pro", name="Pro+"), Product)
    assert_type(await billing.products.archive("pro"), Product)
    assert_type(await billing.products.unarchive("pro"), Product)
    assert_type(await billing.products.delete("pro"), None)
    assert_type(await billing.prices.create(product="pro", every="month", model="volume", tiers=[Tier(unit_amount=money)]), Price)
    assert_type(await billing.prices.update("p", nickname="x"), Price)
    assert_type(await billing.prices.archive("p"), Price)
    assert_type(await billing.prices.unarchive("p"), Price)
    assert_type(await billing.prices.delete("p"), None)
    assert_type(await billing.meters.create(name="Calls", event_name="calls"), Meter)
    assert_type(await billing.meters.get("mtr_1"), Meter)
    assert_type(await billing.meters.archive("mtr_1"), Meter)
    assert_type(await billing.meters.unarchive("mtr_1"), Meter)
    assert_type(billing.meters.list(), AsyncPager[Meter])
    assert_type(await billing.coupons.create(name="Ten", percent_off=10, duration="forever"), Coupon)
    assert_type(await billing.coupons.get("TEN"), Coupon)
    assert_type(await billing.coupons.update("TEN", name="Ten"), Coupon)
    assert_type(await billing.coupons.delete("TEN"), None)
    assert_type(billing.coupons.list(created_gte=when), AsyncPager[Coupon])
    assert_type(await billing.promotion_codes.create(coupon="TEN", code="SUMMER"), PromotionCode)
    assert_type(await billing.promotion_codes.get("promo_1"), PromotionCode)
    assert_type(await billing.promotion_codes.find("SUMMER"), PromotionCode)
    assert_type(await billing.promotion_codes.update("promo_1", metadata=None), PromotionCode)
    assert_type(await billing.promotion_codes.deactivate("promo_1"), PromotionCode)
    assert_type(billing.promotion_codes.list(active=False), AsyncPager[PromotionCode])
    assert_type(await billing.product_features.archive("feat_1"), ProductFeature)
    assert_type(await billing.entitlements.check("cus_1", "sso"), Entitlement | None)
    assert_type(billing.entitlements.list(subscription="sub_1"), AsyncPager[Entitlement])
    assert_type(await billing.payment_methods.get("pm_1"), PaymentMethod)
    assert_type(await billing.payment_methods.detach("pm_1"), None)
    assert_type(await billing.payment_methods.setup("cus_1", return_url="https://example.com"), PaymentMethodSetup)
    assert_type(await billing.payment_methods.get_setup("cs_1"), PaymentMethodSetup)


async def awaited(billing: AsyncBilling) -> None:
    assert_type(await billing.customers.create(email="a@b.c"), Customer)
    assert_type(await billing.customers.update("cus_1", name=None), Customer)
    assert_type(await billing.customers.delete("cus_1"), None)
    assert_type(billing.customers.list(email="a@b.c"), AsyncPager[Customer])
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
    assert_type(billing.invoices.list(), AsyncPager[Invoice])
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
