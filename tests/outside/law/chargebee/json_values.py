"""Checks the places where Chargebee takes JSON: texts inside a form (free-form dicts, filter arrays) and the bodies of its JSON
operations.
"""

from __future__ import annotations

import inspect
import json
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from typing_extensions import is_typeddict

from law.forms import scalar_fits
from law.hints import bare, required_fields

# The SDK types these, of coupons, as lists of dicts. We take them for arrays of ids and codes, as their names say: no sample seen.
TEXT_ARRAYS = ("item_price_ids", "item_family_ids", "currencies")
_KINDS = {dict: "object", list: "array"}


def json_text_problems(text: str, hint: Any) -> list[str]:
    """A free-form dict, or a list of them or of texts, in one form value: valid JSON of the right kind."""
    kind = get_origin(hint) or hint
    try:
        value = json.loads(text)
    except ValueError:
        return [f"not JSON, but a JSON {_KINDS[kind]} is wanted"]
    if not isinstance(value, kind):
        return [f"a JSON {type(value).__name__}, but a JSON {_KINDS[kind]} is wanted"]
    item = get_args(hint)[0] if kind is list else dict
    wanted = get_origin(item) or item
    fitting = kind is dict or all(isinstance(each, wanted) for each in value)
    return [] if fitting else [f"a JSON array of {'texts' if wanted is str else 'objects'} is wanted"]


def json_list_problems(text: str, item: Any, length: int | None = None) -> list[str]:
    """The array of `in`, `not_in` or `between`: JSON (double quotes), of strings; numbers may also stand unquoted."""
    try:
        value = json.loads(text)
    except ValueError:
        return [f"{text!r} is not a JSON array with double quotes"]
    if not isinstance(value, list) or not value:
        return [f"{text!r} is not a filled JSON array"]
    if length is not None and len(value) != length:
        return [f"{len(value)} values instead of {length}"]
    fitting = all(scalar_fits(each, item) if isinstance(each, str) else type(each) is int and item is int for each in value)
    return [] if fitting else [f"{text!r} holds something that is not {item.__name__}"]


def json_problems(body: bytes, typed_dict: type | None) -> list[str]:
    """The whole body of an operation that the SDK sends as JSON."""
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return ["the body is not JSON"]
    return _value(value, typed_dict or dict, "")


def _value(value: Any, declared: Any, path: str) -> list[str]:
    hint = bare(declared)
    if is_typeddict(hint):
        return _fields(value, hint, path) if isinstance(value, dict) else [f"{path or 'body'}: not an object"]
    kind = get_origin(hint) or hint
    if kind is list:
        (item,) = get_args(hint) or (Any,)
        return (
            [line for index, each in enumerate(value) for line in _value(each, item, f"{path}[{index}]")]
            if isinstance(value, list)
            else [f"{path}: not an array"]
        )
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return [] if value in [member.value for member in kind] else [f"{path}: {value!r} is no {kind.__name__}"]
    fitting = kind is Any or type(value) is kind or (kind is float and type(value) is int)
    return [] if fitting else [f"{path}: {value!r} is not {kind.__name__}"]


def _fields(value: dict[str, Any], typed_dict: type, path: str) -> list[str]:
    known = get_type_hints(typed_dict, include_extras=True)
    places = {name: f"{path}.{name}" if path else name for name in {*known, *value}}
    found = [f"{places[name]}: missing, but required" for name in required_fields(known) if name not in value]
    for name, each in value.items():
        found += _value(each, known[name], places[name]) if name in known else [f"{places[name]}: unknown parameter"]
    return found
