"""Decoding of form bodies and query strings, with keys that nest by brackets. It checks no types and no parameter names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias
from urllib.parse import parse_qsl

from .http import Call

Nested: TypeAlias = "str | list[Nested] | dict[str, Nested]"

_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


def parse_pairs(call: Call) -> list[tuple[str, str]]:
    """The decoded pairs of the query string followed by those of a form body, blank values kept, in the order sent."""
    return [*call.query, *parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True)]


def nest(pairs: Iterable[tuple[str, str]]) -> dict[str, Nested]:
    """Nest bracket keys: `a[b][c]` into dicts, `a[]` into lists.

    Numbered keys such as `items[0][price]` stay dicts with the keys "0", "1"...: only the reader knows whether a list is meant.
    `a[][x]` starts a new list element when the last one already has `x`. A repeated plain key keeps its last value.
    Raises ValueError when one key is used both as a value and as a container, or as two kinds of container.
    """
    root: dict[str, Nested] = {}
    for key, value in pairs:
        match = _KEY.fullmatch(key)
        path = [key] if match is None else [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        _put(root, path, value, key)
    return root


def _put(holder: dict[str, Nested], path: list[str], value: str, key: str) -> None:
    name, rest = path[0], path[1:]
    found = holder.get(name)
    if not rest:
        if found is not None and not isinstance(found, str):
            raise ValueError(f"Invalid parameter: {key} is used as a value and as a container")
        holder[name] = value
    elif rest[0] == "":
        found = holder.setdefault(name, [])
        if not isinstance(found, list):
            raise ValueError(f"Invalid parameter: {key} is used as a list and as something else")
        _append(found, rest[1:], value, key)
    else:
        found = holder.setdefault(name, {})
        if not isinstance(found, dict):
            raise ValueError(f"Invalid parameter: {key} is used as a hash and as something else")
        _put(found, rest, value, key)


def _append(items: list[Nested], path: list[str], value: str, key: str) -> None:
    if not path:
        items.append(value)
        return
    last = items[-1] if items else None
    if not isinstance(last, dict) or (len(path) == 1 and path[0] in last):
        last = dict[str, Nested]()
        items.append(last)
    _put(last, path, value, key)
