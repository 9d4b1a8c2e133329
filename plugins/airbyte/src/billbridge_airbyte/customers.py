"""Reads Stripe's customers through Airbyte. `billbridge_stripe.objects` translates them.

`tax_ids` is always None: Stripe sends tax ids only on request, and the connector has no parameter that requests them.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec
from billbridge.errors import NotFoundError, ProtocolError, ValidationError
from billbridge.flow import Flow
from billbridge.model import Customer, CustomerQuery, Page
from billbridge.services import CustomerService
from billbridge.toolkit.ids import checked_id
from billbridge.toolkit.paging import SeenCursors
from billbridge_stripe.objects import CUSTOMER, customer

from billbridge_airbyte.api import AirbyteApi
from billbridge_airbyte.envelope import rows
from billbridge_airbyte.window import before, within

_ENTITY: Final = "customers"
_LEADS_ELSEWHERE: Final = re.compile(r"[/\\?#%]")


class AirbyteCustomers(CustomerService):
    """The customers of Airbyte's Stripe connector."""

    def __init__(self, api: AirbyteApi) -> None:
        self._api = api

    def get(self, id: str) -> Flow[Customer]:
        """Return a customer. Raises `NotFoundError`, with `deleted` true if the customer was deleted.

        Airbyte puts the id into a path of Stripe, and we do not know how. So an id with a special character raises `ValidationError`.
        """
        if _LEADS_ELSEWHERE.search(checked_id(id)):
            raise ValidationError("the id holds one of / \\ ? # %, which have a meaning in a path", param="id", provider=self._api.provider)
        found = yield from self._api.execute(_ENTITY, "get", {"id": id})
        record = self._api.read(CUSTOMER, found.content)
        if record.id != id:
            raise ProtocolError("airbyte answered with a customer of another id", provider=self._api.provider)
        if record.deleted:
            error = NotFoundError(f"{id} was deleted", provider=self._api.provider, status=200, raw=bytes(found.content))
            error.deleted = True
            raise error
        return customer(record, found.content, provider=self._api.provider)

    def list(self, query: CustomerQuery) -> Flow[Page[Customer]]:
        """Return a page of customers, the newest first.

        The filter by time runs here (see `window`). Pages without a match are skipped. The first customer before the window ends the list.
        If the answer does not say whether there are more, a full page has a next page, which can be empty. Raises `ProtocolError` for a
        customer with another e-mail address than the query's, and for a page that comes twice.
        """
        passed = SeenCursors(self._api.provider)
        while True:
            page = yield from self._page(query)
            items = [item for item in page.items if within(item, query)]
            cursor = page.next_cursor
            if cursor is None or before(page.items[-1], query):
                return Page(items=items)
            if items:
                return Page(items=items, next_cursor=cursor)
            query = msgspec.structs.replace(query, cursor=passed.next(cursor))

    def _page(self, query: CustomerQuery) -> Flow[Page[Customer]]:
        asked = {"limit": query.page_size, "starting_after": query.cursor, "email": query.email}
        found = yield from self._api.execute(_ENTITY, "list", {name: value for name, value in asked.items() if value is not None})
        items = [customer(self._api.read(CUSTOMER, row), row, provider=self._api.provider) for row in rows(found, self._api)]
        if query.email is not None and any((item.email or "").casefold() != query.email.casefold() for item in items):
            raise ProtocolError("airbyte ignored the filter by e-mail address", provider=self._api.provider)
        more = found.more if found.more is not None else len(items) >= query.page_size
        return Page(items=items, next_cursor=items[-1].id if more and items else None)
