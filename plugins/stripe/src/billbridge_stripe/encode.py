"""Encode parameters for Stripe's forms: nested dicts and lists become `items[0][price]=p`. Does not know any parameter's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from billbridge.errors import ValidationError
from billbridge.toolkit.forms import form_name, form_text, form_value, refusing
from billbridge.toolkit.interning import Interned

_NAMES: Final = Interned(form_name)
"""A cache of names as they are sent, with their brackets."""


def encode(params: Mapping[str, Any] | None) -> str:
    """Encode `params` as a form body or a query string, in the order given. Each element of a list gets a number.

    None is left out, in lists too. "" is sent and clears a field. `billbridge.toolkit.forms` has the rules for values. Raises
    `ValidationError` for a value that those rules refuse, and for a key that is empty or holds a bracket, which Stripe would read as
    another key.
    """
    pairs: list[str] = []
    with refusing():
        _add(pairs, "", params or {})
    return "&".join(pairs)


def _add(pairs: list[str], name: str, value: Any) -> None:
    """Add the pairs of one named value, which is not None. The most frequent types are asked for first."""
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
        pairs.append(f"{_NAMES[name]}={form_text(form_value(name, value))}")


def _check_key(key: object, inside: str) -> None:
    if not isinstance(key, str) or not key or "[" in key or "]" in key:
        raise ValidationError(
            f"a key{f' of {inside}' if inside else ''} is empty, holds a bracket or is not text", param=inside or "params"
        )
