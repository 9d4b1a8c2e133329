"""Stripe's products: thin flows; what the fields mean is in `translate.catalog`."""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.flow import Flow, path
from billbridge.model import NewProduct, Page, Product, ProductQuery
from billbridge.services import ProductService

from billbridge_stripe import wire
from billbridge_stripe.api import StripeApi, page_of
from billbridge_stripe.translate.catalog import new_product, product

_PRODUCT: Final = msgspec.json.Decoder(wire.Product)
_ALL: Final = "/v1/products"


class StripeProducts(ProductService):
    """/v1/products."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def create(self, new: NewProduct) -> Flow[Product]:
        body = yield from self._api.post(_ALL, new_product(new))
        return product(self._api.read(_PRODUCT, body), body)

    def get(self, id: str) -> Flow[Product]:
        body = yield from self._api.get(path("/v1/products/{}", id))
        return product(self._api.living(_PRODUCT, body), body)

    def list(self, query: ProductQuery) -> Flow[Page[Product]]:
        rows, more = yield from self._api.rows(_ALL, query, {"active": query.active})
        return page_of([product(self._api.read(_PRODUCT, row), row) for row in rows], more)
