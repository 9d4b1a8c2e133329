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


@cache
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


class _Law:
    def __init__(self, known_words_only: bool) -> None:
        self.known_words_only = known_words_only

    def envelope(self, value: object, cls: type, path: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{path or 'answer'}: not an object"]
        parts = {name: hint for name, hint in get_type_hints(cls).items() if name not in _ENVELOPE}
        optional = vars(cls)
        found = [f"{_join(path, name)}: no part of the answer" for name in value if name not in parts]
        found += [f"{_join(path, name)}: missing" for name in parts if name not in value and name not in optional]
        return found + [
            line for name, each in value.items() if name in parts for line in self._part(each, parts[name], _join(path, name), name)
        ]

    def _part(self, value: object, hint: Any, path: str, name: str) -> list[str]:
        if get_origin(hint) is list:
            if not isinstance(value, list):
                return [f"{path}: not a list"]
            return [line for index, each in enumerate(value) for line in self._part(each, get_args(hint)[0], f"{path}[{index}]", name)]
        if inspect.isclass(hint) and issubclass(hint, _MODEL):
            kind = hint.__module__.split(".")[-2]
            return self.model(value, hint, path, kind if hint is _resource(kind) else None)
        return (
            self._scalar(value, hint, path)
            if hint in (str, int, float, bool, Any) or get_origin(hint)
            else self.envelope(value, hint, path)
        )

    def model(self, value: object, cls: type, path: str, kind: str | None = None) -> list[str]:
        if not isinstance(value, dict):
            return [f"{path or cls.__name__}: not an object"]
        known = _fields(cls)
        unknown = [name for name in value if name not in known and name != "object" and not name.startswith("cf_")]
        found = [f"{_join(path, name)}: no field of {cls.__name__}" for name in unknown]
        found += [f"{_join(path, name)}: missing" for name in sorted(_wanted(cls)) if name not in value]
        if kind and value.get("object") != kind:
            found.append(f"{_join(path, 'object')}: {value.get('object')!r} instead of {kind!r}")
        for name, each in value.items():
            if name in known:
                hint = list[str] if name in TEXT_ARRAYS else known[name]
                found += self._field(each, hint, _join(path, name), word_list(cls, name))
        return found

    def _field(self, value: object, hint: Any, path: str, words: frozenset[str]) -> list[str]:
        if value is None:
            return [f"{path}: null, but Chargebee leaves such a field out"]
        if self.known_words_only and words and isinstance(value, str) and value not in words:
            return [f"{path}: {value!r} is not one of {', '.join(sorted(words))}"]
        return self._part(value, hint, path, "")

    def _scalar(self, value: object, hint: Any, path: str) -> list[str]:
        kind = get_origin(hint) or hint
        fitting = kind is Any or type(value) is kind or (kind is float and type(value) is int)
        return [] if fitting else [f"{path}: {value!r} is not {kind.__name__}"]


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
