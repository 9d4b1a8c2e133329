"""Checks objects that Stripe answers with against the official SDK's resource classes.

A dict with "object" is checked as the SDK class of that name, its nested dicts as the inner classes that the annotations name, at every
depth.
- Unknown fields are reported. A field that is not `Optional` must be there.
- `Optional` means both "may be null" and "may be absent" in stripe-python; `presence/stripe.json` (derived from stripe-node, see
  `law.derive`) tells which of them are always there, null or not, and which are absent rather than null. Among the latter are the
  includable fields, sent only when the request expands them (a customer's `sources`, `subscriptions`, `tax_ids`). Objects outside that
  table are judged by `Optional` alone.
- An object with a `type` carries a group of that name (a payment method of type "card" its `card`), if its class knows such a field:
  Stripe's convention for typed hashes, which no type states.
- A deleted object is `{id, object, deleted: true}`; other fields of its class may be there, none must.
- Word lists are open (`Literal[...] | str`) unless `known_words_only`.
Does not know which object an operation should answer with: see `stripe/__init__.py`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, ClassVar, get_args, get_origin

from stripe._list_object import ListObject
from stripe._object_classes import OBJECT_CLASSES
from stripe._search_result_object import SearchResultObject
from stripe._stripe_object import StripeObject, UntypedStripeObject

from law import presence
from law.forms import scalar_fits
from law.hints import class_annotations, members, words

_ENCODED = {"decimal_string": float, "int64_string": int}  # the SDK's names of numbers that travel as strings
_SCALARS = (str, bool, int, float)
# Envelopes of rows, and the fields that stripe-python leaves out or, for the last page's `next_page`, does not call nullable;
# stripe-node's `ApiList` and `ApiSearchResult` do.
_ENVELOPES: dict[Any, dict[str, Any]] = {
    ListObject: {"object": str},
    SearchResultObject: {"object": str, "url": str, "next_page": str | None},
}


def check(value: object, hint: Any = None, path: str = "", *, known_words_only: bool = False) -> list[str]:
    """What is wrong with one value, as its own "object" says or, when given, as the type hint wants it."""
    law = _Law(known_words_only)
    return law.by_name(value, path) if hint is None else law.value(value, hint, path)


@cache
def resource_class(name: str) -> Any:
    """The SDK's class for an "object" name; None when it knows none."""
    module, cls = OBJECT_CLASSES.get(name, ("", ""))
    return getattr(import_module(module), cls) if module else None


@cache
def wire_fields(cls: type) -> dict[str, Any]:
    """{field as the vendor spells it: type} of a resource class or a group inside one."""
    spelled = getattr(cls, "_field_remappings", {})
    return {
        spelled.get(name, name): hint
        for name, hint in class_annotations(cls).items()
        if not name.startswith("_") and get_origin(hint) is not ClassVar
    } | _ENVELOPES.get(cls, {})


def nullable_fields(cls: type) -> list[str]:
    """The fields that the SDK calls Optional."""
    return [name for name, hint in wire_fields(cls).items() if type(None) in members(hint)]


def object_classes() -> Iterator[type]:
    """Every class of the SDK that describes an object of the v1 API or a group inside one."""

    def inside(cls: type) -> Iterator[type]:
        yield cls
        for inner in vars(cls).values():
            if inspect.isclass(inner) and issubclass(inner, StripeObject):
                yield from inside(inner)

    for cls in {resource_class(name) for name in OBJECT_CLASSES}:
        yield from inside(cls)


class _Law:
    def __init__(self, known_words_only: bool) -> None:
        self.known_words_only = known_words_only

    def by_name(self, value: object, path: str) -> list[str]:
        if not isinstance(value, dict) or not isinstance(value.get("object"), str):
            return [f'{path or "answer"}: not an object with a name in "object"']
        cls = resource_class(value["object"])
        return self.fields(value, cls, path) if cls else [f"{_join(path, 'object')}: {value['object']!r} is no object of the SDK"]

    def value(self, value: object, hint: Any, path: str, encoding: str | None = None) -> list[str]:
        options = members(hint)
        if value is None:
            return [] if type(None) in options or Any in options else [f"{path}: null, but it is never null"]
        if isinstance(value, dict):
            return self._group(value, options, path)
        if isinstance(value, list):
            return self._list(value, options, path)
        if encoding is not None:
            fits = isinstance(value, str) and scalar_fits(value, _ENCODED[encoding])
            return [] if fits else [f"{path}: {value!r} is not a number in a string"]
        return [] if self._scalar_fits(value, options) else [f"{path}: {value!r} is not {_describe(options)}"]

    def _scalar_fits(self, value: object, options: list[Any]) -> bool:
        known = words(options)
        if value in known or Any in options:
            return True
        closed = self.known_words_only and bool(known)
        kinds = {float, int} if type(value) is int else {type(value)}
        return any(option in kinds for option in options if option in _SCALARS and not (option is str and closed))

    def _list(self, value: list[object], options: list[Any], path: str) -> list[str]:
        for option in options:
            if get_origin(option) is list:
                return [line for index, each in enumerate(value) for line in self.value(each, get_args(option)[0], f"{path}[{index}]")]
        return [] if Any in options else [f"{path}: a list, not {_describe(options)}"]

    def _group(self, value: dict[str, Any], options: list[Any], path: str) -> list[str]:
        verdicts = [self._as(value, option, path) for option in options if _is_group(option)]
        return min(verdicts, key=len) if verdicts else [f"{path}: a group of fields, not {_describe(options)}"]

    def _as(self, value: dict[str, Any], option: Any, path: str) -> list[str]:
        origin = get_origin(option) or option
        if origin in _ENVELOPES:
            return self.fields(value, origin, path, item=get_args(option)[0] if get_args(option) else Any)
        if origin in (dict, UntypedStripeObject, StripeObject, Any):
            inner = get_args(option)[-1] if get_args(option) else Any
            if inner is Any and isinstance(value.get("object"), str) and resource_class(value["object"]):
                return self.by_name(value, path)
            return [line for key, each in value.items() for line in self.value(each, inner, _join(path, key))]
        return self.fields(value, origin, path)

    def fields(self, value: dict[str, Any], cls: type, path: str, item: Any = Any) -> list[str]:
        known = wire_fields(cls)
        encodings: Mapping[str, str] = getattr(cls, "_field_encodings", {})
        found = [f"{_join(path, name)}: no field of {cls.__qualname__}" for name in value if name not in known]
        found += [f"{_join(path, name)}: missing" for name in self._wanted(value, cls, known) if name not in value]
        name_there, name_wanted = value.get("object"), getattr(cls, "OBJECT_NAME", None)
        if name_wanted and name_there != name_wanted and resource_class(str(name_there)) is not cls:
            found.append(f"{_join(path, 'object')}: {name_there!r} instead of {name_wanted!r}")
        never_null = _never_null(cls)
        for name, each in value.items():
            if each is None and name == value.get("type"):
                found.append(f"{_join(path, name)}: null, though the type names it")
            elif each is None and name in never_null:
                found.append(f"{_join(path, name)}: null, but it is absent rather than null")
            elif name in known:
                hint = list[item] if cls in _ENVELOPES and name == "data" else known[name]
                found += self.value(each, hint, _join(path, name), encodings.get(name))
        return found

    def _wanted(self, value: dict[str, Any], cls: type, known: Mapping[str, Any]) -> list[str]:
        if value.get("deleted") is True:
            return [name for name in ("id", "object") if name in known]
        wanted = _always(cls)
        own_type = value.get("type")
        return [*wanted, own_type] if isinstance(own_type, str) and own_type in known and own_type not in wanted else wanted


@cache
def _always(cls: type) -> list[str]:
    """The fields that an object of the class always has."""
    more = presence.table("stripe").get(f"{cls.__module__}.{cls.__qualname__}", {}).get("always", ())
    return [*(name for name, hint in wire_fields(cls).items() if type(None) not in members(hint)), *more]


@cache
def _never_null(cls: type) -> frozenset[str]:
    return frozenset(presence.table("stripe").get(f"{cls.__module__}.{cls.__qualname__}", {}).get("never_null", ()))


@cache
def _is_group(option: Any) -> bool:
    origin = get_origin(option) or option
    return origin in (dict, Any) or (inspect.isclass(origin) and issubclass(origin, StripeObject))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _describe(options: list[Any]) -> str:
    known = [repr(word) for word in words(options)]
    rest = [getattr(option, "__name__", str(option)) for option in options if option is not type(None) and not (known and option is str)]
    return " or ".join(known + [name for name in rest if name != "Literal"])
