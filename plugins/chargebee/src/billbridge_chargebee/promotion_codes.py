"""Promotion codes at Chargebee: coupon codes, each for one subscription. They have no metadata, so there is no update."""

from __future__ import annotations

import msgspec
from billbridge.errors import InvalidStateError, ValidationError
from billbridge.flow import Flow, path
from billbridge.model import NewPromotionCode, Page, PromotionCode, PromotionCodeQuery
from billbridge.services import PromotionCodeService

from billbridge_chargebee import wire_catalog
from billbridge_chargebee.api import ChargebeeApi
from billbridge_chargebee.translate import promotion_codes


class ChargebeePromotionCodes(PromotionCodeService):
    """Promotion codes at Chargebee: `/coupon_codes`."""

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    def create(self, new: NewPromotionCode) -> Flow[PromotionCode]:
        body = yield from self._api.post("/coupon_codes", promotion_codes.creation(new))
        return self._read(self._api.one(body, "coupon_code"))

    def get(self, id: str) -> Flow[PromotionCode]:
        body = yield from self._api.get(path("/coupon_codes/{}", id))
        return self._read(self._api.one(body, "coupon_code"))

    def find(self, code: str) -> Flow[PromotionCode]:
        """Find a code by its text, which is its id. So there is never more than one."""
        return (yield from self.get(code))

    def deactivate(self, id: str) -> Flow[PromotionCode]:
        """Archive a code.

        If Chargebee answers an error, Billbridge reads the code. If it is archived already, it is returned.
        """
        try:
            body = yield from self._api.post(path("/coupon_codes/{}/archive", id))
        except (InvalidStateError, ValidationError) as error:
            found = yield from self.get(id)
            if found.active:
                raise error from None
            return found
        return self._read(self._api.one(body, "coupon_code"))

    def list(self, query: PromotionCodeQuery) -> Flow[Page[PromotionCode]]:
        def listed(raw: msgspec.Raw) -> PromotionCode | None:
            code = self._read(raw)
            return code if query.active in (None, code.active) else None

        return (yield from self._api.page("/coupon_codes", "coupon_code", query, promotion_codes.filters(query), listed))

    def _read(self, raw: msgspec.Raw) -> PromotionCode:
        return promotion_codes.promotion_code(self._api.read(wire_catalog.COUPON_CODE, raw), raw)
