"""The catalog and the discounts whole against the simulated Stripe, through the public API, awaited too."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from billbridge import AsyncBilling, Billing, Item, Money
from billbridge.errors import (
    DuplicateError,
    InvalidStateError,
    NotFoundError,
    PrecisionError,
    UnsupportedOperationError,
)
from billbridge.model import (
    Aggregation,
    PriceType,
    PricingModel,
    ProductKind,
    TaxBehavior,
    Tier,
    UsageType,
)
from billbridge_sandbox import Sandbox

from .selling import billing, pro, sandbox, usd

__all__ = ["billing", "pro", "sandbox"]  # fixtures


def test_clearing_metadata_can_be_repeated_under_its_key(billing: Billing) -> None:
    """Case 9. What is there is read first, and the second time it is gone already."""
    addon = billing.products.create(name="Seats", kind="addon", metadata={"a": "1"}).id
    flat = billing.prices.create(product=addon, every="month", model="flat", amount=usd("5"), metadata={"ü": "1"}).id
    products, prices = billing.with_options(idempotency_key="one").products, billing.with_options(idempotency_key="two").prices
    for _ in range(2):
        product, price = products.update(addon, metadata=None), prices.update(flat, metadata=None)
        assert (product.metadata, product.kind) == ({}, ProductKind.ADDON)
        assert (price.metadata, price.model) == ({}, PricingModel.FLAT)


def test_a_product_is_changed_archived_and_deleted(billing: Billing) -> None:
    """Case 68."""
    made = billing.products.create(name="Seats", kind="addon", metered=True, unit_label="seat", metadata={"a": "1", "b": "2"})
    assert made == billing.products.get(made.id)
    assert (made.kind, made.metered, made.unit_label, made.metadata) == (ProductKind.ADDON, True, "seat", {"a": "1", "b": "2"})
    changed = billing.products.update(made.id, name="Chairs", description="D", unit_label=None, metadata={"a": "", "c": "3"})
    assert (changed.name, changed.description, changed.unit_label, changed.metadata) == ("Chairs", "D", None, {"b": "2", "c": "3"})
    cleared = billing.products.update(made.id, description=None, metadata=None)
    assert (cleared.description, cleared.metadata, cleared.kind, cleared.metered) == (None, {}, ProductKind.ADDON, True)
    assert not billing.products.archive(made.id).active
    assert not billing.products.archive(made.id).active
    assert [each.id for each in billing.products.list(active=False)] == [made.id]
    assert billing.products.unarchive(made.id).active
    billing.products.delete(made.id)
    for call in (billing.products.get, billing.products.delete, billing.products.archive):
        with pytest.raises(NotFoundError):
            call(made.id)


def test_a_product_with_prices_stays(billing: Billing, pro: str) -> None:
    billing.prices.create(product=pro, amount=usd("1"), every="month")
    with pytest.raises(InvalidStateError):
        billing.products.delete(pro)


def test_products_by_kind_and_by_id(billing: Billing) -> None:
    """Cases 3 and 20: the kind is looked at here, and pages without one do not end the list."""
    kinds = ["plan", "addon", "charge"]
    made: list[str] = [billing.products.create(name=str(n), kind=kinds[n % 3 if n < 9 else 0]).id for n in range(12)]  # type: ignore[arg-type]  # words
    addons = [id for place, id in enumerate(made) if place < 9 and place % 3 == 1]
    assert [each.id for each in billing.products.list(kind="addon", page_size=1)] == addons[::-1]
    assert [each.id for each in billing.products.list(ids=made[:5], page_size=2)] == made[:5][::-1]
    assert [each.id for each in billing.products.list(ids=made[:5], kind="addon", page_size=1)] == addons[:2][::-1]
    assert list(billing.products.list(ids=[])) == []
    assert list(billing.products.list(ids=["prod_none"])) == []


FLAT_TIERS = [Tier(up_to=10, flat_amount=usd("50")), Tier(flat_amount=usd("80.005"))]
UNIT_TIERS = [Tier(up_to=10, unit_amount=usd("5")), Tier(up_to=20, unit_amount=usd("4"), flat_amount=usd("1")), Tier(unit_amount=usd("0"))]


@pytest.mark.parametrize(
    ("asked", "model"),
    [
        ({"amount": usd("19")}, PricingModel.PER_UNIT),
        ({"amount": usd("19"), "model": "flat"}, PricingModel.FLAT),
        ({"amount": usd("19"), "model": "package", "package_size": 10}, PricingModel.PACKAGE),
        ({"model": "graduated", "tiers": UNIT_TIERS}, PricingModel.GRADUATED),
        ({"model": "graduated", "tiers": FLAT_TIERS}, PricingModel.GRADUATED),
        ({"model": "volume", "tiers": UNIT_TIERS}, PricingModel.VOLUME),
        ({"model": "stairstep", "tiers": FLAT_TIERS}, PricingModel.STAIRSTEP),
    ],
)
def test_every_model_of_pricing_reads_as_it_was_written(billing: Billing, pro: str, asked: dict[str, Any], model: PricingModel) -> None:
    """Case 30."""
    made = billing.prices.create(product=pro, every="month", **asked)
    assert (made.model, made.package_amount if made.package_size else made.unit_amount, made.tiers, made.package_size) == (
        model,
        asked.get("amount"),
        asked.get("tiers"),
        asked.get("package_size"),
    )
    assert billing.prices.get(made.id) == made
    assert list(billing.prices.list(product=pro)) == [made]


@pytest.mark.parametrize(
    ("model", "quantity", "total"), [("graduated", 15, "71"), ("volume", 15, "61"), ("stairstep", 15, "80"), ("package", 15, "10")]
)
def test_every_model_is_charged_as_it_says(billing: Billing, pro: str, model: Any, quantity: int, total: str) -> None:
    ada = billing.customers.create(name="Ada")
    billing.payment_methods.attach(ada.id, token="tok_visa")
    models: dict[str, dict[str, Any]] = {
        "graduated": {"tiers": UNIT_TIERS},
        "volume": {"tiers": UNIT_TIERS},
        "stairstep": {"tiers": [Tier(up_to=10, flat_amount=usd("50")), Tier(flat_amount=usd("80"))]},
        "package": {"amount": usd("5"), "package_size": 10},
    }
    price = billing.prices.create(product=pro, every="month", model=model, **models[model])
    billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id, quantity=quantity)])
    (invoice,) = billing.invoices.list(customer=ada.id)
    assert invoice.total == usd(total)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("500", "JPY"), ("1.230", "KWD"), ("5", "ISK"), ("5", "UGX"), ("10.45", "HUF"), ("0.005", "USD"), ("0.00000000000001", "USD")],
)
def test_money_is_exact(billing: Billing, pro: str, amount: str, currency: str) -> None:
    """Cases 25 and 26."""
    money = Money(amount, currency)
    made = billing.prices.create(product=pro, amount=money, every=None, allow_fractional=True)
    assert (made.unit_amount, made.type, made.interval, made.interval_count) == (money, PriceType.ONE_TIME, None, None)
    tiers = [Tier(up_to=1, unit_amount=money), Tier(flat_amount=money)]
    assert billing.prices.create(product=pro, every="week", model="graduated", tiers=tiers).tiers == tiers


@pytest.mark.parametrize("money", [Money("1.234", "KWD"), Money("5.5", "ISK"), Money("0.000000000000001", "USD")])
def test_what_is_not_exact_is_refused(billing: Billing, pro: str, money: Money) -> None:
    """Case 25."""
    with pytest.raises(PrecisionError):
        billing.prices.create(product=pro, amount=money, every="month")


def test_a_price_in_several_currencies_with_tax_inside(billing: Billing, pro: str) -> None:
    """Case 27."""
    others = [Money(500, "JPY"), Money("0.005", "EUR")]
    made = billing.prices.create(
        product=pro, amount=usd("5"), every="year", currency_options=others, tax_behavior="inclusive", allow_fractional=True
    )
    assert sorted(made.currency_options, key=lambda each: each.currency) == sorted(others, key=lambda each: each.currency)
    assert made.tax_behavior is TaxBehavior.INCLUSIVE
    assert billing.prices.get(made.id) == made


def test_a_price_is_changed_and_archived_but_never_deleted(billing: Billing, pro: str) -> None:
    """Case 68. Clearing all metadata leaves a flat price flat."""
    flat = billing.prices.create(product=pro, amount=usd("5"), every="month", model="flat", nickname="N", metadata={"a": "1", "b": "2"})
    changed = billing.prices.update(flat.id, nickname=None, metadata={"a": "", "c": "3"})
    assert (changed.nickname, changed.metadata, changed.model) == (None, {"b": "2", "c": "3"}, PricingModel.FLAT)
    assert billing.prices.update(flat.id, metadata=None).metadata == {}
    assert billing.prices.get(flat.id).model is PricingModel.FLAT
    assert not billing.prices.archive(flat.id).active
    assert not billing.prices.archive(flat.id).active
    assert billing.prices.unarchive(flat.id).active
    with pytest.raises(UnsupportedOperationError, match="archive"):
        billing.prices.delete(flat.id)
    with pytest.raises(UnsupportedOperationError, match="trial_days"):
        billing.prices.create(product=pro, amount=usd("5"), every="month", trial_days=5)


def test_prices_by_currency_type_and_lookup_key(billing: Billing, pro: str) -> None:
    """Case 3."""
    month = billing.prices.create(product=pro, amount=usd("5"), every="month", id="month")
    once = billing.prices.create(product=pro, amount=usd("9"), every=None, id="once")
    euro = billing.prices.create(product=pro, amount=Money(5, "EUR"), every="month")
    assert list(billing.prices.list(currency="EUR")) == [euro]
    assert list(billing.prices.list(type="one_time")) == [once]
    assert list(billing.prices.list(type="recurring")) == [euro, month]
    assert list(billing.prices.list(lookup_keys=["month", "once", "none"])) == [once, month]
    assert list(billing.prices.list(lookup_keys=[])) == []


def test_a_meter_counts_for_a_metered_price(billing: Billing, pro: str) -> None:
    meter = billing.meters.create(name="Calls", event_name="calls", aggregation="last")
    assert (meter.name, meter.event_name, meter.aggregation, meter.active) == ("Calls", "calls", Aggregation.LAST, True)
    assert billing.meters.get(meter.id) == meter
    price = billing.prices.create(product=pro, amount=usd("0.005"), every="month", usage_type="metered", meter=meter.id)
    assert (price.usage_type, price.meter_id) == (UsageType.METERED, meter.id)
    with pytest.raises(DuplicateError):
        billing.meters.create(name="Calls", event_name="calls")
    for _ in range(2):
        assert not billing.meters.archive(meter.id).active
    again = billing.meters.create(name="Calls", event_name="calls")
    with pytest.raises(DuplicateError):
        billing.meters.unarchive(meter.id)
    billing.meters.archive(again.id)
    for _ in range(2):
        assert billing.meters.unarchive(meter.id).active
    assert [each.id for each in billing.meters.list()] == [again.id, meter.id]
    assert [each.id for each in billing.meters.list(active=True)] == [meter.id]
    assert [each.id for each in billing.meters.list(active=False)] == [again.id]
    for id in ("mtr_none",):
        with pytest.raises(NotFoundError):
            billing.meters.archive(id)


def test_the_same_names_can_be_awaited(sandbox: Sandbox) -> None:
    async def story() -> tuple[PricingModel, str, list[str], bool]:
        async with AsyncBilling.connect("stripe", gateway=sandbox) as billing:
            product = await billing.products.create(name="Pro", kind="addon")
            price = await billing.prices.create(product=product.id, every="month", model="stairstep", tiers=FLAT_TIERS)
            await billing.coupons.create(id="SAVE", name="Save", duration="forever", amount_off=usd("1"))
            code = await billing.promotion_codes.create(coupon="SAVE", code="FRIENDS")
            found = await billing.promotion_codes.find("FRIENDS")
            assert found == code
            kinds = [each.id async for each in billing.products.list(kind="addon")]
            assert kinds == [product.id]
            archived = await billing.products.archive(product.id)
            coupons = [each.id async for each in billing.coupons.list(order="oldest_first")]
            return price.model, found.coupon_id, coupons, archived.active

    assert asyncio.run(story()) == (PricingModel.STAIRSTEP, "SAVE", ["SAVE"], False)
