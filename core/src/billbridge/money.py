"""Money: an exact decimal amount in major units, and one currency.

Does not convert currencies, format for a locale, or know any vendor: how many minor units a vendor counts is the vendor's
own table, kept in its plugin as a `MinorUnits`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, Inexact, InvalidOperation, Overflow
from functools import cached_property
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import force_setattr

from billbridge.errors import CurrencyMismatchError, PrecisionError, ProtocolError, ValidationError

# Sums and products of money never round: what needs more digits than these raises instead.
_TOO_LONG: Final = (Inexact, InvalidOperation, Overflow)
_EXACT: Final = Context(prec=60, traps=list(_TOO_LONG))
# What vendors count is kept whatever its length.
_WIDE: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=list(_TOO_LONG))
_CODES: Final = set[str]()
"""The currencies that were seen and are ones: a page of invoices holds thousands of amounts in the same few."""


class Money(msgspec.Struct, frozen=True, gc=False):
    """An exact amount in major units (19.00 USD, 500 JPY, 1.234 KWD) of one ISO 4217 currency.

    `amount` is a `Decimal`, an `int`, or a decimal string; a `float` or `bool` raises `ValidationError`, because 0.1 has no exact
    float. `currency` is the three-letter code; it is kept upper case. Two amounts are equal when their values are
    (19.0 USD == 19.00 USD). Adding or comparing two currencies raises `CurrencyMismatchError`. As JSON, msgspec writes and reads
    `{"amount": "19.00", "currency": "USD"}`.
    """

    amount: Decimal
    currency: str

    if TYPE_CHECKING:

        def __init__(self, amount: Decimal | int | str, currency: str) -> None: ...

    def __post_init__(self) -> None:
        if type(self.amount) is not Decimal or not self.amount.is_finite():
            force_setattr(self, "amount", _exact_decimal(self.amount))
        if type(self.currency) is not str or self.currency not in _CODES:
            force_setattr(self, "currency", currency_code(self.currency))

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in `currency`: the start of a `sum`."""
        return cls(0, currency)

    @classmethod
    def from_minor(cls, minor: int, currency: str, exponent: int) -> Money:
        """The amount that `minor` units are when one major unit has `10 ** exponent` of them (the vendor's exponent, not ISO's)."""
        if type(minor) is not int:
            raise ValidationError(f"minor units are an int, not {type(minor).__name__}", param="minor")
        return cls(_WIDE.multiply(minor, _unit(exponent)), currency)

    def to_minor(self, exponent: int) -> int:
        """The whole number of minor units; `PrecisionError` if the amount is finer than one unit. Never rounds."""
        scaled = _exactly(self.amount.scaleb, exponent, _EXACT)
        if scaled != scaled.to_integral_value():
            raise PrecisionError(
                f"{self} is finer than the {exponent} decimal places that can be sent",
                hint="round the amount yourself before you pass it; nothing is rounded for you",
            )
        return int(scaled)

    def __add__(self, other: Money) -> Money:
        amount = self._same(other).amount
        return Money(_exactly(_EXACT.add, self.amount, amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        amount = self._same(other).amount
        return Money(_exactly(_EXACT.subtract, self.amount, amount), self.currency)

    def __mul__(self, factor: int | Decimal) -> Money:
        exact = _exact_decimal(factor)
        return Money(_exactly(_EXACT.multiply, self.amount, exact), self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(self.amount.copy_negate() if self.amount else self.amount, self.currency)

    def __abs__(self) -> Money:
        return Money(self.amount.copy_abs(), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other).amount

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other).amount

    def __gt__(self, other: Money) -> bool:
        return self.amount > self._same(other).amount

    def __ge__(self, other: Money) -> bool:
        return self.amount >= self._same(other).amount

    def __bool__(self) -> bool:
        """False for an amount of zero."""
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{_written(self.amount)} {self.currency}"

    def __repr__(self) -> str:
        return f"Money('{_written(self.amount)}', '{self.currency}')"

    def _same(self, other: Money) -> Money:
        if not isinstance(other, Money):
            raise TypeError(f"money goes with money only, not with {type(other).__name__}")
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} cannot be added or compared")
        return other


class MinorUnits(msgspec.Struct, frozen=True, dict=True):
    """How one vendor writes money as integers: a table, because vendors disagree (5 KWD is 5000 at Stripe, 500 at Chargebee).

    `exponents` holds the currencies that differ from `default`; `steps` those whose integers must be a multiple of something.
    """

    exponents: Mapping[str, int]
    steps: Mapping[str, int]
    default: int = 2

    def exponent(self, currency: str) -> int:
        """Decimal places of the integers in `currency` (upper case)."""
        return self.exponents.get(currency, self.default)

    def pack(self, money: Money) -> int:
        """The vendor's integer for `money`; `PrecisionError` when the vendor cannot hold it exactly."""
        minor = money.to_minor(self.exponent(money.currency))
        step = self.steps.get(money.currency, 1)
        if minor % step:
            least = Money.from_minor(step, money.currency, self.exponent(money.currency))
            raise PrecisionError(
                f"{money} cannot be sent: {money.currency} amounts must be a multiple of {least}",
                hint="round the amount yourself before you pass it; nothing is rounded for you",
            )
        return minor

    def unpack(self, minor: int, currency: str) -> Money:
        """The `Money` of the vendor's integer; `currency` in either case. `ValidationError` for no int, `ProtocolError` for no currency."""
        if type(minor) is not int:
            raise ValidationError(f"minor units are an int, not {type(minor).__name__}", param="minor")
        return self.of(currency)(minor)

    def of(self, currency: str) -> Callable[[int], Money]:
        """The same for many ints in one currency, each of which must be one. `ProtocolError` for what is no currency.

        A third to a half of the amounts on an invoice are nothing: those are one object.
        """
        known = self._known.get(currency)
        if known is None:
            known = self._known[currency] = self._reader(_sent_currency(currency))
        return known

    def _reader(self, code: str) -> Callable[[int], Money]:
        exponent, multiply = self.exponent(code), _WIDE.multiply
        unit, nothing = _unit(exponent), Money.from_minor(0, code, exponent)
        return lambda minor: Money(multiply(minor, unit), code) if minor else nothing

    @cached_property
    def _known(self) -> dict[str, Callable[[int], Money]]:
        """What makes the amounts of each currency that was seen, as the vendor writes it. Only what was checked is kept."""
        return {}


def currency_code(text: object) -> str:
    """The ISO 4217 code in upper case; `ValidationError` if it is not three letters."""
    if isinstance(text, str) and len(text) == 3 and text.isascii() and text.isalpha():
        code = text.upper()
        _CODES.add(code)
        return code
    raise ValidationError("a currency is a three-letter ISO 4217 code such as 'USD'", param="currency")


def _sent_currency(text: str) -> str:
    try:
        return currency_code(text)
    except ValidationError:
        raise ProtocolError("the vendor sent a currency that is none") from None


def _exactly(compute: Callable[..., Decimal], *numbers: Decimal | int | Context) -> Decimal:
    try:
        return compute(*numbers)
    except _TOO_LONG:
        raise _beyond() from None


def _unit(exponent: int) -> Decimal:
    """What one minor unit is in major ones."""
    return Decimal(1).scaleb(-exponent, _EXACT)


def _written(amount: Decimal) -> str:
    """Without an exponent, unless that would be absurdly long."""
    return f"{amount:f}" if abs(amount.adjusted()) < _EXACT.prec else str(amount)


def _beyond() -> PrecisionError:
    return PrecisionError(f"the result needs more than {_EXACT.prec} digits")


def _exact_decimal(amount: object) -> Decimal:
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int | str):
        raise ValidationError(
            f"an amount is a Decimal, an int or a decimal string, not {type(amount).__name__}",
            param="amount",
            hint="write Money('19.99', 'USD'): a float such as 19.99 is not exactly that number",
        )
    try:
        value = amount if isinstance(amount, Decimal) else Decimal(amount)
    except InvalidOperation:
        raise ValidationError("an amount must be a decimal number such as '19.99'", param="amount") from None
    if not value.is_finite():
        raise ValidationError("an amount must be a finite number", param="amount")
    return value
