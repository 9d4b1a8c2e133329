"""Coupons at Stripe. The requests only; `translate.coupons` says what the fields mean."""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.flow import Flow, path
from billbridge.model import Coupon, CouponPatch, CouponQuery, NewCoupon, Page
from billbridge.services import CouponService

from billbridge_stripe import wire_discounts as wire
from billbridge_stripe.api import StripeApi
from billbridge_stripe.encode import encode
from billbridge_stripe.lists import created, rows
from billbridge_stripe.translate.coupons import EXPAND, changes, coupon, new_coupon

_COUPON: Final = msgspec.json.Decoder(wire.Coupon)
_ALL: Final = "/v1/coupons"
_ONE: Final = "/v1/coupons/{}"
_EXPANDED: Final = encode({"expand": EXPAND})
_LISTED: Final = [f"data.{name}" for name in EXPAND]


class StripeCoupons(CouponService):
    """Coupons at Stripe: `/v1/coupons`."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def create(self, new: NewCoupon) -> Flow[Coupon]:
        body = yield from self._api.post(_ALL, new_coupon(new))
        return self._read(body)

    def get(self, id: str) -> Flow[Coupon]:
        body = yield from self._api.get(path(_ONE, id), _EXPANDED)
        return coupon(self._api.read(_COUPON, body), body)

    def update(self, id: str, patch: CouponPatch) -> Flow[Coupon]:
        body = yield from self._api.post(path(_ONE, id), changes(patch))
        return self._read(body)

    def delete(self, id: str) -> Flow[None]:
        yield from self._api.remove(path(_ONE, id))

    def list(self, query: CouponQuery) -> Flow[Page[Coupon]]:
        found, cursor = yield from rows(self._api, _ALL, query, {**created(query), "expand": _LISTED})
        return Page(items=[self._read(row) for row in found], next_cursor=cursor)

    def _read(self, body: bytes | msgspec.Raw) -> Coupon:
        return coupon(self._api.read(_COUPON, body), body)
