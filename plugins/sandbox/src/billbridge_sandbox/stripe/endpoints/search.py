"""Stripe's query language for searches: `email:"ada@example.com" AND metadata["tier"]:"gold"`. It knows no resource's fields.

From docs.stripe.com/search: at most ten clauses, joined all by AND or all by OR; `:` is equal and `~` contains (three characters at
least), both without regard to case; numbers also compare; a leading `-` negates; `null` stands for a field that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import eq, ge, gt, le, lt
from typing import Any

from billbridge_sandbox.stripe.api.errors import StripeError, invalid
from billbridge_sandbox.stripe.store.account import Json

_CLAUSE = re.compile(
    r"""\s*(?P<not>-)?(?P<field>[a-z_]+)(?:\[(?P<quote>["'])(?P<key>(?:\\.|(?!(?P=quote)).)*)(?P=quote)\])?\s*"""
    r"""(?P<operator>>=|<=|[:~><])\s*(?:(?P<mark>["'])(?P<text>(?:\\.|(?!(?P=mark)).)*)(?P=mark)|(?P<bare>[^\s"']+))""",
    re.DOTALL,
)
_JOIN = re.compile(r"\s+(AND|OR)\s+", re.IGNORECASE)
_NUMERIC = {":": eq, ">": gt, ">=": ge, "<": lt, "<=": le}
_LIMIT = 10
_SHORTEST = 3

Test = Callable[[Json], bool]


def matcher(query: str, fields: Mapping[str, type]) -> Test:
    """A test for objects. `fields` are those that can be searched: str, int, or dict for metadata. Raises StripeError for a bad query."""
    tests: list[Test] = []
    joins: set[str] = set()
    at = 0
    while True:
        found = _CLAUSE.match(query, at)
        if found is None:
            raise _bad(f"there is no clause at character {at}")
        tests.append(_test(found, fields))
        at = found.end()
        if not query[at:].strip():
            break
        join = _JOIN.match(query, at)
        if join is None:
            raise _bad(f"AND or OR is wanted at character {at}")
        joins.add(join[1].upper())
        at = join.end()
    if len(joins) > 1:
        raise _bad("AND and OR cannot be combined")
    if len(tests) > _LIMIT:
        raise _bad(f"more than {_LIMIT} clauses")
    return lambda row: (any if joins == {"OR"} else all)(test(row) for test in tests)


def _bad(why: str) -> StripeError:
    return invalid(f"We were unable to parse your search query: {why}.", param="query")


def _test(clause: re.Match[str], fields: Mapping[str, type]) -> Test:
    field, key, operator = clause["field"], clause["key"], clause["operator"]
    kind = fields.get(field)
    if kind is None or (kind is dict) != (key is not None):
        raise _bad(f"the field {field} is unsupported")
    positive = _value_test(kind, operator, clause["bare"], clause["text"])
    plain = None if key is None else _unescaped(key)

    def test(row: Json) -> bool:
        value = row.get(field) if plain is None else (row.get(field) or {}).get(plain)
        return positive(value) is (clause["not"] is None)

    return test


def _value_test(kind: type, operator: str, bare: str | None, text: str | None) -> Callable[[Any], bool]:
    if bare == "null" and operator == ":":
        return lambda value: value is None
    if kind is int:
        number = bare if bare is not None else text
        if operator not in _NUMERIC or not re.fullmatch(r"-?[0-9]{1,18}", number or ""):
            raise _bad("a number is wanted")
        compare, wanted = _NUMERIC[operator], int(number or 0)
        return lambda value: value is not None and compare(value, wanted)
    if text is None or operator not in (":", "~"):
        raise _bad("a quoted string is wanted, after `:` or `~`")
    part = _unescaped(text).casefold()
    if operator == "~" and len(part) < _SHORTEST:
        raise _bad(f"`~` needs {_SHORTEST} characters at least")
    if operator == ":":
        return lambda value: value is not None and str(value).casefold() == part
    return lambda value: value is not None and part in str(value).casefold()


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)
