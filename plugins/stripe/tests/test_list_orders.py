"""The lists of subscriptions and invoices: cut to a time, and from their other end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from billbridge.model import InvoiceQuery, SubscriptionQuery
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
START, END = datetime(2026, 1, 31, 12, tzinfo=UTC), datetime(2026, 2, 28, 12, tzinfo=UTC)
TIMES = "created[gte]=1769860800&created[lt]=1772280000"
QUERIES = {
    "subscriptions": (SubscriptionQuery(customer="cus_1"), f"customer=cus_1&{TIMES}&status=all"),
    "invoices": (InvoiceQuery(customer="cus_1", subscription="sub_1"), f"customer=cus_1&subscription=sub_1&{TIMES}"),
}


def wire(id: str) -> dict[str, Any]:
    amounts = dict.fromkeys(("subtotal", "total", "amount_paid", "amount_remaining"), 0)
    return {"id": id, "customer": "cus_1", "status": "active", "items": {"data": []}, "currency": "usd", "lines": {"data": []}, **amounts}


def rows(*ids: str, more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": [wire(id) for id in ids], "has_more": more}


def query(resource: str, **changes: Any) -> Any:
    made = QUERIES[resource][0]
    given = {name: getattr(made, name) for name in made.__struct_fields__ if getattr(made, name) is not None}
    return type(made)(**{**given, "created_gte": START, "created_lt": END, "page_size": 1, **changes})


@pytest.mark.parametrize("resource", QUERIES)
def test_a_list_is_cut_to_a_time_by_stripe_itself(walk: Walk, stripe: StripeProvider, resource: str) -> None:
    line = f"GET /v1/{resource}?{QUERIES[resource][1]}&limit=1&starting_after=x"
    page = walk(getattr(stripe, resource).list(query(resource, cursor="x")), (line, None, rows("b", more=True)))
    assert ([each.id for each in page.items], page.next_cursor) == (["b"], "b")


@pytest.mark.parametrize("resource", QUERIES)
def test_the_oldest_come_first_if_they_are_asked_for(walk: Walk, stripe: StripeProvider, resource: str) -> None:
    """Case 23."""
    line, list_ = f"GET /v1/{resource}?{QUERIES[resource][1]}", getattr(stripe, resource).list
    page = walk(list_(query(resource, order="oldest_first")), (f"{line}&limit=100", None, rows("c", "b", "a")))
    assert ([each.id for each in page.items], page.next_cursor) == (["a"], "a")
    asked = query(resource, order="oldest_first", cursor="a")
    page = walk(list_(asked), (f"{line}&limit=1&ending_before=a", None, rows("b", more=True)))
    assert ([each.id for each in page.items], page.next_cursor) == (["b"], "b")
