"""Features are asked for by drafts: exactly those, and before the provider is called."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from billbridge import Address, Item, Money
from billbridge.errors import UnsupportedOperationError
from billbridge.model import (
    CouponQuery,
    CustomerPatch,
    CustomerQuery,
    EntitlementQuery,
    InvoiceQuery,
    NewCoupon,
    NewCustomer,
    NewFeatureAttachment,
    NewPaymentMethodSetup,
    NewPrice,
    NewProduct,
    NewProductFeature,
    NewPromotionCode,
    NewSubscription,
    NewTaxId,
    PaymentMethodQuery,
    ProductFeaturePatch,
    Shipping,
    SubscriptionQuery,
    Tier,
)
from billbridge.plugins.provider import INTERFACES
from billbridge.services import operations
from billbridge.services.capability import Capabilities
from billbridge.services.feature import ASKS, Feature, Support, asks_of

TEN = Money(10, "USD")
NOW = datetime(2026, 1, 31, tzinfo=UTC)
ITEM = Item(price="p")
VAT = NewTaxId(type="eu_vat", value="DE123456789")
SHIPPING = Shipping(name="Ada", address=Address(country="GB"))
UNIT, FLAT = Tier(unit_amount=TEN), Tier(flat_amount=TEN)
BOTH = Tier(unit_amount=TEN, flat_amount=TEN)


def price(**fields: Any) -> NewPrice:
    return NewPrice(**{"product": "p", "amount": TEN, "every": "month", **fields})


def tiered(model: str, tier: Tier) -> NewPrice:
    return price(amount=None, model=model, tiers=[tier])


def code(**fields: Any) -> NewPromotionCode:
    return NewPromotionCode(**{"coupon": "TEN", "code": "SUMMER", "max_redemptions": 1, **fields})


def sale(**fields: Any) -> NewSubscription:
    return NewSubscription(**{"customer": "c", "items": [ITEM], **fields})


ASKED: list[tuple[str, Any, set[Feature]]] = [
    ("customers.create", NewCustomer(), set()),
    ("customers.create", NewCustomer(email="a@b.c", name="Ada", phone="1", metadata={"a": "1"}), set()),
    ("customers.create", NewCustomer(company="x", locale="en"), {Feature.CUSTOMER_COMPANY, Feature.CUSTOMER_LOCALE}),
    ("customers.create", NewCustomer(tax_exempt="exempt", tax_ids=[VAT]), {Feature.CUSTOMER_TAX_EXEMPT, Feature.CUSTOMER_TAX_IDS}),
    ("customers.create", NewCustomer(id="ada"), {Feature.CUSTOMER_ID}),
    ("customers.create", NewCustomer(given_name="Ada"), {Feature.CUSTOMER_NAME_PARTS}),
    ("customers.create", NewCustomer(family_name="Ada"), {Feature.CUSTOMER_NAME_PARTS}),
    ("customers.create", NewCustomer(description="x"), {Feature.CUSTOMER_DESCRIPTION}),
    ("customers.create", NewCustomer(shipping=SHIPPING), {Feature.CUSTOMER_SHIPPING}),
    ("customers.create", NewCustomer(currency="EUR"), {Feature.CUSTOMER_CURRENCY}),
    ("customers.create", NewCustomer(auto_collection=False), {Feature.CUSTOMER_AUTO_COLLECTION}),
    ("customers.create", NewCustomer(tax_ids=[VAT, VAT]), {Feature.CUSTOMER_TAX_IDS, Feature.CUSTOMER_SEVERAL_TAX_IDS}),
    ("customers.create", NewCustomer(tax_exempt="reverse"), {Feature.CUSTOMER_TAX_EXEMPT, Feature.CUSTOMER_REVERSE_CHARGE}),
    ("customers.create", NewCustomer(tax_exempt="zero_rated"), {Feature.CUSTOMER_TAX_EXEMPT, Feature.CUSTOMER_ZERO_RATED}),
    ("customers.update", CustomerPatch(), set()),
    ("customers.update", CustomerPatch(description=None, shipping=None, tax_exempt=None, name=None), set()),
    ("customers.update", CustomerPatch(given_name="Ada", description="x"), {Feature.CUSTOMER_NAME_PARTS, Feature.CUSTOMER_DESCRIPTION}),
    ("customers.update", CustomerPatch(shipping=SHIPPING, currency="EUR"), {Feature.CUSTOMER_SHIPPING, Feature.CUSTOMER_CURRENCY}),
    ("customers.update", CustomerPatch(auto_collection=False), {Feature.CUSTOMER_AUTO_COLLECTION}),
    ("customers.update", CustomerPatch(tax_exempt="reverse"), {Feature.CUSTOMER_TAX_EXEMPT, Feature.CUSTOMER_REVERSE_CHARGE}),
    ("customers.update", CustomerPatch(tax_exempt="zero_rated"), {Feature.CUSTOMER_TAX_EXEMPT, Feature.CUSTOMER_ZERO_RATED}),
    ("customers.list", CustomerQuery(email="a@b.c", page_size=5), set()),
    ("customers.list", CustomerQuery(created_gte=NOW), {Feature.CUSTOMERS_CREATED}),
    ("customers.list", CustomerQuery(created_lt=NOW), {Feature.CUSTOMERS_CREATED}),
    ("customers.list", CustomerQuery(order="oldest_first"), {Feature.CUSTOMERS_OLDEST_FIRST}),
    ("products.create", NewProduct(name="x", id="p", kind="plan", unit_label="seat"), set()),
    ("products.create", NewProduct(name="x", kind="addon", family="f"), {Feature.PRODUCT_KIND, Feature.PRODUCT_FAMILY}),
    ("products.create", NewProduct(name="x", metered=True), {Feature.PRODUCT_METERED}),
    ("prices.create", price(), set()),
    ("prices.create", price(model="flat", nickname="x", interval_count=2), set()),
    ("prices.create", price(id="pro"), {Feature.PRICE_ID}),
    ("prices.create", price(every=None), {Feature.PRICE_ONE_TIME}),
    ("prices.create", price(model="package", package_size=5), {Feature.PRICE_PACKAGE}),
    ("prices.create", tiered("graduated", UNIT), {Feature.PRICE_GRADUATED}),
    ("prices.create", tiered("graduated", FLAT), {Feature.PRICE_GRADUATED, Feature.PRICE_TIER_FLAT_PLUS_UNIT}),
    ("prices.create", tiered("volume", UNIT), {Feature.PRICE_VOLUME}),
    ("prices.create", tiered("volume", BOTH), {Feature.PRICE_VOLUME, Feature.PRICE_TIER_FLAT_PLUS_UNIT}),
    ("prices.create", tiered("stairstep", FLAT), {Feature.PRICE_STAIRSTEP}),
    ("prices.create", price(currency_options=[Money(9, "EUR")]), {Feature.PRICE_CURRENCY_OPTIONS}),
    ("prices.create", price(usage_type="metered"), {Feature.PRICE_METERED}),
    ("prices.create", price(usage_type="metered", meter="m"), {Feature.PRICE_METERED, Feature.PRICE_METER}),
    ("prices.create", price(tax_behavior="inclusive"), {Feature.PRICE_TAX_BEHAVIOR}),
    ("prices.create", price(trial_days=14), {Feature.PRICE_TRIAL}),
    ("coupons.create", NewCoupon(name="x", percent_off=10, duration="once", id="X", max_redemptions=5, expires_at=NOW), set()),
    ("coupons.create", NewCoupon(name="x", percent_off=10, duration="once", products=["p"]), {Feature.COUPON_PRODUCTS}),
    ("coupons.list", CouponQuery(created_lt=NOW), {Feature.COUPONS_CREATED}),
    ("coupons.list", CouponQuery(order="oldest_first"), {Feature.COUPONS_OLDEST_FIRST}),
    ("promotion_codes.create", code(), set()),
    ("promotion_codes.create", code(max_redemptions=None), {Feature.PROMOTION_CODE_REUSABLE}),
    ("promotion_codes.create", code(max_redemptions=2), {Feature.PROMOTION_CODE_REUSABLE}),
    *(
        ("promotion_codes.create", code(**{name: value}), {Feature.PROMOTION_CODE_LIMITS})
        for name, value in {
            "customer": "c",
            "expires_at": NOW,
            "minimum_amount": TEN,
            "first_time_only": True,
            "metadata": {"a": "1"},
        }.items()
    ),
    ("product_features.create", NewProductFeature(key="k", name="x"), set()),
    ("product_features.create", NewProductFeature(key="k", name="x", kind="custom", levels=["a"]), {Feature.PRODUCT_FEATURE_KIND}),
    ("product_features.create", NewProductFeature(key="k", name="x", metadata={"a": "1"}), {Feature.PRODUCT_FEATURE_METADATA}),
    ("product_features.update", ProductFeaturePatch(name="x", metadata=None), set()),
    ("product_features.update", ProductFeaturePatch(metadata={"a": "1"}), {Feature.PRODUCT_FEATURE_METADATA}),
    ("product_features.attach", NewFeatureAttachment(feature="f"), set()),
    ("product_features.attach", NewFeatureAttachment(feature="f", value=0), {Feature.ATTACHMENT_VALUE}),
    ("entitlements.list", EntitlementQuery(customer="c"), set()),
    ("entitlements.list", EntitlementQuery(subscription="s"), {Feature.ENTITLEMENTS_OF_SUBSCRIPTION}),
    ("payment_methods.setup", NewPaymentMethodSetup(return_url="https://example.com"), set()),
    ("payment_methods.setup", NewPaymentMethodSetup(way="client_side"), {Feature.CLIENT_SIDE_SETUP}),
    ("payment_methods.list", PaymentMethodQuery(customer="c", created_gte=NOW), {Feature.PAYMENT_METHODS_CREATED}),
    ("payment_methods.list", PaymentMethodQuery(customer="c", order="oldest_first"), {Feature.PAYMENT_METHODS_OLDEST_FIRST}),
    ("subscriptions.create", sale(), set()),
    ("subscriptions.create", sale(items=[ITEM, Item(price="q")]), {Feature.SEVERAL_ITEMS}),
    ("subscriptions.create", sale(trial_days=14), {Feature.TRIAL}),
    ("subscriptions.create", sale(trial_end=NOW), {Feature.TRIAL}),
    ("subscriptions.create", sale(payment_behavior="allow_incomplete"), {Feature.ALLOW_INCOMPLETE}),
    ("subscriptions.list", SubscriptionQuery(created_gte=NOW), {Feature.SUBSCRIPTIONS_CREATED}),
    ("subscriptions.list", SubscriptionQuery(order="oldest_first"), {Feature.SUBSCRIPTIONS_OLDEST_FIRST}),
    ("invoices.list", InvoiceQuery(created_gte=NOW), {Feature.INVOICES_CREATED}),
    ("invoices.list", InvoiceQuery(order="oldest_first"), {Feature.INVOICES_OLDEST_FIRST}),
]
"""An operation, a draft of it, and the features that it asks for."""


@pytest.mark.parametrize(("operation", "draft", "features"), ASKED)
def test_a_draft_asks_for_exactly_these_features(operation: str, draft: Any, features: set[Feature]) -> None:
    assert {feature for feature, is_asked in asks_of(operation) if is_asked(draft)} == features


def test_every_feature_is_asked_for_by_some_draft() -> None:
    assert set[Feature]().union(*(features for _, _, features in ASKED)) == set(Feature) == set(ASKS)


def test_every_feature_belongs_to_an_operation() -> None:
    known = {f"{interface.resource}.{name}" for interface in INTERFACES for name in operations(interface)}
    assert {feature.operation for feature in Feature} <= known


def test_an_operation_without_features_is_asked_for_none() -> None:
    assert list(asks_of("customers.get")) == []


@pytest.mark.parametrize(("operation", "draft", "features"), [row for row in ASKED if row[2]])
def test_a_feature_that_is_absent_is_refused_by_name_with_the_hint(operation: str, draft: Any, features: set[Feature]) -> None:
    for absent in features:
        support = dict.fromkeys(map(str, (operation, *Feature)), Support.NATIVE) | {str(absent): Support.ABSENT}
        capabilities = Capabilities(support, provider="acme", route="direct", hints={str(absent): "do without"})
        with pytest.raises(UnsupportedOperationError, match=r"^acme does not support") as caught:
            capabilities.require(operation, draft)
        assert (caught.value.capability, caught.value.hint, caught.value.provider) == (absent.value, "do without", "acme")
        Capabilities(support | {str(absent): Support.EMULATED}, provider="acme", route="direct", hints={}).require(operation, draft)
