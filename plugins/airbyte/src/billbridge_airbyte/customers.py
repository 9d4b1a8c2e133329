"""Stripe's customers through Airbyte: read, never written. `billbridge_stripe.objects` says what the fields mean.

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
    """The entity `customers` of Airbyte's Stripe connector."""

    def __init__(self, api: AirbyteApi) -> None:
        self._api = api

    def get(self, id: str) -> Flow[Customer]:
        """Airbyte puts the id into a path of Stripe's, in a way that is not known: one that could lead elsewhere is refused."""
        if _LEADS_ELSEWHERE.search(checked_id(id)):
            raise ValidationError("the id holds a character that means something in a path", param="id", provider=self._api.provider)
        found = yield from self._api.execute(_ENTITY, "get", {"id": id})
        record = self._api.read(CUSTOMER, found.content)
        if record.id != id:
            raise ProtocolError("airbyte answered with another customer than was asked for", provider=self._api.provider)
        if record.deleted:
            error = NotFoundError(f"{id} was deleted", provider=self._api.provider, status=200, raw=bytes(found.content))
            error.deleted = True
            raise error
        return customer(record, found.content, provider=self._api.provider)

    def list(self, query: CustomerQuery) -> Flow[Page[Customer]]:
        """The window of time is kept on this side (see `window`): pages that hold nothing of it are passed over, as an empty one would
        end the list, and the first customer before it ends the list.

        Where no answer tells whether there are more, a full page has a next one, which may be empty. An answer that holds customers of
        another address than was asked for, or a page that comes twice, is a `ProtocolError`.
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
            raise ProtocolError("airbyte did not filter the list by e-mail address", provider=self._api.provider)
        more = found.more if found.more is not None else len(items) >= query.page_size
        return Page(items=items, next_cursor=items[-1].id if more and items else None)
