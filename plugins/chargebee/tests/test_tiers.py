"""Tiers, both ways. (Vendor map, case 30.)"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from billbridge import Billing
from billbridge.errors import PrecisionError, UnsupportedOperationError
from billbridge.model import PricingModel, Tier
from billbridge.money import Money
from billbridge_chargebee import wire_catalog
from billbridge_chargebee.translate.tiers import read_tiers, sent_tiers
from billbridge_sandbox import Sandbox
from hypothesis import given
from hypothesis import strategies as st

from .test_prices import ITEM_PRICE, read

MODELS = [PricingModel.GRADUATED, PricingModel.VOLUME, PricingModel.STAIRSTEP]


@st.composite
def tiers(draw: st.DrawFn, model: PricingModel, decimals: bool) -> list[Tier]:
    steps = draw(st.lists(st.integers(1, 10**6), max_size=6))
    ends: list[int | None] = [sum(steps[: count + 1]) for count in range(len(steps))]
    amounts = st.decimals(0, 10**9, places=draw(st.integers(0, 12)) if decimals else 2)
    name = "flat_amount" if model is PricingModel.STAIRSTEP else "unit_amount"
    return [Tier(up_to=end, **{name: Money(draw(amounts), "USD")}) for end in [*ends, None]]


def answered(rows: list[dict[str, Any]]) -> list[wire_catalog.PriceTier]:
    """The tiers as Chargebee would answer with them: decimals as texts."""
    sent = [{name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()} for row in rows]
    return msgspec.convert(sent, list[wire_catalog.PriceTier], strict=False)


@given(st.data(), st.sampled_from(MODELS), st.booleans())
def test_tiers_survive_the_round_trip(data: st.DataObject, model: PricingModel, decimals: bool) -> None:
    """Case 30: the last one is endless, a stairstep has flat amounts; nothing is lost."""
    given_tiers = data.draw(tiers(model, decimals))
    rows = sent_tiers(given_tiers, decimals=decimals)
    assert read_tiers(answered(rows), model, "USD") == (model, given_tiers)


@given(st.data(), st.sampled_from(MODELS))
def test_every_unit_is_in_exactly_one_tier(data: st.DataObject, model: PricingModel) -> None:
    """Case 30: whole units begin one after the last end, decimals at it."""
    given_tiers = data.draw(tiers(model, False))
    whole = sent_tiers(given_tiers, decimals=False)
    exact = sent_tiers(given_tiers, decimals=True)
    ends = [0, *(tier.up_to for tier in given_tiers[:-1])]
    assert [(row["starting_unit"], row["ending_unit"]) for row in whole] == [
        (int(end or 0) + 1, tier.up_to) for end, tier in zip(ends, given_tiers, strict=True)
    ]
    assert [(row["starting_unit_in_decimal"], row["ending_unit_in_decimal"]) for row in exact] == [
        (end, tier.up_to) for end, tier in zip(ends, given_tiers, strict=True)
    ]


@pytest.mark.parametrize(("amount", "fits"), [(Money("0.005", "USD"), False), (Money("0.5", "JPY"), False), (Money("1.23", "KWD"), True)])
def test_tiers_are_as_exact_as_prices(amount: Money, fits: bool) -> None:
    """Case 25."""
    rows = sent_tiers([Tier(unit_amount=amount)], decimals=True)
    assert rows == [{"starting_unit_in_decimal": 0, "ending_unit_in_decimal": None, "price_in_decimal": amount.amount}]
    if fits:
        assert sent_tiers([Tier(unit_amount=amount)], decimals=False) == [{"starting_unit": 1, "ending_unit": None, "price": 123}]
    else:
        with pytest.raises(PrecisionError):
            sent_tiers([Tier(unit_amount=amount)], decimals=False)


FIVE = Money(5, "USD")


@pytest.mark.parametrize(
    ("model", "rows", "read_model", "read_as"),
    [
        (
            "tiered",
            [{"starting_unit": 1, "ending_unit": 3, "price": 500, "pricing_type": "flat_fee"}, {"starting_unit": 4, "price": 500}],
            PricingModel.GRADUATED,
            [Tier(up_to=3, flat_amount=FIVE), Tier(unit_amount=FIVE)],
        ),
        ("volume", [{"starting_unit": 1, "price": 500, "pricing_type": "flat_fee"}], PricingModel.STAIRSTEP, [Tier(flat_amount=FIVE)]),
        ("volume", [{"starting_unit": 1, "price": 500, "pricing_type": "per_unit"}], PricingModel.VOLUME, [Tier(unit_amount=FIVE)]),
        ("stairstep", [{"starting_unit": 1, "price": 500}], PricingModel.STAIRSTEP, [Tier(flat_amount=FIVE)]),
        ("stairstep", [{"starting_unit": 1, "price": 500, "pricing_type": "flat_fee"}], PricingModel.STAIRSTEP, [Tier(flat_amount=FIVE)]),
        ("volume", [{"starting_unit": 1, "price": 500, "pricing_type": "new_word"}], PricingModel.UNKNOWN, None),
        (
            "tiered",
            [{"ending_unit": 9, "ending_unit_in_decimal": "2.5", "price": 1, "price_in_decimal": "5"}, {"ending_unit_in_decimal": "4.0"}],
            PricingModel.GRADUATED,
            [Tier(up_to=Decimal("2.5"), unit_amount=FIVE), Tier(up_to=4)],
        ),
        (
            "tiered",
            [
                {"ending_unit": 9, "price": 1, "pricing_type": "package", "package_size": 2},
                {"price": 1, "pricing_type": "package", "package_size": 3},
            ],
            PricingModel.UNKNOWN,
            None,
        ),
    ],
)
def test_tiers_are_read(model: str, rows: list[dict[str, Any]], read_model: PricingModel, read_as: list[Tier] | None) -> None:
    """Cases 17 and 30."""
    price = read(ITEM_PRICE | {"pricing_model": model, "price": None, "tiers": rows})
    assert (price.model, price.tiers, price.unit_amount, price.package_size) == (read_model, read_as, None, None)
    assert price.vendor_model == model


def test_one_tier_of_packages_is_a_price_by_the_package() -> None:
    rows = [{"starting_unit": 1, "price": 500, "pricing_type": "package", "package_size": 10}]
    price = read(ITEM_PRICE | {"pricing_model": "volume", "price": None, "tiers": rows})
    assert (price.model, price.tiers, price.unit_amount) == (PricingModel.PACKAGE, None, None)
    assert (price.package_amount, price.package_size) == (FIVE, 10)


@pytest.mark.parametrize("model", ["graduated", "volume"])
def test_a_tier_with_a_flat_and_a_unit_amount_is_refused_unsent(model: Any) -> None:
    """Case 30."""
    with Billing.connect("chargebee", gateway=Sandbox()) as billing, pytest.raises(UnsupportedOperationError) as caught:
        billing.prices.create(product="p", every="month", model=model, tiers=[Tier(unit_amount=FIVE, flat_amount=FIVE)])
    assert caught.value.capability == "prices.create.flat_amount_in_tiers"
