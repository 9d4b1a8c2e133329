"""Products at Stripe. The requests only; `translate.products` says what the fields mean."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from billbridge.flow import Flow, path
from billbridge.model import NewProduct, Page, Product, ProductPatch, ProductQuery
from billbridge.model.base import MAX_PAGE
from billbridge.services import ProductService
from billbridge.toolkit.paging import cut

from billbridge_stripe import wire_catalog as wire
from billbridge_stripe.api import StripeApi
from billbridge_stripe.lists import filtered
from billbridge_stripe.translate.common import check_metadata, cleared, given
from billbridge_stripe.translate.products import changes, new_product, product

_PRODUCT: Final = msgspec.json.Decoder(wire.Product)
_ALL: Final = "/v1/products"
_ONE: Final = "/v1/products/{}"


class StripeProducts(ProductService):
    """Products at Stripe: `/v1/products`."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def create(self, new: NewProduct) -> Flow[Product]:
        body = yield from self._api.post(_ALL, new_product(new))
        return self._read(body)

    def get(self, id: str) -> Flow[Product]:
        body = yield from self._api.get(path(_ONE, id))
        return self._alive(body)

    def update(self, id: str, patch: ProductPatch) -> Flow[Product]:
        """Update a product.

        If all metadata is to be cleared, Billbridge reads the product first. If the product has keys of Billbridge, it clears the other
        keys one by one.
        """
        metadata, step = given(patch.metadata), ""
        if patch.metadata is None:
            found = yield from self.get(id)
            if found.vendor_kind is not None or found.metered:
                metadata, step = cleared(found.metadata)
        check_metadata(metadata or {})
        return (yield from self._write(id, {**changes(patch), "metadata": metadata}, step))

    def archive(self, id: str) -> Flow[Product]:
        return self._write(id, {"active": False})

    def unarchive(self, id: str) -> Flow[Product]:
        return self._write(id, {"active": True})

    def delete(self, id: str) -> Flow[None]:
        yield from self._api.remove(path(_ONE, id))

    def list(self, query: ProductQuery) -> Flow[Page[Product]]:
        if query.ids is not None:
            return (yield from self._of_ids(query))
        return (yield from filtered(self._api, _ALL, query, {"active": query.active}, self._read, lambda each: _is_wanted(each, query)))

    def _of_ids(self, query: ProductQuery) -> Flow[Page[Product]]:
        """List products by id.

        Stripe takes no cursor together with ids. All of them (100 at most) come in one answer, and Billbridge cuts it into pages.
        """
        page = yield from self._api.page(_ALL, {"active": query.active, "ids": query.ids, "limit": MAX_PAGE})
        found = [each for each in map(self._read, page.data) if _is_wanted(each, query)]
        items, cursor = cut(found, query.page_size, query.cursor, self._api.provider)
        return Page(items=items, next_cursor=cursor)

    def _write(self, id: str, params: dict[str, Any], step: str = "") -> Flow[Product]:
        body = yield from self._api.post(path(_ONE, id), params, step=step)
        return self._alive(body)

    def _alive(self, body: bytes) -> Product:
        return product(self._api.read(_PRODUCT, body), body)

    def _read(self, body: bytes | msgspec.Raw) -> Product:
        return product(self._api.read(_PRODUCT, body), body)


def _is_wanted(found: Product, query: ProductQuery) -> bool:
    return query.kind is None or found.kind == query.kind
