"""New prices: every model of pricing as Stripe takes it, exactly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from billbridge.errors import PrecisionError, ValidationError
from billbridge.model import NewPrice, Tier
from billbridge.money import Money
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
EXPAND = "&expand[0]=tiers&expand[1]=currency_options"
PRICE_WIRE: dict[str, Any] = {"id": "price_1", "currency": "usd"}
USD = Money("19.00", "USD")
MONTHLY = "recurring[interval]=month&recurring[interval_count]=1"


@pytest.mark.parametrize(
    ("new", "body"),
    [
        (
            NewPrice(product="pro", amount=USD, every="month"),
            "product=pro&currency=usd&unit_amount=1900&recurring[interval]=month&recurring[interval_count]=1",
        ),
        (
            NewPrice(product="pro", amount=Money("0.005", "USD"), every="day", allow_fractional=True),
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
        (NewPrice(product="pro", amount=USD, every=None), "product=pro&currency=usd&unit_amount=1900"),
        (
            NewPrice(product="pro", amount=USD, every=None, model="package", package_size=10, tax_behavior="inclusive"),
            "product=pro&currency=usd&unit_amount=1900&transform_quantity[divide_by]=10&transform_quantity[round]=up&tax_behavior=inclusive",
        ),
        (
            NewPrice(
                product="pro", amount=USD, every=None, currency_options=[Money(500, "JPY"), Money("0.005", "EUR")], allow_fractional=True
            ),
            "product=pro&currency=usd&unit_amount=1900&currency_options[jpy][unit_amount]=500"
            "&currency_options[eur][unit_amount_decimal]=0.5",
        ),
        (
            NewPrice(product="pro", amount=USD, every=None, currency_options=[Money(9, "EUR")], tax_behavior="inclusive"),
            "product=pro&currency=usd&unit_amount=1900&currency_options[eur][unit_amount]=900"
            "&currency_options[eur][tax_behavior]=inclusive&tax_behavior=inclusive",
        ),
        (
            NewPrice(product="pro", amount=USD, every="month", usage_type="metered", meter="mtr_1"),
            f"product=pro&currency=usd&unit_amount=1900&{MONTHLY}&recurring[usage_type]=metered&recurring[meter]=mtr_1",
        ),
        (
            NewPrice(
                product="pro",
                every="month",
                model="graduated",
                tiers=[
                    Tier(up_to=10, unit_amount=Money("0.5", "USD"), flat_amount=Money(3, "USD")),
                    Tier(up_to=20, flat_amount=Money("0.005", "USD")),
                    Tier(unit_amount=Money("0.005", "USD")),
                ],
            ),
            "product=pro&currency=usd&billing_scheme=tiered&tiers_mode=graduated&tiers[0][up_to]=10&tiers[0][unit_amount]=50"
            "&tiers[0][flat_amount]=300&tiers[1][up_to]=20&tiers[1][flat_amount_decimal]=0.5&tiers[2][up_to]=inf"
            f"&tiers[2][unit_amount_decimal]=0.5&{MONTHLY}",
        ),
        (
            NewPrice(product="pro", every="month", model="volume", tiers=[Tier(unit_amount=Money(500, "JPY"))]),
            f"product=pro&currency=jpy&billing_scheme=tiered&tiers_mode=volume&tiers[0][up_to]=inf&tiers[0][unit_amount]=500&{MONTHLY}",
        ),
        (
            NewPrice(product="pro", every="month", model="stairstep", tiers=[Tier(up_to=1, flat_amount=USD), Tier(flat_amount=USD)]),
            "product=pro&currency=usd&billing_scheme=tiered&tiers_mode=volume&tiers[0][up_to]=1&tiers[0][flat_amount]=1900"
            f"&tiers[1][up_to]=inf&tiers[1][flat_amount]=1900&{MONTHLY}",
        ),
    ],
)
def test_create_price(walk: Walk, stripe: StripeProvider, new: NewPrice, body: str) -> None:
    """Cases 1, 25, 27 and 30: Stripe numbers the tiers, each with all its parts."""
    assert walk(stripe.prices.create(new), ("POST /v1/prices", body + EXPAND, PRICE_WIRE)).id == "price_1"


@pytest.mark.parametrize(
    "new",
    [
        {"amount": Money("1.234", "KWD")},
        {"amount": USD, "currency_options": [Money("1.234", "KWD")]},
        {"model": "volume", "tiers": [Tier(unit_amount=Money("1.234", "KWD"))]},
        {"model": "stairstep", "tiers": [Tier(flat_amount=Money("0.01", "UGX"))]},
    ],
)
def test_a_price_that_cannot_be_held_exactly_is_never_sent(walk: Walk, stripe: StripeProvider, new: dict[str, Any]) -> None:
    """Case 25."""
    with pytest.raises(PrecisionError):
        walk(stripe.prices.create(NewPrice(product="pro", every="month", **new)))


def test_a_metered_price_without_a_meter_is_never_sent(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(ValidationError) as caught:
        walk(stripe.prices.create(NewPrice(product="pro", amount=USD, every="month", usage_type="metered")))
    assert (caught.value.param, caught.value.provider) == ("meter", "stripe")


def test_our_own_metadata_key_is_refused_in_a_new_price(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(ValidationError) as caught:
        walk(stripe.prices.create(NewPrice(product="pro", amount=USD, every="month", metadata={"billbridge_model": "flat"})))
    assert caught.value.param == "metadata"
