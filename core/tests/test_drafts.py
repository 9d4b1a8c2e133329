"""What users ask of customers, the catalog, discounts and payment methods is checked when the draft is made, before a provider sees it.

Every check of these drafts stands in one of two tables, with its counterpart that must be accepted.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from billbridge import Address, Money
from billbridge.errors import CurrencyMismatchError, ValidationError
from billbridge.model import (
    CouponPatch,
    CouponQuery,
    CustomerPatch,
    CustomerQuery,
    CustomerSearch,
    InvoiceQuery,
    NewCoupon,
    NewCreditAdjustment,
    NewCustomer,
    NewMeter,
    NewPaymentMethodSetup,
    NewPrice,
    NewProduct,
    NewPromotionCode,
    NewTaxId,
    PaymentMethodQuery,
    PriceQuery,
    PriceType,
    PricingModel,
    ProductKind,
    ProductPatch,
    ProductQuery,
    PromotionCodeQuery,
    Shipping,
    SubscriptionQuery,
    TaxExempt,
    Tier,
)
from billbridge.model.base import UNSET, Draft, Order
from billbridge.model.checks import checked_field, plain_types

FIVE = Money("5.00", "USD")
EURO = Money("5.00", "EUR")
NOW = datetime(2026, 1, 31, tzinfo=UTC)
HOME = Address(line1="12 Park Lane", country="GB")
LAST = Tier(unit_amount=FIVE)
MANY = [f"p{number}" for number in range(101)]


def price(**fields: Any) -> NewPrice:
    return NewPrice(**{"product": "p", "amount": FIVE, "every": "month", **fields})


def tiered(*tiers: Tier, model: str = "graduated", **fields: Any) -> NewPrice:
    return price(**{"amount": None, "model": model, "tiers": list(tiers), **fields})


def coupon(**fields: Any) -> NewCoupon:
    return NewCoupon(**{"name": "Ten", "percent_off": 10, "duration": "once", **fields})


def code(**fields: Any) -> NewPromotionCode:
    return NewPromotionCode(**{"coupon": "TEN", "code": "SUMMER", **fields})


def setup(**fields: Any) -> NewPaymentMethodSetup:
    return NewPaymentMethodSetup(**{"return_url": "https://example.com", **fields})


# Each ignored type is the wrong one that the row passes: checkers refuse it too.
REFUSED: dict[str, tuple[Any, str | None, str]] = {
    "name-and-parts": (lambda: NewCustomer(name="Ada", family_name="Lovelace"), "given_name", "together with"),
    "name-and-parts-in-a-patch": (lambda: CustomerPatch(name="Ada", given_name="Ada"), "given_name", "together with"),
    "name-and-a-cleared-part": (lambda: CustomerPatch(name="Ada Byron", given_name=None), "given_name", "together with"),
    "methods-of-nobody": (lambda: PaymentMethodQuery(customer=None), "customer", "must be a string"),  # type: ignore[arg-type]  # what a type checker would refuse
    "product-renamed-to-none": (lambda: ProductPatch(name=None), "name", "must be str, not None"),  # type: ignore[arg-type]  # what a type checker would refuse
    "currency-cleared": (lambda: CustomerPatch(currency=None), "currency", "must be str, not None"),  # type: ignore[arg-type]  # what a type checker would refuse
    "order-of-none": (lambda: CouponQuery(order=None), "order", "must be one of"),  # type: ignore[arg-type]  # what a type checker would refuse
    "coupon-of-no-number": (
        lambda: NewCoupon(name="x", duration="once", percent_off=Decimal("NaN")),
        "percent_off",
        "more than 0 and at most 100",
    ),
    "shipping-to-nowhere": (
        lambda: NewCustomer(shipping=Shipping(name="Ada", address=None)),  # type: ignore[arg-type]  # what a type checker would refuse
        "shipping.address",
        "must be an Address, not NoneType",
    ),
    "coupon-without-a-name-in-a-patch": (lambda: CouponPatch(name=" "), "name", "name is empty"),
    "no-exemption": (lambda: NewCustomer(tax_exempt="sometimes"), "tax_exempt", "one of none, exempt, reverse, zero_rated"),  # type: ignore[arg-type]
    "unknown-exemption": (lambda: CustomerPatch(tax_exempt=TaxExempt.UNKNOWN), "tax_exempt", "must be one of"),
    "no-currency": (lambda: NewCustomer(currency="dollars"), None, "currency"),
    "shipping-without-name": (lambda: NewCustomer(shipping=Shipping(name=" ", address=HOME)), "shipping.name", "name is empty"),
    "shipping-nowhere": (lambda: NewCustomer(shipping=Shipping(name="Ada", address=Address())), "shipping.address", "empty"),
    "shipping-to-no-country": (
        lambda: CustomerPatch(shipping=Shipping(name="Ada", address=Address(country="GBR"))),
        "shipping.address.country",
        "two-letter",
    ),
    "shipping-phone": (lambda: NewCustomer(shipping=Shipping(name="Ada", address=HOME, phone="\x00")), "shipping.phone", "NUL"),
    "auto-collection-cleared": (lambda: CustomerPatch(auto_collection="on"), "auto_collection", "bool"),  # type: ignore[arg-type]
    "tax-id-without-number": (lambda: NewTaxId(type="eu_vat", value=" "), "value", "empty"),
    "tax-id-without-type": (lambda: NewTaxId(type="", value="DE123456789"), "type", "empty"),
    "credit-of-nothing": (lambda: NewCreditAdjustment(amount=Money(0, "USD"), reason="x"), "amount", "must not be 0"),
    "credit-without-reason": (lambda: NewCreditAdjustment(amount=FIVE, reason=" "), "reason", "reason is empty"),
    "credit-as-a-number": (lambda: NewCreditAdjustment(amount=5.0, reason="x"), "amount", "must be Money"),  # type: ignore[arg-type]
    "search-for-nothing": (CustomerSearch, "email", "at least one filter"),
    "search-for-an-empty-name": (lambda: CustomerSearch(email="a@b.c", name=""), "email", "no filter may be empty"),
    "search-for-no-metadata": (lambda: CustomerSearch(metadata={}), "email", "at least one filter"),
    "metered-charge": (lambda: NewProduct(name="x", kind="charge", metered=True), "metered", "cannot be metered"),
    "no-kind": (lambda: NewProduct(name="x", kind="bundle"), "kind", "one of plan, addon, charge"),  # type: ignore[arg-type]
    "unknown-kind": (lambda: ProductQuery(kind=ProductKind.UNKNOWN), "kind", "must be one of"),
    "product-renamed-to-nothing": (lambda: ProductPatch(name=" "), "name", "name is empty"),
    "too-many-products": (lambda: ProductQuery(ids=MANY), "ids", "more than 100"),
    "product-without-id": (lambda: ProductQuery(ids=["a", ""]), "ids", "empty"),
    "price-for-nothing": (lambda: price(amount=None), "amount", "amount is missing"),
    "negative-price": (lambda: price(amount=-FIVE), "amount", "0 or more, not -5.00 USD"),
    "trial-of-no-days": (lambda: price(trial_days=0), "trial_days", "1 or more"),
    "one-time-with-interval": (lambda: price(every=None, interval_count=2), "every", "one-time"),
    "one-time-with-trial": (lambda: price(every=None, trial_days=7), "every", "one-time"),
    "one-time-metered": (lambda: price(every=None, usage_type="metered"), "every", "one-time"),
    "meter-of-a-licence": (lambda: price(meter="mtr_1"), "meter", "needs usage_type 'metered', not 'licensed'"),
    "package-without-size": (lambda: price(model="package"), "package_size", "'package' needs package_size"),
    "size-without-package": (lambda: price(package_size=5), "package_size", "needs model 'package', not 'per_unit'"),
    "package-of-one": (lambda: price(model="package", package_size=1), "package_size", "must be 2 or more, not 1"),
    "amount-and-tiers": (lambda: price(model="volume", tiers=[LAST]), "amount", "'volume' takes tiers, not amount"),
    "tiers-of-a-flat-price": (lambda: price(model="flat", tiers=[LAST]), "tiers", "'flat' takes amount, not tiers"),
    "no-tiers": (tiered, "tiers", "needs tiers"),
    "tiers-that-end": (lambda: tiered(Tier(up_to=10, unit_amount=FIVE)), "tiers", "the last tier ends at 10"),
    "endless-tier-first": (lambda: tiered(LAST, LAST), "tiers", "must be a whole number from 1 on"),
    "tiers-that-shrink": (
        lambda: tiered(Tier(up_to=5, unit_amount=FIVE), Tier(up_to=5, unit_amount=FIVE), LAST),
        "tiers",
        "larger in each tier",
    ),
    "tier-up-to-nothing": (lambda: tiered(Tier(up_to=0, unit_amount=FIVE), LAST), "tiers", "from 1 on"),
    "tier-up-to-a-fraction": (lambda: tiered(Tier(up_to=Decimal("1.5"), unit_amount=FIVE), LAST), "tiers", "must be a whole number"),
    "tier-without-amount": (lambda: tiered(Tier(up_to=5), LAST), "tiers", "has no amount"),
    "negative-tier": (lambda: tiered(Tier(unit_amount=-FIVE)), "tiers", "an amount in tiers must be 0 or more"),
    "stairstep-by-unit": (lambda: tiered(LAST, model="stairstep"), "tiers", "takes no unit_amount"),
    "stairstep-with-both": (lambda: tiered(Tier(unit_amount=FIVE, flat_amount=FIVE), model="stairstep"), "tiers", "takes no unit_amount"),
    "volume-that-is-a-stairstep": (lambda: tiered(Tier(flat_amount=FIVE), model="volume"), "tiers", "needs a unit_amount"),
    "currency-twice": (lambda: price(currency_options=[EURO, EURO]), "currency_options", "names a currency twice"),
    "own-currency-again": (lambda: price(currency_options=[FIVE]), "currency_options", "names a currency twice"),
    "negative-option": (lambda: price(currency_options=[-EURO]), "currency_options", "0 or more"),
    "options-of-tiers": (lambda: tiered(LAST, currency_options=[EURO]), "currency_options", "takes no currency_options"),
    "too-many-names": (lambda: PriceQuery(lookup_keys=MANY[:11]), "lookup_keys", "more than 10"),
    "no-price-type": (lambda: PriceQuery(type="rare"), "type", "one of recurring, one_time"),  # type: ignore[arg-type]
    "prices-in-no-currency": (lambda: PriceQuery(currency="?"), None, "currency"),
    "meter-without-name": (lambda: NewMeter(name=" ", event_name="calls"), "name", "name is empty"),
    "meter-without-event": (lambda: NewMeter(name="Calls", event_name=""), "event_name", "empty"),
    "coupon-without-name": (lambda: coupon(name=" "), "name", "name is empty"),
    "coupon-for-nothing": (lambda: coupon(percent_off=None), "percent_off", "both missing"),
    "coupon-for-both": (lambda: coupon(amount_off=FIVE), "percent_off", "both passed"),
    "no-percent": (lambda: coupon(percent_off=0), "percent_off", "more than 0"),
    "too-many-percent": (lambda: coupon(percent_off=Decimal("100.01")), "percent_off", "at most 100"),
    "percent-as-float": (lambda: coupon(percent_off=12.5), "percent_off", "not a float"),
    "nothing-off": (lambda: coupon(percent_off=None, amount_off=Money(0, "USD")), "amount_off", "more than 0"),
    "months-of-once": (lambda: coupon(duration_months=3), "duration_months", "repeating"),
    "repeating-without-months": (lambda: coupon(duration="repeating"), "duration_months", "repeating"),
    "repeating-no-months": (lambda: coupon(duration="repeating", duration_months=0), "duration_months", "1 or more"),
    "coupon-never-used": (lambda: coupon(max_redemptions=0), "max_redemptions", "1 or more"),
    "coupon-for-no-product": (lambda: coupon(products=[]), "products", "could never be used"),
    "coupon-for-too-many": (lambda: coupon(products=MANY), "products", "more than 100"),
    "coupon-until-naive": (lambda: coupon(expires_at=datetime(2026, 1, 1)), "expires_at", "naive"),
    "code-without-text": (lambda: code(code=" "), "code", "empty"),
    "code-never-used": (lambda: code(max_redemptions=0), "max_redemptions", "1 or more"),
    "code-of-no-amount": (lambda: code(minimum_amount=Money(0, "USD")), "minimum_amount", "more than 0"),
    "page-without-way-back": (lambda: setup(return_url=None), "return_url", "needs a return_url"),
    "way-back-of-no-page": (lambda: setup(way="client_side"), "return_url", "takes no return_url"),
    "way-back-nowhere": (lambda: setup(return_url="/done"), "return_url", "must start with https"),
    "way-back-by-script": (lambda: setup(return_url="javascript:alert(1)"), "return_url", "must start with https"),
    "window-of-nothing": (lambda: CustomerQuery(created_gte=NOW, created_lt=NOW), "created_lt", "nothing could match"),
    "window-of-invoices": (lambda: InvoiceQuery(created_gte=NOW, created_lt=NOW), "created_lt", "nothing could match"),
    "naive-window": (lambda: CouponQuery(created_gte=datetime(2026, 1, 1)), "created_gte", "naive"),
    "no-order": (lambda: SubscriptionQuery(order="random"), "order", "one of newest_first, oldest_first"),  # type: ignore[arg-type]
    "page-of-coupons": (lambda: CouponQuery(page_size=101), "page_size", "1 to 100"),
    "page-of-codes": (lambda: PromotionCodeQuery(page_size=0), "page_size", "1 to 100"),
    "needed-but-unset": (lambda: NewProduct(name=UNSET), "name", "needed, but it is UNSET"),  # type: ignore[arg-type]
    "no-such-integer": (lambda: coupon(max_redemptions=2**63), "max_redemptions", "an integer of 64 bits"),
    "tier-up-to-no-such-integer": (lambda: tiered(Tier(up_to=10**5000, unit_amount=FIVE), LAST), "tiers", "an integer of 16610 bits"),
    "half-a-character-as-type": (lambda: PriceQuery(type="\ud800"), "type", "half a surrogate pair"),  # type: ignore[arg-type]
    "half-a-character-as-money": (lambda: price(amount="\ud800"), "amount", "half a surrogate pair"),
    "customer-of-methods": (lambda: PaymentMethodQuery(customer=" "), "customer", "empty"),
}
"""What is asked, the parameter that the error names, and what it says."""

TAKEN: dict[str, Any] = {
    "name-parts": lambda: NewCustomer(given_name="Ada", family_name="Lovelace"),
    "name-cleared-for-parts": lambda: CustomerPatch(name=None, given_name="Ada"),
    "free-tier": lambda: tiered(Tier(up_to=1, unit_amount=Money(0, "USD")), LAST),
    "one-tier": lambda: tiered(LAST),
    "volume-with-flat-amounts": lambda: tiered(Tier(up_to=5, flat_amount=FIVE), LAST, model="volume"),
    "graduated-flat-only": lambda: tiered(Tier(flat_amount=FIVE)),
    "stairstep": lambda: tiered(Tier(up_to=5, flat_amount=FIVE), Tier(flat_amount=FIVE), model="stairstep"),
    "package": lambda: price(model="package", package_size=2),
    "one-time": lambda: price(every=None),
    "free": lambda: price(amount=Money(0, "USD")),
    "currency-options": lambda: price(currency_options=[EURO, Money(500, "JPY")]),
    "all-off": lambda: coupon(percent_off=100),
    "repeating": lambda: coupon(duration="repeating", duration_months=1),
    "client-side": lambda: setup(way="client_side", return_url=None),
    "a-second": lambda: CustomerQuery(created_gte=NOW, created_lt=NOW + timedelta(seconds=1)),
    "hundred-ids": lambda: ProductQuery(ids=MANY[:100]),
    "ten-names": lambda: PriceQuery(lookup_keys=MANY[:10]),
    "taking-credit": lambda: NewCreditAdjustment(amount=-FIVE, reason="Mistake"),
    "the-largest-integer": lambda: coupon(max_redemptions=2**63 - 1),
    "coupon-renamed": lambda: CouponPatch(name="Twelve", metadata=None),
}


@pytest.mark.parametrize(("make", "param", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_right_is_refused_by_name(make: Any, param: str | None, says: str) -> None:
    with pytest.raises(ValidationError, match=says) as caught:
        make()
    assert param in (None, caught.value.param)


@pytest.mark.parametrize("make", TAKEN.values(), ids=TAKEN)
def test_what_lies_just_inside_is_taken(make: Any) -> None:
    make()


def test_tiers_in_several_currencies_are_a_mismatch() -> None:
    """Case 27."""
    with pytest.raises(CurrencyMismatchError, match="different currencies"):
        tiered(Tier(up_to=5, unit_amount=FIVE), Tier(unit_amount=EURO))


def test_the_currency_of_a_price_is_that_of_its_amount_or_its_tiers() -> None:
    assert price().currency == "USD"
    assert tiered(Tier(up_to=5, flat_amount=EURO), Tier(unit_amount=EURO)).currency == "EUR"


def test_currencies_are_upper_case_however_they_are_written() -> None:
    """Case 27."""
    assert NewCustomer(currency="eur").currency == "EUR"
    assert CustomerPatch(currency="eur").currency == "EUR"
    assert PriceQuery(currency="jpy").currency == "JPY"


def test_words_may_be_spelled_as_text() -> None:
    assert tiered(LAST).model is PricingModel.GRADUATED
    assert PriceQuery(type="one_time").type is PriceType.ONE_TIME
    assert NewCustomer(tax_exempt="reverse").tax_exempt is TaxExempt.REVERSE


@pytest.mark.parametrize(
    ("query", "nothing"),
    [
        (ProductQuery(ids=[]), True),
        (PriceQuery(lookup_keys=[]), True),
        (ProductQuery(ids=["p"]), False),
        (ProductQuery(), False),
        (PriceQuery(lookup_keys=["k"], product="p"), False),
        (CustomerQuery(email="a@b.c"), False),
    ],
)
def test_one_of_no_values_matches_nothing(query: Any, nothing: bool) -> None:
    """Case 3."""
    assert query.matches_nothing() is nothing


def drafts(kind: type[Draft] = Draft) -> list[type[Draft]]:
    return [each for sub in kind.__subclasses__() if sub.__module__.startswith("billbridge.") for each in (sub, *drafts(sub))]


@pytest.mark.parametrize("draft", drafts(), ids=lambda draft: draft.__name__)
def test_what_is_taken_unchecked_is_what_the_check_would_leave_as_it_is(draft: type[Draft]) -> None:
    for name, default, plain in plain_types(draft):
        for value in ("x", 5, 10**30, True, Order.NEWEST_FIRST, 1.5, Decimal(1), ["x"], {"x": "y"}):
            if type(value) in plain:
                assert checked_field(draft, name, value) is value
            assert type(value) not in plain or name not in draft.id_fields
        assert default in (None, UNSET, msgspec.NODEFAULT) or checked_field(draft, name, default) is default


def test_unset_is_the_same_as_left_out() -> None:
    assert CustomerQuery(page_size=UNSET, order=UNSET) == CustomerQuery()  # type: ignore[arg-type]  # for callers who compute arguments


class Sku(StrEnum):
    PRO = "price_pro"


class Text(str):
    pass


@pytest.mark.parametrize("text", [Sku.PRO, Text("price_pro")])
def test_a_text_of_a_class_of_its_own_becomes_a_plain_text(text: str) -> None:
    made = NewPrice(id=text, product=text, nickname=text, amount=FIVE, every="month")
    assert [type(each) for each in (made.id, made.product, made.nickname)] == [str, str, str]
    assert made.product == "price_pro"
