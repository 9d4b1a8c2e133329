"""Money: an exact decimal amount in major units, and its currency.

Does not convert currencies, format for a locale, or know any vendor. Each vendor counts minor units in its own way: its plugin has a
table, a `MinorUnits`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, Inexact, InvalidOperation, Overflow
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Final

import msgspec
from msgspec.structs import force_setattr

from billbridge.errors import CurrencyMismatchError, PrecisionError, ProtocolError, ValidationError
from billbridge.toolkit.pydantic import LazySerializer, json_schema, struct_schema

# Sums and products never round. A result that needs more digits raises `PrecisionError`.
_TOO_LONG: Final = (Inexact, InvalidOperation, Overflow)
_EXACT: Final = Context(prec=60, traps=list(_TOO_LONG))
# The integers of vendors are kept, however long they are.
_WIDE: Final = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=list(_TOO_LONG))
_CODES: Final = set[str]()
"""A cache of valid currencies: a page of invoices holds thousands of amounts in the same few."""


class Money(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """An exact amount in major units (19.00 USD, 500 JPY, 1.234 KWD) of one ISO 4217 currency.

    `amount` is a `Decimal`, an `int`, or a decimal string. A `float` or `bool` raises `ValidationError`, because 0.1 has no exact
    float. `currency` is the three-letter code, in any case. Two amounts with the same value are equal: 19.0 USD == 19.00 USD.

    `sum(...)` works; the sum of nothing is 0. Adding or comparing two currencies raises `CurrencyMismatchError`. Formats are those of
    `Decimal`, and "c" at the end adds the currency: `f"{money:,.2f}"` is "1,234.50", and `f"{money:,.2fc}"` is "1,234.50 USD".
    msgspec and Pydantic write and read `{"amount": "19.00", "currency": "USD"}`.
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

    __pydantic_serializer__: ClassVar = LazySerializer()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> object:
        """Let Pydantic and FastAPI read and write `{"amount": "19.00", "currency": "USD"}`."""
        return struct_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: object, handler: object) -> dict[str, object]:
        """Describe the two fields, for OpenAPI."""
        return json_schema(cls)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return an amount of 0."""
        return cls(0, currency)

    @classmethod
    def from_minor(cls, minor: int, currency: str, exponent: int) -> Money:
        """Convert minor units to money. A major unit has `10 ** exponent` minor units; `exponent` is the vendor's, not that of ISO 4217."""
        if type(minor) is not int:
            raise ValidationError(f"minor units are an int, not {type(minor).__name__}", param="minor")
        return cls(_WIDE.multiply(minor, _unit(exponent)), currency)

    def to_minor(self, exponent: int, param: str = "amount") -> int:
        """Convert to a whole number of minor units. Never rounds.

        Raises `PrecisionError` if the amount is finer than one unit, or has more than 60 digits. `param` is the argument that it names.
        """
        scaled = self._scaled(exponent, param)
        if scaled != scaled.to_integral_value():
            raise PrecisionError(
                f"{self} is finer than the {exponent} decimal places that can be sent",
                param=param,
                hint="round the amount before you pass it; Billbridge does not round",
            )
        return int(scaled)

    def _scaled(self, exponent: int, param: str) -> Decimal:
        """The amount in minor units, with a fraction if it is finer."""
        try:
            scaled = self.amount.scaleb(_exponent(exponent), _EXACT)
        except _TOO_LONG:
            raise _beyond(param) from None
        if scaled and scaled.adjusted() >= _EXACT.prec:
            raise _beyond(param)
        return scaled

    def __add__(self, other: Money) -> Money:
        amount = self._same(other).amount
        return Money(_exactly(_EXACT.add, self.amount, amount), self.currency)

    def __radd__(self, other: int) -> Money:
        """Let `sum` begin with 0. Any other number raises `TypeError`."""
        if type(other) is int and other == 0:
            return self
        raise TypeError(f"cannot add {type(other).__name__} and Money; write Money(amount, {self.currency!r})")

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
        """Return False for an amount of 0."""
        return bool(self.amount)

    def __format__(self, spec: str) -> str:
        """Format as `Decimal` does; "c" at the end of `spec` adds the currency. An empty `spec` gives `str(money)`."""
        if spec in ("", "c"):
            return str(self)
        return f"{self.amount:{spec[:-1]}} {self.currency}" if spec.endswith("c") else f"{self.amount:{spec}}"

    def __str__(self) -> str:
        return f"{_written(self.amount)} {self.currency}"

    def __repr__(self) -> str:
        return f"Money('{_written(self.amount)}', '{self.currency}')"

    def _same(self, other: Money) -> Money:
        if not isinstance(other, Money):
            raise TypeError(
                f"Money can only be added to or compared with Money, not {type(other).__name__}; write Money(amount, {self.currency!r})"
            )
        if other.currency != self.currency:
            raise CurrencyMismatchError(
                f"{self.currency} and {other.currency} cannot be added or compared",
                hint="convert one amount first: Billbridge does not convert currencies",
            )
        return other


class MinorUnits(msgspec.Struct, frozen=True, dict=True):
    """How one vendor writes money as integers. Vendors differ: 5 KWD is 5000 at Stripe and 500 at Chargebee.

    `exponents` holds the decimal places of currencies that differ from `default`. `steps` holds the currencies whose integers must be
    multiples of a number.
    """

    exponents: Mapping[str, int]
    steps: Mapping[str, int]
    default: int = 2

    def exponent(self, currency: str) -> int:
        """Return the decimal places of the integers in `currency` (upper case)."""
        return self.exponents.get(currency, self.default)

    def is_whole(self, money: Money, param: str = "amount") -> bool:
        """Return whether the amount is a whole number of minor units. Raises `PrecisionError` for more than 60 digits."""
        scaled = money._scaled(self.exponent(money.currency), param)
        return scaled == scaled.to_integral_value()

    def pack(self, money: Money, param: str = "amount") -> int:
        """Convert money to the vendor's integer.

        Raises `PrecisionError` if the vendor cannot hold it exactly. `param` is the argument that it names.
        """
        minor = money.to_minor(self.exponent(money.currency), param)
        step = self.steps.get(money.currency, 1)
        if minor % step:
            least = Money.from_minor(step, money.currency, self.exponent(money.currency))
            raise PrecisionError(
                f"{money} cannot be sent: {money.currency} amounts must be a multiple of {least}",
                param=param,
                hint="round the amount before you pass it; Billbridge does not round",
            )
        return minor

    def unpack(self, minor: int, currency: str) -> Money:
        """Convert the vendor's integer to money; `currency` in any case.

        Raises `ValidationError` if `minor` is not an int, and `ProtocolError` if `currency` is not one.
        """
        if type(minor) is not int:
            raise ValidationError(f"minor units are an int, not {type(minor).__name__}", param="minor")
        return self.of(currency)(minor)

    def of(self, currency: str) -> Callable[[int], Money]:
        """Return a function that converts many integers of one currency. Raises `ProtocolError` if `currency` is not one.

        A third to a half of the amounts on an invoice are 0: those share one object.
        """
        known = self._known.get(currency)
        if known is None:
            known = self._known[currency] = self._reader(vendor_currency(currency))
        return known

    def _reader(self, code: str) -> Callable[[int], Money]:
        exponent, multiply = self.exponent(code), _WIDE.multiply
        unit, nothing = _unit(exponent), Money.from_minor(0, code, exponent)
        return lambda minor: Money(multiply(minor, unit), code) if minor else nothing

    @cached_property
    def _known(self) -> dict[str, Callable[[int], Money]]:
        """A cache of these functions, by the currency as the vendor writes it."""
        return {}


def currency_code(text: object) -> str:
    """Return the ISO 4217 code in upper case. Raises `ValidationError` if it is not three letters."""
    if isinstance(text, str) and len(text) == 3 and text.isascii() and text.isalpha():
        code = text.upper()
        _CODES.add(code)
        return code
    got = f"a text of {len(text)} characters" if isinstance(text, str) else type(text).__name__
    raise ValidationError(f"currency must be a three-letter ISO 4217 code such as 'USD', not {got}", param="currency")


def vendor_currency(text: str) -> str:
    """Return a vendor's currency in upper case. Raises `ProtocolError` if it is not three letters."""
    if text in _CODES:
        return text
    try:
        return currency_code(text)
    except ValidationError:
        raise ProtocolError("the vendor sent a currency that is not a three-letter code") from None


def _exactly(compute: Callable[..., Decimal], *numbers: Decimal | int | Context) -> Decimal:
    try:
        return compute(*numbers)
    except _TOO_LONG:
        raise _beyond() from None


def _unit(exponent: int) -> Decimal:
    """Return the value of one minor unit in major units."""
    return Decimal(1).scaleb(-_exponent(exponent), _EXACT)


def _exponent(number: object) -> int:
    """Return the decimal places of a minor unit. Raises `ValidationError` for what cannot be."""
    if type(number) is not int or abs(number) > _EXACT.prec:
        raise ValidationError(f"exponent must be a small int, such as 2, not {type(number).__name__}", param="exponent")
    return number


def _written(amount: Decimal) -> str:
    """Write the amount without an exponent, unless the text would be longer than 60 digits."""
    return f"{amount:f}" if abs(amount.adjusted()) < _EXACT.prec else str(amount)


def _beyond(param: str | None = None) -> PrecisionError:
    return PrecisionError(f"{param or 'the result'} needs more than {_EXACT.prec} digits", param=param)


def _exact_decimal(amount: object) -> Decimal:
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int | str):
        raise ValidationError(
            f"amount must be a Decimal, an int or a decimal string, not {type(amount).__name__}",
            param="amount",
            hint="write Money('19.99', 'USD'): a float such as 19.99 is not exactly that number",
        )
    try:
        value = amount if isinstance(amount, Decimal) else Decimal(amount)
    except InvalidOperation:
        raise ValidationError("amount must be a decimal number such as '19.99', not another text", param="amount") from None
    if not value.is_finite():
        raise ValidationError("amount must be a finite number, not infinity or NaN", param="amount")
    return value
