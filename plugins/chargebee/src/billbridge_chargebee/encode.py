"""Encode parameters for Chargebee's forms. Does not know any endpoint.

Chargebee takes lists of objects by column, with the index last: `subscription_items[quantity][1]=2`. A column that an element lacks has a
gap, and the other elements keep their index (chargebee-python 3.29, `util.serialize`). None is left out. The official SDK sends an empty
string for None; here you pass "" to clear a field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.toolkit.forms import form_text, form_value, not_unicode, plain_value, refusing
from billbridge.toolkit.interning import Interned

_JSON_PARAMS: Final = frozenset({"meta_data", "metadata", "exemption_details", "additional_information", "payment_method_options"})
"""Parameters whose whole value is one JSON text (the SDK's `jsonKeys`)."""
_JSON_OPERATORS: Final = frozenset({"in", "not_in", "between"})
"""Filter operators that take a JSON array. It needs double quotes; chargebee-python 3.29 sends single ones, chargebee-node does not."""
_NAMES: Final = Interned(form_text)
"""A cache of names as they are sent."""
_JSON: Final = msgspec.json.Encoder(decimal_format="number")


def encode(params: Mapping[str, Any]) -> str:
    """Encode `params` as a form body or a query string. `billbridge.toolkit.forms` has the rules for values.

    Raises `ValidationError` that names the parameter for a value that those rules refuse, and for what Chargebee has no form for.
    """
    with refusing():
        pairs = [pair for name, value in params.items() if value is not None for pair in _named(name, name, value)]
        return "&".join([f"{_NAMES[name]}={form_text(text)}" for name, text in pairs])


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
    if isinstance(value, Mapping | list | tuple | msgspec.Raw):
        try:
            return _JSON.encode(_plain(key, value)).decode()
        except UnicodeEncodeError:
            raise not_unicode() from None
    return form_value(key, value)


def _plain(key: str, value: Any) -> Any:
    """Return JSON data: the values by the rules of forms, all the way down."""
    if isinstance(value, Mapping):
        return {str(name): _plain(key, each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(key, each) for each in value]
    return value if value is None or isinstance(value, msgspec.Raw) else plain_value(key, value)
