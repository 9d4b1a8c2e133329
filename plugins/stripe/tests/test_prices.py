"""Prices: every request exactly, every field, every pricing model."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from billbridge.errors import NotFoundError, ProtocolError, ValidationError
from billbridge.model import (
    Interval,
    Page,
    Price,
    PricePatch,
    PriceQuery,
    PriceType,
    PricingModel,
    TaxBehavior,
    Tier,
    UsageType,
)
from billbridge.model.raw import RawJson
from billbridge.money import Money
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
GET = "GET /v1/prices/price_1?expand[0]=tiers&expand[1]=currency_options"
EXPAND = "&expand[0]=tiers&expand[1]=currency_options"
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
    "tax_behavior": "exclusive",
    "tiers_mode": None,
    "transform_quantity": None,
    "type": "recurring",
    "unit_amount": 1900,
    "unit_amount_decimal": "1900",
}
PRICE = Price(
    provider="stripe",
    id="price_1",
    raw=RawJson(json.dumps(PRICE_WIRE).encode()),
    product_id="pro",
    currency="USD",
    type=PriceType.RECURRING,
    model=PricingModel.PER_UNIT,
    unit_amount=Money("19.00", "USD"),
    interval=Interval.MONTH,
    interval_count=3,
    tax_behavior=TaxBehavior.EXCLUSIVE,
    lookup_key="pro-monthly",
    nickname="Monthly",
    active=False,
    metadata={"a": "1"},
    vendor_model="per_unit",
    vendor_interval="month",
    created_at=AT,
)


EVERY = PRICE_WIRE["recurring"]
KNOWN = [Interval.DAY, Interval.WEEK, Interval.MONTH, Interval.YEAR]


def read(walk: Walk, stripe: StripeProvider, **changes: Any) -> Price:
    """The price with some fields sent otherwise; `raw` put aside."""
    wire = {name: value for name, value in {**PRICE_WIRE, **changes}.items() if value is not ...}
    found: Price = walk(stripe.prices.get("price_1"), (GET, None, wire))
    return msgspec.structs.replace(found, raw=PRICE.raw)


def with_(**changes: Any) -> Price:
    return msgspec.structs.replace(PRICE, **changes)


def test_get_price(walk: Walk, stripe: StripeProvider) -> None:
    assert walk(stripe.prices.get("price_1"), (GET, None, PRICE_WIRE)) == PRICE


def test_the_least_of_a_price_reads_too(walk: Walk, stripe: StripeProvider) -> None:
    wire = {"id": "price_1", "currency": "usd"}
    bare = Price(provider="stripe", id="price_1", raw=RawJson(json.dumps(wire).encode()), product_id="", currency="USD")
    bare = msgspec.structs.replace(bare, type=PriceType.ONE_TIME)
    assert walk(stripe.prices.get("price_1"), (GET, None, wire)) == bare


PACKAGE = {"package_size": 10, "unit_amount": None, "package_amount": PRICE.unit_amount}


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
        *(({"recurring": {**EVERY, "interval": each.value}}, {"interval": each, "vendor_interval": each.value}) for each in KNOWN),
        ({"type": "lifelong"}, {"type": PriceType.UNKNOWN}),
        ({"type": ...}, {}),
        ({"recurring": {"interval": "decade"}}, {"interval": Interval.UNKNOWN, "interval_count": 1, "vendor_interval": "decade"}),
        ({"transform_quantity": {"divide_by": 10, "round": "up"}}, {"model": PricingModel.PACKAGE, **PACKAGE}),
        ({"transform_quantity": {"divide_by": 10, "round": "down"}}, {"model": PricingModel.UNKNOWN, **PACKAGE}),
        ({"transform_quantity": {"divide_by": 10}}, {"model": PricingModel.UNKNOWN, **PACKAGE}),
        ({"recurring": {**EVERY, "usage_type": "metered", "meter": "mtr_1"}}, {"usage_type": UsageType.METERED, "meter_id": "mtr_1"}),
        ({"recurring": {**EVERY, "usage_type": "guessed"}}, {"usage_type": UsageType.UNKNOWN}),
        ({"recurring": {**EVERY, "trial_period_days": 14}}, {"trial_days": 14}),
        ({"tax_behavior": "inclusive"}, {"tax_behavior": TaxBehavior.INCLUSIVE}),
        ({"tax_behavior": "unspecified"}, {"tax_behavior": TaxBehavior.UNSPECIFIED}),
        ({"tax_behavior": "odd"}, {"tax_behavior": TaxBehavior.UNKNOWN}),
        ({"tax_behavior": None}, {"tax_behavior": None}),
        (
            {"currency_options": {"usd": {"unit_amount": 1900}, "jpy": {"unit_amount": 500}, "kwd": {"unit_amount_decimal": "0.5"}}},
            {"currency_options": [Money(500, "JPY"), Money("0.0005", "KWD")]},
        ),
        ({"currency_options": {"eur": {"unit_amount": None, "tiers": [], "custom_unit_amount": {}}}}, {"currency_options": []}),
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
STAIRS = [Tier(up_to=10, flat_amount=Money(5, "USD")), Tier(flat_amount=Money("9.005", "USD"))]
CLIMB = [Tier(up_to=10, flat_amount=Money(5, "USD")), Tier(flat_amount=Money("9.005", "USD"), unit_amount=Money(0, "USD"))]
MIXED = [{"up_to": 10, "flat_amount": 500, "unit_amount": None}, {"up_to": None, "flat_amount": 900, "unit_amount": 5}]
BOTH = [Tier(up_to=10, flat_amount=Money(5, "USD")), Tier(flat_amount=Money(9, "USD"), unit_amount=Money("0.05", "USD"))]
DECIMAL = [{"up_to": None, "flat_amount": 900, "unit_amount_decimal": "0.5"}]
FINE = [Tier(flat_amount=Money(9, "USD"), unit_amount=Money("0.005", "USD"))]
FREE = [Tier(unit_amount=Money(0, "USD"))]


@pytest.mark.parametrize(
    ("mode", "sent", "model", "tiers"),
    [
        ("graduated", ..., PricingModel.GRADUATED, None),
        ("graduated", STEPS, PricingModel.GRADUATED, CLIMB),
        ("volume", ..., PricingModel.VOLUME, None),
        ("volume", None, PricingModel.VOLUME, None),
        ("volume", [], PricingModel.VOLUME, None),
        ("volume", MIXED, PricingModel.VOLUME, BOTH),
        ("volume", DECIMAL, PricingModel.VOLUME, FINE),
        ("volume", [{"up_to": None, "unit_amount": 0}], PricingModel.VOLUME, FREE),
        ("volume", STEPS, PricingModel.STAIRSTEP, STAIRS),
        ("spiral", ..., PricingModel.UNKNOWN, None),
    ],
)
def test_tiers_read_as_their_model(
    walk: Walk, stripe: StripeProvider, mode: str, sent: Any, model: PricingModel, tiers: list[Tier] | None
) -> None:
    """Case 30."""
    found = read(
        walk,
        stripe,
        billing_scheme="tiered",
        tiers_mode=mode,
        tiers=sent,
        unit_amount=None,
        unit_amount_decimal=None,
        transform_quantity=None,
    )
    assert found == with_(model=model, vendor_model=mode, unit_amount=None, tiers=tiers)


def test_an_amount_that_is_no_decimal_is_a_protocol_error(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(ProtocolError):
        read(walk, stripe, unit_amount_decimal="many")


@pytest.mark.parametrize(
    ("query", "filters"),
    [
        (PriceQuery(), ""),
        (PriceQuery(product="pro", active=True), "product=pro&active=true&"),
        (PriceQuery(active=False), "active=false&"),
        (PriceQuery(currency="EUR", type="one_time"), "currency=eur&type=one_time&"),
        (PriceQuery(lookup_keys=["a", "b"]), "lookup_keys[0]=a&lookup_keys[1]=b&"),
    ],
)
def test_list_prices(walk: Walk, stripe: StripeProvider, query: PriceQuery, filters: str) -> None:
    """Case 3: Stripe numbers the values of a filter."""
    answer = {"data": [PRICE_WIRE, {**PRICE_WIRE, "id": "price_2"}], "has_more": True}
    line = f"GET /v1/prices?{filters}expand[0]=data.tiers&expand[1]=data.currency_options&limit=100"
    page = walk(stripe.prices.list(query), (line, None, answer))
    second = with_(id="price_2", raw=RawJson(json.dumps({**PRICE_WIRE, "id": "price_2"}).encode()))
    assert page == Page(items=[PRICE, second], next_cursor="price_2")


ONE = "POST /v1/prices/price_1"
WHOLE = EXPAND[1:]


@pytest.mark.parametrize(
    ("patch", "body"),
    [
        (PricePatch(), ""),
        (PricePatch(nickname="N", metadata={"a": "1", "b": ""}), "nickname=N&metadata[a]=1&metadata[b]=&"),
        (PricePatch(nickname=None), "nickname=&"),
        (PricePatch(metadata={}), ""),
    ],
)
def test_update_price(walk: Walk, stripe: StripeProvider, patch: PricePatch, body: str) -> None:
    assert walk(stripe.prices.update("price_1", patch), (ONE, body + WHOLE, PRICE_WIRE)) == PRICE


def test_clearing_the_metadata_of_a_price_keeps_what_is_ours(walk: Walk, stripe: StripeProvider) -> None:
    """A flat price would cease to be one: its keys are read first, then cleared one by one."""
    flat = {**PRICE_WIRE, "metadata": {"billbridge_model": "flat", "a": "1", "b": "2"}}
    found = walk(
        stripe.prices.update("price_1", PricePatch(metadata=None)),
        (GET, None, flat),
        (ONE, f"metadata[a]=&metadata[b]={EXPAND}", PRICE_WIRE),
        keys=["key:clear-1eb7c54d5283"],
    )
    assert found == PRICE


def test_clearing_metadata_that_holds_nothing_of_ours_clears_it_whole(walk: Walk, stripe: StripeProvider) -> None:
    """Whatever was in it: a repeated call sends the same, as its idempotency key demands."""
    lines = (GET, None, PRICE_WIRE), (ONE, f"metadata={EXPAND}", PRICE_WIRE)
    assert walk(stripe.prices.update("price_1", PricePatch(metadata=None)), *lines) == PRICE


@pytest.mark.parametrize("key", ["billbridge_model", "billbridge_kind", "billbridge_metered"])
def test_our_own_metadata_keys_are_refused_in_a_change(walk: Walk, stripe: StripeProvider, key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        walk(stripe.prices.update("price_1", PricePatch(metadata={key: ""})))
    assert caught.value.param == "metadata"


def test_archive_and_unarchive_a_price(walk: Walk, stripe: StripeProvider) -> None:
    """Case 68."""
    assert walk(stripe.prices.archive("price_1"), (ONE, f"active=false{EXPAND}", PRICE_WIRE)) == PRICE
    assert walk(stripe.prices.unarchive("price_1"), (ONE, f"active=true{EXPAND}", PRICE_WIRE)) == PRICE


def test_a_deleted_price_is_not_found(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(NotFoundError) as caught:
        walk(stripe.prices.get("price_1"), (GET, None, {"id": "price_1", "deleted": True, "currency": "usd"}))
    assert caught.value.deleted
