"""Lists by time of creation: nothing of the window is sent, all of it is kept, and the list goes on until it is over."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from billbridge import Billing, Feature
from billbridge.errors import ProtocolError, UnsupportedOperationError
from billbridge.model import CustomerQuery, Page
from billbridge_airbyte import AirbyteStripeProvider

Walk = Callable[..., Any]
START = datetime(2026, 1, 1, tzinfo=UTC)


def at(day: float) -> datetime:
    """So many days after the start."""
    return START + timedelta(days=day)


def records(*days: int) -> list[dict[str, Any]]:
    """One customer made on each day."""
    return [{"id": f"cus_{day}", "created": int(at(day).timestamp())} for day in days]


def answer(*days: int, more: bool) -> dict[str, Any]:
    """A page of such customers."""
    return {"result": records(*days), "connector_metadata": {"has_more": more}}


def listed(walk: Walk, airbyte: AirbyteStripeProvider, query: CustomerQuery, *answers: Any) -> tuple[list[str], str | None, list[Any]]:
    """The ids of a page, its cursor, and the parameters of the requests that it took."""
    page, sent = walk(airbyte.customers.list(query), *answers)
    assert isinstance(page, Page)
    return [item.id for item in page.items], page.next_cursor, [json.loads(request.body)["params"] for request in sent]


def test_pages_outside_of_the_window_are_passed_over(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    """An empty page would end the list."""
    query = CustomerQuery(created_gte=at(2), created_lt=at(4), page_size=2, cursor="cus_9")
    ids, cursor, asked = listed(walk, airbyte, query, answer(8, 7, more=True), answer(6, 5, more=True), answer(4, 3, more=True))
    assert (ids, cursor) == (["cus_3"], "cus_3")
    assert asked == [{"limit": 2, "starting_after": after} for after in ("cus_9", "cus_7", "cus_5")]


def test_the_place_to_go_on_is_the_last_one_seen_not_the_last_one_kept(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    query = CustomerQuery(created_lt=at(9), page_size=2)
    assert listed(walk, airbyte, query, answer(9, 8, more=True))[:2] == (["cus_8"], "cus_8")


@pytest.mark.parametrize(("days", "kept"), [((4, 3, 1), ["cus_4", "cus_3"]), ((1, 0), []), ((3, 2), ["cus_3", "cus_2"])])
def test_the_first_customer_before_the_window_ends_the_list(
    walk: Walk, airbyte: AirbyteStripeProvider, days: tuple[int, ...], kept: list[str]
) -> None:
    ids, cursor, asked = listed(walk, airbyte, CustomerQuery(created_gte=at(2)), answer(*days, more=True))
    assert (ids, cursor) == (kept, "cus_2" if days[-1] == 2 else None)
    assert asked == [{"limit": 100}]


def test_a_list_that_holds_nothing_of_the_window_ends_with_its_last_page(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    query = CustomerQuery(created_lt=at(0), page_size=1)
    assert listed(walk, airbyte, query, answer(2, more=True), answer(1, more=False))[:2] == ([], None)
    assert listed(walk, airbyte, query, answer(2, more=True), answer(more=True))[:2] == ([], None)


def test_a_window_is_of_whole_seconds(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    """As at Stripe, which is sent whole seconds: a part of one is cut off."""
    part, second = timedelta(microseconds=999_999), timedelta(seconds=1)
    for query, kept in (
        (CustomerQuery(created_gte=at(1) + part), True),
        (CustomerQuery(created_gte=at(1) + second), False),
        (CustomerQuery(created_lt=at(1) + part), False),
        (CustomerQuery(created_lt=at(1) + second), True),
    ):
        assert listed(walk, airbyte, query, answer(1, more=False))[0] == ["cus_1"] * kept


def test_a_page_that_comes_twice_does_not_go_on_for_ever(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    query = CustomerQuery(created_lt=at(1), page_size=1)
    with pytest.raises(ProtocolError, match="twice"):
        walk(airbyte.customers.list(query), *[answer(5, more=True)] * 2)


def test_a_record_without_its_time_is_listed_where_no_time_is_asked_for(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    page, _ = walk(airbyte.customers.list(CustomerQuery()), {"result": [{"id": "cus_1"}], "connector_metadata": {"has_more": False}})
    assert [item.created_at for item in page.items] == [None]
    for window in (CustomerQuery(created_gte=at(1)), CustomerQuery(created_lt=at(1))):
        with pytest.raises(ProtocolError, match="without a time of creation"):
            walk(airbyte.customers.list(window), {"result": [{"id": "cus_1"}], "connector_metadata": {"has_more": False}})


def test_the_oldest_first_is_refused_with_a_hint_before_anything_is_sent() -> None:
    with (
        Billing(AirbyteStripeProvider(connector_id="c", token="t", base_url="http://127.0.0.1:9")) as billing,
        pytest.raises(UnsupportedOperationError, match="newest first") as caught,
    ):
        list(billing.customers.list(order="oldest_first"))
    assert caught.value.capability == Feature.CUSTOMERS_OLDEST_FIRST
