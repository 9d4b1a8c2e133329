"""Products at Chargebee: items of type plan, all in one item family, because that is what a subscription is made of."""

from __future__ import annotations

from contextlib import suppress

import msgspec
from billbridge.capability import emulated
from billbridge.errors import DuplicateError, NotFoundError
from billbridge.flow import Flow, ask, path
from billbridge.model import NewProduct, Page, Product, ProductQuery
from billbridge.services import ProductService

from billbridge_chargebee import wire
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate import catalog


class ChargebeeProducts(ProductService):
    """`billing.products` on Chargebee. `family` is the id of the item family into which new products go."""

    def __init__(self, api: ChargebeeApi, family: str) -> None:
        self._api = api
        self._family = family
        self._family_is_there = False

    @emulated("the item family is looked up, once per client, and created if it is missing; a name that is taken gets the id behind it")
    def create(self, new: NewProduct) -> Flow[Product]:
        """The item itself is always the call's first write, so that the call can be repeated under its key whatever else was needed.

        Names are unique in a site, but customers see `external_name`: only the internal name gets the id behind it when it is taken.
        """
        call = yield from ask()
        params = catalog.product_creation(new, call.key, self._family)
        yield from self._ensure_family()
        try:
            body = yield from self._api.post("/items", params)
        except DuplicateError as error:
            if error.param != "name":
                raise
            body = yield from self._api.post("/items", {**params, "name": f"{new.name} ({params['id']})"}, step="renamed")
        return self._product(body)

    def get(self, id: str) -> Flow[Product]:
        body = yield from self._api.get(path("/items/{}", id))
        return self._product(body)

    def list(self, query: ProductQuery) -> Flow[Page[Product]]:
        """Plans only: addons and charges can be read one by one, but a subscription cannot be sold to them alone."""
        filters = {"type": {"is": "plan"}, **catalog.statuses(query.active), "sort_by": {"desc": "updated_at"}}
        return (yield from self._api.page("/items", "item", query, filters, self._listed))

    def _ensure_family(self) -> Flow[None]:
        if self._family_is_there:
            return
        try:
            yield from self._api.get(path("/item_families/{}", self._family))
        except NotFoundError:
            with suppress(DuplicateError):  # somebody else made it in the meantime
                yield from self._api.post("/item_families", {"id": self._family, "name": self._family}, step="family")
        self._family_is_there = True

    def _product(self, body: bytes) -> Product:
        product = self._listed(self._api.one(body, "item"))
        if product is None:
            raise gone("product")
        return product

    def _listed(self, raw: msgspec.Raw) -> Product | None:
        sent = self._api.read(wire.ITEM, raw)
        return None if sent.deleted or sent.status == "deleted" else catalog.product(sent, raw)
