"""Prices at Chargebee: item prices. Their amounts can be changed in place there; Billbridge never does."""

from __future__ import annotations

import msgspec
from billbridge.flow import Flow, path
from billbridge.model import NewPrice, Page, Price, PricePatch, PriceQuery
from billbridge.services import PriceService
from billbridge.services.capability import emulated

from billbridge_chargebee import wire_catalog
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate import metadata, prices


class ChargebeePrices(PriceService):
    """`billing.prices` on Chargebee. `decimals` says that the site has multi-decimal pricing."""

    def __init__(self, api: ChargebeeApi, *, decimals: bool) -> None:
        self._api = api
        self._decimals = decimals

    def create(self, new: NewPrice) -> Flow[Price]:
        """The item is read first: it says whether the price is paid once and whether use is counted, which the price cannot say."""
        params = prices.creation(new, decimals=self._decimals)
        prices.check_item(new, (yield from self._api.sent(path("/items/{}", new.product), "item", wire_catalog.ITEM)))
        body = yield from self._api.post("/item_prices", params)
        return self._price(body)

    def get(self, id: str) -> Flow[Price]:
        body = yield from self._api.get(path("/item_prices/{}", id))
        return self._price(body)

    @emulated("metadata is read and merged before it is replaced")
    def update(self, id: str, patch: PricePatch) -> Flow[Price]:
        known: dict[str, msgspec.Raw] = {}
        if metadata.needs_known(patch.metadata):
            known = metadata.values(
                (yield from self._api.sent(path("/item_prices/{}", id), "item_price", wire_catalog.ITEM_PRICE)).metadata
            )
        changes = prices.changes(patch, known)
        if not changes:
            return (yield from self.get(id))
        body = yield from self._api.post(path("/item_prices/{}", id), changes)
        return self._price(body)

    def archive(self, id: str) -> Flow[Price]:
        body = yield from self._api.post(path("/item_prices/{}", id), {"status": "archived"})
        return self._price(body)

    def unarchive(self, id: str) -> Flow[Price]:
        body = yield from self._api.post(path("/item_prices/{}", id), {"status": "active"})
        return self._price(body)

    def delete(self, id: str) -> Flow[None]:
        """A price that a subscription or an invoice has named is archived instead: `get` shows it."""
        yield from self._api.destroy(path("/item_prices/{}/delete", id))

    def list(self, query: PriceQuery) -> Flow[Page[Price]]:
        return (yield from self._api.page("/item_prices", "item_price", query, prices.filters(query), self._listed))

    def _price(self, body: bytes) -> Price:
        price = self._listed(self._api.one(body, "item_price"))
        if price is None:
            raise gone("price")
        return price

    def _listed(self, raw: msgspec.Raw) -> Price | None:
        sent = self._api.read(wire_catalog.ITEM_PRICE, raw)
        return None if sent.deleted or sent.status == "deleted" else prices.price(sent, raw)
