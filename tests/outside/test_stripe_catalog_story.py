"""The official Stripe client reads what our plugin wrote, and our plugin reads what the client wrote: customers, catalog, payment methods.

Both use one simulated Stripe over HTTP, and every exchange is checked (see `watched.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import stripe
from billbridge import Billing, Money
from billbridge.errors import NotFoundError
from billbridge.model import (
    Address,
    Aggregation,
    BankAccount,
    CouponDuration,
    Discount,
    NewTaxId,
    PriceType,
    PricingModel,
    ProductKind,
    SetupStatus,
    Shipping,
    TaxBehavior,
    TaxExempt,
    Tier,
    UsageType,
)
from billbridge_sandbox.server import Server
from billbridge_stripe import StripeProvider

END = datetime(2026, 12, 31, tzinfo=UTC)


@pytest.fixture
def billing(server: Server) -> Iterator[Billing]:
    with Billing(StripeProvider(api_key="sk_test_law", base_url=server.stripe_url)) as billing:
        yield billing


def usd(amount: str) -> Money:
    return Money(amount, "USD")


def test_a_customer_of_the_plugins_is_whole_to_the_official_client(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """Case 28: credit of 5.00 is a balance of -500."""
    made = billing.customers.create(
        email="ada@example.com",
        name="Ada",
        company="Engines",
        description="D",
        locale="fr-CA",
        address=Address(city="London", country="GB"),
        shipping=Shipping(name="Aunt", phone="+33 1", address=Address(city="Paris", country="FR")),
        tax_exempt="reverse",
        tax_ids=[NewTaxId(type="eu_vat", value="DE123456789")],
        metadata={"a": "1"},
    )
    billing.customers.adjust_credit(made.id, amount=usd("5.00"), reason="Sorry")
    billing.customers.add_tax_id(made.id, type="us_ein", value="12-3456789")
    found = stripe_client.v1.customers.retrieve(made.id, {"expand": ["tax_ids"]})
    assert (found.name, found.business_name, found.description, found.balance) == ("Ada", "Engines", "D", -500)
    assert (found.preferred_locales, found.tax_exempt, found.currency) == (["fr-CA"], "reverse", "usd")
    assert found.tax_ids is not None
    assert {(each.type, each.value) for each in found.tax_ids.data} == {("eu_vat", "DE123456789"), ("us_ein", "12-3456789")}
    assert found.shipping is not None
    assert found.shipping.address is not None
    assert (found.shipping.name, found.shipping.phone, found.shipping.address.city) == ("Aunt", "+33 1", "Paris")
    (transaction,) = stripe_client.v1.customers.balance_transactions.list(made.id).data
    assert (transaction.amount, transaction.currency, transaction.description) == (-500, "usd", "Sorry")


def test_a_customer_of_the_official_client_is_whole_to_the_plugin(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """Case 28."""
    made = stripe_client.v1.customers.create(
        {
            "name": "Ada",
            "business_name": "Engines",
            "preferred_locales": ["de"],
            "tax_exempt": "exempt",
            "tax_id_data": [{"type": "gb_vat", "value": "GB123456789"}],
            "shipping": {"name": "Aunt", "address": {"city": "Bonn"}},
        }
    )
    stripe_client.v1.customers.balance_transactions.create(made.id, {"amount": 700, "currency": "eur"})
    found = billing.customers.get(made.id)
    assert (found.company, found.locale, found.tax_exempt) == ("Engines", "de", TaxExempt.EXEMPT)
    assert (found.shipping, found.currency) == (Shipping(name="Aunt", address=Address(city="Bonn")), "EUR")
    assert found.credit_balance == [Money(-7, "EUR")]
    assert [(each.type, each.value) for each in found.tax_ids or []] == [("gb_vat", "GB123456789")]
    assert [each.id for each in billing.customers.search(name="Ada")] == [made.id]
    stripe_client.v1.customers.delete(made.id)
    with pytest.raises(NotFoundError) as caught:
        billing.customers.get(made.id)
    assert caught.value.deleted


TIERS = [Tier(up_to=10, unit_amount=usd("5"), flat_amount=usd("1")), Tier(unit_amount=usd("0.005"))]
STEPS = [Tier(up_to=10, flat_amount=usd("5")), Tier(flat_amount=usd("9"))]


def test_the_catalog_of_the_plugins_is_whole_to_the_official_client(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """Case 30."""
    v1 = stripe_client.v1
    product = billing.products.create(id="pro", name="Pro", kind="addon", unit_label="seat", metadata={"a": "1"})
    shown = v1.products.retrieve("pro")
    assert (shown.name, shown.unit_label, shown.metadata.to_dict()) == ("Pro", "seat", {"a": "1", "billbridge_kind": "addon"})
    graduated = billing.prices.create(product=product.id, every="month", model="graduated", tiers=TIERS, tax_behavior="exclusive")
    found = v1.prices.retrieve(graduated.id, {"expand": ["tiers"]})
    assert (found.billing_scheme, found.tiers_mode, found.tax_behavior) == ("tiered", "graduated", "exclusive")
    assert [(each.up_to, each.unit_amount, each.flat_amount) for each in found.tiers or []] == [(10, 500, 100), (None, None, None)]
    assert (found.tiers or [])[1].unit_amount_decimal == Decimal("0.5")
    steps = v1.prices.retrieve(
        billing.prices.create(product=product.id, every="month", model="stairstep", tiers=STEPS).id, {"expand": ["tiers"]}
    )
    assert steps.tiers_mode == "volume"
    assert [(each.up_to, each.unit_amount, each.flat_amount) for each in steps.tiers or []] == [(10, None, 500), (None, None, 900)]
    package = billing.prices.create(product=product.id, every=None, model="package", package_size=12, amount=usd("3"), id="dozen")
    bought = v1.prices.list({"lookup_keys": ["dozen"]}).data[0]
    assert (bought.id, bought.type, bought.unit_amount) == (package.id, "one_time", 300)
    assert bought.transform_quantity is not None
    assert (bought.transform_quantity.divide_by, bought.transform_quantity.round) == (12, "up")
    meter = billing.meters.create(name="Calls", event_name="calls", aggregation="count")
    counted = v1.billing.meters.retrieve(meter.id)
    assert (counted.display_name, counted.event_name, counted.default_aggregation.formula) == ("Calls", "calls", "count")
    metered = billing.prices.create(product=product.id, every="month", usage_type="metered", meter=meter.id, amount=usd("1"))
    recurring = v1.prices.retrieve(metered.id).recurring
    assert recurring is not None
    assert (recurring.usage_type, recurring.meter) == ("metered", meter.id)
    billing.products.archive("pro")
    assert v1.products.list({"active": False}).data[0].id == "pro"


def test_the_catalog_of_the_official_client_is_whole_to_the_plugin(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """Cases 25 and 30."""
    v1 = stripe_client.v1
    product = v1.products.create({"name": "Pro", "metadata": {"billbridge_kind": "charge"}, "unit_label": "seat"})
    assert [(each.id, each.kind, each.unit_label) for each in billing.products.list(kind="charge")] == [
        (product.id, ProductKind.CHARGE, "seat")
    ]

    def priced(**params: Any) -> str:
        asked: Any = {"product": product.id, "currency": "usd", **params}
        return v1.prices.create(asked).id

    month = {"interval": "month"}
    volume = {"recurring": month, "billing_scheme": "tiered", "tiers_mode": "volume"}
    steps = priced(**volume, tiers=[{"up_to": 10, "flat_amount": 500}, {"up_to": "inf", "flat_amount": 900}])
    half = priced(**volume, tiers=[{"up_to": "inf", "unit_amount_decimal": "0.5"}])
    down = priced(recurring=month, unit_amount=5, transform_quantity={"divide_by": 3, "round": "down"})
    yen = priced(currency="jpy", unit_amount=500, currency_options={"kwd": {"unit_amount": 1230}})
    meter = v1.billing.meters.create({"display_name": "Calls", "event_name": "calls", "default_aggregation": {"formula": "last"}})
    counted = {"interval": "day", "usage_type": "metered", "meter": meter.id, "trial_period_days": 5}
    metered = priced(recurring=counted, unit_amount=1)
    found = {each.id: each for each in billing.prices.list(product=product.id)}
    assert (found[steps].model, found[steps].tiers) == (PricingModel.STAIRSTEP, STEPS)
    assert (found[half].model, found[half].tiers) == (PricingModel.VOLUME, [Tier(unit_amount=usd("0.005"))])
    assert (found[down].model, found[down].package_size) == (PricingModel.UNKNOWN, 3)
    once = found[yen]
    assert (once.type, once.unit_amount, once.currency_options) == (PriceType.ONE_TIME, Money(500, "JPY"), [Money("1.230", "KWD")])
    assert once.tax_behavior is TaxBehavior.UNSPECIFIED
    usage = found[metered]
    assert (usage.usage_type, usage.meter_id, usage.trial_days) == (UsageType.METERED, meter.id, 5)
    assert billing.meters.get(meter.id).aggregation is Aggregation.LAST


def test_discounts_of_the_plugins_are_whole_to_the_official_client(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """Case 33."""
    billing.products.create(id="pro", name="Pro")
    ada = billing.customers.create(name="Ada")
    billing.coupons.create(
        id="SAVE",
        name="Save",
        duration="repeating",
        duration_months=3,
        percent_off=Decimal("12.5"),
        products=["pro"],
        expires_at=END,
        max_redemptions=5,
    )
    coupon = stripe_client.v1.coupons.retrieve("SAVE", {"expand": ["applies_to"]})
    assert (coupon.name, coupon.percent_off, coupon.duration, coupon.duration_in_months) == ("Save", 12.5, "repeating", 3)
    assert (coupon.redeem_by, coupon.max_redemptions) == (int(END.timestamp()), 5)
    assert coupon.applies_to is not None
    assert coupon.applies_to.products == ["pro"]
    made = billing.promotion_codes.create(coupon="SAVE", code="FRIENDS", customer=ada.id, minimum_amount=usd("50"), first_time_only=True)
    code = stripe_client.v1.promotion_codes.list({"code": "friends"}).data[0]
    assert (code.id, code.promotion.coupon, code.customer) == (made.id, "SAVE", ada.id)
    limits = code.restrictions
    assert (limits.minimum_amount, limits.minimum_amount_currency, limits.first_time_transaction) == (5000, "usd", True)
    billing.coupons.delete("SAVE")
    with pytest.raises(stripe.InvalidRequestError):
        stripe_client.v1.coupons.retrieve("SAVE")


def test_discounts_of_the_official_client_are_whole_to_the_plugin(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    """Case 33."""
    v1 = stripe_client.v1
    coupon = v1.coupons.create({"amount_off": 500, "currency": "jpy", "duration": "forever"})
    found = billing.coupons.get(coupon.id)
    assert (found.amount_off, found.percent_off, found.duration) == (Money(500, "JPY"), None, CouponDuration.FOREVER)
    code = v1.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "Hello", "max_redemptions": 1})
    read = billing.promotion_codes.find("HELLO")
    assert (read.id, read.code, read.coupon_id, read.max_redemptions, read.minimum_amount) == (code.id, "Hello", coupon.id, 1, None)
    price = v1.prices.create({"currency": "jpy", "unit_amount": 1900, "recurring": {"interval": "month"}, "product_data": {"name": "Pro"}})
    customer = v1.customers.create({"payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}})
    params: Any = {"customer": customer.id, "items": [{"price": price.id}], "discounts": [{"promotion_code": code.id}]}
    made = v1.subscriptions.create(params)
    assert billing.subscriptions.get(made.id).discounts == [Discount(id=str((made.discounts or [])[0]))]
    assert billing.promotion_codes.get(code.id).redemptions == 1


def test_payment_methods_are_one_to_both(billing: Billing, stripe_client: stripe.StripeClient) -> None:
    v1 = stripe_client.v1
    ada = billing.customers.create(name="Ada")
    card = billing.payment_methods.attach(ada.id, token="tok_visa")
    assert v1.payment_methods.retrieve(card.id).customer == ada.id
    bank = v1.payment_methods.attach("pm_usBankAccount", {"customer": ada.id})
    assert billing.payment_methods.get(bank.id).bank == BankAccount(last4="6789", bank_name="STRIPE TEST BANK")
    billing.payment_methods.detach(card.id)
    assert v1.payment_methods.retrieve(card.id).customer is None
    page = billing.payment_methods.setup(ada.id, return_url="https://app.example/back")
    session = v1.checkout.sessions.retrieve(page.id)
    assert (session.mode, session.customer, session.status, session.url) == ("setup", ada.id, "open", page.url)
    own = billing.payment_methods.setup(ada.id, way="client_side")
    v1.setup_intents.confirm(own.id, {"payment_method": "pm_card_visa", "return_url": "https://app.example/back"})
    done = billing.payment_methods.get_setup(own.id)
    assert (done.status, done.customer_id) == (SetupStatus.COMPLETED, ada.id)
    assert {each.id for each in v1.customers.payment_methods.list(ada.id).data} == {bank.id, done.payment_method_id}
