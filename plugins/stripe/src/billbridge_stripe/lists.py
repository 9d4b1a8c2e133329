"""Pages of Stripe's lists, in both orders and with filters that Stripe does not have. Rows stay undecoded. Does not know any resource.

Stripe lists the newest first only. `ending_before` pages backwards (docs.stripe.com/api/pagination).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from billbridge.flow import Flow
from billbridge.model import Page
from billbridge.model.base import MAX_PAGE, Chronological, Entity, Order, Query
from billbridge.toolkit.paging import SeenCursors

from billbridge_stripe import wire
from billbridge_stripe.api import Params, StripeApi

_ID: Final = msgspec.json.Decoder(wire.Object)
E = TypeVar("E", bound=Entity)
Rows = tuple[list[msgspec.Raw], str | None]
"""The rows of a page in the order of its query, and the cursor of the next page: the id of the last row."""


def created(query: Chronological) -> dict[str, Any]:
    """Return the parameters of the filter by time of creation."""
    return {"created": {"gte": query.created_gte, "lt": query.created_lt}}


def rows(api: StripeApi, path: str, query: Query, filters: Params) -> Flow[Rows]:
    """Fetch one page of a list. The cursor is None on the last page."""
    if isinstance(query, Chronological) and query.order == Order.OLDEST_FIRST:
        return (yield from _oldest_first(api, path, query, filters))
    page = yield from api.page(path, {**filters, "limit": query.page_size, "starting_after": query.cursor})
    return page.data, _last(api, page.data) if page.has_more and page.data else None


def filtered(
    api: StripeApi, path: str, query: Query, filters: Params, read: Callable[[msgspec.Raw], E], wanted: Callable[[E], bool]
) -> Flow[Page[E]]:
    """Fetch one page of the objects that are `wanted`. Skip pages that hold none of them, because an empty page would end the list."""
    seen = SeenCursors(api.provider)
    while True:
        found, cursor = yield from rows(api, path, query, filters)
        items = [each for each in map(read, found) if wanted(each)]
        if items or cursor is None:
            return Page(items=items, next_cursor=cursor)
        query = msgspec.structs.replace(query, cursor=seen.next(cursor))


def _oldest_first(api: StripeApi, path: str, query: Query, filters: Params) -> Flow[Rows]:
    """Fetch a page with the oldest first. Without a cursor, walk to the end of the list. With one, fetch the page before its object."""
    if query.cursor is None:
        found, more = yield from _end(api, path, query, filters)
    else:
        page = yield from api.page(path, {**filters, "limit": query.page_size, "ending_before": query.cursor})
        found, more = page.data, page.has_more
    found = found[::-1]
    return found, _last(api, found) if more and found else None


def _end(api: StripeApi, path: str, query: Query, filters: Params) -> Flow[tuple[list[msgspec.Raw], bool]]:
    """Return the last rows of a list, and whether there are others before them."""
    last: list[msgspec.Raw] = []
    others = False
    seen = SeenCursors(api.provider)
    after: str | None = None
    while True:
        page = yield from api.page(path, {**filters, "limit": MAX_PAGE, "starting_after": after})
        both = [*last, *page.data]
        last, others = both[-query.page_size :], others or len(both) > query.page_size
        if not page.has_more or not page.data:
            return last, others
        after = seen.next(_last(api, page.data))


def _last(api: StripeApi, found: list[msgspec.Raw]) -> str:
    return api.read(_ID, found[-1]).id
