"""Products at Chargebee: items, each in an item family."""

from __future__ import annotations

import msgspec
from billbridge.errors import DuplicateError, NotFoundError
from billbridge.flow import Flow, ask, path
from billbridge.model import NewProduct, Page, Product, ProductPatch, ProductQuery
from billbridge.services import ProductService
from billbridge.services.capability import emulated

from billbridge_chargebee import wire_catalog
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate import metadata, products


class ChargebeeProducts(ProductService):
    """Products at Chargebee: `/items`. `family` is the id of the item family for new products."""

    def __init__(self, api: ChargebeeApi, family: str) -> None:
        self._api = api
        self._family = family
        self._family_is_there = False

    @emulated("creates the item family if it is missing (read once per client); adds the id to an internal name that is taken")
    def create(self, new: NewProduct) -> Flow[Product]:
        """Create a product. The call's first write is always the item, so that you can repeat the call with the same key.

        Names are unique in a site. If a name is taken, Billbridge adds the id to the internal name. Customers see `external_name`, which
        stays as given.

        If an id is taken, Billbridge sends the second request too, because an earlier attempt of this call may have taken the id; Chargebee
        then replays the answer. An id that the caller leaves out contains a digest of the key, so a taken one always comes from this call.
        A family that the caller names is not created.
        """
        call = yield from ask()
        params = products.creation(new, call.key, self._family)
        if new.family is None:
            yield from self._ensure_family()
        try:
            body = yield from self._api.post("/items", params)
        except DuplicateError:
            try:
                body = yield from self._api.post("/items", {**params, "name": f"{new.name} ({params['id']})"}, step="renamed")
            except DuplicateError as error:
                if new.id is not None:
                    raise
                return (yield from self._api.made_before(self.get(params["id"]), error))
        return self._product(body)

    def get(self, id: str) -> Flow[Product]:
        body = yield from self._api.get(path("/items/{}", id))
        return self._product(body)

    @emulated("reads the metadata and merges it, because the vendor replaces metadata as a whole")
    def update(self, id: str, patch: ProductPatch) -> Flow[Product]:
        """Update a product. The internal name, which is unique in the site, stays; the name that customers see changes."""
        known: dict[str, msgspec.Raw] = {}
        if metadata.needs_known(patch.metadata):
            known = metadata.values((yield from self._api.sent(path("/items/{}", id), "item", wire_catalog.ITEM)).metadata)
        changes = products.changes(patch, known)
        if not changes:
            return (yield from self.get(id))
        body = yield from self._api.post(path("/items/{}", id), changes)
        return self._product(body)

    def archive(self, id: str) -> Flow[Product]:
        body = yield from self._api.post(path("/items/{}", id), {"status": "archived"})
        return self._product(body)

    def unarchive(self, id: str) -> Flow[Product]:
        body = yield from self._api.post(path("/items/{}", id), {"status": "active"})
        return self._product(body)

    def delete(self, id: str) -> Flow[None]:
        """Delete a product. Chargebee does not delete an item that has item prices, so delete them first."""
        yield from self._api.destroy(path("/items/{}/delete", id))

    def list(self, query: ProductQuery) -> Flow[Page[Product]]:
        return (yield from self._api.page("/items", "item", query, products.filters(query), self._listed))

    def _ensure_family(self) -> Flow[None]:
        if self._family_is_there:
            return
        try:
            yield from self._api.get(path("/item_families/{}", self._family))
        except NotFoundError:
            yield from self._api.ensure("/item_families", {"id": self._family, "name": self._family}, step="family")
        self._family_is_there = True

    def _product(self, body: bytes) -> Product:
        product = self._listed(self._api.one(body, "item"))
        if product is None:
            raise gone("product")
        return product

    def _listed(self, raw: msgspec.Raw) -> Product | None:
        sent = self._api.read(wire_catalog.ITEM, raw)
        return None if sent.deleted or sent.status == "deleted" else products.product(sent, raw)
