"""Encode values for forms and queries (`application/x-www-form-urlencoded`).

Every vendor takes values by the same rules, which are here. Each vendor nests names its own way; see the `encode` module of its plugin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Final

from billbridge.errors import ValidationError
from billbridge.toolkit.interning import Interned
from billbridge.toolkit.timestamps import to_unix

_HINTS: Final = {
    float: "pass a Decimal or a string: the digits of a float are not the ones you wrote",
    datetime: "add the zone, such as datetime(2026, 1, 31, tzinfo=UTC)",
    Decimal: "pass a finite number",
    dict: "pass a single value here",
    list: "pass a single value here",
}
_ESCAPED: Final = re.compile(r"[^A-Za-z0-9_.~-]")
_ESCAPED_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_.~\[\]-]")


def form_text(text: str) -> str:
    """Encode `text` as `urllib.parse.quote_plus` does, in a third of the time.

    Raises `ValidationError` for half a surrogate pair, which is not valid Unicode text.
    """
    return _ESCAPED.sub(_escape, text)


def form_name(name: str) -> str:
    """Encode the name of a parameter as `form_text` does, with its brackets as they are: `items[0][price]`."""
    return _ESCAPED_IN_NAMES.sub(_escape, name)


def form_value(name: str, value: object) -> str:
    """Return a value as the text that a form carries, not escaped yet.

    Booleans are `true` and `false`, a `Decimal` is plain digits, a datetime is Unix seconds (UTC), an enum is its value. Raises
    `ValidationError` that names the parameter `name` for a float (its digits are not what you wrote), a naive datetime, and any other type.
    """
    plain = plain_value(name, value)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return f"{plain:f}" if isinstance(plain, Decimal) else str(plain)


def plain_value(name: str, value: object) -> str | int | Decimal:
    """Return a value by the same rules, as data that JSON can carry: datetimes as Unix seconds (UTC), enums as their values."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str | int) or (isinstance(value, Decimal) and value.is_finite()):
        return value
    if isinstance(value, datetime) and value.tzinfo is not None:
        return to_unix(value)
    raise ValidationError(f"{name} cannot be sent as {type(value).__name__}", param=name, hint=_HINTS.get(type(value)))


@contextmanager
def refusing(param: str = "params") -> Iterator[None]:
    """Turn what Python raises for parameters that no form can carry into `ValidationError`.

    Such parameters are nested too deeply, or hold themselves, a key that is not text, or an integer with more digits than Python prints.
    """
    try:
        yield
    except RecursionError:
        raise ValidationError(f"{param} is nested too deeply, or holds itself", param=param) from None
    except ValueError:
        raise ValidationError(f"{param} holds an integer with too many digits", param=param) from None
    except TypeError:
        raise ValidationError(f"{param} holds a key that is not text", param=param) from None


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES[found[0]]


def _escaped(character: str) -> str:
    from urllib.parse import quote_plus  # imported here: it is needed once for each character

    try:
        return quote_plus(character)
    except UnicodeEncodeError:
        raise not_unicode() from None


def not_unicode() -> ValidationError:
    """Return the error for a text with half of a surrogate pair, which no encoding can carry."""
    return ValidationError(
        "a parameter is not valid Unicode text: it holds half of a surrogate pair",
        param="params",
        hint="remove the character before you pass the text",
    )


_ESCAPES: Final = Interned(_escaped)
