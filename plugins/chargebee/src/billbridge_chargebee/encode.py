"""Chargebee's form encoding: nested parameters to one `application/x-www-form-urlencoded` string. Pure; knows no endpoint.

Lists of objects are written by column with the index last (`subscription_items[quantity][1]=2`), so a column that an element lacks leaves
a gap and the others keep their index (chargebee-python 3.29, `util.serialize`). None is left out, although the official SDK sends an empty
string for it: an empty string clears a field and must be asked for as "".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.toolkit.forms import form_text
from billbridge.toolkit.interning import Interned
from billbridge.toolkit.timestamps import to_unix

_JSON_PARAMS: Final = frozenset({"meta_data", "metadata", "exemption_details", "additional_information", "payment_method_options"})
"""Parameters whose whole value is one JSON text (the SDK's `jsonKeys`)."""
_JSON_OPERATORS: Final = frozenset({"in", "not_in", "between"})
"""Filter operators that take a JSON array. It needs double quotes; chargebee-python 3.29 sends single ones, chargebee-node does not."""
_NAMES: Final = Interned(form_text)
"""The names as they are sent: they are always the same few."""
_JSON: Final = msgspec.json.Encoder(decimal_format="number")


def encode(params: Mapping[str, Any]) -> str:
    """The query or body that these parameters are. Booleans become true and false, times Unix seconds, decimals plain text.

    Raises `ValidationError` naming the parameter for a float (its digits are not what was meant), a naive datetime, and what Chargebee
    has no form for.
    """
    try:
        pairs = [pair for name, value in params.items() if value is not None for pair in _named(name, name, value)]
        return "&".join([f"{_NAMES[name]}={form_text(text)}" for name, text in pairs])
    except UnicodeEncodeError:
        raise ValidationError("a parameter is not valid Unicode text", provider="chargebee") from None


def _named(key: str, name: str, value: Any) -> Iterator[tuple[str, str]]:
    """The pairs of one named value; `key` is the name with everything around it."""
    if value is None:
        return
    if type(value) is str or type(value) is int:  # mostly; the rest asks for more than a class
        yield key, str(value)
    elif isinstance(value, Mapping) and name not in _JSON_PARAMS:
        for inner, each in value.items():
            yield from _named(f"{key}[{inner}]", inner, each)
    elif isinstance(value, list | tuple) and name not in _JSON_OPERATORS and name not in _JSON_PARAMS:
        for index, each in enumerate(value):
            yield from _element(key, index, each)
    else:
        yield key, _text(key, value)


def _element(key: str, index: int, value: Any) -> Iterator[tuple[str, str]]:
    """The pairs of one element of a list: a cell in each of its columns, or the value itself. A list in a cell is a JSON array."""
    cells = {f"{key}[{column}]": each for column, each in value.items()} if isinstance(value, Mapping) else {key: value}
    for column, each in cells.items():
        if isinstance(each, Mapping) or (column == key and isinstance(each, list | tuple)):
            raise ValidationError(f"{column}: Chargebee's form encoding cannot hold this inside a list", param=column)
        if each is not None:
            yield f"{column}[{index}]", _text(column, each)


def _text(key: str, value: Any) -> str:
    if type(value) is str:
        return value
    plain = _plain(key, value)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, Decimal):
        return f"{plain:f}"
    return str(plain) if isinstance(plain, str | int) else _JSON.encode(plain).decode()


def _plain(key: str, value: Any) -> Any:
    """`value` with times as seconds and enums as their words, all the way down; `ValidationError` for what is not exact or not data."""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValidationError(f"{key} is a naive datetime", param=key, hint="say which zone: datetime(2026, 1, 31, tzinfo=UTC)")
        return to_unix(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(key, each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(key, each) for each in value]
    if value is None or isinstance(value, str | int | msgspec.Raw) or (isinstance(value, Decimal) and value.is_finite()):
        return value
    raise ValidationError(f"{key} cannot be sent as {type(value).__name__}", param=key, hint="write a number with a fraction as a Decimal")
