"""Products and prices: every request exactly, every field, every pricing model."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from billbridge.errors import NotFoundError, PrecisionError, ProtocolError, ValidationError
from billbridge.model import (
    Interval,
    NewPrice,
    NewProduct,
    Page,
    Price,
    PriceQuery,
    PriceType,
    PricingModel,
    Product,
    ProductQuery,
)
from billbridge.money import Money
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
PRODUCT_WIRE: dict[str, Any] = {
    "id": "pro",
    "object": "product",
    "active": False,
    "created": 1769860800,
    "default_price": None,
    "description": "All of it",
    "images": [],
    "livemode": False,
    "metadata": {"tier": "1"},
    "name": "Pro",
    "type": "service",
    "updated": 1769860801,
}
PRODUCT = Product(
    provider="stripe",
    id="pro",
    raw=msgspec.Raw(json.dumps(PRODUCT_WIRE).encode()),
    name="Pro",
    description="All of it",
    active=False,
    metadata={"tier": "1"},
    created_at=AT,
    updated_at=AT.replace(second=1),
)
PRICE_WIRE: dict[str, Any] = {
    "id": "price_1",
    "object": "price",
    "active": False,
    "billing_scheme": "per_unit",
    "created": 1769860800,
    "currency": "usd",
    "custom_unit_amount": None,
    "livemode": False,
    "lookup_key": "pro-monthly",
    "metadata": {"a": "1"},
    "nickname": "Monthly",
    "product": "pro",
    "recurring": {"interval": "month", "interval_count": 3, "meter": None, "trial_period_days": None, "usage_type": "licensed"},
    "tax_behavior": "unspecified",
    "tiers_mode": None,
    "transform_quantity": None,
    "type": "recurring",
    "unit_amount": 1900,
    "unit_amount_decimal": "1900",
}
PRICE = Price(
    provider="stripe",
    id="price_1",
    raw=msgspec.Raw(json.dumps(PRICE_WIRE).encode()),
    product_id="pro",
    currency="USD",
    type=PriceType.RECURRING,
    model=PricingModel.PER_UNIT,
    unit_amount=Money("19.00", "USD"),
    interval=Interval.MONTH,
    interval_count=3,
    lookup_key="pro-monthly",
    nickname="Monthly",
    active=False,
    metadata={"a": "1"},
    vendor_model="per_unit",
    vendor_interval="month",
    created_at=AT,
)


def read(walk: Walk, stripe: StripeProvider, **changes: Any) -> Price:
    """The price with some fields sent otherwise; `raw` put aside."""
    wire = {name: value for name, value in {**PRICE_WIRE, **changes}.items() if value is not ...}
    found: Price = walk(stripe.prices.get("price_1"), ("GET /v1/prices/price_1", None, wire))
    return msgspec.structs.replace(found, raw=PRICE.raw)


def with_(**changes: Any) -> Price:
    return msgspec.structs.replace(PRICE, **changes)


@pytest.mark.parametrize(
    ("new", "body"),
    [
        (NewProduct(name="Pro"), "name=Pro"),
        (
            NewProduct(name="Pro", id="pro", description="All of it", metadata={"tier": "1"}),
            "name=Pro&id=pro&description=All of it&metadata[tier]=1",
        ),
    ],
)
def test_create_product(walk: Walk, stripe: StripeProvider, new: NewProduct, body: str) -> None:
    assert walk(stripe.products.create(new), ("POST /v1/products", body, PRODUCT_WIRE)) == PRODUCT


def test_get_product(walk: Walk, stripe: StripeProvider) -> None:
    assert walk(stripe.products.get("pro"), ("GET /v1/products/pro", None, PRODUCT_WIRE)) == PRODUCT


def test_the_least_of_a_product_reads_too(walk: Walk, stripe: StripeProvider) -> None:
    bare = Product(provider="stripe", id="pro", raw=msgspec.Raw(b'{"id": "pro"}'), name="")
    assert walk(stripe.products.get("pro"), ("GET /v1/products/pro", None, {"id": "pro"})) == bare


def test_a_deleted_product_or_price_is_not_found(walk: Walk, stripe: StripeProvider) -> None:
    for flow, line in (
        (stripe.products.get("p"), "GET /v1/products/p"),
        (stripe.prices.get("p"), "GET /v1/prices/p"),
    ):
        with pytest.raises(NotFoundError) as caught:
            walk(flow, (line, None, {"id": "p", "deleted": True, "currency": "usd"}))
        assert caught.value.deleted


@pytest.mark.parametrize(("active", "filters"), [(None, ""), (True, "active=true&"), (False, "active=false&")])
def test_list_products(walk: Walk, stripe: StripeProvider, active: bool | None, filters: str) -> None:
    line = f"GET /v1/products?{filters}limit=7&starting_after=old"
    answer = {"data": [PRODUCT_WIRE], "has_more": True}
    page = walk(stripe.products.list(ProductQuery(active=active, page_size=7, cursor="old")), (line, None, answer))
    assert page == Page(items=[PRODUCT], next_cursor="pro")


USD = Money("19.00", "USD")


@pytest.mark.parametrize(
    ("new", "body"),
    [
        (
            NewPrice(product="pro", amount=USD, every="month"),
            "product=pro&currency=usd&unit_amount=1900&recurring[interval]=month&recurring[interval_count]=1",
        ),
        (
            NewPrice(product="pro", amount=Money("0.005", "USD"), every="day"),
            "product=pro&currency=usd&unit_amount_decimal=0.5&recurring[interval]=day&recurring[interval_count]=1",
        ),
        (
            NewPrice(
                product="pro",
                amount=Money("5", "KWD"),
                every="year",
                interval_count=2,
                model="flat",
                id="pro-y",
                nickname="Y",
                metadata={"a": "1"},
            ),
            "product=pro&currency=kwd&unit_amount=5000&recurring[interval]=year&recurring[interval_count]=2&lookup_key=pro-y&nickname=Y"
            "&metadata[a]=1&metadata[billbridge_model]=flat",
        ),
    ],
)
def test_create_price(walk: Walk, stripe: StripeProvider, new: NewPrice, body: str) -> None:
    """Cases 25 and 27."""
    assert walk(stripe.prices.create(new), ("POST /v1/prices", body, PRICE_WIRE)) == PRICE


def test_a_price_that_cannot_be_held_exactly_is_never_sent(walk: Walk, stripe: StripeProvider) -> None:
    """Case 25."""
    with pytest.raises(PrecisionError):
        walk(stripe.prices.create(NewPrice(product="pro", amount=Money("1.234", "KWD"), every="month")))


def test_our_own_metadata_key_is_refused_in_a_new_price(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(ValidationError) as caught:
        walk(stripe.prices.create(NewPrice(product="pro", amount=USD, every="month", metadata={"billbridge_model": "flat"})))
    assert caught.value.param == "metadata"


def test_get_price(walk: Walk, stripe: StripeProvider) -> None:
    assert walk(stripe.prices.get("price_1"), ("GET /v1/prices/price_1", None, PRICE_WIRE)) == PRICE


def test_the_least_of_a_price_reads_too(walk: Walk, stripe: StripeProvider) -> None:
    wire = {"id": "price_1", "currency": "usd"}
    bare = Price(provider="stripe", id="price_1", raw=msgspec.Raw(json.dumps(wire).encode()), product_id="", currency="USD")
    bare = msgspec.structs.replace(bare, type=PriceType.ONE_TIME)
    assert walk(stripe.prices.get("price_1"), ("GET /v1/prices/price_1", None, wire)) == bare


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"product": {"id": "pro", "object": "product", "name": "Pro"}}, {}),
        ({"metadata": {"a": "1", "billbridge_model": "flat"}}, {"model": PricingModel.FLAT}),
        ({"metadata": {"a": "1", "billbridge_model": "cubic"}}, {}),
        (
            {"type": "one_time", "recurring": None},
            {"type": PriceType.ONE_TIME, "interval": None, "interval_count": None, "vendor_interval": None},
        ),
        ({"type": "lifelong"}, {"type": PriceType.UNKNOWN}),
        ({"type": ...}, {}),
        ({"recurring": {"interval": "decade"}}, {"interval": Interval.UNKNOWN, "interval_count": 1, "vendor_interval": "decade"}),
        ({"transform_quantity": {"divide_by": 10, "round": "up"}}, {"model": PricingModel.PACKAGE}),
        ({"unit_amount": None, "unit_amount_decimal": "0.5"}, {"unit_amount": Money("0.005", "USD")}),
        ({"unit_amount": 1900, "unit_amount_decimal": None}, {}),
        ({"unit_amount": 0, "unit_amount_decimal": "0"}, {"unit_amount": Money("0", "USD")}),
        ({"currency": "jpy"}, {"currency": "JPY", "unit_amount": Money("1900", "JPY")}),
        ({"currency": "kwd"}, {"currency": "KWD", "unit_amount": Money("1.9", "KWD")}),
        (
            {"custom_unit_amount": {"minimum": 1}, "unit_amount": None, "unit_amount_decimal": None},
            {"unit_amount": None, "model": PricingModel.UNKNOWN},
        ),
        ({"billing_scheme": None}, {"vendor_model": None}),
        ({"billing_scheme": "auction"}, {"model": PricingModel.UNKNOWN, "vendor_model": "auction"}),
    ],
)
def test_each_shape_of_a_price_reads_right(walk: Walk, stripe: StripeProvider, sent: dict[str, Any], expected: dict[str, Any]) -> None:
    """Cases 17, 26, 27 and 34."""
    assert read(walk, stripe, **sent) == with_(**expected)


STEPS = [
    {"up_to": 10, "flat_amount": 500, "unit_amount": None},
    {"up_to": None, "flat_amount_decimal": "900.5", "unit_amount_decimal": "0"},
]
MIXED = [{"up_to": 10, "flat_amount": 500, "unit_amount": None}, {"up_to": None, "flat_amount": 900, "unit_amount": 5}]
DECIMAL = [{"up_to": None, "flat_amount": 900, "unit_amount_decimal": "0.5"}]


@pytest.mark.parametrize(
    ("mode", "tiers", "model"),
    [
        ("graduated", ..., PricingModel.GRADUATED),
        ("graduated", STEPS, PricingModel.GRADUATED),
        ("volume", ..., PricingModel.VOLUME),
        ("volume", [], PricingModel.VOLUME),
        ("volume", MIXED, PricingModel.VOLUME),
        ("volume", DECIMAL, PricingModel.VOLUME),
        ("volume", [{"up_to": None, "unit_amount": 0}], PricingModel.VOLUME),
        ("volume", STEPS, PricingModel.STAIRSTEP),
        ("spiral", ..., PricingModel.UNKNOWN),
    ],
)
def test_tiers_read_as_their_model(walk: Walk, stripe: StripeProvider, mode: str, tiers: Any, model: PricingModel) -> None:
    found = read(
        walk,
        stripe,
        billing_scheme="tiered",
        tiers_mode=mode,
        tiers=tiers,
        unit_amount=None,
        unit_amount_decimal=None,
        transform_quantity=None,
    )
    assert found == with_(model=model, vendor_model=mode, unit_amount=None)


def test_an_amount_that_is_no_decimal_is_a_protocol_error(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(ProtocolError):
        read(walk, stripe, unit_amount_decimal="many")


@pytest.mark.parametrize(
    ("query", "filters"),
    [(PriceQuery(), ""), (PriceQuery(product="pro", active=True), "product=pro&active=true&"), (PriceQuery(active=False), "active=false&")],
)
def test_list_prices(walk: Walk, stripe: StripeProvider, query: PriceQuery, filters: str) -> None:
    answer = {"data": [PRICE_WIRE, {**PRICE_WIRE, "id": "price_2"}], "has_more": True}
    page = walk(stripe.prices.list(query), (f"GET /v1/prices?{filters}limit=100", None, answer))
    second = with_(id="price_2", raw=msgspec.Raw(json.dumps({**PRICE_WIRE, "id": "price_2"}).encode()))
    assert page == Page(items=[PRICE, second], next_cursor="price_2")
