"""Sparse objects: plain dicts to everybody who reads or changes them, but smaller."""

from __future__ import annotations

import json
from copy import copy, deepcopy
from typing import Any

import pytest
from billbridge_sandbox.kernel.sparse import Sparse, peek
from hypothesis import given
from hypothesis import strategies as st

DEFAULTS: dict[str, Any] = {
    "object": "thing",
    "status": "paid",
    "count": 0,
    "tags": [],
    "more": {"a": None},
    "url": lambda row: f"https://things.invalid/{row['id']}",
    "parent": lambda row: {"of": row.origin[0]},
}
NAMES = st.sampled_from([*DEFAULTS, "id", "extra"])
VALUES = st.sampled_from([None, "paid", "open", 0, 7, (), "x"]) | st.builds(list[int]) | st.builds(dict[str, int])


def whole(**fields: Any) -> dict[str, Any]:
    plain = {"object": "thing", "status": "paid", "count": 0, "tags": [], "more": {"a": None}, "parent": {"of": "p"}, **fields}
    return {"url": f"https://things.invalid/{plain['id']}", **plain}


@given(st.dictionaries(NAMES.filter(lambda name: name != "id"), VALUES), st.lists(st.tuples(NAMES.filter(lambda n: n != "id"), VALUES)))
def test_it_reads_like_a_dict_with_every_field(fields: dict[str, Any], changes: list[tuple[str, Any]]) -> None:
    plain, sparse = whole(id="i", **fields), Sparse(DEFAULTS, {"id": "i", **fields}, ("p",))
    for name, value in changes:
        plain[name] = value
        sparse[name] = value
    assert sparse == plain == {**sparse} == dict(sparse) == copy(sparse) == deepcopy(sparse) == sparse.copy() == sparse | {}
    assert sparse == Sparse(DEFAULTS, plain, ("p",))
    assert sparse != {**plain, "count": -1}
    assert (len(sparse), set(sparse), set(sparse.keys())) == (len(plain), set(plain), set(plain))
    assert json.loads(json.dumps(sparse)) == json.loads(json.dumps(plain))
    for name in [*plain, "missing"]:
        assert (name in sparse, sparse.get(name, "?")) == (name in plain, plain.get(name, "?"))
    assert {name: peek(sparse, name) for name in plain} == {name: peek(plain, name) for name in plain} == dict(sparse.items())
    assert sorted(map(repr, sparse.values())) == sorted(map(repr, plain.values()))


def test_a_default_list_or_dict_can_be_changed_in_place_and_stays_the_objects_own() -> None:
    first, second = (Sparse(DEFAULTS, {"id": id}, ("p",)) for id in "ab")
    first["tags"].append(1)
    first["more"]["a"] = 2
    first["parent"]["of"] = 3
    assert (first["tags"], first["more"], first["parent"]) == ([1], {"a": 2}, {"of": 3})
    assert second == whole(id="b")


def test_a_list_that_equals_the_default_may_be_changed_by_who_set_it() -> None:
    sparse, mine = Sparse(DEFAULTS, {"id": "a", "tags": [1]}), list[int]()
    sparse["tags"] = mine
    mine.append(2)
    assert sparse["tags"] == [2]


def test_only_what_differs_is_stored_and_peeking_stores_nothing() -> None:
    sparse = Sparse(DEFAULTS, {"id": "a", "status": "open", "count": 0, "tags": []}, ("p",))
    assert (peek(sparse, "tags"), peek(sparse, "parent"), peek(sparse, "status"), sparse["url"]) == (
        [],
        {"of": "p"},
        "open",
        "https://things.invalid/a",
    )
    sparse.update(status="paid")
    sparse |= {"count": 0}
    assert (dict.__len__(sparse), len(sparse)) == (1, 8)
    assert (sparse.setdefault("status", "x"), sparse.setdefault("new", "x"), sparse["new"]) == ("paid", "x", "x")


def test_a_field_cannot_be_removed() -> None:
    sparse = Sparse(DEFAULTS, {"id": "a"}, ("p",))
    for remove in (lambda: sparse.pop("status"), lambda: sparse.pop("status", None), lambda: sparse.__delitem__("status")):
        with pytest.raises(TypeError, match="the field status of a stored object cannot be removed"):
            remove()
    with pytest.raises(KeyError):
        sparse["missing"]
