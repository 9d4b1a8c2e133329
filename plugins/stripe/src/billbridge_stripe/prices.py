"""Stripe's prices: thin flows; what the fields mean is in `translate.catalog`."""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.flow import Flow, path
from billbridge.model import NewPrice, Page, Price, PriceQuery
from billbridge.services import PriceService

from billbridge_stripe import wire
from billbridge_stripe.api import StripeApi, page_of
from billbridge_stripe.translate.catalog import new_price, price

_PRICE: Final = msgspec.json.Decoder(wire.Price)
_ALL: Final = "/v1/prices"


class StripePrices(PriceService):
    """/v1/prices."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def create(self, new: NewPrice) -> Flow[Price]:
        body = yield from self._api.post(_ALL, new_price(new))
        return price(self._api.read(_PRICE, body), body)

    def get(self, id: str) -> Flow[Price]:
        body = yield from self._api.get(path("/v1/prices/{}", id))
        return price(self._api.living(_PRICE, body), body)

    def list(self, query: PriceQuery) -> Flow[Page[Price]]:
        rows, more = yield from self._api.rows(_ALL, query, {"product": query.product, "active": query.active})
        return page_of([price(self._api.read(_PRICE, row), row) for row in rows], more)
