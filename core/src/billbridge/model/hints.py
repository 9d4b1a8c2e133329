"""The line to write instead: hints for values that do not fit a field of a draft. Checks nothing and shows no value of the caller."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, get_args, get_origin

import msgspec

from billbridge.money import Money
from billbridge.toolkit.suggestions import did_you_mean


def hint_for(name: str, wanted: Any, value: object) -> str | None:
    """Return what to write for a field `name` of the type `wanted`, if `value` shows what the caller meant."""
    options = [each for each in _options(wanted) if each is not type(None)]
    structs = [each for each in options if _is_struct(each) and each is not Money]
    lists = [get_args(each)[0] for each in options if get_origin(each) is list]
    if isinstance(value, str):
        return _near_word(options, value)
    if isinstance(value, dict):
        return _texts(name, value) if any(get_origin(each) is dict for each in options) else next((_fields(each) for each in structs), None)
    if lists and isinstance(value, list):
        if _is_struct(lists[0]) and any(isinstance(each, dict) for each in value):
            return _fields(lists[0])
        return next((f"write {name}=[{_call(lists[0], each)}]" for each in value if not isinstance(each, lists[0])), None)
    if lists:
        return f"write {name}=[{_call(lists[0], value)}]"
    if any(each is str for each in options):
        return f"write {name}=str(...)"
    return next((f"write {name}={_call(each)}" for each in structs), None)


def keyword_hint(kind: type[msgspec.Struct], given: dict[str, object]) -> str:
    """Return an error text for a draft that was called with positional arguments, or with a name that it does not have."""
    names = kind.__struct_fields__
    for name in given:
        if name not in names:
            near = did_you_mean(name, names)
            guess = f"did you mean {near!r}? " if near else ""
            return f"{kind.__name__}() has no argument {name!r}; {guess}It takes: {', '.join(names)}"
    return f"{kind.__name__}() takes its arguments by name: write {_call(kind)}. It takes: {', '.join(names)}"


def _call(kind: Any, value: object = None) -> str:
    """Return a call that makes a `kind`, with its required fields. An object that has an id stands where the id belongs."""
    if not _is_struct(kind):
        return "str(...)" if kind is str else "..."
    if isinstance(value, kind):
        return f"{kind.__name__}(...)"
    fields = msgspec.structs.fields(kind)
    needed = [field.name for field in fields if field.required] or [fields[0].name]
    meant = f"{type(value).__name__.lower()}.id" if hasattr(value, "id") else '"..."'
    return f"{kind.__name__}({', '.join(f'{name}={meant}' for name in needed)})"


def _fields(kind: Any) -> str:
    """Return the fields of a struct, for a dict that does not fit it."""
    return f"{kind.__name__} takes: {', '.join(kind.__struct_fields__)}"


def _near_word(options: list[Any], value: str) -> str | None:
    """Return the word of an enum that is close to the text. The text itself can be anything, so it is not shown."""
    words = [word.value for each in options if isinstance(each, type) and issubclass(each, StrEnum) for word in each]
    near = did_you_mean(value.lower().removesuffix("ly"), [word for word in words if word != "unknown"])
    return f"did you mean {near!r}?" if near else None


def _texts(name: str, value: dict[Any, Any]) -> str | None:
    """Return how to write the first entry whose key or value is not text."""
    for key, each in value.items():
        if not isinstance(key, str):
            return f"write the keys of {name} as strings, such as {name}={{'{type(key).__name__}': '...'}}"
        if not isinstance(each, str):
            return f"{name}[{key!r}] is {type(each).__name__}: write {{{key!r}: str(...)}}"
    return None


def _options(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) not in (None, list, dict) else (hint,)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
