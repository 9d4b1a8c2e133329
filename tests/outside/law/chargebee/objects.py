"""Checks objects and envelopes that Chargebee answers with against the official SDK's response classes.

- Unknown fields are reported, except custom fields (`cf_...`) and `object`, which Chargebee puts on every object and the SDK leaves out.
- A null is reported: Chargebee leaves a field out instead.
- Which fields must be there: for a group inside a resource the SDK's own TypedDicts say `Required`; for both groups and top-level fields
  `presence/chargebee.json` says it too (derived from the official Node SDK, see `law.derive`): the Python SDK gives every top-level field
  the default None.
- A word must be one of the SDK's enum of that field: `Subscription.Status` for a subscription's `status`, else `enums.AutoCollection` for
  `auto_collection`. Word lists are open unless `known_words_only`; a field whose enum the SDK does not name so is any string.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from law import presence
from law.chargebee.json_values import TEXT_ARRAYS
from law.chargebee.sdk import chargebee, kinds, module
from law.hints import bare, required_fields, resolve
from law.places import Place, at

_ENVELOPE = ("http_status_code", "headers", "is_idempotency_replayed")  # of the SDK's Response, from headers: not in the body
_MODEL: type = chargebee.model.Model
# Fields that the Node SDK declares as always there, but that real or documented answers lack.
_NOT_ALWAYS = {
    ("SubscriptionResponse", "decommissioned"): "absent from answers recorded in September 2023 that do have `deleted`",
    ("ItemResponse", "deleted"): "absent from the API reference's sample of an item, as the Elixir client Chargebeex copies it",
    ("ItemPriceResponse", "deleted"): "absent from the API reference's sample of an item price, copied likewise",
    ("ItemFamilyResponse", "deleted"): "no sample seen; taken to be like the two above",
}


def check(kind: str, value: object, *, known_words_only: bool = False) -> list[str]:
    """What is wrong with one resource, say `check("customer", {...})`."""
    cls: Any = _resource(kind)
    return _Law(known_words_only).model(value, cls, "", kind) if cls else [f"{kind!r} is no resource of the SDK"]


def check_envelope(returns: type, value: object, *, known_words_only: bool = False) -> list[str]:
    """What is wrong with a whole answer: `{"customer": {...}, "card": {...}}` or `{"list": [{"customer": {...}}], "next_offset": ...}`."""
    return _Law(known_words_only).envelope(value, returns, "")


def response_classes() -> Iterator[tuple[str, type, Mapping[str, Any]]]:
    """(resource, class, its fields) for every class of the SDK that describes a resource or a group inside one."""
    for kind in kinds():
        responses = module(kind, "responses")
        classes: list[Any] = [each for each in vars(responses).values() if inspect.isclass(each) and issubclass(each, _MODEL)]
        for cls in classes:
            if cls.__module__ == responses.__name__:
                yield kind, cls, _fields(cls)


def resource_fields(kind: str, group: type | None = None) -> Mapping[str, Any]:
    """The fields of a resource, or of a group inside one, with their types."""
    return _fields(group or _resource(kind))


@cache
def _fields(cls: type) -> Mapping[str, Any]:
    return {name: hint for name, hint in get_type_hints(cls).items() if name != "raw_data"}


@cache
def _resource(kind: str) -> Any:
    return getattr(module(kind, "responses"), f"{_camel(kind)}Response", None) if kind in kinds() else None


def _camel(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def _operations_class(cls: type) -> Any:
    kind = cls.__module__.split(".")[-2]
    return getattr(module(kind, "operations"), _camel(kind))


@cache
def _group(cls: type) -> Mapping[str, Any]:
    """The TypedDict fields of a group inside a resource, `Required` and `NotRequired` kept; empty for a resource itself."""
    typed_dict = getattr(_operations_class(cls), cls.__name__.removesuffix("Response"), None)
    raw = inspect.get_annotations(typed_dict) if typed_dict else {}
    return {name: _resolved(hint, _operations_class(cls).__module__) for name, hint in raw.items()}


def _resolved(hint: Any, module_name: str) -> Any:
    try:
        return resolve({"field": hint}, module_name)["field"]
    except AttributeError:  # the SDK names enums that it does not have, like Invoice.TxnType in 3.29.0
        return get_origin(hint)[Any]


def word_list(cls: type, field: str) -> frozenset[str]:
    """The words that the SDK lists for a field of a response class; empty when it lists none."""
    declared = bare(_group(cls).get(field))
    found = declared or getattr(_operations_class(cls), _camel(field), None) or getattr(chargebee.models.enums, _camel(field), None)
    return frozenset(str(member.value) for member in found) if inspect.isclass(found) and issubclass(found, Enum) else frozenset()


@cache
def _wanted(cls: type) -> frozenset[str]:
    group = _group(cls)
    declared = presence.table("chargebee").get(f"{cls.__module__}.{cls.__qualname__}", ())
    return frozenset(required_fields(group)) | {name for name in declared if (cls.__name__, name) not in _NOT_ALWAYS}


class _Rule:
    """What a type allows, worked out once: objects come by the hundred thousand, types do not."""

    def __init__(self, hint: Any, words: frozenset[str] = frozenset()) -> None:
        self.words = words
        self.known_words = ", ".join(sorted(words))
        self.items = _Rule(get_args(hint)[0]) if get_origin(hint) is list else None
        self.model: Any = hint if inspect.isclass(hint) and issubclass(hint, _MODEL) else None
        self.kind = _kind(hint) if self.model else None
        scalar = self.items is None and self.model is None and (hint in (str, int, float, bool, Any) or bool(get_origin(hint)))
        self.scalar: Any = (get_origin(hint) or hint) if scalar else None
        self.types = {self.scalar} | ({int} if self.scalar is float else set())
        self.envelope: Any = None if scalar or self.items or self.model else hint


class _Shape:
    """What a class wants of its fields, or an envelope of its parts, worked out once."""

    def __init__(self, cls: type) -> None:
        self.known = {name: _Rule(list[str] if name in TEXT_ARRAYS else hint, word_list(cls, name)) for name, hint in _fields(cls).items()}
        self.wanted = sorted(_wanted(cls))


class _Envelope:
    def __init__(self, cls: type) -> None:
        self.parts = {name: _Rule(hint) for name, hint in get_type_hints(cls).items() if name not in _ENVELOPE}
        self.wanted = [name for name in self.parts if name not in vars(cls)]  # the others have a default


_shape = cache(_Shape)
_envelope = cache(_Envelope)


def _kind(cls: type) -> str | None:
    """The resource's name of a class that is a whole resource, not a group inside one."""
    kind = cls.__module__.split(".")[-2]
    return kind if cls is _resource(kind) else None


class _Law:
    def __init__(self, known_words_only: bool) -> None:
        self.known_words_only = known_words_only

    def envelope(self, value: object, cls: type, place: Place) -> list[str]:
        if not isinstance(value, dict):
            return [f"{at(place) or 'answer'}: not an object"]
        known = _envelope(cls)
        found = [f"{at((place, name))}: no part of the answer" for name in value if name not in known.parts]
        found += [f"{at((place, name))}: missing" for name in known.wanted if name not in value]
        for name, each in value.items():
            if name in known.parts:
                found += self._part(each, known.parts[name], (place, name))
        return found

    def _part(self, value: object, rule: _Rule, place: Place) -> list[str]:
        if rule.scalar is not None:
            fits = type(value) in rule.types or rule.scalar is Any
            return [] if fits else [f"{at(place)}: {value!r} is not {rule.scalar.__name__}"]
        if rule.model is not None:
            return self.model(value, rule.model, place, rule.kind)
        if rule.items is None:
            return self.envelope(value, rule.envelope, place)
        if not isinstance(value, list):
            return [f"{at(place)}: not a list"]
        return [line for index, each in enumerate(value) for line in self._part(each, rule.items, (place, index))]

    def model(self, value: object, cls: type, place: Place, kind: str | None = None) -> list[str]:
        if not isinstance(value, dict):
            return [f"{at(place) or cls.__name__}: not an object"]
        shape = _shape(cls)
        unknown = [name for name in value if name not in shape.known and name != "object" and not name.startswith("cf_")]
        found = [f"{at((place, name))}: no field of {cls.__name__}" for name in unknown]
        found += [f"{at((place, name))}: missing" for name in shape.wanted if name not in value]
        if kind and value.get("object") != kind:
            found.append(f"{at((place, 'object'))}: {value.get('object')!r} instead of {kind!r}")
        for name, each in value.items():
            if name in shape.known:
                found += self._field(each, shape.known[name], (place, name))
        return found

    def _field(self, value: object, rule: _Rule, place: Place) -> list[str]:
        if value is None:
            return [f"{at(place)}: null, but Chargebee leaves such a field out"]
        if self.known_words_only and rule.words and isinstance(value, str) and value not in rule.words:
            return [f"{at(place)}: {value!r} is not one of {rule.known_words}"]
        return self._part(value, rule, place)
