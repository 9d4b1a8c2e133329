"""Case 18: each shape that Airbyte's answers are shown in, for lists and for one record, and what is not one of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from billbridge.errors import NotFoundError, ProtocolError
from billbridge.model import CustomerQuery
from billbridge_airbyte import AirbyteStripeProvider

Walk = Callable[..., Any]
ONE, TWO = ({"id": id, "object": "customer"} for id in ("cus_1", "cus_2"))
ROWS = [ONE, TWO]


def lists(more: bool) -> dict[str, Any]:
    stripes = {"object": "list", "data": ROWS, "has_more": more, "url": "/v1/customers"}
    return {
        "stripe's list as the result": {"result": stripes},
        "stripe's list as the result of a success": {
            "status": "success",
            "result": stripes,
            "connector_metadata": None,
            "execution_metadata": {"connector_instance_id": "con_1", "execution_time_ms": 12},
            "warning": None,
        },
        "records and metadata": {"status": "success", "result": ROWS, "connector_metadata": {"has_more": more}},
        "records and the metadata of PyAirbyte": {"result": ROWS, "connector_metadata": {"has_next_page": more, "end_cursor": "cus_2"}},
        "data and meta": {"data": ROWS, "meta": {"has_more": more}},
        "data and meta as the result": {"result": {"data": ROWS, "meta": {"has_more": more}}},
        "records, and has_more beside them": {"result": ROWS, "has_more": more},
        "a bare list of stripe's": stripes,
    }


@pytest.mark.parametrize("more", [True, False])
@pytest.mark.parametrize("shape", lists(True))
def test_a_list_is_read_in_every_shape(walk: Walk, airbyte: AirbyteStripeProvider, shape: str, more: bool) -> None:
    page, _ = walk(airbyte.customers.list(CustomerQuery()), lists(more)[shape])
    assert [item.id for item in page.items] == ["cus_1", "cus_2"]
    assert [item.raw_json() for item in page.items] == ROWS
    assert page.next_cursor == ("cus_2" if more else None)


@pytest.mark.parametrize("body", [ROWS, {"result": ROWS}, {"data": ROWS, "meta": None}, {"result": ROWS, "connector_metadata": {}}])
def test_where_nothing_tells_a_full_page_has_a_next_one(walk: Walk, airbyte: AirbyteStripeProvider, body: Any) -> None:
    full, _ = walk(airbyte.customers.list(CustomerQuery(page_size=2)), body)
    assert full.next_cursor == "cus_2"
    short, _ = walk(airbyte.customers.list(CustomerQuery(page_size=3)), body)
    assert short.next_cursor is None


def test_one_yes_is_enough_where_marks_differ(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    """A request too many is better than customers that are never seen."""
    body = {"result": {"data": ROWS, "has_more": True}, "connector_metadata": {"has_more": False}}
    page, _ = walk(airbyte.customers.list(CustomerQuery()), body)
    assert page.next_cursor == "cus_2"


@pytest.mark.parametrize(
    "body", [{"result": []}, {"result": {"data": [], "has_more": True}}, [], {"data": [], "meta": {"has_more": False}}]
)
def test_a_page_of_nothing_is_the_last(walk: Walk, airbyte: AirbyteStripeProvider, body: Any) -> None:
    page, _ = walk(airbyte.customers.list(CustomerQuery()), body)
    assert (page.items, page.next_cursor) == ([], None)


@pytest.mark.parametrize("body", [{"status": "success", "result": ONE}, {"result": {"data": ONE}}, {"data": ONE, "meta": {}}, ONE])
def test_one_record_is_read_in_every_shape(walk: Walk, airbyte: AirbyteStripeProvider, body: Any) -> None:
    found, _ = walk(airbyte.customers.get("cus_1"), body)
    assert (found.id, found.raw_json()) == ("cus_1", ONE)


def test_a_record_is_not_opened_further(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    odd = ONE | {"data": {"id": "cus_2"}}
    found, _ = walk(airbyte.customers.get("cus_1"), {"result": odd})
    assert found.raw_json() == odd


NOT_A_LIST: list[Any] = [
    b"",
    b"<html>",
    b'{"result": [{"id": "cus_1"}',
    b'"cus_1"',
    b"\xff",
    {},
    {"result": None},
    {"result": 7},
    {"result": {"object": "list"}},
    {"result": ONE},
    {"result": [{"object": "customer"}]},
    {"result": [None]},
]


@pytest.mark.parametrize("body", NOT_A_LIST)
def test_what_is_not_a_list_is_a_protocol_error(walk: Walk, airbyte: AirbyteStripeProvider, body: Any) -> None:
    answer = (200, body) if isinstance(body, bytes) else body
    with pytest.raises(ProtocolError):
        walk(airbyte.customers.list(CustomerQuery()), answer)


@pytest.mark.parametrize(
    "body", [b"", b"null", {}, {"result": None}, {"result": []}, {"result": [ONE]}, {"result": {"id": 7}}, {"data": ROWS}]
)
def test_what_is_not_a_record_is_a_protocol_error(walk: Walk, airbyte: AirbyteStripeProvider, body: Any) -> None:
    with pytest.raises(ProtocolError):
        walk(airbyte.customers.get("cus_1"), (200, body))


def test_a_failure_that_came_with_200_is_a_failure(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    with pytest.raises(ProtocolError, match="connector broke"):
        walk(airbyte.customers.list(CustomerQuery()), {"status": "error", "result": [], "message": "connector broke"})
    stripes = {"type": "invalid_request_error", "code": "resource_missing", "message": "No such customer: 'cus_1'"}
    with pytest.raises(NotFoundError):
        walk(airbyte.customers.get("cus_1"), {"status": "failed", "result": {"error": json.dumps({"error": stripes})}})
