"""Requests to any path of Stripe's own API. The answer is decoded JSON; nothing is translated."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
from billbridge.flow import Flow, raw_path
from billbridge.services import RawService

from billbridge_stripe.api import StripeApi

_JSON: Final = msgspec.json.Decoder(float_hook=Decimal)


class StripeRaw(RawService):
    """Requests to Stripe's own API. GET and DELETE send `params` in the query, POST as a form body."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        body = yield from self._api.get(raw_path(path), params)
        return self._api.read(_JSON, body)

    def post(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        body = yield from self._api.post(raw_path(path), params)
        return self._api.read(_JSON, body)

    def delete(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        body = yield from self._api.delete(raw_path(path), params)
        return self._api.read(_JSON, body)
