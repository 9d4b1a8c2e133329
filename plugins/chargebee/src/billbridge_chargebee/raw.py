"""Requests to any path of Chargebee's API v2. The answer is decoded JSON; nothing is translated."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.flow import Flow, raw_path
from billbridge.services import RawService
from billbridge.toolkit.decoding import decode

from billbridge_chargebee.api import PREFIX, ChargebeeApi

_EXACT: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(float_hook=Decimal)


class ChargebeeRaw(RawService):
    """Requests to Chargebee's own API.

    A path starts with "/api/v2/". You percent-encode its parts yourself; parameters go into `params`.
    """

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        body = yield from self._api.get(_checked(path), params)
        return decode(_EXACT, body, self._api.provider)

    def post(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        body = yield from self._api.post(_checked(path), params)
        return decode(_EXACT, body, self._api.provider)


def _checked(path: str) -> str:
    """The part of the path after "/api/v2".

    Raises `ValidationError` for any other path, because the request would carry the key to it.
    """
    rest = raw_path(path).removeprefix(PREFIX)
    if rest == path or not rest.startswith("/"):
        raise ValidationError(
            f'path must start with "{PREFIX}/"', param="path", hint='such as billing.raw.get("/api/v2/orders", {"limit": 10})'
        )
    return rest
