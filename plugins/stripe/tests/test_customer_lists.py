"""The list of customers: its filters, its pages, and both of its orders."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from billbridge.errors import ProtocolError
from billbridge.flow import Response
from billbridge.model import Customer, CustomerQuery, Page
from billbridge.model.raw import RawJson
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
ROW = {"id": "cus_1"}


def test_list_filters_and_reads_each_customer_with_its_own_bytes(walk: Walk, stripe: StripeProvider) -> None:
    first, second = b'{"id": "cus_1","name":"Ada"}', b'{"id":"cus_2", "created":1769860800}'
    body = b'{"object":"list","data":[' + first + b" , " + second + b'],"has_more":true,"url":"/v1/customers"}'
    query = CustomerQuery(email="Ada@example.com", page_size=2, cursor="cus_0")
    line = (
        "GET /v1/customers?email=Ada@example.com&expand[0]=data.tax_ids&expand[1]=data.invoice_credit_balance&limit=2&starting_after=cus_0"
    )
    page = walk(stripe.customers.list(query), (line, None, Response(status=200, body=body)))
    first_one = Customer(provider="stripe", id="cus_1", raw=RawJson(first), name="Ada")
    other = Customer(provider="stripe", id="cus_2", raw=RawJson(second), created_at=AT)
    assert page == Page(items=[first_one, other], next_cursor="cus_2")


@pytest.mark.parametrize("answer", [{"data": [ROW], "has_more": False}, {"data": [ROW]}])
def test_the_last_page_has_no_cursor(walk: Walk, stripe: StripeProvider, answer: dict[str, Any]) -> None:
    """Case 20."""
    page = walk(
        stripe.customers.list(CustomerQuery()),
        ("GET /v1/customers?expand[0]=data.tax_ids&expand[1]=data.invoice_credit_balance&limit=100", None, answer),
    )
    assert page.next_cursor is None
    assert len(page.items) == 1


def test_an_empty_page_ends_the_list_whatever_it_says(walk: Walk, stripe: StripeProvider) -> None:
    """Case 20."""
    answer = {"data": [], "has_more": True}
    assert walk(
        stripe.customers.list(CustomerQuery()),
        ("GET /v1/customers?expand[0]=data.tax_ids&expand[1]=data.invoice_credit_balance&limit=100", None, answer),
    ) == Page(items=[])


def bare(id: str) -> Customer:
    return Customer(provider="stripe", id=id, raw=RawJson(json.dumps({"id": id}).encode()))


def listed(*ids: str, more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": id} for id in ids], "has_more": more, "url": "/v1/customers"}


def test_a_list_can_be_cut_to_a_time(walk: Walk, stripe: StripeProvider) -> None:
    query = CustomerQuery(email="e@x", created_gte=AT, created_lt=AT.replace(month=3), page_size=2, cursor="cus_9")
    filters = "email=e@x&created[gte]=1769860800&created[lt]=1772280000"
    line = f"GET /v1/customers?{filters}&expand[0]=data.tax_ids&expand[1]=data.invoice_credit_balance&limit=2&starting_after=cus_9"
    query = msgspec.structs.replace(query, created_lt=datetime(2026, 2, 28, 12, tzinfo=UTC))
    assert walk(stripe.customers.list(query), (line, None, listed("b", "a"))) == Page(items=[bare("b"), bare("a")])


WALK = "GET /v1/customers?expand[0]=data.tax_ids&expand[1]=data.invoice_credit_balance&limit=100"
PAGE = "GET /v1/customers?expand[0]=data.tax_ids&expand[1]=data.invoice_credit_balance&limit=2&ending_before="


def oldest(cursor: str | None = None) -> CustomerQuery:
    return CustomerQuery(order="oldest_first", page_size=2, cursor=cursor)


def test_the_oldest_come_first_after_one_walk_to_the_end(walk: Walk, stripe: StripeProvider) -> None:
    """Case 23: the first page is full even where the last of Stripe's is not."""
    found = walk(
        stripe.customers.list(oldest()),
        (WALK, None, listed("e", "d", more=True)),
        (f"{WALK}&starting_after=d", None, listed("c", "b", more=True)),
        (f"{WALK}&starting_after=b", None, listed("a")),
    )
    assert found == Page(items=[bare("a"), bare("b")], next_cursor="b")


def test_the_newer_ones_lie_before_the_cursor_and_the_newest_page_is_the_last(walk: Walk, stripe: StripeProvider) -> None:
    """Case 23."""
    found = walk(stripe.customers.list(oldest("b")), (f"{PAGE}b", None, listed("d", "c", more=True)))
    assert found == Page(items=[bare("c"), bare("d")], next_cursor="d")
    assert walk(stripe.customers.list(oldest("d")), (f"{PAGE}d", None, listed("e"))) == Page(items=[bare("e")])
    assert walk(stripe.customers.list(oldest("e")), (f"{PAGE}e", None, listed(more=True))) == Page(items=[])


@pytest.mark.parametrize(
    ("ids", "items", "cursor"), [([], [], None), (["a"], ["a"], None), (["b", "a"], ["a", "b"], None), (["c", "b", "a"], ["a", "b"], "b")]
)
def test_a_short_list_from_its_other_end(walk: Walk, stripe: StripeProvider, ids: list[str], items: list[str], cursor: str | None) -> None:
    """Case 20: nothing, one, exactly a page, and one more."""
    found = walk(stripe.customers.list(oldest()), (WALK, None, listed(*ids)))
    assert found == Page(items=[bare(id) for id in items], next_cursor=cursor)


def test_a_walk_that_goes_in_a_circle_is_noticed(walk: Walk, stripe: StripeProvider) -> None:
    """Case 20."""
    with pytest.raises(ProtocolError, match="never end"):
        walk(
            stripe.customers.list(oldest()),
            (WALK, None, listed("b", "a", more=True)),
            (f"{WALK}&starting_after=a", None, listed("b", "a", more=True)),
        )


def test_an_empty_page_ends_the_walk_whatever_it_says(walk: Walk, stripe: StripeProvider) -> None:
    """Case 20."""
    found = walk(
        stripe.customers.list(oldest()),
        (WALK, None, listed("b", "a", more=True)),
        (f"{WALK}&starting_after=a", None, listed(more=True)),
    )
    assert found == Page(items=[bare("a"), bare("b")])
