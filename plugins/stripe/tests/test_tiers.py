"""Tiers go to Stripe and come back without loss, whatever they are (case 30)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from billbridge.model import NewPrice, Price, PricingModel, Tier
from billbridge.money import Money
from billbridge_stripe import wire_catalog as wire
from billbridge_stripe.encode import encode
from billbridge_stripe.money import exact_amount
from billbridge_stripe.translate.prices import new_price, price
from hypothesis import given
from hypothesis import strategies as st

CURRENCIES = {"USD": 1, "JPY": 1, "KWD": 10, "ISK": 100}


@st.composite
def new_prices(draw: st.DrawFn) -> NewPrice:
    currency = draw(st.sampled_from(sorted(CURRENCIES)))
    step = CURRENCIES[currency]
    whole = st.integers(0, 10**9).map(lambda minor: exact_amount(Decimal(minor * step), currency))
    fine = st.decimals(0, 1000, places=12).map(lambda minor: exact_amount(minor, currency))
    amounts = whole if step > 1 else whole | fine
    model = draw(st.sampled_from([PricingModel.GRADUATED, PricingModel.VOLUME, PricingModel.STAIRSTEP]))
    ends = sorted(draw(st.sets(st.integers(1, 10**6), max_size=5)))
    pairs = {
        PricingModel.GRADUATED: st.tuples(st.none() | amounts, amounts) | st.tuples(amounts, st.none()),
        # A volume price whose tiers cost nothing per unit is a stairstep under another name.
        PricingModel.VOLUME: st.tuples(amounts.filter(bool), st.none() | amounts),
        PricingModel.STAIRSTEP: st.tuples(st.none(), amounts),
    }
    tiers = []
    for end in [*ends, None]:
        unit, flat = draw(pairs[model])
        tiers.append(Tier(up_to=end, unit_amount=unit, flat_amount=flat))
    return NewPrice(product="pro", every="month", model=model, tiers=tiers)


def answer(body: str) -> dict[str, Any]:
    """What Stripe answers to these parameters: the amounts both ways, and null in place of `inf`."""
    sent: dict[str, Any] = {}
    for name, value in parse_qsl(body):
        node, *keys = name.replace("]", "").split("[")
        sent.setdefault(node, {})[tuple(keys)] = value
    tiers: list[dict[str, Any]] = []
    for (index, name), value in sent["tiers"].items():
        if int(index) == len(tiers):
            tiers.append({"up_to": None, "unit_amount": None, "unit_amount_decimal": None, "flat_amount": None})
        tiers[-1].update({name: value if name.endswith("_decimal") else None if value == "inf" else int(value)})
    plain = {name: value[()] for name, value in sent.items() if () in value}
    return {"id": "price_1", **plain, "tiers": tiers, "recurring": {"interval": "month"}}


def read(body: bytes) -> Price:
    return price(msgspec.json.decode(body, type=wire.Price), body)


@given(new_prices())
def test_tiers_come_back_as_they_went(new: NewPrice) -> None:
    """Case 30, with the endless last tier, amounts per unit and flat, and the stairstep that is volume tiers at Stripe."""
    found = read(json.dumps(answer(encode(new_price(new)))).encode())
    assert (found.model, found.tiers, found.currency, found.unit_amount) == (new.model, new.tiers, new.currency, None)


def test_a_tier_that_is_free_is_no_tier_without_an_amount() -> None:
    tiers = [Tier(up_to=5, unit_amount=Money(0, "USD")), Tier(unit_amount=Money(1, "USD"))]
    new = NewPrice(product="pro", every="month", model="graduated", tiers=tiers)
    assert read(json.dumps(answer(encode(new_price(new)))).encode()).tiers == tiers
