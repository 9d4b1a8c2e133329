"""Promotion codes at Stripe. The requests only; `translate.promotion_codes` says what the fields mean."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from billbridge.errors import NotFoundError
from billbridge.flow import Flow, path
from billbridge.model import NewPromotionCode, Page, PromotionCode, PromotionCodePatch, PromotionCodeQuery
from billbridge.services import PromotionCodeService
from billbridge.services.capability import emulated
from billbridge.toolkit.ids import checked_id

from billbridge_stripe import wire_discounts as wire
from billbridge_stripe.api import StripeApi
from billbridge_stripe.lists import rows
from billbridge_stripe.translate.common import given
from billbridge_stripe.translate.promotion_codes import new_promotion_code, promotion_code

_CODE: Final = msgspec.json.Decoder(wire.PromotionCode)
_ALL: Final = "/v1/promotion_codes"
_ONE: Final = "/v1/promotion_codes/{}"


class StripePromotionCodes(PromotionCodeService):
    """Promotion codes at Stripe: `/v1/promotion_codes`."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def create(self, new: NewPromotionCode) -> Flow[PromotionCode]:
        body = yield from self._api.post(_ALL, new_promotion_code(new))
        return self._read(body)

    def get(self, id: str) -> Flow[PromotionCode]:
        body = yield from self._api.get(path(_ONE, id))
        return self._read(body)

    @emulated("lists the active codes with this text, then all codes with this text")
    def find(self, code: str) -> Flow[PromotionCode]:
        for active in (True, None):
            page = yield from self._api.page(_ALL, {"active": active, "code": checked_id(code, "code"), "limit": 1})
            if page.data:
                return self._read(page.data[0])
        raise NotFoundError(
            "no promotion code has this text", param="code", provider="stripe", status=200, hint="check the spelling of the code"
        )

    def update(self, id: str, patch: PromotionCodePatch) -> Flow[PromotionCode]:
        return self._write(id, {"metadata": given(patch.metadata)})

    def deactivate(self, id: str) -> Flow[PromotionCode]:
        return self._write(id, {"active": False})

    def list(self, query: PromotionCodeQuery) -> Flow[Page[PromotionCode]]:
        found, cursor = yield from rows(self._api, _ALL, query, {"coupon": query.coupon, "active": query.active})
        return Page(items=[self._read(row) for row in found], next_cursor=cursor)

    def _write(self, id: str, params: dict[str, Any]) -> Flow[PromotionCode]:
        body = yield from self._api.post(path(_ONE, id), params)
        return self._read(body)

    def _read(self, body: bytes | msgspec.Raw) -> PromotionCode:
        return promotion_code(self._api.read(_CODE, body), body)
