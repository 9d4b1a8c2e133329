"""Checks the parameters of one request against the official SDK's TypedDicts, at every depth.

How Chargebee writes them: a group as `billing_address[city]`; a list of groups column by column, `subscription_items[quantity][0]`, where
an index names one item over all columns and a column may skip items; a list of texts as `coupon_ids[0]`; a free-form dict as one JSON
text (the SDK's `jsonKeys` say which); a filter as `status[in]=["active"]`, with a JSON array for `in`, `not_in` and `between`. An empty
value clears an optional scalar of a POST (the SDK itself writes None so); elsewhere it is reported. The SDK writes `in` arrays and
free-form dicts as Python repr unless the caller passes ready JSON text: that is a fault of the SDK, reported here. Does not know which
words an enum filter or which fields `sort_by` may name: the SDK types them as any string.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from typing_extensions import is_typeddict

from law.chargebee.json_values import TEXT_ARRAYS, json_list_problems, json_problems, json_text_problems
from law.chargebee.operations import Operation
from law.chargebee.sdk import chargebee
from law.forms import brackets, is_scalar, misplaced, pairs, scalar_fits
from law.hints import bare, required_fields

_FILTERS = tuple(cls for cls in vars(chargebee.filters.Filters).values() if inspect.isclass(cls))
_SORT = chargebee.filters.Filters.SortFilter


def problems(operation: Operation, method: str, query: str, body: bytes) -> list[str]:
    """What is wrong with the parameters, one readable line each."""
    if operation.json_body and method == "POST":
        return json_problems(body, operation.params)
    try:
        sent = pairs(query) + pairs(body)
    except UnicodeDecodeError:
        return ["the parameters are not UTF-8"]
    law = _Law(operation)
    for key, value in sent:
        law.pair(key, value)
    return [*misplaced(method, query, body), *law.found, *law.missing()]


@cache
def fields(typed_dict: type) -> Mapping[str, Any]:
    """{parameter: type} of a TypedDict, `NotRequired` kept."""
    return get_type_hints(typed_dict, include_extras=True)


class _Law:
    """Takes the pairs one by one, then says what was missing."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.known: Mapping[str, Any] = fields(operation.params) if operation.params else {}
        self.found: list[str] = []
        self.seen: set[str] = set()
        self.groups: dict[str, set[str]] = defaultdict(set)  # group -> its parameters that have a value
        self.columns: dict[str, dict[str, set[str]]] = defaultdict(
            lambda: defaultdict(set)
        )  # list -> index -> its columns that have a value

    def pair(self, key: str, value: str) -> None:
        path = brackets(key)
        if path is None:
            self.found.append(f"{key}: malformed brackets")
        elif key in self.seen:
            self.found.append(f"{key}: sent twice")
        elif path[0] not in self.known:
            self.found.append(f"{key}: unknown parameter")
        else:
            self.found += [f"{key}: {fault}" for fault in self._faults(path, value)]
        self.seen.add(key)

    def _faults(self, path: list[str], value: str) -> list[str]:
        name, *rest = path
        hint = bare(self.known[name])
        item = get_args(hint)[0] if get_origin(hint) is list else None
        as_json = self.operation.json_keys.get(name) == 0 or (item is not None and self.operation.lists_as_json)
        if as_json or hint in _FILTERS or not (is_typeddict(hint) or item):
            self._note("", name, value)
            return self._leaf(self.known[name], rest, value, as_json)
        if item is not None and not is_typeddict(item):
            self._note("", name, value)
            return (
                _scalar(item, value, False) if len(rest) == 1 and self._index(name, rest[0], "") else ["a list is written as name[index]"]
            )
        self.groups[""].add(name)
        group: type = item or hint
        if not rest or rest[0] not in fields(group):
            return ["unknown parameter"]
        column, *rest = rest
        if item is not None:
            if not rest or not self._index(name, rest[-1], column if value else ""):
                return ["a column of a list is written as name[column][index]"]
            rest = rest[:-1]
        else:
            self._note(name, column, value)
        declared = list[str] if column in TEXT_ARRAYS else fields(group)[column]
        return self._leaf(declared, rest, value, self.operation.json_keys.get(column) == 1)

    def _note(self, group: str, name: str, value: str) -> None:
        self.groups[group] |= {name} if value else set()

    def _index(self, name: str, index: str, column: str) -> bool:
        if index.isdigit():
            self.columns[name][index].add(column)
        return index.isdigit()

    def _leaf(self, declared: Any, rest: list[str], value: str, as_json: bool) -> list[str]:
        hint = bare(declared)
        if hint in _FILTERS:
            return _filter(hint, rest, value)
        if rest:
            return ["unknown parameter"]
        clears = declared is not hint and self.operation.method == "POST"
        if as_json:
            return [] if clears and value == "" else json_text_problems(value, hint)
        return _scalar(hint, value, clears)

    def missing(self) -> list[str]:
        """Required parameters that were not sent, at the top, in each group and in each item of a list; and lists that are not dense."""
        found = []
        for group, names in ({"": set[str]()} | self.groups).items():
            known = self.known if not group else fields(bare(self.known[group]))
            found += [
                f"{f'{group}[{name}]' if group else name}: missing, but required" for name in required_fields(known) if name not in names
            ]
        for name, items in self.columns.items():
            if sorted(map(int, items)) != list(range(len(items))):
                found.append(f"{name}: indexes {', '.join(items)} instead of 0, 1, 2...")
            (item,) = get_args(bare(self.known[name]))
            wanted = required_fields(fields(item)) if is_typeddict(item) else ()
            found += [f"{name}[{each}][{index}]: missing, but required" for each in wanted for index in items if each not in items[index]]
        return found


def _scalar(hint: Any, value: str, clears: bool) -> list[str]:
    if value == "":
        return [] if clears else ["empty"]
    if inspect.isclass(hint) and issubclass(hint, Enum):
        known = [str(member.value) for member in hint]
        return [] if value in known else [f"{value!r} is not one of {', '.join(known)}"]
    if is_scalar(hint):
        return [] if scalar_fits(value, hint) else [f"{value!r} is not {hint.__name__}"]
    return ["a group, not a single value"]


def _filter(hint: Any, rest: list[str], value: str) -> list[str]:
    operators = {name.lower(): bare(each) for name, each in fields(hint).items()}
    if len(rest) != 1 or rest[0] not in operators:
        return [f"a filter is written as name[operator]; operators here: {', '.join(operators)}"]
    operator = operators[rest[0]]
    if get_origin(operator) is list:
        (item,) = get_args(operator)
        return json_list_problems(value, item, length=2 if rest[0] == "between" else None)
    if hint is _SORT and not value.isidentifier():
        return [f"{value!r} is no field name"]
    return _scalar(operator, value, False)
