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
from collections.abc import Iterator
from functools import cache, cached_property
from importlib import import_module
from types import GenericAlias
from typing import Any, ClassVar, get_args, get_origin

from stripe._list_object import ListObject
from stripe._object_classes import OBJECT_CLASSES
from stripe._search_result_object import SearchResultObject
from stripe._stripe_object import StripeObject, UntypedStripeObject

from law import presence
from law.forms import scalar_fits
from law.hints import class_annotations, members, words
from law.places import Place, at

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
    return law.by_name(value, path) if hint is None else law.value(value, _rule(hint), path)


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


class _Rule:
    """What a type allows, worked out once: objects come by the hundred thousand, types do not."""

    def __init__(self, hint: Any, encoding: str | None = None) -> None:
        self.options = members(hint)
        self.encoding = encoding
        self.anything = Any in self.options
        self.nullable = self.anything or type(None) in self.options
        self.words = frozenset(words(self.options))
        scalars = {option for option in self.options if option in _SCALARS}
        self.kinds = scalars | ({int} if float in scalars else set())
        self.closed_kinds = self.kinds - {str} if self.words else self.kinds
        self.groups = [_Group(option) for option in self.options if _is_group(option)]

    @cached_property
    def items(self) -> _Rule | None:
        """The rule of a list's items; None where no list is allowed."""
        lists = [option for option in self.options if get_origin(option) is list]
        return _rule(get_args(lists[0])[0]) if lists else None

    def wanted(self) -> str:
        known = [repr(word) for word in words(self.options)]
        named = [each for each in self.options if each is not type(None) and not (known and each is str)]
        rest = [getattr(each, "__name__", str(each)) for each in named]
        return " or ".join(known + [name for name in rest if name != "Literal"])


class _Group:
    """One of the groups of fields that a type allows: an object of a class, an envelope of rows, or a free-form dict."""

    def __init__(self, option: Any) -> None:
        self.cls: Any = get_origin(option) or option
        self.envelope = self.cls in _ENVELOPES
        self.free = not self.envelope and self.cls in (dict, UntypedStripeObject, StripeObject, Any)
        self.item = (get_args(option) or (Any,))[0 if self.envelope else -1]

    @cached_property
    def inner(self) -> _Rule:
        """The rule of an envelope's rows, or of each value of a free-form dict."""
        return _rule(GenericAlias(list, self.item) if self.envelope else self.item)


class _Fields:
    """What a class wants of its fields, worked out once."""

    def __init__(self, cls: type) -> None:
        encodings: dict[str, str] = getattr(cls, "_field_encodings", {})
        self.cls = cls
        self.known = {name: _Rule(hint, encodings.get(name)) for name, hint in wire_fields(cls).items()}
        if cls in _ENVELOPES:
            self.known["data"] = _rule(list[Any])
        self.name: str | None = getattr(cls, "OBJECT_NAME", None)
        self.always = _always(cls)
        self.never_null = _never_null(cls)
        self.of_deleted: list[str] = [name for name in ("id", "object") if name in self.known]

    def wanted(self, value: dict[str, Any]) -> list[str]:
        """The fields that this object must have."""
        if value.get("deleted") is True:
            return self.of_deleted
        own_type: Any = value.get("type")
        named = isinstance(own_type, str) and own_type in self.known and own_type not in self.always
        return [*self.always, own_type] if named else self.always


_rule = cache(_Rule)
_fields = cache(_Fields)


class _Law:
    def __init__(self, known_words_only: bool) -> None:
        self.known_words_only = known_words_only

    def by_name(self, value: object, place: Place) -> list[str]:
        if not isinstance(value, dict) or not isinstance(value.get("object"), str):
            return [f'{at(place) or "answer"}: not an object with a name in "object"']
        cls = resource_class(value["object"])
        return self.fields(value, _fields(cls), place) if cls else [f"{at((place, 'object'))}: {value['object']!r} is no object of the SDK"]

    def value(self, value: object, rule: _Rule, place: Place) -> list[str]:
        if value is None:
            return [] if rule.nullable else [f"{at(place)}: null, but it is never null"]
        if isinstance(value, dict):
            return self._group(value, rule, place)
        if isinstance(value, list):
            return self._list(value, rule, place)
        if rule.encoding is not None:
            fits = isinstance(value, str) and scalar_fits(value, _ENCODED[rule.encoding])
            return [] if fits else [f"{at(place)}: {value!r} is not a number in a string"]
        kinds = rule.closed_kinds if self.known_words_only else rule.kinds
        return [] if type(value) in kinds or value in rule.words or rule.anything else [f"{at(place)}: {value!r} is not {rule.wanted()}"]

    def _list(self, value: list[object], rule: _Rule, place: Place) -> list[str]:
        if (items := rule.items) is not None:
            return [line for index, each in enumerate(value) for line in self.value(each, items, (place, index))]
        return [] if rule.anything else [f"{at(place)}: a list, not {rule.wanted()}"]

    def _group(self, value: dict[str, Any], rule: _Rule, place: Place) -> list[str]:
        verdicts = [self._as(value, group, place) for group in rule.groups]
        return min(verdicts, key=len) if verdicts else [f"{at(place)}: a group of fields, not {rule.wanted()}"]

    def _as(self, value: dict[str, Any], group: _Group, place: Place) -> list[str]:
        if not group.free:
            return self.fields(value, _fields(group.cls), place, group.inner if group.envelope else None)
        if group.item is Any and isinstance(value.get("object"), str) and resource_class(value["object"]):
            return self.by_name(value, place)
        return [line for key, each in value.items() for line in self.value(each, group.inner, (place, key))]

    def fields(self, value: dict[str, Any], fields: _Fields, place: Place, rows: _Rule | None = None) -> list[str]:
        known = fields.known
        found = [f"{at((place, name))}: no field of {fields.cls.__qualname__}" for name in value if name not in known]
        found += [f"{at((place, name))}: missing" for name in fields.wanted(value) if name not in value]
        named = value.get("object")
        if fields.name and named != fields.name and resource_class(str(named)) is not fields.cls:
            found.append(f"{at((place, 'object'))}: {named!r} instead of {fields.name!r}")
        for name, each in value.items():
            if each is None and name == value.get("type"):
                found.append(f"{at((place, name))}: null, though the type names it")
            elif each is None and name in fields.never_null:
                found.append(f"{at((place, name))}: null, but it is absent rather than null")
            elif name in known:
                found += self.value(each, rows if rows and name == "data" else known[name], (place, name))
        return found


@cache
def _always(cls: type) -> list[str]:
    """The fields that an object of the class always has."""
    more = presence.table("stripe").get(f"{cls.__module__}.{cls.__qualname__}", {}).get("always", ())
    return [*(name for name, hint in wire_fields(cls).items() if type(None) not in members(hint)), *more]


@cache
def _never_null(cls: type) -> frozenset[str]:
    return frozenset(presence.table("stripe").get(f"{cls.__module__}.{cls.__qualname__}", {}).get("never_null", ()))


def _is_group(option: Any) -> bool:
    origin = get_origin(option) or option
    return origin in (dict, Any) or (inspect.isclass(origin) and issubclass(origin, StripeObject))
