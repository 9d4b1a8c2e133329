"""Coupons at Chargebee, for the items of Product Catalog 2.0."""

from __future__ import annotations

import msgspec
from billbridge.errors import DuplicateError
from billbridge.flow import Flow, ask, path
from billbridge.model import Coupon, CouponPatch, CouponQuery, NewCoupon, Page, ProductQuery
from billbridge.services import CouponService
from billbridge.services.capability import emulated

from billbridge_chargebee import wire_catalog
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate import coupons, metadata
from billbridge_chargebee.translate.lists import chronological, within
from billbridge_chargebee.translate.products import statuses


class ChargebeeCoupons(CouponService):
    """Coupons at Chargebee: `/coupons`."""

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    def create(self, new: NewCoupon) -> Flow[Coupon]:
        """Create a coupon.

        With `products`, Billbridge reads all their prices first. It includes archived prices, because subscriptions may still have them.
        """
        call = yield from ask()
        prices = yield from self._prices(new.products or [])
        params = coupons.creation(new, call.key, prices)
        try:
            body = yield from self._api.post("/coupons/create_for_items", params, draft=new)
        except DuplicateError as error:
            if new.id is not None:
                raise
            return (yield from self._api.made_before(self.get(params["id"]), error))
        return self._coupon(body)

    def get(self, id: str) -> Flow[Coupon]:
        """Get one coupon. If a subscription had it when it was deleted, Chargebee has archived it: it is there, and inactive."""
        body = yield from self._api.get(path("/coupons/{}", id))
        return self._coupon(body)

    @emulated("reads the metadata and merges it, because the vendor replaces metadata as a whole")
    def update(self, id: str, patch: CouponPatch) -> Flow[Coupon]:
        """Update a coupon.

        To clear the metadata, Billbridge reads it first too: the note of the products that the coupon is limited to must stay.
        """
        known: dict[str, msgspec.Raw] = {}
        if patch.metadata is None or metadata.needs_known(patch.metadata):
            known = metadata.values((yield from self._api.sent(path("/coupons/{}", id), "coupon", wire_catalog.COUPON)).meta_data)
        changes = coupons.changes(patch, known)
        if not changes:
            return (yield from self.get(id))
        body = yield from self._api.post(path("/coupons/{}/update_for_items", id), changes)
        return self._coupon(body)

    def delete(self, id: str) -> Flow[None]:
        yield from self._api.destroy(path("/coupons/{}/delete", id))

    def _prices(self, products: list[str]) -> Flow[list[wire_catalog.ItemPrice]]:
        found: list[wire_catalog.ItemPrice] = []
        if not products:
            return found
        query = ProductQuery()
        filters = {"item_id": {"in": products}, **statuses(None)}
        while True:
            page = yield from self._api.page(
                "/item_prices", "item_price", query, filters, lambda raw: self._api.read(wire_catalog.ITEM_PRICE, raw)
            )
            found += page.items
            if page.next_cursor is None or not page.items:
                break
            query = ProductQuery(cursor=page.next_cursor)
        yield from self._api.check([("products", "items", id) for id in sorted(set(products) - {price.item_id for price in found})])
        return found

    def list(self, query: CouponQuery) -> Flow[Page[Coupon]]:
        """List coupons. Archived ones are listed as inactive."""

        def listed(raw: msgspec.Raw) -> Coupon | None:
            coupon = self._read(raw)
            return coupon if coupon is not None and within(query, coupon.created_at) else None

        return (yield from self._api.page("/coupons", "coupon", query, chronological(query, "created_at"), listed))

    def _coupon(self, body: bytes) -> Coupon:
        coupon = self._read(self._api.one(body, "coupon"))
        if coupon is None:
            raise gone("coupon")
        return coupon

    def _read(self, raw: msgspec.Raw) -> Coupon | None:
        sent = self._api.read(wire_catalog.COUPON, raw)
        return None if sent.deleted or sent.status == "deleted" else coupons.coupon(sent, raw)
