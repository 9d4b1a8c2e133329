"""Filters, order and offsets."""

from __future__ import annotations

import json
from typing import Any

import pytest
from billbridge_sandbox import Simulation
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import START, Client


@pytest.fixture
def five(client: Client, simulation: Simulation) -> Client:
    """Customers c0 to c4, created an hour apart; c3 has no e-mail address."""
    for number in range(5):
        email = {} if number == 3 else {"email": f"{'abcde'[number]}@example.com"}
        client.customer(f"c{number}", None, first_name=f"N{number}", **email)
        simulation.advance(hours=1)
    return client


HOUR = 3600
T0 = int(START.timestamp())


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"email[is]": "a@example.com"}, "c0"),
        ({"email[is]": "A@example.com"}, ""),
        ({"email[is_not]": "a@example.com"}, "c1 c2 c3 c4"),
        ({"email[starts_with]": "b"}, "c1"),
        ({"email[is_present]": "false"}, "c3"),
        ({"email[is_present]": "true"}, "c0 c1 c2 c4"),
        ({"id[in]": '["c1","c4","nobody"]'}, "c1 c4"),
        ({"id[not_in]": '["c1","c4"]'}, "c0 c2 c3"),
        ({"created_at[after]": str(T0 + HOUR)}, "c2 c3 c4"),
        ({"created_at[before]": str(T0 + HOUR)}, "c0"),
        ({"created_at[between]": f"[{T0},{T0 + 2 * HOUR}]"}, "c0 c1 c2"),
        ({"created_at[between]": f'["{T0}","{T0 + 2 * HOUR}"]'}, "c0 c1 c2"),
        ({"created_at[on]": str(T0 - 11 * HOUR)}, "c0 c1 c2 c3 c4"),
        ({"auto_collection[is]": "off"}, ""),
        ({"first_name[is]": "N2", "email[is]": "c@example.com"}, "c2"),
        ({"first_name[is]": "N2", "email[is]": "a@example.com"}, ""),
        ({"sort_by[desc]": "created_at"}, "c4 c3 c2 c1 c0"),
        ({"sort_by[asc]": "updated_at"}, "c0 c1 c2 c3 c4"),
    ],
)
def test_a_filter_finds_what_its_operator_says(five: Client, filters: dict[str, str], expected: str) -> None:
    assert five.get("/customers", filters).names("customer") == expected.split()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id[in]", "['c1', 'c4']"),
        ("id[in]", "c1,c4"),
        ("id[in]", '{"c1": 1}'),
        ("id[in]", "[]"),
        ("email[like]", "a"),
        ("email[between]", '["a","b"]'),
        ("created_at[gt]", "1"),
        ("created_at[after]", "yesterday"),
        ("created_at[between]", "[1]"),
        ("email[is_present]", "1"),
        ("sort_by[asc]", "email"),
        ("sort_by[up]", "created_at"),
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "ten"),
        ("offset", "5"),
        ("offset", "c1"),
        ("offset", '["1517505731000","123"]'),
        ("offset", '[["a"],"0"]'),
    ],
)
def test_a_list_parameter_that_makes_no_sense_is_refused_by_name(five: Client, name: str, value: str) -> None:
    refused = five.get("/customers", {name: value})
    assert refused.code == (400, "param_wrong_value")
    assert refused["param"] == name


def walk(client: Client, path: str, kind: str, **params: Any) -> list[str]:
    found: list[str] = []
    page = client.get(path, params)
    while True:
        found += page.names(kind)
        if "next_offset" not in page.body:
            return found
        before = page["next_offset"]
        page = client.get(path, {**params, "offset": before})
        assert page.body.get("next_offset") != before, "the same page again"


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 100])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_pages_give_every_row_once_in_order_and_the_last_has_no_offset(five: Client, limit: int, direction: str) -> None:
    expected = ["c0", "c1", "c2", "c3", "c4"]
    found = walk(five, "/customers", "customer", limit=limit, **{f"sort_by[{direction}]": "created_at"})
    assert found == (expected if direction == "asc" else expected[::-1])


def test_the_default_page_holds_ten(client: Client) -> None:
    for number in range(11):
        client.customer(f"c{number}", None)
    page = client.get("/customers")
    assert page.names("customer") == [f"c{number}" for number in range(10)]
    assert client.get("/customers", {"offset": page["next_offset"]}).names("customer") == ["c10"]


def test_an_offset_looks_like_the_vendors_and_rows_added_later_do_not_shift_it(five: Client) -> None:
    page = five.get("/customers", {"limit": 2, "sort_by[desc]": "created_at"})
    value, number = json.loads(page["next_offset"])
    assert value == str((T0 + 3 * HOUR) * 1000)
    assert number.isdigit()
    five.customer("later", None)
    again = five.get("/customers", {"limit": 2, "sort_by[desc]": "created_at", "offset": page["next_offset"]})
    assert again.names("customer") == ["c2", "c1"]


@pytest.mark.parametrize("other", [{"email[is]": "a@example.com"}, {"sort_by[desc]": "created_at"}, {"sort_by[asc]": "updated_at"}])
def test_an_offset_is_refused_with_other_filters_or_another_order(five: Client, other: dict[str, str]) -> None:
    offset = five.get("/customers", {"limit": 2})["next_offset"]
    assert five.get("/customers", {"limit": 3, "offset": offset}).names("customer") == ["c2", "c3", "c4"]
    assert five.get("/customers", {"limit": 2, "offset": offset, **other}).code == (400, "param_wrong_value")
    assert five.get("/subscriptions", {"offset": offset}).code == (400, "param_wrong_value")


def test_items_sort_by_name_through_pages(client: Client) -> None:
    for name in ("pear", "apple", "fig"):
        client.price(f"{name}-price", name)
    assert walk(client, "/items", "item", limit=1) == ["pear", "apple", "fig"]
    assert walk(client, "/items", "item", limit=1, **{"sort_by[asc]": "name"}) == ["apple", "fig", "pear"]
    assert client.get("/items", {"sort_by[asc]": "seq"}).code == (400, "param_wrong_value")


@settings(max_examples=25, deadline=None)
@given(names=st.lists(st.sampled_from(["a", "b", "c"]), max_size=12), limit=st.integers(1, 5), wanted=st.sampled_from(["a", "b", "c"]))
def test_a_filtered_walk_finds_exactly_the_matching_rows(names: list[str], limit: int, wanted: str) -> None:
    client = Client(Simulation(START))
    for number, name in enumerate(names):
        client.customer(f"c{number}", None, first_name=name)
    expected = [f"c{number}" for number, name in enumerate(names) if name == wanted]
    assert walk(client, "/customers", "customer", limit=limit, **{"first_name[is]": wanted}) == expected
