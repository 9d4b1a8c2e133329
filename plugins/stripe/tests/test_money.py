"""Stripe's minor units, exactly (case 25), and never a float (case 26)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from billbridge.errors import PrecisionError
from billbridge.money import Money
from billbridge_stripe.money import MINOR, amount_params, exact_amount, written_amount
from hypothesis import given
from hypothesis import strategies as st

ZERO = ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
THREE = ["BHD", "JOD", "KWD", "OMR", "TND"]


@pytest.mark.parametrize(
    ("amount", "currency", "params"),
    [
        ("19.00", "USD", {"unit_amount": 1900}),
        ("0", "USD", {"unit_amount": 0}),
        ("500", "JPY", {"unit_amount": 500}),
        ("1.230", "KWD", {"unit_amount": 1230}),
        ("5", "KWD", {"unit_amount": 5000}),
        ("5", "ISK", {"unit_amount": 500}),
        ("5", "UGX", {"unit_amount": 500}),
        ("10.45", "HUF", {"unit_amount": 1045}),
        ("0.005", "USD", {"unit_amount_decimal": Decimal("0.5")}),
        ("0.00500", "USD", {"unit_amount_decimal": Decimal("0.5")}),
        ("0.12345678901234", "EUR", {"unit_amount_decimal": Decimal("12.345678901234")}),
        ("0.5", "JPY", {"unit_amount_decimal": Decimal("0.5")}),
    ],
)
def test_unit_prices_are_the_exact_integers_that_stripe_takes(amount: str, currency: str, params: dict[str, object]) -> None:
    made = amount_params("unit_amount", Money(amount, currency))
    assert made == params
    assert [str(value) for value in made.values()] == [str(value) for value in params.values()]
    assert not any(isinstance(value, float) for value in made.values())


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("1.234", "KWD"),
        ("1.2345", "KWD"),
        ("5.5", "ISK"),
        ("5.555", "ISK"),
        ("0.01", "UGX"),
        ("0.123456789012345", "USD"),
        ("1e-13", "JPY"),
    ],
)
def test_a_price_that_stripe_cannot_charge_exactly_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(PrecisionError):
        amount_params("unit_amount", Money(amount, currency))


def test_every_currency_has_the_exponent_and_the_step_of_stripes_page() -> None:
    assert MINOR.exponents == {**dict.fromkeys(ZERO, 0), **dict.fromkeys(THREE, 3)}
    assert MINOR.steps == {**dict.fromkeys(THREE, 10), "ISK": 100, "UGX": 100}
    assert MINOR.default == 2


@given(st.integers(0, 10**12), st.sampled_from(["USD", "KWD", "JPY", "ISK", "TWD"]))
def test_what_is_sent_reads_back_as_the_same_money(steps: int, currency: str) -> None:
    money = MINOR.unpack(steps * MINOR.steps.get(currency, 1), currency.lower())
    assert exact_amount(Decimal(amount_params("unit_amount", money)["unit_amount"]), currency.lower()) == money


@given(st.decimals(0, 10**9, places=12, allow_nan=False))
def test_a_decimal_price_reads_back_as_the_same_money(minor: Decimal) -> None:
    money = exact_amount(minor, "usd")
    params = amount_params("unit_amount", money)
    (value,) = params.values()
    assert exact_amount(Decimal(value), "usd") == money
    assert money.currency == "USD"


@given(st.decimals(-(10**25), 10**25, places=12) | st.integers(-(10**25), 10**25), st.sampled_from(["usd", "KWD", "jpy"]))
def test_an_amount_that_is_read_from_its_text_is_the_one_that_is_reckoned(minor: Decimal | int, currency: str) -> None:
    expected = exact_amount(Decimal(minor), currency)
    found = written_amount(f"{minor:f}" if isinstance(minor, Decimal) else str(minor), currency)
    assert (found, str(found)) == (expected, str(expected))
