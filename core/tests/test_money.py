from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from decimal import Context, Decimal, Inexact, localcontext
from typing import Any

import msgspec
import pytest
from billbridge import Money
from billbridge.errors import CurrencyMismatchError, PrecisionError, ProtocolError, ValidationError
from billbridge.money import MinorUnits
from hypothesis import given
from hypothesis import strategies as st

UNITS = MinorUnits(exponents={"JPY": 0, "KWD": 3}, steps={"KWD": 10, "ISK": 100})


@given(st.integers(-(10**15), 10**15), st.sampled_from(["USD", "JPY", "KWD"]))
def test_minor_units_come_back_as_they_went(minor: int, currency: str) -> None:
    exponent = UNITS.exponent(currency)
    assert Money.from_minor(minor, currency, exponent).to_minor(exponent) == minor


@pytest.mark.parametrize("minor", [1.0, 0.5, True, "5", Decimal(5), None])
def test_minor_units_are_whole_numbers_of_the_type_int(minor: Any) -> None:
    UNITS.unpack(1, "USD")
    with pytest.raises(ValidationError, match="minor units are an int"):
        Money.from_minor(minor, "USD", 2)
    with pytest.raises(ValidationError, match="minor units are an int"):
        UNITS.unpack(minor, "USD")


def test_equal_minor_units_are_equal_money_in_either_case_of_the_currency_and_unequal_exponents_stay_apart() -> None:
    assert UNITS.unpack(1999, "usd") == UNITS.unpack(1999, "USD") == Money("19.99", "USD")
    assert MinorUnits(exponents={"USD": 0}, steps={}).unpack(1999, "usd") == Money(1999, "USD")
    with pytest.raises(ProtocolError, match="a currency that is not a three-letter code"):
        UNITS.unpack(1999, "dollar")


@given(st.integers(-(10**70), 10**70), st.sampled_from(["USD", "usd", "JPY", "KWD"]))
def test_minor_units_of_any_size_are_the_same_money_however_they_are_unpacked_to_the_last_digit(minor: int, currency: str) -> None:
    exponent = UNITS.exponent(currency.upper())
    expected = Money(Decimal(minor).scaleb(-exponent, Context(prec=80)), currency)
    for found in (UNITS.of(currency)(minor), UNITS.unpack(minor, currency), Money.from_minor(minor, currency, exponent)):
        assert (found, str(found), hash(found)) == (expected, str(expected), hash(expected))
        if abs(minor) < 10**60:
            assert found.to_minor(exponent) == minor


def test_a_currency_that_is_none_raises_before_its_amounts_are_made() -> None:
    with pytest.raises(ProtocolError, match="a currency that is not a three-letter code"):
        UNITS.of("e")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_an_amount_that_fits_is_packed_exactly_and_any_other_raises(amount: Decimal) -> None:
    money = Money(amount, "USD")
    if amount == amount.quantize(Decimal("0.01")):
        assert Decimal(UNITS.pack(money)) == amount * 100
    else:
        with pytest.raises(PrecisionError):
            UNITS.pack(money)


@given(st.lists(st.integers(-(10**20), 10**20), min_size=1))
def test_sums_never_round(cents: list[int]) -> None:
    total = sum((Money.from_minor(cent, "USD", 2) for cent in cents), Money.zero("USD"))
    assert total.to_minor(2) == sum(cents)


@pytest.mark.parametrize("amount", [0.1, True, None, b"1", float("nan")])
def test_floats_and_other_inexact_things_are_refused(amount: Any) -> None:
    with pytest.raises(ValidationError, match="Decimal, an int or a decimal string"):
        Money(amount, "USD")


@pytest.mark.parametrize("amount", ["1,50", "", "abc", "NaN", "Infinity", "-Infinity", "sNaN"])
def test_text_that_is_no_finite_number_is_refused(amount: str) -> None:
    with pytest.raises(ValidationError, match="amount must be a"):
        Money(amount, "USD")


@pytest.mark.parametrize("currency", ["", "US", "USDT", "U$D", "ÜSD", 5, None])
def test_a_currency_is_three_letters(currency: Any) -> None:
    with pytest.raises(ValidationError, match="ISO 4217"):
        Money(1, currency)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_an_amount_comes_back_as_it_was_written(amount: Decimal) -> None:
    assert str(Money(amount, "USD").amount) == str(Money(str(amount), "USD").amount) == str(amount)


@given(*[st.decimals(-(10**12), 10**12, allow_nan=False)] * 2)
def test_sums_differences_products_and_order_are_those_of_the_decimals(one: Decimal, other: Decimal) -> None:
    exact, a, b = Context(prec=60, traps=[Inexact]), Money(one, "USD"), Money(other, "USD")
    expected: list[tuple[Callable[[], Money], Callable[[Decimal, Decimal], Decimal]]]
    expected = [(lambda: a + b, exact.add), (lambda: a - b, exact.subtract), (lambda: a * other, exact.multiply)]
    for make, compute in expected:
        try:
            result = compute(one, other)
        except Inexact:
            with pytest.raises(PrecisionError):
                make()
        else:
            assert make().amount == result
    assert [a < b, a <= b, a > b, a >= b, a == b] == [one < other, one <= other, one > other, one >= other, one == other]
    assert a != b or hash(a) == hash(b)


@pytest.mark.parametrize("make", [copy.copy, copy.deepcopy, lambda money: pickle.loads(pickle.dumps(money))])
def test_a_copy_is_the_same_money(make: Callable[[Money], Money]) -> None:
    for money in (Money("-19.00", "usd"), Money.from_minor(5, "KWD", 3)):
        assert (make(money), str(make(money))) == (money, str(money))


@pytest.mark.parametrize("written", [b'{"amount":"19.00","currency":"USD"}', b'{"amount":"-0.005","currency":"KWD"}'])
def test_json_of_msgspec_comes_back_as_it_went(written: bytes) -> None:
    read = msgspec.json.decode(written, type=Money)
    assert msgspec.json.encode(read) == written
    assert str(read).split() == list(msgspec.json.decode(written).values())


@pytest.mark.parametrize(
    "written",
    [
        {"amount": "NaN", "currency": "USD"},
        {"amount": "1", "currency": "dollar"},
        {"amount": "1"},
        {"amount": "1", "currency": "USD", "cents": 5},
    ],
)
def test_json_that_is_no_money_is_refused(written: dict[str, str]) -> None:
    with pytest.raises((ValidationError, msgspec.ValidationError)):
        msgspec.convert(written, Money)


def test_zero_with_an_exponent_is_nothing_and_a_product_that_is_exact_is_made() -> None:
    assert Money("0E+100", "USD").to_minor(2) == 0
    assert Money(10**59, "USD") * 100 == Money("1E61", "USD")
    for beyond in (Decimal("1E-1999999999999999990"), Decimal("1E+999999999")):
        with pytest.raises(PrecisionError):
            Money(beyond, "USD") * beyond


def test_absurd_exponents_cost_nothing_and_raise_where_they_would_be_written_out() -> None:
    huge, tiny = Money("1e999999999", "USD"), Money("1e-999999999", "USD")
    assert huge > tiny > Money.zero("USD")
    assert (str(huge), repr(tiny)) == ("1E+999999999 USD", "Money('1E-999999999', 'USD')")
    impossible: Callable[[], object]
    with pytest.raises(PrecisionError, match="60 digits") as caught:
        Money(10**5000, "USD").to_minor(2, "amount_off")
    assert caught.value.param == "amount_off"
    for impossible in (lambda: huge + tiny, lambda: huge - Money(1, "USD"), lambda: huge.to_minor(2), lambda: tiny.to_minor(2)):
        with pytest.raises(PrecisionError):
            impossible()


def test_parts_can_be_matched_by_position() -> None:
    match Money("19.00", "USD"):
        case Money(amount, currency):
            assert (amount, currency) == (Decimal("19.00"), "USD")


def test_a_currency_is_kept_upper_case() -> None:
    assert Money("1", "usd").currency == "USD"


def test_two_currencies_are_never_mixed() -> None:
    dollar, yen = Money(1, "USD"), Money(1, "JPY")
    operations: list[Callable[[], object]] = [
        lambda: dollar + yen,
        lambda: dollar - yen,
        lambda: dollar < yen,
        lambda: dollar <= yen,
        lambda: dollar > yen,
        lambda: dollar >= yen,
    ]
    for operation in operations:
        with pytest.raises(CurrencyMismatchError, match="USD and JPY"):
            operation()
    assert dollar != yen


def test_money_goes_with_money_only() -> None:
    with pytest.raises(TypeError, match="can only be added to or compared with Money"):
        Money(1, "USD") + 1  # type: ignore[operator]  # that is what is tested


def test_arithmetic_and_order() -> None:
    three, two = Money("3.00", "USD"), Money("2", "USD")
    assert three + two == Money(5, "USD")
    assert three - two == Money("1.0", "USD")
    assert three * 3 == 3 * three == Money(9, "USD")
    assert three * Decimal("0.5") == Money("1.5", "USD")
    assert -three == Money(-3, "USD")
    assert abs(-three) == three
    assert two < three
    assert two <= two
    assert three > two
    assert three >= three
    assert not two > three
    assert not three < two
    assert max([two, three]) is three


def test_a_factor_is_never_a_float_and_a_product_never_rounds() -> None:
    with pytest.raises(ValidationError):
        Money(1, "USD") * 0.5  # type: ignore[operator]  # that is what is tested
    with pytest.raises(PrecisionError, match="60 digits"):
        Money("0." + "1" * 50, "USD") * Decimal("0." + "1" * 50)


def test_equal_amounts_are_equal_and_hash_alike_whatever_their_zeros() -> None:
    assert Money("19.0", "USD") == Money("19.00", "USD")
    assert hash(Money("19.0", "USD")) == hash(Money("19.00", "USD"))


def test_money_cannot_be_changed() -> None:
    money = Money(1, "USD")
    with pytest.raises(AttributeError):
        money.amount = Decimal(2)  # type: ignore[misc]  # that is what is tested


def test_zero_is_falsy_and_text_is_plain() -> None:
    assert not Money.zero("USD")
    assert Money("0.01", "USD")
    assert str(Money(Decimal("1E+3"), "JPY")) == "1000 JPY"
    assert repr(Money("19.00", "USD")) == "Money('19.00', 'USD')"


def test_a_vendors_steps_are_kept() -> None:
    assert UNITS.pack(Money("1.230", "KWD")) == 1230
    with pytest.raises(PrecisionError, match=r"multiple of 0\.010 KWD"):
        UNITS.pack(Money("1.234", "KWD"))
    with pytest.raises(PrecisionError, match=r"multiple of 1\.00 ISK"):
        UNITS.pack(Money("5.50", "ISK"))
    assert UNITS.unpack(500, "jpy") == Money(500, "JPY")
    assert UNITS.unpack(1005, "USD") == Money("10.05", "USD")


def test_the_threads_decimal_context_changes_nothing() -> None:
    with localcontext(Context(prec=3)):
        money = Money("12345.67", "USD")
        assert -money == Money("-12345.67", "USD")
        assert abs(-money) == money
        assert (money + money, money * 3) == (Money("24691.34", "USD"), Money("37037.01", "USD"))
        assert money.to_minor(2) == 1234567
        assert Money.from_minor(1234567, "USD", 2) == money
    assert str(-Money("0.00", "USD")) == "0.00 USD"


def test_what_needs_more_digits_than_are_kept_raises() -> None:
    with pytest.raises(PrecisionError):
        Money("1e50", "USD") + Money("1e-50", "USD")
    with pytest.raises(PrecisionError):
        Money("1e50", "USD") - Money("1e-50", "USD")
    with pytest.raises(PrecisionError):
        Money("9" * 70, "USD").to_minor(2)


@given(st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=4)))
def test_a_sum_is_exact_and_the_sum_of_nothing_is_0(amounts: list[Decimal]) -> None:
    found = sum(Money(amount, "USD") for amount in amounts)
    assert found == (Money(sum(amounts), "USD") if amounts else 0)


@pytest.mark.parametrize("start", [1, 0.0, Decimal(0), False, "0", None])
def test_only_a_plain_0_begins_a_sum(start: Any) -> None:
    with pytest.raises(TypeError, match="cannot add"):
        start + Money(1, "USD")


def test_a_sum_of_two_currencies_is_refused() -> None:
    with pytest.raises(CurrencyMismatchError):
        sum([Money(1, "USD"), Money(1, "EUR")])


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=3), st.sampled_from([",.2f", ".0f", "+.3f", ">20,.2f", "010.1f", "e", "n"])
)
def test_money_is_formatted_as_its_decimal_is(amount: Decimal, spec: str) -> None:
    money = Money(amount, "USD")
    assert f"{money:{spec}}" == f"{amount:{spec}}"
    assert f"{money:{spec}c}" == f"{amount:{spec}} USD"
    assert f"{money}" == f"{money:c}" == str(money)
