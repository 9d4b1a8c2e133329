"""Products at Chargebee: items of type plan, all in one item family, because that is what a subscription is made of."""

from __future__ import annotations

from contextlib import suppress

import msgspec
from billbridge.errors import DuplicateError, NotFoundError, ValidationError
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

    def create(self, new: NewProduct) -> Flow[Product]:
        """One request; three when the item family does not exist yet (the family stays if the product is then refused)."""
        call = yield from ask()
        params = catalog.product_creation(new, call.key, self._family)
        try:
            body = yield from self._api.post("/items", params)
        except (NotFoundError, ValidationError) as error:
            if isinstance(error, ValidationError) and error.param != "item_family_id":
                raise
            yield from self._create_family()
            body = yield from self._api.post("/items", params, step="again")
        return self._product(body)

    def get(self, id: str) -> Flow[Product]:
        body = yield from self._api.get(path("/items/{}", id))
        return self._product(body)

    def list(self, query: ProductQuery) -> Flow[Page[Product]]:
        """Plans only: addons and charges can be read one by one, but a subscription cannot be sold to them alone."""
        filters = {"type": {"is": "plan"}, **catalog.statuses(query.active), "sort_by": {"desc": "updated_at"}}
        return (yield from self._api.page("/items", "item", query, filters, self._listed))

    def _create_family(self) -> Flow[None]:
        with suppress(DuplicateError):  # somebody else made it in the meantime
            yield from self._api.post("/item_families", {"id": self._family, "name": self._family}, step="family")

    def _product(self, body: bytes) -> Product:
        product = self._listed(self._api.one(body, "item"))
        if product is None:
            raise gone("product")
        return product

    def _listed(self, raw: msgspec.Raw) -> Product | None:
        sent = self._api.read(wire.ITEM, raw)
        return None if sent.deleted or sent.status == "deleted" else catalog.product(sent, raw)
