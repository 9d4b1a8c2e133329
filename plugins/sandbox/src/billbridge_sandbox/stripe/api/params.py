"""Checks a request's parameters at every depth against tables of legal names, and turns the strings into values.

It knows the rules of Stripe's form parameters, and no resource. A parser takes the raw value and the parameter's full name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from billbridge_sandbox.kernel.forms import Nested
from billbridge_sandbox.stripe.api.errors import invalid, missing, not_simulated

Parser: TypeAlias = Callable[[Nested, str], Any]

_EMPTY = (
    "You passed an empty string for '{0}'. We assume empty values are an attempt to unset a parameter; however '{0}' cannot be unset."
    " You should remove '{0}' from your request or supply a non-empty value."
)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class Params:
    """The legal parameters of one endpoint or of one hash inside it.

    `not_simulated` names the parameters that Stripe takes and the sandbox refuses; every other
    name is unknown.
    """

    fields: Mapping[str, Parser] = field(default_factory=dict[str, Parser])
    required: tuple[str, ...] = ()
    not_simulated: str = ""

    def __call__(self, value: Nested, name: str) -> dict[str, Any]:
        """Parse the hash called `name` ("" at the top). Raises StripeError for the first error."""
        if not isinstance(value, dict):
            raise invalid(f"Invalid hash: {name}", param=name, code="parameter_invalid_empty" if value == "" else None)
        full = {key: f"{name}[{key}]" if name else key for key in (*value, *self.required)}
        refused = self.not_simulated.split()
        for key in value:
            if key in refused:
                raise not_simulated(f"the parameter {full[key]}", full[key])
            if key not in self.fields:
                raise invalid(f"Received unknown parameter: {full[key]}", code="parameter_unknown", param=full[key])
        for key in self.required:
            if key not in value:
                raise missing(full[key])
        return {key: self.fields[key](raw, full[key]) for key, raw in value.items()}


def text(value: Nested, name: str) -> str:
    """A string that cannot be unset, of 5000 characters at most."""
    if not isinstance(value, str):
        raise invalid(f"Invalid string: {name}", param=name)
    if value == "":
        raise invalid(_EMPTY.format(name), code="parameter_invalid_empty", param=name)
    return _short(value, name, 5000)


def integer(value: Nested, name: str) -> int:
    """A whole number."""
    shown = text(value, name)
    if not re.fullmatch(r"-?[0-9]{1,18}", shown):
        raise invalid(f"Invalid integer: {shown}", code="parameter_invalid_integer", param=name)
    return int(shown)


def between(low: int, high: int) -> Parser:
    """A whole number of `low` to `high`."""

    def parse(value: Nested, name: str) -> int:
        number = integer(value, name)
        if not low <= number <= high:
            bound = f"greater than or equal to {low}" if number < low else f"less than or equal to {high}"
            message = f"This value must be {bound} (it currently is '{number}')."
            raise invalid(message, code="parameter_invalid_integer", param=name)
        return number

    return parse


def decimal(value: Nested, name: str) -> Decimal:
    """A decimal string of twelve places at most, not negative."""
    shown = text(value, name)
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,12})?", shown):
        raise invalid(f"Invalid decimal: {shown}; must contain at most 12 decimal places.", code="parameter_invalid_decimal", param=name)
    return Decimal(shown)


def percentage(value: Nested, name: str) -> float:
    """More than 0 and at most 100, two decimal places at most. A float, because Stripe sends percentages as JSON numbers."""
    shown = text(value, name)
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2}0*)?", shown) or not 0 < Decimal(shown) <= 100:
        raise invalid(f"Invalid {name}: {shown}; it must be more than 0 and at most 100, with two decimal places at most.", param=name)
    return float(shown)


def boolean(value: Nested, name: str) -> bool:
    """`true` or `false`."""
    shown = text(value, name)
    if shown not in ("true", "false"):
        raise invalid(f"Invalid boolean: {shown}", param=name)
    return shown == "true"


def choice(*options: str) -> Parser:
    """One of the listed words."""

    def parse(value: Nested, name: str) -> str:
        shown = text(value, name)
        if shown not in options:
            raise invalid(f"Invalid {name}: must be one of {', '.join(options[:-1])} or {options[-1]}", param=name)
        return shown

    return parse


def email(value: Nested, name: str) -> str:
    """An e-mail address of 512 characters at most."""
    shown = _short(text(value, name), name, 512)
    if not _EMAIL.fullmatch(shown):
        raise invalid(f"Invalid email address: {shown}", code="email_invalid", param=name)
    return shown


def clearable(parser: Parser) -> Parser:
    """Also takes the empty string, which means None: unset it."""

    def parse(value: Nested, name: str) -> Any:
        return None if value == "" else parser(value, name)

    return parse


def many(parser: Parser, limit: int = 100) -> Parser:
    """A list, sent as `name[]=` or numbered `name[0]=`."""

    def parse(value: Nested, name: str) -> list[Any]:
        rows: list[tuple[str, Nested]]
        if isinstance(value, list):
            rows = [(str(index), row) for index, row in enumerate(value)]
        elif isinstance(value, dict) and all(key.isdecimal() for key in value):
            rows = sorted(value.items(), key=lambda row: int(row[0]))
        else:
            raise invalid("Invalid array", param=name, code="parameter_invalid_empty" if value == "" else None)
        if len(rows) > limit:
            raise invalid(f"Array {name} exceeded maximum {limit} allowed elements.", param=name)
        return [parser(row, f"{name}[{index}]") for index, row in rows]

    return parse


def mapping(parser: Parser, key: Callable[[str, str], str]) -> Parser:
    """A hash with free keys, such as currencies; `key` checks and spells each."""

    def parse(value: Nested, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise invalid(f"Invalid hash: {name}", param=name)
        return {key(one, name): parser(inner, f"{name}[{one}]") for one, inner in value.items()}

    return parse


def integer_or(*words: str) -> Parser:
    """A whole number, or one of the listed words."""

    def parse(value: Nested, name: str) -> int | str:
        return value if isinstance(value, str) and value in words else integer(value, name)

    return parse


def metadata(value: Nested, name: str) -> dict[str, str] | None:
    """A patch of metadata; None clears all. An empty value deletes its key. Keys of 40 and values of 500 characters at most."""
    if value == "":
        return None
    if not isinstance(value, dict):
        raise invalid("Invalid hash", param=name)
    for key, shown in value.items():
        if len(key) > 40:
            raise invalid(f"Metadata keys can be at most 40 characters long; '{key[:40]}...' is {len(key)}.", param=name)
        if not isinstance(shown, str):
            raise invalid("Metadata values must be strings", param=f"{name}[{key}]")
        if len(shown) > 500:
            raise invalid("Metadata values can have up to 500 characters.", param=f"{name}[{key}]")
    return {key: shown for key, shown in value.items() if isinstance(shown, str)}


def patched(current: dict[str, str], patch: dict[str, str] | None) -> dict[str, str]:
    """`current` with a parsed metadata patch applied. Raises StripeError for more than 50 keys."""
    merged = {key: value for key, value in {**current, **(patch or {})}.items() if value} if patch is not None else {}
    if len(merged) > 50:
        raise invalid("Metadata can have up to 50 keys.", param="metadata")
    return merged


def _short(value: str, name: str, limit: int) -> str:
    if len(value) > limit:
        raise invalid(f"Invalid string: {value[:8]}...; must be at most {limit} characters", param=name)
    return value


EXPAND: dict[str, Parser] = {"expand": many(text)}
ADDRESS = Params({part: clearable(text) for part in ("city", "country", "line1", "line2", "postal_code", "state")})
