"""Makes a sample of a wire struct with every field filled, and changes one field at a time."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from itertools import count
from typing import Any, Final, get_args, get_origin

import msgspec

_WORDS: Final = {
    "currency": ("usd", "eur"),
    "currency_code": ("USD", "EUR"),
    "balance_currency_code": ("USD", "EUR"),
    "preferred_currency_code": ("USD", "EUR"),
    "interval": ("month", "year"),
    "period_unit": ("month", "year"),
    "trial_period_unit": ("day", "month"),
    "usage_type": ("licensed", "metered"),
    "duration": ("once", "forever"),
    "duration_type": ("limited_period", "forever"),
    "discount_type": ("percentage", "fixed_amount"),
    "billing_scheme": ("per_unit", "tiered"),
    "tiers_mode": ("graduated", "volume"),
    "round": ("up", "down"),
    "tax_behavior": ("inclusive", "exclusive"),
    "pricing_model": ("per_unit", "tiered"),
    "pricing_type": ("per_unit", "package"),
    "proration_mode": (None, "delta"),
    "apply_on": ("invoice_amount", "specific_item_price"),
    "item_price_id": ("price", "price"),
    "collection_method": ("charge_automatically", "send_invoice"),
}
"""Texts that mean something: the first one in the sample, the second one as its change."""


def sample(struct: Any, numbers: Iterator[int] | None = None) -> dict[str, Any]:
    """JSON of the struct with every field that can be filled."""
    numbers = numbers or count(1_800_000_000)
    made = {field.encode_name: _value(field.encode_name, field.type, numbers) for field in msgspec.structs.fields(struct)}
    return {name: value for name, value in made.items() if value is not None}


def changed(value: dict[str, Any], path: str) -> dict[str, Any]:
    """A copy of the sample with another value at the path. An absent one appears."""
    copy = deepcopy(value)
    *groups, last = path.split(".")
    holder: Any = copy
    for name in groups:
        holder = holder[name]
        holder = holder["data"][0] if isinstance(holder, dict) and "data" in holder else holder[0] if isinstance(holder, list) else holder
        holder = next(iter(holder.values())) if name == "currency_options" else holder
    holder[last] = _another(last, holder.get(last))
    return copy


def merged(value: Any, patch: Any) -> Any:
    """A copy of the sample with the values of the patch, at every depth. None takes a field away."""
    if isinstance(value, list):
        return [merged(each, patch) for each in value]
    if not isinstance(value, dict) or not isinstance(patch, dict):
        return patch
    both = {**value, **{name: merged(value.get(name), each) for name, each in patch.items()}}
    return {name: each for name, each in both.items() if each is not None}


def bases(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The sample, then the sample without one or two of its fields, because one field can go before another."""
    yield value
    places = list(_places(value))
    for place in places:
        yield _without(value, place)
    decimals = [place for place in places if "decimal" in place[-1]]
    bare = value
    for place in decimals:
        bare = _without(bare, place)
    yield bare
    for place in places:
        if place not in decimals:
            yield _without(bare, place)


def _value(name: str, hint: Any, numbers: Iterator[int]) -> Any:
    if name in _WORDS:
        return _WORDS[name][0]
    options = [hint, *get_args(hint)] if get_origin(hint) is not list and get_origin(hint) is not dict else [hint]
    for option in options:
        origin = get_origin(option) or option
        if inspect.isclass(origin) and issubclass(origin, msgspec.Struct):
            inner = get_args(option)
            return {"data": [sample(inner[0], numbers)]} if inner else sample(option, numbers)
        if origin is list:
            one = _value(name.removesuffix("s"), get_args(option)[0], numbers)
            return None if one is None else [one]
        if origin is dict:
            one = _value(name, get_args(option)[1], numbers)
            return None if name == "metadata" or one is None else {"eur": one}
    if bool in options:
        return False
    if Decimal in options:
        return f"{next(numbers)}.5"
    if int in options:
        return next(numbers)
    return f"{next(numbers)}.5" if "decimal" in name else name if str in options else None


def _another(name: str, value: Any) -> Any:
    if name in _WORDS:
        return _WORDS[name][1]
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return str(Decimal(value) + 1) if value[:1].isdigit() else f"{value}s"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, dict):
        return {key: _another(key, each) for key, each in value.items()}
    return 1_800_000_000 if value is None else []


def _places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        if isinstance(key, str):
            yield (*above, key)
        yield from _places(each, (*above, key))


def _without(value: dict[str, Any], place: tuple[Any, ...]) -> dict[str, Any]:
    copy = deepcopy(value)
    holder: Any = copy
    for key in place[:-1]:
        holder = holder[key]
    holder.pop(place[-1], None)
    return copy
