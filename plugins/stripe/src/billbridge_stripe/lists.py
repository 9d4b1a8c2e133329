"""Stripe's lists page by page: in both orders, and by what Stripe cannot filter. Rows stay undecoded; knows no resource.

Stripe lists the newest first only, and pages backwards by `ending_before` (docs.stripe.com/api/pagination).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from billbridge.flow import Flow
from billbridge.model import Page
from billbridge.model.base import MAX_PAGE, Chronological, Entity, Order, Query

from billbridge_stripe import wire
from billbridge_stripe.api import Params, StripeApi, once

_ID: Final = msgspec.json.Decoder(wire.Object)
E = TypeVar("E", bound=Entity)
Rows = tuple[list[msgspec.Raw], str | None]
"""The rows of a page in the order of its query, and the cursor of the next page: the id of the last row."""


def created(query: Chronological) -> dict[str, Any]:
    """The filter by time of creation."""
    return {"created": {"gte": query.created_gte, "lt": query.created_lt}}


def rows(api: StripeApi, path: str, query: Query, filters: Params) -> Flow[Rows]:
    """One page of a list. The cursor is None on the last one."""
    if isinstance(query, Chronological) and query.order == Order.OLDEST_FIRST:
        return (yield from _oldest_first(api, path, query, filters))
    page = yield from api.page(path, {**filters, "limit": query.page_size, "starting_after": query.cursor})
    return page.data, _last(api, page.data) if page.has_more and page.data else None


def filtered(
    api: StripeApi, path: str, query: Query, filters: Params, read: Callable[[msgspec.Raw], E], wanted: Callable[[E], bool]
) -> Flow[Page[E]]:
    """One page of the objects that are `wanted`. Where Stripe's holds none, the next is fetched: an empty page would end the list."""
    seen: set[str] = set()
    while True:
        found, cursor = yield from rows(api, path, query, filters)
        items = [each for each in map(read, found) if wanted(each)]
        if items or cursor is None:
            return Page(items=items, next_cursor=cursor)
        query = msgspec.structs.replace(query, cursor=once(seen, cursor))


def _oldest_first(api: StripeApi, path: str, query: Query, filters: Params) -> Flow[Rows]:
    """Without a cursor, the end of the list is looked for first; from there on pages lie before the object of the cursor."""
    if query.cursor is None:
        found, more = yield from _end(api, path, query, filters)
    else:
        page = yield from api.page(path, {**filters, "limit": query.page_size, "ending_before": query.cursor})
        found, more = page.data, page.has_more
    found = found[::-1]
    return found, _last(api, found) if more and found else None


def _end(api: StripeApi, path: str, query: Query, filters: Params) -> Flow[tuple[list[msgspec.Raw], bool]]:
    """The last rows of a list, and whether there are others before them."""
    last: list[msgspec.Raw] = []
    others = False
    seen: set[str] = set()
    after: str | None = None
    while True:
        page = yield from api.page(path, {**filters, "limit": MAX_PAGE, "starting_after": after})
        both = [*last, *page.data]
        last, others = both[-query.page_size :], others or len(both) > query.page_size
        if not page.has_more or not page.data:
            return last, others
        after = once(seen, _last(api, page.data))


def _last(api: StripeApi, found: list[msgspec.Raw]) -> str:
    return api.read(_ID, found[-1]).id
