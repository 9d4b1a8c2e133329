"""Chargebee's lists: filters with operators, sorting, and offsets. It knows no resource; each passes a table of what can be filtered.

An offset looks like the vendor's, `["<sort value>","<number>"]`, and points behind a row, so rows added later do not shift pages. Its
number ends in a checksum of the filters and the order, because an offset is valid only with those it was given for.
Choices where the vendor's documents are silent: `after` and `before` exclude the moment itself, `between` includes both ends, strings are
compared exactly, an unknown operator and an empty array are refused, a filter without an operator is ignored, and rows that tie keep the
order of creation.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar, cast
from zlib import crc32

from billbridge_sandbox.chargebee.api.errors import wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, flag, text, whole
from billbridge_sandbox.chargebee.store.records import Record

R = TypeVar("R", bound=Record)
Field: TypeAlias = tuple[str, Callable[[Any], Any]]

_CHECKSUMS = 1_000_000
_LEAST = -(10**17)
_READERS: dict[str, Reader] = {
    "text": text(),
    "enum": text(),
    "flag": flag,
    "number": whole(_LEAST),
    "time": whole(),
}
_OPERATORS: dict[str, tuple[str, ...]] = {
    "text": ("is", "is_not", "starts_with", "in", "not_in", "is_present"),
    "enum": ("is", "is_not", "in", "not_in", "is_present"),
    "flag": ("is", "is_present"),
    "number": ("is", "is_not", "lt", "lte", "gt", "gte", "between", "is_present"),
    "time": ("after", "before", "on", "between", "is_present"),
}
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, wanted: value == wanted,
    "in": lambda value, wanted: value in wanted,
    "starts_with": lambda value, wanted: value.startswith(wanted),
    "lt": lambda value, wanted: value < wanted,
    "lte": lambda value, wanted: value <= wanted,
    "gt": lambda value, wanted: value > wanted,
    "gte": lambda value, wanted: value >= wanted,
    "after": lambda value, wanted: value > wanted,
    "before": lambda value, wanted: value < wanted,
    "on": lambda value, wanted: value // 86400 == wanted // 86400,
    "between": lambda value, wanted: wanted[0] <= value <= wanted[1],
}
_OPPOSITES = {"is_not": "is", "not_in": "in"}


def filterable(**kinds: str) -> dict[str, Field]:
    """A table of filters from names by kind: `filterable(text="id email", time="created_at")`. Each reads the field of its name."""
    return {name: (kind, attrgetter(name)) for kind, names in kinds.items() for name in names.split()}


def listing(ask: Ask, rows: Iterable[R], filters: Mapping[str, Field], order: tuple[str, ...], show: Callable[[R], Json]) -> Json:
    """One page of `rows`. `order` names the fields one may sort by; without `sort_by` the first one is used, ascending.

    The name "seq" stands for the order of creation; one cannot ask for it.
    """
    used: list[str] = []
    kept = list(rows)
    for name, (kind, get) in filters.items():
        for key, operator, raw in ask.filters(name):
            wanted = _wanted(kind, key, operator, raw)
            used.append(f"{key}={raw}")
            kept = [row for row in kept if _matches(get(row), operator, wanted)]
    direction, field = _sorting(ask, order)
    kept.sort(key=lambda row: _place(row, field), reverse=direction == "desc")
    checksum = crc32(json.dumps([ask.route, dict(ask.ids), sorted(used), direction, field]).encode()) % _CHECKSUMS
    offset = ask.get("offset", text(1000))
    if offset is not None:
        start = _start(offset, checksum, field)
        kept = [row for row in kept if (_place(row, field) < start if direction == "desc" else _place(row, field) > start)]
    limit = ask.get("limit", whole(1, 100)) or 10
    page: Json = {"list": [show(row) for row in kept[:limit]]}
    if len(kept) > limit:
        value, seq = _place(kept[limit - 1], field)
        page["next_offset"] = json.dumps([str(value), str(seq * _CHECKSUMS + checksum)], separators=(",", ":"))
    return page


def _wanted(kind: str, key: str, operator: str, raw: str) -> Any:
    if operator not in _OPERATORS[kind]:
        raise wrong_value(key, f"is not an operator of this filter; it takes {', '.join(_OPERATORS[kind])}")
    if operator == "is_present":
        return flag(key, raw)
    read = _READERS[kind]
    if operator not in ("in", "not_in", "between"):
        return read(key, raw)
    try:
        entries = json.loads(raw)
    except ValueError:
        entries = None
    if not isinstance(entries, list) or not entries or (operator == "between" and len(cast(list[object], entries)) != 2):
        raise wrong_value(key, "should be a filled JSON array" + (" of two values" if operator == "between" else ""))
    return [read(key, str(entry)) for entry in cast(list[object], entries)]


def _matches(value: Any, operator: str, wanted: Any) -> bool:
    values: tuple[Any, ...] = () if value is None else cast(Any, value) if isinstance(value, tuple) else (value,)
    if operator == "is_present":
        return bool(values) is wanted
    if operator in _OPPOSITES:
        return not any(_TESTS[_OPPOSITES[operator]](each, wanted) for each in values)
    return any(_TESTS[operator](each, wanted) for each in values)


def _sorting(ask: Ask, order: tuple[str, ...]) -> tuple[str, str]:
    for key, direction, field in ask.filters("sort_by"):
        named = [name for name in order if name != "seq"]
        if direction not in ("asc", "desc") or field not in named:
            raise wrong_value(key, f"should be sort_by[asc] or sort_by[desc] with one of {', '.join(named)}")
        return direction, field
    return "asc", order[0]


def _place(row: Record, field: str) -> tuple[Any, int]:
    """Where a row stands: its sort value, times in milliseconds as the vendor's offsets have them, then its order of creation."""
    value = row.seq if field == "seq" else getattr(row, field)
    return (value * 1000 if field == "date" or field.endswith("_at") else value), row.seq


def _start(offset: str, checksum: int, field: str) -> tuple[Any, int]:
    refusal = wrong_value("offset", "is not an offset of this list with these filters and this order")
    try:
        value, number = json.loads(offset)
        seq, found = divmod(int(number), _CHECKSUMS)
        start = value if field in ("id", "name") else int(value)
    except (ValueError, TypeError):
        raise refusal from None
    if found != checksum or not isinstance(start, str | int):
        raise refusal
    return start, seq
