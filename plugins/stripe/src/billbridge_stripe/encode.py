"""Stripe's form encoding: nested dicts and lists as `items[0][price]=p`. Pure; knows no parameter's name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from typing import Any, Final
from urllib.parse import quote_plus

from billbridge.errors import ValidationError
from billbridge.toolkit.forms import form_text
from billbridge.toolkit.interning import Interned
from billbridge.toolkit.timestamps import to_unix

_NAMES: Final = Interned(partial(quote_plus, safe="[]"))
"""The names as they are sent, with their brackets: they are always the same few."""


def encode(params: Mapping[str, Any] | None) -> str:
    """`params` as a form body or a query string, in the order given; lists get a number per element.

    None is left out (in lists too), "" is sent and clears a field, booleans are `true` and `false`, a `Decimal` is plain text, a
    datetime Unix seconds (UTC), an enum its value. Raises `ValidationError` for a float, a naive datetime, a value of another type,
    and for a key that is empty or holds a bracket, which Stripe would read as another key.
    """
    pairs: list[str] = []
    try:
        _add(pairs, "", params or {})
    except UnicodeEncodeError:
        raise ValidationError("a parameter is not valid Unicode text", provider="stripe") from None
    return "&".join(pairs)


def _add(pairs: list[str], name: str, value: Any) -> None:
    """The pairs of one named value, which is not None. What most values are comes first, and what asks for more than a class last."""
    kind = type(value)
    if kind is str:
        pairs.append(f"{_NAMES[name]}={form_text(value)}")
    elif kind is int:
        pairs.append(f"{_NAMES[name]}={value}")
    elif kind is list or kind is tuple:
        for index, inner in enumerate([element for element in value if element is not None]):
            _add(pairs, f"{name}[{index}]", inner)
    elif kind is dict or isinstance(value, Mapping):
        for key, inner in value.items():
            if name or inner is not None:  # the names of most parameters that there are come with None
                _check_key(key, name)
            if inner is not None:
                _add(pairs, f"{name}[{key}]" if name else key, inner)
    elif isinstance(value, list | tuple):
        _add(pairs, name, list(value))
    else:
        pairs.append(f"{_NAMES[name]}={form_text(_text(name, value))}")


def _text(name: str, value: Any) -> str:
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal) and value.is_finite():
        return f"{value:f}"
    if isinstance(value, datetime) and value.tzinfo is not None:
        return str(to_unix(value))
    hint = {float: "pass a Decimal or a string", datetime: "say which zone: datetime(2026, 1, 31, tzinfo=UTC)"}.get(type(value))
    raise ValidationError(f"{name}: a {type(value).__name__} such as this cannot be sent", param=name, hint=hint)


def _check_key(key: object, inside: str) -> None:
    if not isinstance(key, str) or not key or "[" in key or "]" in key:
        raise ValidationError(f"a key{f' of {inside}' if inside else ''} is empty, holds a bracket or is not text", param=inside or None)
