"""The form encoding: Chargebee's columns, JSON texts, and what is refused. (Vendor map, cases 1 to 4.)"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import pytest
from billbridge.errors import ValidationError
from billbridge.model import Interval
from billbridge.money import Money
from billbridge_chargebee.encode import encode
from hypothesis import given
from hypothesis import strategies as st


def pairs(params: dict[str, Any]) -> list[tuple[str, str]]:
    return parse_qsl(encode(params), keep_blank_values=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-5, "-5"),
        ("", ""),
        ("é ü&=%+\n", "é ü&=%+\n"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.000000001"), "0.000000001"),
        (Interval.MONTH, "month"),
        (datetime(2026, 1, 1, tzinfo=UTC), "1767225600"),
        (datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))), "1767225600"),
    ],
)
def test_a_scalar_is_its_text_and_never_1_or_0_for_a_boolean(value: object, text: str) -> None:
    assert pairs({"x": value}) == [("x", text)]


def test_none_is_left_out_and_an_empty_text_is_sent() -> None:
    assert encode({"a": None, "b": "", "c": {"d": None}}) == "b="


def test_columns_keep_the_index_of_their_element() -> None:
    """Case 1: three items of which only the second has a quantity."""
    items = [{"item_price_id": "a"}, {"item_price_id": "b", "quantity": 2}, {"item_price_id": "c", "quantity": None}]
    assert pairs({"subscription_items": items}) == [
        ("subscription_items[item_price_id][0]", "a"),
        ("subscription_items[item_price_id][1]", "b"),
        ("subscription_items[quantity][1]", "2"),
        ("subscription_items[item_price_id][2]", "c"),
    ]


def test_lists_of_values_have_an_index_and_groups_have_brackets() -> None:
    assert (
        encode({"coupon_ids": ["A", None, "B"], "card": {"brand": "visa"}})
        == "coupon_ids%5B0%5D=A&coupon_ids%5B2%5D=B&card%5Bbrand%5D=visa"
    )


def test_filters_of_several_values_are_json_with_double_quotes() -> None:
    """Case 3: not the Python repr that the official SDK sends."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    assert pairs({"status": {"in": ["active", "in_trial"]}, "created_at": {"between": (1, moment)}, "sort_by": {"desc": "date"}}) == [
        ("status[in]", '["active","in_trial"]'),
        ("created_at[between]", "[1,1767225600]"),
        ("sort_by[desc]", "date"),
    ]


def test_metadata_is_one_json_text_in_which_quotes_unicode_and_foreign_values_survive() -> None:
    """Case 4."""
    value = {"q": 'a"b', "é": "ü", "n": Decimal("1.10"), "raw": msgspec.Raw(b"[1.50,null]"), "none": None, "on": True}
    expected = '{"q":"a\\"b","é":"ü","n":1.10,"raw":[1.50,null],"none":null,"on":true}'
    assert pairs({"meta_data": value, "metadata": value}) == [("meta_data", expected), ("metadata", expected)]
    assert pairs({"meta_data": {}}) == [("meta_data", "{}")]
    assert pairs({"meta_data": '{"made":"elsewhere"}'}) == [("meta_data", '{"made":"elsewhere"}')]


def test_a_list_in_a_cell_is_a_json_array() -> None:
    constraints = [{"constraint": "specific", "item_price_ids": ["p1", "p2"]}]
    assert pairs({"item_constraints": constraints}) == [
        ("item_constraints[constraint][0]", "specific"),
        ("item_constraints[item_price_ids][0]", '["p1","p2"]'),
    ]


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        {"a": 1.5},
        [1.5],
        [{"a": [1.5]}],
        Decimal("NaN"),
        Money("1", "USD"),
        b"bytes",
        object(),
        datetime(2026, 1, 1),  # naive on purpose
        [[1]],
        [{"a": {"b": 1}}],
    ],
)
def test_what_is_not_exact_or_has_no_form_is_refused_by_name(value: object) -> None:
    with pytest.raises(ValidationError) as caught:
        encode({"x": value})
    assert (caught.value.param or "").startswith("x")


def test_floats_are_refused_inside_metadata_too() -> None:
    with pytest.raises(ValidationError, match="Decimal"):
        encode({"meta_data": {"a": [0.1]}})


_TEXTS = st.text("aZ0é€\U0001f600&=+%[]#?;\"'\\ \n")  # a short alphabet: all of Unicode is slow to draw from on a busy machine
_SCALARS = st.one_of(st.booleans(), st.integers(), _TEXTS, st.decimals(allow_nan=False, allow_infinity=False, places=4))
_NAMES = st.text("abcdefghij_", min_size=1).filter(lambda name: name not in ("in", "not_in", "between"))
_ROWS = st.lists(st.dictionaries(_NAMES, st.none() | _SCALARS, min_size=1), max_size=5)


def plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@given(rows=_ROWS)
def test_rows_can_be_rebuilt_from_their_columns(rows: list[dict[str, Any]]) -> None:
    found: list[dict[str, str]] = [{} for _ in rows]
    for name, value in pairs({"x": rows}):
        column, index = name.removeprefix("x[").removesuffix("]").split("][")
        assert column not in found[int(index)]
        found[int(index)][column] = value
    assert found == [{name: plain(value) for name, value in row.items() if value is not None} for row in rows]


@given(values=st.dictionaries(_NAMES, st.none() | _SCALARS))
def test_scalars_survive_the_form(values: dict[str, Any]) -> None:
    assert dict(pairs(values)) == {name: plain(value) for name, value in values.items() if value is not None}


@given(value=st.dictionaries(_TEXTS, _TEXTS))
def test_metadata_survives_the_form(value: dict[str, str]) -> None:
    ((_, text),) = pairs({"meta_data": value})
    assert json.loads(text) == value


@pytest.mark.parametrize("params", [{"a": "\ud800"}, {"\ud800": "a"}, {"metadata": {"k": "\ud800"}}])
def test_half_a_surrogate_pair_is_refused_by_name(params: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="not valid Unicode"):
        encode(params)
