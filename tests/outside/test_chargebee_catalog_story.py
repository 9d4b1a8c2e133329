"""The official Chargebee client reads what our plugin wrote, and the other way round: customers, catalog, payment methods.

Both use one simulated site over HTTP, and every exchange is checked (see `watched.py`). The client has known faults: the test passes
free-form dicts and `in` arrays as JSON texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from billbridge import Billing, Item
from billbridge.errors import NotFoundError
from billbridge.model import Address, NewTaxId, PaymentMethodType, PricingModel, ProductKind, TaxExempt, Tier
from billbridge.money import Money
from billbridge_sandbox.server import Server
from law.chargebee.sdk import chargebee
from watched import START

TIERS = [Tier(up_to=10, unit_amount=Money(5, "USD")), Tier(unit_amount=Money("4.50", "USD"))]


@pytest.fixture
def billing(server: Server) -> Iterator[Billing]:
    """Our client on the site that `site`, the official one, talks to."""
    with Billing.connect("chargebee", api_key="test_law", base_url=server.chargebee_url) as client:
        yield client


def test_the_client_reads_the_customer_that_we_wrote(billing: Billing, site: Any) -> None:
    billing.customers.create(
        id="ada",
        given_name="Ada",
        family_name="Lovelace",
        company="Engines",
        locale="fr-CA",
        currency="EUR",
        auto_collection=False,
        tax_exempt="exempt",
        address=Address(line1="1 Rue", city="Paris", country="FR"),
        tax_ids=[NewTaxId(type="eu_vat", value="FR12345678901")],
    )
    billing.customers.adjust_credit("ada", amount=Money(5, "EUR"), reason="sorry")
    billing.customers.update("ada", address=Address(city="Lyon", country="FR"), metadata={"a": "b"})
    read = site.Customer.retrieve("ada").customer
    assert (read.first_name, read.last_name, read.company, read.locale) == ("Ada", "Lovelace", "Engines", "fr-CA")
    assert (read.preferred_currency_code, read.auto_collection, read.taxability) == ("EUR", "off", "exempt")
    assert (read.vat_number, read.billing_address.city, read.billing_address.line1) == ("12345678901", "Lyon", None)
    assert (read.promotional_credits, read.meta_data) == (500, {"a": "b"})
    (entry,) = site.PromotionalCredit.list({"customer_id": {"is": "ada"}}).list
    assert (entry.promotional_credit.type, entry.promotional_credit.description) == ("increment", "sorry")


def test_we_read_the_customer_that_the_client_wrote(billing: Billing, site: Any) -> None:
    """Cases 28 and 65."""
    site.Customer.create(
        {
            "id": "bob",
            "first_name": "Bob",
            "taxability": "zero_rated",
            "vat_number": "123456789",
            "billing_address": {"first_name": "Robert", "country": "GB"},
        }
    )
    site.PromotionalCredit.add({"customer_id": "bob", "amount": 700, "currency_code": "USD", "description": "hello"})
    site.PromotionalCredit.deduct({"customer_id": "bob", "amount": 200, "currency_code": "USD", "description": "oops"})
    read = billing.customers.get("bob")
    assert (read.given_name, read.family_name, read.tax_exempt) == ("Bob", None, TaxExempt.ZERO_RATED)
    assert [(tax.type, tax.value) for tax in read.tax_ids or []] == [("gb_vat", "GB123456789")]
    assert read.credit_balance == [Money(5, "USD")]
    billing.customers.update("bob", address=Address(city="Leeds", country="GB"))
    kept = site.Customer.retrieve("bob").customer
    assert (kept.vat_number, kept.billing_address.first_name) == ("123456789", "Robert")
    site.Customer.delete("bob")
    with pytest.raises(NotFoundError) as caught:
        billing.customers.get("bob")
    assert caught.value.deleted


def test_the_client_reads_the_catalog_that_we_wrote(billing: Billing, site: Any) -> None:
    """Cases 30, 67 and 68."""
    billing.products.create(id="calls", name="Calls", kind="addon", unit_label="call", metered=True, metadata={"a": "b"})
    price = billing.prices.create(
        product="calls", model="graduated", tiers=TIERS, every="month", usage_type="metered", nickname="by the call"
    )
    item, read = site.Item.retrieve("calls").item, site.ItemPrice.retrieve(price.id).item_price
    assert (item.type, item.unit, item.metered, item.usage_calculation) == ("addon", "call", True, "sum_of_usages")
    assert (item.external_name, item.metadata) == ("Calls", {"a": "b"})
    assert (read.pricing_model, read.external_name, read.period, read.period_unit) == ("tiered", "by the call", 1, "month")
    assert [(tier.starting_unit, tier.ending_unit, tier.price) for tier in read.tiers] == [(1, 10, 500), (11, None, 450)]
    billing.prices.archive(price.id)
    assert site.ItemPrice.retrieve(price.id).item_price.status == "archived"
    with pytest.raises(chargebee.InvalidRequestError):
        site.ItemPrice.create({"id": "x", "name": "x", "item_id": "calls", "period": 1, "period_unit": "month", "currency_code": "USD"})
    billing.prices.delete(price.id)
    billing.products.delete("calls")
    assert site.Item.list({"id": {"is": "calls"}}).list == []


def test_we_read_the_catalog_that_the_client_wrote(billing: Billing, site: Any) -> None:
    """Cases 30 and 68."""
    site.ItemFamily.create({"id": "software", "name": "Software"})
    site.Item.create({"id": "fee", "name": "Fee", "type": "charge", "item_family_id": "software"})
    site.Item.create({"id": "pro", "name": "Pro", "type": "plan", "item_family_id": "software"})
    site.ItemPrice.create({"id": "fee", "name": "fee", "item_id": "fee", "currency_code": "JPY", "pricing_model": "flat_fee", "price": 500})
    tiers = [{"starting_unit": 1, "ending_unit": 10, "price": 5000}, {"starting_unit": 11, "price": 8000}]
    yearly = {"item_id": "pro", "currency_code": "USD", "pricing_model": "stairstep", "tiers": tiers, "period": 1, "period_unit": "year"}
    site.ItemPrice.create({"id": "pro", "name": "pro", "trial_period": 7, "trial_period_unit": "day", "billing_cycles": 3, **yearly})
    assert {each.id: (each.kind, each.family_id) for each in billing.products.list()} == {
        "fee": (ProductKind.CHARGE, "software"),
        "pro": (ProductKind.PLAN, "software"),
    }
    fee, pro = billing.prices.get("fee"), billing.prices.get("pro")
    assert (fee.model, fee.unit_amount, fee.interval) == (PricingModel.FLAT, Money(500, "JPY"), None)
    assert (pro.model, pro.trial_days, pro.billing_cycles) == (PricingModel.STAIRSTEP, 7, 3)
    assert pro.tiers == [Tier(up_to=10, flat_amount=Money(50, "USD")), Tier(flat_amount=Money(80, "USD"))]
    site.ItemPrice.update("pro", {"status": "archived"})
    assert [each.id for each in billing.prices.list(active=False)] == ["pro"]
    site.Item.update("pro", {"status": "archived"})
    assert billing.products.get("pro").active is False


def test_the_client_reads_the_coupons_that_we_wrote(billing: Billing, site: Any) -> None:
    billing.products.create(id="pro", name="Pro")
    price = billing.prices.create(product="pro", amount=Money(19, "USD"), every="month").id
    until = START + timedelta(days=9)
    billing.coupons.create(id="FIVE", name="Five", amount_off=Money(5, "USD"), duration="once", products=["pro"], expires_at=until)
    billing.coupons.create(
        id="TENTH", name="Tenth", percent_off=Decimal("12.5"), duration="repeating", duration_months=3, max_redemptions=9
    )
    billing.promotion_codes.create(coupon="TENTH", code="ADA", max_redemptions=1)
    five, tenth = site.Coupon.retrieve("FIVE").coupon, site.Coupon.retrieve("TENTH").coupon
    assert (five.discount_amount, five.currency_code, five.apply_on) == (500, "USD", "each_specified_item")
    assert (five.valid_till, five.duration_type) == (int(until.timestamp()), "one_time")
    limits = [(each.item_type, each.constraint, each.item_price_ids) for each in five.item_constraints]
    assert limits == [("plan", "specific", [price]), ("addon", "none", None), ("charge", "none", None)]
    assert (tenth.discount_percentage, tenth.period, tenth.period_unit, tenth.max_redemptions) == (12.5, 3, "month", 9)
    code = site.CouponCode.retrieve("ADA").coupon_code
    assert (code.coupon_id, code.coupon_set_name, code.status) == ("TENTH", "billbridge-TENTH", "not_redeemed")
    billing.promotion_codes.deactivate("ADA")
    assert site.CouponCode.retrieve("ADA").coupon_code.status == "archived"


def test_we_read_the_coupons_that_the_client_wrote(billing: Billing, site: Any) -> None:
    """Case 33."""
    site.Coupon.create_for_items(
        {"id": "half", "name": "Half", "apply_on": "invoice_amount", "discount_percentage": 50, "duration_type": "forever"}
    )
    site.CouponCode.create({"coupon_id": "half", "coupon_set_name": "set", "code": "EVE"})
    coupon, code = billing.coupons.get("half"), billing.promotion_codes.find("EVE")
    assert (coupon.percent_off, coupon.duration.value, coupon.product_ids, coupon.price_ids) == (Decimal(50), "forever", None, None)
    assert (code.coupon_id, code.active, code.max_redemptions) == ("half", True, 1)
    billing.products.create(id="pro", name="Pro")
    price = billing.prices.create(product="pro", amount=Money(19, "USD"), every="month").id
    billing.customers.create(id="ada")
    billing.payment_methods.attach("ada", token="tok_visa")
    made = site.Subscription.create_with_items("ada", {"subscription_items": [{"item_price_id": price}], "coupon_ids": ["EVE"]})
    (discount,) = billing.subscriptions.get(made.subscription.id).discounts
    assert (discount.coupon_id, discount.promotion_code_id) == ("half", "EVE")
    assert billing.promotion_codes.get("EVE").redemptions == 1
    site.Coupon.delete("half")
    assert billing.coupons.get("half").active is False


def test_payment_methods_are_seen_by_both(billing: Billing, site: Any) -> None:
    billing.customers.create(id="ada")
    card = billing.payment_methods.attach("ada", token="tok_visa")
    assert site.PaymentSource.retrieve(card.id).payment_source.card.last4 == "4242"
    bank = site.PaymentSource.create_using_temp_token(
        {"customer_id": "ada", "type": "direct_debit", "tmp_token": "tok_bank"}
    ).payment_source
    read = billing.payment_methods.get(bank.id)
    assert (read.type, read.bank and read.bank.last4) == (PaymentMethodType.BANK_DEBIT, bank.bank_account.last4)
    billing.payment_methods.detach(card.id)
    assert [each.payment_source.id for each in site.PaymentSource.list({"customer_id": {"is": "ada"}}).list] == [bank.id]
    setup = billing.payment_methods.setup("ada", return_url="https://app.example/done")
    page = site.HostedPage.retrieve(setup.id).hosted_page
    assert (page.type, page.url, page.state) == ("manage_payment_sources", setup.url, "created")
    theirs = site.HostedPage.manage_payment_sources({"customer": {"id": "ada"}}).hosted_page
    read_setup = billing.payment_methods.get_setup(theirs.id)
    assert (read_setup.vendor_status, read_setup.url, read_setup.expires_at) == ("created", theirs.url, START + timedelta(days=5))


def test_a_subscription_to_what_we_made_is_the_same_for_both(billing: Billing, site: Any) -> None:
    billing.products.create(id="pro", name="Pro")
    price = billing.prices.create(product="pro", model="volume", tiers=TIERS, every="month").id
    billing.customers.create(id="ada")
    billing.payment_methods.attach("ada", token="tok_visa")
    made = billing.subscriptions.create(customer="ada", items=[Item(price=price, quantity=12)])
    (theirs,) = site.Invoice.list({"subscription_id": {"is": made.id}}).list
    (ours,) = billing.invoices.list(subscription=made.id)
    assert (theirs.invoice.total, ours.total) == (5400, Money(54, "USD"))
