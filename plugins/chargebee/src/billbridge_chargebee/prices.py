"""Prices at Chargebee: item prices. Chargebee can change an amount in place, but Billbridge never does."""

from __future__ import annotations

from typing import Any

import msgspec
from billbridge.errors import DuplicateError
from billbridge.flow import Flow, ask, path
from billbridge.model import NewPrice, Page, Price, PricePatch, PriceQuery, Query
from billbridge.services import PriceService
from billbridge.services.capability import emulated

from billbridge_chargebee import wire_catalog
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate import metadata, prices


class ChargebeePrices(PriceService):
    """Prices at Chargebee: `/item_prices`. `decimals` says that the site has multi-decimal pricing."""

    def __init__(self, api: ChargebeeApi, *, decimals: bool) -> None:
        self._api = api
        self._decimals = decimals

    @emulated("creates a price variant for a second price of a product with the same currency and period")
    def create(self, new: NewPrice) -> Flow[Price]:
        """Create a price.

        Billbridge reads the item first. The item says whether the price is charged once and whether usage is counted; the price itself
        cannot say it.
        """
        call = yield from ask()
        params = prices.creation(new, call.key, decimals=self._decimals)
        prices.check_item(new, (yield from self._api.sent(path("/items/{}", new.product), "item", wire_catalog.ITEM)))
        try:
            body = yield from self._api.post("/item_prices", params, draft=new)
        except DuplicateError as error:
            return (yield from self._variant(new, params, error))
        return self._price(body)

    def _variant(self, new: NewPrice, params: dict[str, Any], error: DuplicateError) -> Flow[Price]:
        """Create the price as a price variant, because an item has one price per currency, period and variant (API reference, item prices).

        If the caller passed no id, the id contains a digest of the key. So a price with that id comes from an earlier attempt of this call.
        If the caller passed an id, Chargebee replays the answer if this call made the price, and else answers that the id exists.
        """
        taken = yield from self._taken(params)
        own = next((price for price in taken if price.id == params["id"]), None)
        if own is not None and new.id is None:
            return (yield from self.get(own.id))
        if not taken or (own is not None and own.price_variant_id is None):
            raise error
        variant = own.price_variant_id if own is not None and own.price_variant_id else prices.free_variant(taken)
        yield from self._api.ensure("/price_variants", prices.variant(variant), step=f"variant-{variant}")
        body = yield from self._api.post("/item_prices", {**params, "price_variant_id": variant}, step=variant, draft=new)
        return self._price(body)

    def _taken(self, params: dict[str, Any]) -> Flow[list[wire_catalog.ItemPrice]]:
        """All prices of the item with this currency and period. An archived price keeps its place, so it is included."""
        found: list[wire_catalog.ItemPrice] = []
        query = Query()
        while True:
            page = yield from self._api.page("/item_prices", "item_price", query, prices.same_period(params), self._sent)
            found += page.items
            if page.next_cursor is None:
                return found
            query = Query(cursor=page.next_cursor)

    def _sent(self, raw: msgspec.Raw) -> wire_catalog.ItemPrice:
        return self._api.read(wire_catalog.ITEM_PRICE, raw)

    def get(self, id: str) -> Flow[Price]:
        body = yield from self._api.get(path("/item_prices/{}", id))
        return self._price(body)

    @emulated("reads the metadata and merges it, because the vendor replaces metadata as a whole")
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
        """Delete a price. If a subscription or an invoice has named it, Chargebee archives it instead, and `get` returns it."""
        yield from self._api.destroy(path("/item_prices/{}/delete", id))

    def list(self, query: PriceQuery) -> Flow[Page[Price]]:
        owners = [("product", "items", query.product)]
        return (yield from self._api.page("/item_prices", "item_price", query, prices.filters(query), self._listed, owners))

    def _price(self, body: bytes) -> Price:
        price = self._listed(self._api.one(body, "item_price"))
        if price is None:
            raise gone("price")
        return price

    def _listed(self, raw: msgspec.Raw) -> Price | None:
        sent = self._api.read(wire_catalog.ITEM_PRICE, raw)
        return None if sent.deleted or sent.status == "deleted" else prices.price(sent, raw)
