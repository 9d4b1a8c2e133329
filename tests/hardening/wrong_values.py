"""Values of every kind that a user may pass by mistake, for every parameter and type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from billbridge import UNSET, Address, Customer, Interval, Item, Money, Shipping, Tier
from billbridge.model import NewCustomer


class Ambiguous:
    """Has no truth value and compares to no bool, as an array of NumPy does."""

    __hash__ = None  # type: ignore[assignment]  # as an array has none

    def __bool__(self) -> bool:
        raise ValueError("the truth value of an array is ambiguous")

    def __eq__(self, other: object) -> Any:
        return self


class Text(str):
    """A text of a class of its own, as templates give."""


class Number(int):
    """An integer of a class of its own."""


class Unprintable:
    """Has no repr."""

    def __repr__(self) -> str:
        raise RuntimeError("this has no repr")

    __str__ = __repr__


def _round() -> list[Any]:
    circle: list[Any] = []
    circle.append(circle)
    return circle


def _round_dict() -> dict[str, Any]:
    circle: dict[str, Any] = {}
    circle["a"] = circle
    return circle


def _deep() -> dict[str, Any]:
    deep: dict[str, Any] = {}
    for _ in range(5_000):
        deep = {"a": deep}
    return deep


def _letters() -> Iterator[str]:
    yield from "ab"


def _struct(kind: Any, **wrong: Any) -> Any:
    """A struct of the model that checks nothing when it is made, with fields of wrong types."""
    return kind(**wrong)


WRONG: Final[dict[str, Callable[[], Any]]] = {
    "None": lambda: None,
    "True": lambda: True,
    "0": lambda: 0,
    "-1": lambda: -1,
    "a large integer": lambda: 10**30,
    "an integer that Python does not print": lambda: 10**5000,
    "an integer of a class of its own": lambda: Number(3),
    "a float": lambda: 1.5,
    "NaN": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "a decimal": lambda: Decimal("1.5"),
    "a decimal NaN": lambda: Decimal("NaN"),
    "a signalling NaN": lambda: Decimal("sNaN"),
    "a huge decimal": lambda: Decimal("1E+999999"),
    "a tiny decimal": lambda: Decimal("1E-999999"),
    "a complex number": lambda: 1j,
    "bytes": lambda: b"x",
    "a byte array": lambda: bytearray(b"x"),
    "an empty text": lambda: "",
    "a text": lambda: "x",
    "a blank text": lambda: " ",
    "half a surrogate pair": lambda: "\ud800",
    "a NUL": lambda: "a\x00b",
    "a line break": lambda: "a\r\nb",
    "a text of 10,000 characters": lambda: "x" * 10_000,
    "a text of 5,000 digits": lambda: "9" * 5_000,
    "a text of a class of its own": lambda: Text("x"),
    "an empty list": list,
    "a list of None": lambda: [None],
    "a list of different types": lambda: ["x", 1, object()],
    "a list that holds itself": _round,
    "a list of items": lambda: [Item(price="x")],
    "a list of texts": lambda: ["x", "y"],
    "an empty dict": dict,
    "a dict of an object": lambda: {"a": object()},
    "a dict with a number as key": lambda: {1: 2},
    "a dict of None": lambda: {"a": None},
    "a dict of a number": lambda: {"a": 1},
    "a dict of half a surrogate pair": lambda: {"a": "\ud800", "\ud800": "a"},
    "a dict of a large integer": lambda: {"a": 10**5000},
    "a dict that holds itself": _round_dict,
    "a dict that is 5,000 deep": _deep,
    "a tuple": lambda: (),
    "a pair": lambda: ("x", "y"),
    "a list of a pair with half a surrogate pair": lambda: [("\ud800", "x")],
    "a set": lambda: {"x"},
    "a generator": _letters,
    "an object": object,
    "an object without a truth value": Ambiguous,
    "an object without a repr": Unprintable,
    "a class": lambda: int,
    "a function": lambda: _letters,
    "an exception": lambda: ValueError("x"),
    "a naive datetime": lambda: datetime(2026, 1, 1),
    "the last datetime": lambda: datetime.max.replace(tzinfo=UTC),
    "the first datetime, elsewhere": lambda: datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    "a date": lambda: date(2026, 1, 1),
    "a duration": lambda: timedelta(1),
    "a path": lambda: Path("/nowhere/billbridge"),
    "a UUID": lambda: UUID(int=1),
    "UNSET": lambda: UNSET,
    "undecoded JSON": lambda: msgspec.Raw(b"{}"),
    "money": lambda: Money(1, "USD"),
    "money in another currency": lambda: Money(1, "KWD"),
    "negative money": lambda: Money(-1, "USD"),
    "huge money": lambda: Money(Decimal("1E+999999"), "USD"),
    "money that Python does not print": lambda: Money(10**5000, "USD"),
    "tiny money": lambda: Money(Decimal("1E-999999"), "USD"),
    "an enum": lambda: Interval.MONTH,
    "an item": lambda: Item(price="x"),
    "an entity": lambda: Customer(provider="stripe", id="cus_1"),
    "a draft": lambda: NewCustomer(email="ada@example.com"),
    "an address of numbers": lambda: _struct(Address, line1=3, country=object()),
    "a shipping address of numbers": lambda: _struct(Shipping, name=3, address="x"),
    "tiers of texts": lambda: [_struct(Tier, up_to="x", unit_amount=3), _struct(Tier, up_to=1.5, flat_amount="x")],
    "tiers of huge numbers": lambda: [
        Tier(up_to=10**5000, unit_amount=Money(1, "USD")),
        Tier(up_to=10**5000, unit_amount=Money(Decimal("1E+999999"), "USD")),
    ],
}
"""Each by a name, for the report. They are made anew for each call, because some can be used only once."""
