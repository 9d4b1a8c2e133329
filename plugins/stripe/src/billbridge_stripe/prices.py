"""Prices at Stripe. The requests only; `translate.prices` says what the fields mean."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from billbridge.flow import Flow, path
from billbridge.model import NewPrice, Page, Price, PricePatch, PriceQuery, PricingModel
from billbridge.services import PriceService

from billbridge_stripe import wire_catalog as wire
from billbridge_stripe.api import StripeApi
from billbridge_stripe.encode import encode
from billbridge_stripe.lists import rows
from billbridge_stripe.translate.common import check_metadata, cleared, given
from billbridge_stripe.translate.prices import EXPAND, new_price, price

_PRICE: Final = msgspec.json.Decoder(wire.Price)
_ALL: Final = "/v1/prices"
_ONE: Final = "/v1/prices/{}"
_EXPANDED: Final = encode({"expand": EXPAND})
_LISTED: Final = [f"data.{name}" for name in EXPAND]


class StripePrices(PriceService):
    """Prices at Stripe: `/v1/prices`. Stripe does not delete prices."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def create(self, new: NewPrice) -> Flow[Price]:
        body = yield from self._api.post(_ALL, new_price(new), draft=new)
        return self._read(body)

    def get(self, id: str) -> Flow[Price]:
        body = yield from self._api.get(path(_ONE, id), _EXPANDED)
        return price(self._api.read(_PRICE, body), body)

    def update(self, id: str, patch: PricePatch) -> Flow[Price]:
        """Update a price.

        If all metadata is to be cleared and the price is flat, Billbridge reads the price first. It clears the other keys one by one,
        because its own key must stay.
        """
        metadata, step = given(patch.metadata), ""
        if patch.metadata is None:
            found = yield from self.get(id)
            if found.model is PricingModel.FLAT:
                metadata, step = cleared(found.metadata)
        check_metadata(metadata or {})
        return (yield from self._write(id, {"nickname": given(patch.nickname), "metadata": metadata}, step))

    def archive(self, id: str) -> Flow[Price]:
        return self._write(id, {"active": False})

    def unarchive(self, id: str) -> Flow[Price]:
        return self._write(id, {"active": True})

    def list(self, query: PriceQuery) -> Flow[Page[Price]]:
        filters = {
            "product": query.product,
            "active": query.active,
            "currency": query.currency and query.currency.lower(),
            "type": query.type,
            "lookup_keys": query.lookup_keys,
            "expand": _LISTED,
        }
        found, cursor = yield from rows(self._api, _ALL, query, filters)
        return Page(items=[self._read(row) for row in found], next_cursor=cursor)

    def _write(self, id: str, params: dict[str, Any], step: str = "") -> Flow[Price]:
        body = yield from self._api.post(path(_ONE, id), {**params, "expand": EXPAND}, step=step)
        return self._read(body)

    def _read(self, body: bytes | msgspec.Raw) -> Price:
        return price(self._api.read(_PRICE, body), body)
