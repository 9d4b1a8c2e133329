"""The form encoding: exact spellings, and a round trip of anything it takes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum
from typing import Any
from urllib.parse import parse_qsl

import pytest
from billbridge.errors import ValidationError
from billbridge.model import Interval
from billbridge_stripe.encode import encode
from hypothesis import given
from hypothesis import strategies as st


class Level(IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("params", "text"),
    [
        (None, ""),
        ({}, ""),
        ({"a": None, "b": "", "c": {}, "d": []}, "b="),
        ({"yes": True, "no": False, "n": 0, "m": -5}, "yes=true&no=false&n=0&m=-5"),
        ({"d": Decimal("0.50"), "e": Decimal("1E+3")}, "d=0.50&e=1000"),
        ({"when": datetime(2026, 1, 31, tzinfo=UTC)}, "when=1769817600"),
        ({"when": datetime(2026, 1, 31, 1, tzinfo=timezone(timedelta(hours=1)))}, "when=1769817600"),
        ({"every": Interval.MONTH, "level": Level.HIGH}, "every=month&level=3"),
        ({"address": {"line1": "1 & 2=3 +", "line2": None}}, "address[line1]=1+%26+2%3D3+%2B"),
        ({"items": [{"price": "p"}, {"price": "q", "quantity": 2}]}, "items[0][price]=p&items[1][price]=q&items[1][quantity]=2"),
        ({"expand": (None, "a", None, "b")}, "expand[0]=a&expand[1]=b"),
        ({"metadata": {"ключ &": "да"}}, "metadata[%D0%BA%D0%BB%D1%8E%D1%87+%26]=%D0%B4%D0%B0"),
    ],
)
def test_params_are_spelt_as_stripe_reads_them(params: dict[str, Any] | None, text: str) -> None:
    """Cases 1 and 2: rows in order, None left out, "" clears, booleans are words."""
    assert encode(params) == text


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), datetime(2026, 1, 31), Decimal("NaN"), Decimal("Infinity"), b"bytes", object(), {1, 2}, {"in": 0.1}]
)
def test_what_has_no_exact_spelling_is_refused(value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        encode({"amount": value})
    assert caught.value.param in ("amount", "amount[in]")


@pytest.mark.parametrize("metadata", [{"a[b]": "x"}, {"": "x"}, {"a]": "x"}, {1: "x"}])
def test_a_key_that_stripe_would_read_as_another_one_is_refused(metadata: dict[Any, str]) -> None:
    with pytest.raises(ValidationError, match="of metadata is empty, holds a bracket or is not text"):
        encode({"metadata": metadata})
    with pytest.raises(ValidationError, match=r"^a key is empty"):
        encode(metadata)


KEYS = st.text(st.characters(exclude_characters="[]", exclude_categories=["Cs"]), min_size=1, max_size=5)
LEAVES = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), st.integers(), st.booleans(), st.none())
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=12)


def flatten(name: str, value: Any) -> list[tuple[str, str]]:
    """What should arrive, written the other way round: from the leaves up."""
    if value is None:
        return []
    if isinstance(value, dict):
        return [pair for key, inner in value.items() for pair in flatten(f"{name}[{key}]" if name else key, inner)]
    if isinstance(value, list):
        kept = [inner for inner in value if inner is not None]
        return [pair for index, inner in enumerate(kept) for pair in flatten(f"{name}[{index}]", inner)]
    return [(name, str(value).lower() if isinstance(value, bool) else str(value))]


@given(st.dictionaries(KEYS, TREES, max_size=4))
def test_a_form_parser_reads_back_what_was_encoded(params: dict[str, Any]) -> None:
    text = encode(params)
    assert text.isascii()
    assert parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)) == flatten("", params)


@pytest.mark.parametrize("params", [{"a": "\ud800"}, {"\ud800": "a"}, {"metadata": {"k": "\ud800"}}])
def test_half_a_surrogate_pair_is_refused_by_name(params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="not valid Unicode"):
        encode(params)
