"""Form bodies and bracket keys."""

from __future__ import annotations

from typing import TypeAlias
from urllib.parse import urlencode

import pytest
from billbridge_sandbox.kernel.forms import nest, parse_pairs
from billbridge_sandbox.kernel.http import Call
from hypothesis import given
from hypothesis import strategies as st

Tree: TypeAlias = "str | dict[str, Tree]"

NAMES = st.text(st.characters(blacklist_characters="[]", blacklist_categories=["Cs"]), min_size=1)
VALUES = st.text(st.characters(blacklist_categories=["Cs"]))
TREES: st.SearchStrategy[Tree] = st.recursive(VALUES, lambda inner: st.dictionaries(NAMES, inner, min_size=1, max_size=4), max_leaves=10)


def flat(tree: dict[str, Tree], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in tree.items():
        key = f"{prefix}[{name}]" if prefix else name
        pairs += [(key, value)] if isinstance(value, str) else flat(value, key)
    return pairs


@given(st.lists(st.tuples(VALUES, VALUES), max_size=8))
def test_any_pairs_survive_a_form_body_and_a_query(pairs: list[tuple[str, str]]) -> None:
    assert parse_pairs(Call("POST", "/", body=urlencode(pairs).encode())) == pairs
    assert parse_pairs(Call("GET", "/", query=pairs)) == pairs


@given(st.dictionaries(NAMES, TREES, max_size=4))
def test_any_tree_survives_bracket_keys(tree: dict[str, Tree]) -> None:
    assert nest(flat(tree)) == tree


def test_lists_are_kept_in_order_and_rows_begin_when_a_name_repeats() -> None:
    pairs = [("a[]", "1"), ("a[]", "2"), ("b[][x]", "1"), ("b[][y]", "2"), ("b[][x]", "3"), ("c[0][x]", "1")]
    assert nest(pairs) == {"a": ["1", "2"], "b": [{"x": "1", "y": "2"}, {"x": "3"}], "c": {"0": {"x": "1"}}}


def test_the_last_of_repeated_values_counts() -> None:
    assert nest([("a", "1"), ("a", "2"), ("b[c]", "1"), ("b[c]", "")]) == {"a": "2", "b": {"c": ""}}


@pytest.mark.parametrize("keys", [("a", "a[b]"), ("a[b]", "a"), ("a[]", "a[b]"), ("a[b]", "a[]"), ("a[b]", "a[b][c]"), ("a", "a[]")])
def test_a_key_of_two_kinds_is_refused(keys: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="Invalid parameter"):
        nest([(key, "1") for key in keys])


@pytest.mark.parametrize("key", ["a[b", "a]b[", "[a]", "a[b]c", "a[[b]]"])
def test_a_malformed_key_is_taken_as_it_stands(key: str) -> None:
    assert nest([(key, "1")]) == {key: "1"}
