"""Catalog, coupons, customers and payment methods against the simulated Chargebee, through the public API."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from billbridge import AsyncBilling, Billing, Item
from billbridge.errors import BillingError, CurrencyMismatchError, DuplicateError, InvalidStateError, NotFoundError, ValidationError
from billbridge.model import Address, NewTaxId, PricingModel, ProductKind, SetupStatus, SubscriptionStatus, TaxExempt, Tier, UsageType
from billbridge.money import Money
from billbridge_chargebee import ChargebeeProvider
from billbridge_sandbox import Sandbox
from billbridge_sandbox.chargebee.vendor import ChargebeeVendor

from .selling import START, billing, sandbox

__all__ = ["billing", "sandbox"]  # fixtures

TIERS = [Tier(up_to=10, unit_amount=Money(5, "USD")), Tier(unit_amount=Money("4.50", "USD"))]
STEPS = [Tier(up_to=10, flat_amount=Money(50, "USD")), Tier(flat_amount=Money(80, "USD"))]


def site(sandbox: Sandbox) -> ChargebeeVendor:
    """The simulated vendor itself, to set what a site's owner sets and to do what a customer does."""
    return sandbox.part(ChargebeeVendor)


def test_everything_of_a_customer_survives_the_round_trip(billing: Billing) -> None:
    made = billing.customers.create(
        id="ada",
        email="ada@example.com",
        given_name="Ada",
        family_name="King Lovelace",
        company="Engines",
        phone="1",
        locale="fr-CA",
        address=Address(line1="1 Rue", city="Paris", country="FR"),
        tax_exempt="zero_rated",
        tax_ids=[NewTaxId(type="eu_vat", value="FR12345678901")],
        currency="EUR",
        auto_collection=False,
    )
    assert billing.customers.get("ada") == made
    assert (made.name, made.given_name, made.family_name, made.company) == ("Ada King Lovelace", "Ada", "King Lovelace", "Engines")
    assert (made.locale, made.currency, made.auto_collection, made.tax_exempt) == ("fr-CA", "EUR", False, TaxExempt.ZERO_RATED)
    assert [(tax.id, tax.type, tax.value) for tax in made.tax_ids or []] == [("vat_number", "eu_vat", "FR12345678901")]
    cleared = billing.customers.update("ada", family_name=None, company=None, locale=None, tax_exempt=None, auto_collection=True)
    assert (cleared.name, cleared.family_name, cleared.company, cleared.locale) == ("Ada", None, None, None)
    assert (cleared.tax_exempt, cleared.auto_collection, cleared.tax_ids) == (TaxExempt.NONE, True, made.tax_ids)


def test_a_tax_number_outlives_a_change_of_address_and_goes_only_when_it_is_removed(billing: Billing) -> None:
    """Case 64. Chargebee drops what its request does not name."""
    billing.customers.create(id="ada", address=Address(city="Paris", country="FR"))
    added = billing.customers.add_tax_id("ada", type="eu_vat", value="FR12345678901")
    assert billing.customers.get("ada").address == Address(city="Paris", country="FR")
    assert billing.customers.update("ada", address=Address(city="Lyon", country="FR")).tax_ids == [added]
    with pytest.raises(InvalidStateError):
        billing.customers.add_tax_id("ada", type="eu_vat", value="FR99999999999")
    billing.customers.remove_tax_id("ada", added.id)
    after = billing.customers.get("ada")
    assert (after.tax_ids, after.address) == ([], Address(city="Lyon", country="FR"))
    with pytest.raises(NotFoundError):
        billing.customers.remove_tax_id("ada", added.id)


def test_a_call_that_adds_a_tax_number_can_be_repeated_under_its_key(billing: Billing) -> None:
    """Case 9."""
    billing.customers.create(id="ada", address=Address(country="DE"))
    view = billing.with_options(idempotency_key="once")
    assert view.customers.add_tax_id("ada", type="eu_vat", value="DE1") == view.customers.add_tax_id("ada", type="eu_vat", value="DE1")


def test_credit_is_positive_for_the_customer_and_kept_by_currency(billing: Billing) -> None:
    """Case 28."""
    billing.customers.create(id="ada")
    given = billing.customers.adjust_credit("ada", amount=Money(5, "USD"), reason="sorry")
    assert (given.amount, given.balance, given.reason) == (Money(5, "USD"), Money(5, "USD"), "sorry")
    taken = billing.customers.adjust_credit("ada", amount=Money("-1.50", "USD"), reason="oops")
    assert (taken.amount, taken.balance) == (Money("-1.50", "USD"), Money("3.50", "USD"))
    billing.customers.adjust_credit("ada", amount=Money(500, "JPY"), reason="sorry")
    assert set(billing.customers.get("ada").credit_balance) == {Money("3.50", "USD"), Money(500, "JPY")}
    with pytest.raises((ValidationError, InvalidStateError)):
        billing.customers.adjust_credit("ada", amount=Money(-4, "USD"), reason="too much")


def test_anonymising_keeps_the_customer_without_a_name(billing: Billing) -> None:
    billing.customers.create(id="ada", email="ada@example.com", name="Ada Lovelace", address=Address(city="Paris", country="FR"))
    left = billing.customers.anonymise("ada")
    assert (left.id, left.email, left.name, left.address) == ("ada", None, None, None)


def test_a_product_that_got_another_internal_name_can_be_made_again_under_its_key(billing: Billing) -> None:
    """Case 9. The second time its id is taken too: by itself."""
    billing.products.create(id="pro", name="Pro")
    view = billing.with_options(idempotency_key="once")
    assert view.products.create(id="pro-2", name="Pro").id == view.products.create(id="pro-2", name="Pro").id == "pro-2"
    with pytest.raises(DuplicateError) as caught:
        billing.products.create(id="pro-2", name="Pro")
    assert caught.value.existing_id == "pro-2"


@pytest.mark.parametrize("kind", ["plan", "addon", "charge"])
def test_products_of_every_kind_live_and_end(billing: Billing, kind: Any) -> None:
    """Case 68."""
    made = billing.products.create(id="p", name="P", kind=kind, description="d", unit_label="seat", metadata={"a": "b"})
    assert (made.kind, made.vendor_kind, made.family_id, made.unit_label) == (ProductKind(kind), kind, "billbridge", "seat")
    changed = billing.products.update("p", name="P2", unit_label=None, metadata={"c": "d"})
    assert (changed.name, changed.unit_label, changed.description, changed.metadata) == ("P2", None, "d", {"a": "b", "c": "d"})
    assert billing.products.archive("p").active is billing.products.archive("p").active is False
    assert [each.id for each in billing.products.list(active=False, kind=kind)] == ["p"]
    assert list(billing.products.list(active=True)) == []
    assert billing.products.unarchive("p").active is True
    billing.products.delete("p")
    for gone in (lambda: billing.products.get("p"), lambda: billing.products.delete("p")):
        with pytest.raises(NotFoundError):
            gone()


def test_products_are_listed_by_kind_and_by_ids(billing: Billing) -> None:
    """Case 3."""
    for id, kind in (("a", "plan"), ("b", "addon"), ("c", "charge")):
        billing.products.create(id=id, name=id, kind=kind)  # type: ignore[arg-type]  # the words are in the loop
    assert {each.id for each in billing.products.list()} == {"a", "b", "c"}
    assert [each.id for each in billing.products.list(kind="addon")] == ["b"]
    assert {each.id for each in billing.products.list(ids=["a", "c", "none"])} == {"a", "c"}
    assert list(billing.products.list(ids=[])) == []


@pytest.mark.parametrize(
    ("model", "tiers", "total"),
    [("graduated", TIERS, Money("59.00", "USD")), ("volume", TIERS, Money("54.00", "USD")), ("stairstep", STEPS, Money(80, "USD"))],
)
def test_tiered_prices_survive_the_round_trip_and_are_charged_as_they_say(
    billing: Billing, model: Any, tiers: list[Tier], total: Money
) -> None:
    """Case 30: 12 units are 10 at 5 and 2 at 4.50, 12 at 4.50, or one step of 80."""
    billing.products.create(id="pro", name="Pro")
    price = billing.prices.create(product="pro", model=model, tiers=tiers, every="month")
    assert billing.prices.get(price.id) == price
    assert (price.model, price.tiers, price.unit_amount) == (PricingModel(model), tiers, None)
    billing.customers.create(id="ada")
    billing.payment_methods.attach("ada", token="tok_visa")
    billing.subscriptions.create(customer="ada", items=[Item(price=price.id, quantity=12)])
    assert [invoice.total for invoice in billing.invoices.list(customer="ada")] == [total]


def test_sites_with_multi_decimal_pricing_hold_finer_prices(sandbox: Sandbox) -> None:
    """Cases 25 and 26."""
    site(sandbox).site.settings.multi_decimal = True
    with Billing(ChargebeeProvider(multi_decimal=True), gateway=sandbox) as billing:
        billing.products.create(id="pro", name="Pro")
        for every, amount in (("day", Money("0.005", "USD")), ("week", Money("1.234", "KWD")), ("month", Money(19, "USD"))):
            price = billing.prices.create(product="pro", amount=amount, every=every, allow_fractional=True)  # type: ignore[arg-type]  # words of a loop
            assert billing.prices.get(price.id).unit_amount == amount
        fine = [Tier(up_to=10, unit_amount=Money("0.015", "USD")), Tier(unit_amount=Money("0.005", "USD"))]
        assert billing.prices.create(product="pro", model="graduated", tiers=fine, every="year").tiers == fine


def test_one_time_metered_and_trial_prices_need_their_products(billing: Billing) -> None:
    billing.products.create(id="fee", name="Fee", kind="charge")
    billing.products.create(id="calls", name="Calls", kind="addon", metered=True)
    billing.products.create(id="pro", name="Pro")
    fee = billing.prices.create(product="fee", amount=Money(10, "USD"), every=None)
    calls = billing.prices.create(product="calls", amount=Money(1, "USD"), every="month", usage_type="metered")
    pro = billing.prices.create(product="pro", amount=Money(19, "USD"), every="month", trial_days=14)
    assert (fee.id, fee.interval, fee.usage_type, calls.usage_type, pro.trial_days) == (
        "fee-USD-one-time-" + fee.id.rpartition("-")[2],
        None,
        UsageType.LICENSED,
        UsageType.UNKNOWN,
        14,
    )
    assert [each.id for each in billing.prices.list(type="one_time")] == [fee.id]
    assert {each.id for each in billing.prices.list(type="recurring")} == {calls.id, pro.id}
    assert [each.id for each in billing.prices.list(lookup_keys=[pro.id, "none"], currency="usd")] == [pro.id]
    assert list(billing.prices.list(currency="EUR")) == []
    refused: list[Callable[[], object]] = [
        lambda: billing.prices.create(product="pro", amount=Money(1, "EUR"), every=None),
        lambda: billing.prices.create(product="fee", amount=Money(1, "EUR"), every="month"),
        lambda: billing.prices.create(product="pro", amount=Money(1, "EUR"), every="month", usage_type="metered"),
        lambda: billing.prices.create(product="calls", amount=Money(1, "EUR"), every="month"),
    ]
    for wrong in refused:
        with pytest.raises(ValidationError):
            wrong()


def test_prices_live_and_end(billing: Billing) -> None:
    """Cases 67 and 68."""
    billing.products.create(id="pro", name="Pro")
    price = billing.prices.create(product="pro", amount=Money(19, "USD"), every="month", nickname="n", metadata={"a": "b"})
    other = billing.prices.create(id="other", product="pro", amount=Money(20, "USD"), every="month")
    assert (other.id, other.product_id, other.raw_json()["price_variant_id"]) == ("other", "pro", "billbridge-2")
    with pytest.raises(DuplicateError):
        billing.prices.create(id="other", product="pro", amount=Money(20, "USD"), every="month")
    billing.prices.delete("other")
    changed = billing.prices.update(price.id, nickname=None, metadata={"a": "", "c": "d"})
    assert (changed.nickname, changed.metadata, changed.unit_amount) == (None, {"c": "d"}, Money(19, "USD"))
    assert billing.prices.archive(price.id).active is False
    assert [each.id for each in billing.prices.list(product="pro", active=False)] == [price.id]
    assert billing.prices.unarchive(price.id).active is True
    with pytest.raises((InvalidStateError, ValidationError)):
        billing.products.delete("pro")
    billing.prices.delete(price.id)
    with pytest.raises(NotFoundError):
        billing.prices.get(price.id)
    billing.products.delete("pro")


def test_coupons_live_and_end(billing: Billing) -> None:
    until = START + timedelta(days=10)
    made = billing.coupons.create(
        id="SUMMER",
        name="Summer",
        percent_off=Decimal("25.5"),
        duration="repeating",
        duration_months=3,
        max_redemptions=2,
        expires_at=until,
    )
    assert billing.coupons.get("SUMMER") == made
    assert (made.percent_off, made.duration, made.duration_months, made.expires_at) == (Decimal("25.5"), "repeating", 3, until)
    changed = billing.coupons.update("SUMMER", name="Sommer", metadata={"a": "b"})
    assert (changed.name, changed.metadata) == ("Sommer", {"a": "b"})
    with pytest.raises(DuplicateError):
        billing.coupons.create(id="SUMMER", name="Other", percent_off=1, duration="once")
    billing.coupons.delete("SUMMER")
    with pytest.raises(NotFoundError):
        billing.coupons.get("SUMMER")
    assert list(billing.coupons.list()) == []


def test_a_coupon_for_products_remembers_them_and_names_their_prices(billing: Billing) -> None:
    billing.products.create(id="pro", name="Pro")
    billing.products.create(id="seats", name="Seats", kind="addon")
    month = billing.prices.create(product="pro", amount=Money(19, "USD"), every="month").id
    year = billing.prices.create(product="pro", amount=Money(190, "USD"), every="year").id
    seat = billing.prices.create(product="seats", amount=Money(1, "USD"), every="month").id
    made = billing.coupons.create(
        id="FIVE", name="Five", amount_off=Money(5, "USD"), duration="once", products=["pro", "seats"], metadata={"a": "b"}
    )
    assert (made.amount_off, made.product_ids, set(made.price_ids or [])) == (Money(5, "USD"), ["pro", "seats"], {month, year, seat})
    assert made.metadata == {"a": "b"}
    cleared = billing.coupons.update("FIVE", metadata=None)
    assert (cleared.metadata, cleared.product_ids) == ({}, ["pro", "seats"])
    billing.products.create(id="bare", name="Bare")
    with pytest.raises(ValidationError, match="bare"):
        billing.coupons.create(name="Bare", percent_off=1, duration="once", products=["bare", "pro"])


def test_codes_work_once_and_a_subscription_shows_what_it_got(billing: Billing) -> None:
    """Case 33."""
    billing.coupons.create(id="TEN", name="Ten", percent_off=10, duration="forever")
    for code in ("ADA10", "BOB10", "EVE10"):
        billing.promotion_codes.create(coupon="TEN", code=code, max_redemptions=1)
    with pytest.raises(DuplicateError):
        billing.promotion_codes.create(coupon="TEN", code="ADA10", max_redemptions=1)
    billing.products.create(id="pro", name="Pro")
    price = billing.prices.create(product="pro", amount=Money(19, "USD"), every="month").id
    billing.customers.create(id="ada")
    billing.payment_methods.attach("ada", token="tok_visa")
    params = {"id": "s", "subscription_items": [{"item_price_id": price}], "coupon_ids": ["ADA10"]}
    billing.raw.post("/api/v2/customers/ada/subscription_for_items", params)
    (discount,) = billing.subscriptions.get("s").discounts
    assert (discount.coupon_id, discount.promotion_code_id) == ("TEN", "ADA10")
    assert [invoice.total for invoice in billing.invoices.list(customer="ada")] == [Money("17.10", "USD")]
    for _ in range(2):
        assert billing.promotion_codes.deactivate("EVE10").active is False
    used = billing.promotion_codes.find("ADA10")
    assert (used.active, used.redemptions, used.vendor_status, used.coupon_id) == (False, 1, "redeemed", "TEN")
    assert {each.id for each in billing.promotion_codes.list(coupon="TEN")} == {"ADA10", "BOB10", "EVE10"}
    assert [each.id for each in billing.promotion_codes.list(active=True, page_size=1)] == ["BOB10"]
    assert {each.id for each in billing.promotion_codes.list(active=False, page_size=1)} == {"ADA10", "EVE10"}
    billing.coupons.delete("TEN")
    assert billing.coupons.get("TEN").active is False  # somebody has it: Chargebee archives it


def test_a_detached_method_is_gone_here_and_the_next_one_is_charged(billing: Billing) -> None:
    billing.customers.create(id="ada")
    first = billing.payment_methods.attach("ada", token="tok_visa").id
    second = billing.payment_methods.attach("ada", token="tok_mastercard").id
    assert billing.payment_methods.get(second).customer_id == "ada"
    billing.payment_methods.detach(second)
    assert billing.customers.get("ada").default_payment_method_id == first
    assert [each.id for each in billing.payment_methods.list(customer="ada")] == [first]
    for gone in (lambda: billing.payment_methods.get(second), lambda: billing.payment_methods.detach(second)):
        with pytest.raises(BillingError):
            gone()


def test_a_setup_goes_from_pending_to_completed_or_expired(billing: Billing, sandbox: Sandbox) -> None:
    billing.customers.create(id="ada")
    done, left = (billing.payment_methods.setup("ada", return_url="https://app.example/done") for _ in range(2))
    assert (done.status, done.customer_id, done.expires_at) == (SetupStatus.PENDING, "ada", START + timedelta(days=5))
    site(sandbox).complete_hosted_page(done.id, "tok_visa")
    finished = billing.payment_methods.get_setup(done.id)
    assert (finished.status, finished.customer_id) == (SetupStatus.COMPLETED, "ada")
    assert len(list(billing.payment_methods.list(customer="ada"))) == 1
    sandbox.advance(days=5)
    assert billing.payment_methods.get_setup(left.id).status is SetupStatus.EXPIRED
    with pytest.raises(NotFoundError):
        billing.payment_methods.setup("nobody", return_url="https://app.example/done")


def test_lists_by_time_have_a_start_an_end_and_two_orders(billing: Billing, sandbox: Sandbox) -> None:
    """Cases 20 and 23."""
    for number in range(5):
        billing.customers.create(id=str(number))
        sandbox.advance(days=1)
    window: dict[str, Any] = {"created_gte": START + timedelta(days=1), "created_lt": START + timedelta(days=4), "page_size": 1}
    assert [each.id for each in billing.customers.list(**window)] == ["3", "2", "1"]
    assert [each.id for each in billing.customers.list(**window, order="oldest_first")] == ["1", "2", "3"]


def test_a_cursor_belongs_to_its_list_and_its_filters(billing: Billing) -> None:
    """Case 21."""
    for id in ("a", "b"):
        billing.products.create(id=id, name=id)
        billing.customers.create(id=id)
    cursor = next(iter(billing.products.list(kind="plan", page_size=1).pages())).next_cursor
    wrong: list[Callable[[], object]] = [
        lambda: list(billing.products.list(page_size=1, cursor=cursor)),
        lambda: list(billing.customers.list(page_size=1, cursor=cursor)),
    ]
    for other in wrong:
        with pytest.raises(ValidationError) as caught:
            other()
        assert caught.value.param == "cursor"
    assert [each.id for each in billing.products.list(kind="plan", page_size=1, cursor=cursor)] == ["a"]


def test_what_is_deleted_between_pages_does_not_end_the_list(billing: Billing, sandbox: Sandbox) -> None:
    """Case 22: neither where the cursor points from nor what comes next."""
    for number in range(5):
        billing.customers.create(id=str(number))
        sandbox.advance(seconds=1)
    pages = billing.customers.list(page_size=1).pages()
    seen = [each.id for each in next(pages).items]
    for id in ("4", "3"):
        billing.customers.delete(id, destroy_history=True)
    seen += [each.id for page in pages for each in page.items]
    assert seen == ["4", "2", "1", "0"]


def test_currencies_are_upper_case_whoever_writes_them(billing: Billing) -> None:
    """Case 27."""
    billing.products.create(id="pro", name="Pro")
    price = billing.prices.create(product="pro", amount=Money(19, "usd"), every="month")
    assert (price.currency, price.unit_amount) == ("USD", Money(19, "USD"))
    mixed = [Tier(up_to=10, unit_amount=Money(1, "USD")), Tier(unit_amount=Money(1, "EUR"))]
    with pytest.raises(CurrencyMismatchError):
        billing.prices.create(product="pro", model="volume", tiers=mixed, every="year")


async def _sold(billing: AsyncBilling) -> list[object]:
    customer = await billing.customers.create(id="ada", address=Address(country="DE"))
    tax = await billing.customers.add_tax_id(customer.id, type="eu_vat", value="DE123456789")
    await billing.customers.adjust_credit(customer.id, amount=Money(5, "USD"), reason="welcome")
    await billing.payment_methods.attach(customer.id, token="tok_visa")
    await billing.products.create(id="pro", name="Pro")
    price = await billing.prices.create(product="pro", model="graduated", tiers=TIERS, every="month")
    coupon = await billing.coupons.create(id="TEN", name="Ten", percent_off=10, duration="once", products=["pro"])
    code = await billing.promotion_codes.create(coupon=coupon.id, code="ADA10", max_redemptions=1)
    subscription = await billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id, quantity=12)])
    totals = [invoice.total async for invoice in billing.invoices.list(customer=customer.id)]
    return [tax.value, coupon.product_ids, code.active, subscription.status, totals]


def test_the_awaited_client_does_the_same(sandbox: Sandbox) -> None:
    sold = asyncio.run(_sold(AsyncBilling.connect("chargebee", gateway=sandbox)))
    assert sold == ["DE123456789", ["pro"], True, SubscriptionStatus.ACTIVE, [Money(54, "USD")]]
