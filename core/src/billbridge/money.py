"""Money: an exact decimal amount in major units, and one currency.

Does not convert currencies, format for a locale, or know any vendor: how many minor units a vendor counts is the vendor's
own table, kept in its plugin as a `MinorUnits`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, Inexact, InvalidOperation, Overflow
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

import msgspec

from billbridge.errors import CurrencyMismatchError, PrecisionError, ValidationError

# Sums and products of money never round: what needs more digits than these raises instead.
_DIGITS: Final = 60
_MOST: Final = 10**_DIGITS
_TOO_LONG: Final = (Inexact, InvalidOperation, Overflow)
_EXACT: Final = Context(prec=_DIGITS, traps=list(_TOO_LONG))
# Moves the point of any number that there is; nothing is counted in it.
_WIDE: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)


class Money:
    """An exact amount in major units (19.00 USD, 500 JPY, 1.234 KWD) of one ISO 4217 currency.

    `amount` is a `Decimal`, an `int`, or a decimal string; a `float` or `bool` raises `ValidationError`, because 0.1 has no exact
    float. `currency` is the three-letter code; it is kept upper case. Two amounts are equal when their values are
    (19.0 USD == 19.00 USD). Adding or comparing two currencies raises `CurrencyMismatchError`. Zero has no sign.
    """

    __slots__ = ()
    __match_args__ = ("amount", "currency")

    if TYPE_CHECKING:  # what `Counted` holds, and what `Money(...)` takes

        def __init__(self, amount: Decimal | int | str, currency: str) -> None: ...

        @property
        def currency(self) -> str: ...
        @property
        def _places(self) -> int: ...
        @property
        def _scaled(self) -> int: ...

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with as many decimal places as it was written with."""
        return Decimal(self._scaled).scaleb(-self._places, _WIDE)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in `currency`: the start of a `sum`."""
        return cls(0, currency)

    @classmethod
    def from_minor(cls, minor: int, currency: str, exponent: int) -> Money:
        """The amount that `minor` units are when one major unit has `10 ** exponent` of them (the vendor's exponent, not ISO's)."""
        if type(minor) is not int:
            raise ValidationError(f"minor units are an int, not {type(minor).__name__}", param="minor")
        return Counted(exponent, currency_code(currency), minor)

    def to_minor(self, exponent: int) -> int:
        """The whole number of minor units; `PrecisionError` if the amount is finer than one unit. Never rounds."""
        if exponent == self._places:
            return self._scaled
        minor = self.amount.scaleb(exponent, _WIDE)
        if minor != minor.to_integral_value():
            raise PrecisionError(
                f"{self} is finer than the {exponent} decimal places that can be sent",
                hint="round the amount yourself before you pass it; nothing is rounded for you",
            )
        if minor.adjusted() >= _DIGITS:
            raise _beyond()
        return int(minor)

    def __add__(self, other: Money) -> Money:
        if self._same(other)._places == self._places and abs(total := self._scaled + other._scaled) < _MOST:
            return Counted(self._places, self.currency, total)
        return Money(_exactly(_EXACT.add, self.amount, other.amount), self.currency)

    def __sub__(self, other: Money) -> Money:
        return self + -self._same(other)

    def __mul__(self, factor: int | Decimal) -> Money:
        places, scaled = _exact(factor)
        product = self._scaled * scaled
        if abs(product) >= _MOST:
            raise _beyond()
        return Counted(self._places + places, self.currency, product)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Counted(self._places, self.currency, -self._scaled)

    def __abs__(self) -> Money:
        return Counted(self._places, self.currency, abs(self._scaled))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        if self._places == other._places:
            return self._scaled == other._scaled and self.currency == other.currency
        return self.currency == other.currency and self.amount == other.amount

    def __hash__(self) -> int:
        return hash((self.amount, self.currency))

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
        return bool(self._scaled)

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


class Counted(Money, msgspec.Struct, frozen=True, gc=False, eq=False, rename={"_places": "places", "_scaled": "scaled"}):
    """What every `Money` is: `scaled` units, of which `10 ** places` are one major unit, and a currency in upper case. Checks nothing.

    A page of invoices holds thousands of amounts, and few of them are looked at: this takes a fifth of making a `Decimal` for each.
    """

    # Fields are what the properties of `Money` promise.
    _places: int  # pyright: ignore[reportIncompatibleMethodOverride]
    currency: str  # pyright: ignore[reportIncompatibleMethodOverride]
    _scaled: int  # pyright: ignore[reportIncompatibleMethodOverride]


def _new(cls: type[Money], amount: Decimal | int | str, currency: str) -> Money:
    places, scaled = _exact(amount)
    return Counted(places, currency_code(currency), scaled)


Money.__new__ = _new  # type: ignore[assignment,method-assign]  # only now, because msgspec refuses a base class that has one


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
        """The `Money` that the vendor's integer means; `currency` in either case. `ValidationError` for no int, and for no currency."""
        if type(minor) is not int:
            raise ValidationError(f"minor units are an int, not {type(minor).__name__}", param="minor")
        return self.of(currency)(minor)

    def of(self, currency: str) -> Callable[[int], Money]:
        """The same for many ints in one currency, each of which must be one. `ValidationError` for no currency."""
        known = self._known.get(currency)
        if known is None:
            code = currency_code(currency)
            known = self._known[currency] = partial(Counted, self.exponent(code), code)
        return known

    @cached_property
    def _known(self) -> dict[str, Callable[[int], Money]]:
        """What makes the amounts of each currency that was seen, as the vendor writes it. Only what was checked is kept."""
        return {}


def currency_code(text: object) -> str:
    """The ISO 4217 code in upper case; `ValidationError` if it is not three letters."""
    if isinstance(text, str) and len(text) == 3 and text.isascii() and text.isalpha():
        return text.upper()
    raise ValidationError("a currency is a three-letter ISO 4217 code such as 'USD'", param="currency")


def _exactly(compute: Callable[..., Decimal], *numbers: Decimal | int | Context) -> Decimal:
    try:
        return compute(*numbers)
    except _TOO_LONG:
        raise _beyond() from None


def _written(amount: Decimal) -> str:
    """Without an exponent, unless that would be absurdly long."""
    return f"{amount:f}" if abs(amount.adjusted()) < _DIGITS else str(amount)


def _beyond() -> PrecisionError:
    return PrecisionError(f"the result needs more than {_EXACT.prec} digits")


def _exact(amount: object) -> tuple[int, int]:
    """An amount as decimal places, and the number without the point."""
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int | str):
        raise ValidationError(
            f"an amount is a Decimal, an int or a decimal string, not {type(amount).__name__}",
            param="amount",
            hint="write Money('19.99', 'USD'): a float such as 19.99 is not exactly that number",
        )
    if isinstance(amount, int):
        return 0, int(amount)
    try:
        value = Decimal(amount)
    except InvalidOperation:
        raise ValidationError("an amount must be a decimal number such as '19.99'", param="amount") from None
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):  # a letter for what is infinite or no number
        raise ValidationError("an amount must be a finite number", param="amount")
    return -exponent, int(value.scaleb(-exponent, _WIDE))
