"""Prices at Chargebee: item prices. Their amounts can be changed in place there; Billbridge never does."""

from __future__ import annotations

import msgspec
from billbridge.flow import Flow, path
from billbridge.model import NewPrice, Page, Price, PriceQuery
from billbridge.services import PriceService

from billbridge_chargebee import wire
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate import catalog


class ChargebeePrices(PriceService):
    """`billing.prices` on Chargebee."""

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    def create(self, new: NewPrice) -> Flow[Price]:
        body = yield from self._api.post("/item_prices", catalog.price_creation(new))
        return self._price(body)

    def get(self, id: str) -> Flow[Price]:
        body = yield from self._api.get(path("/item_prices/{}", id))
        return self._price(body)

    def list(self, query: PriceQuery) -> Flow[Page[Price]]:
        filters = {"item_id": {"is": query.product}, **catalog.statuses(query.active), "sort_by": {"desc": "updated_at"}}
        return (yield from self._api.page("/item_prices", "item_price", query, filters, self._listed))

    def _price(self, body: bytes) -> Price:
        price = self._listed(self._api.one(body, "item_price"))
        if price is None:
            raise gone("price")
        return price

    def _listed(self, raw: msgspec.Raw) -> Price | None:
        sent = self._api.read(wire.ITEM_PRICE, raw)
        return None if sent.deleted or sent.status == "deleted" else catalog.price(sent, raw)
