"""Any request to Chargebee's API v2. Knows no endpoint; `billing.raw` is for what Billbridge does not cover."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
from billbridge.errors import ValidationError
from billbridge.flow import Flow, raw_path
from billbridge.flow.retry import decode
from billbridge.services import RawService

from billbridge_chargebee.api import PREFIX, ChargebeeApi

_EXACT: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(float_hook=Decimal)


class ChargebeeRaw(RawService):
    """`billing.raw` on Chargebee. Paths begin with "/api/v2/" and are percent-encoded by the caller; parameters go into `params`."""

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        body = yield from self._api.get(_checked(path), params)
        return decode(_EXACT, body, self._api)

    def post(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        body = yield from self._api.post(_checked(path), params)
        return decode(_EXACT, body, self._api)


def _checked(path: str) -> str:
    """What follows "/api/v2"; `ValidationError` for another path, which would carry the key somewhere else."""
    rest = raw_path(path).removeprefix(PREFIX)
    if rest == path or not rest.startswith("/"):
        raise ValidationError(
            f'a chargebee path begins with "{PREFIX}/"', param="path", hint='billing.raw.get("/api/v2/orders", {"limit": 10})'
        )
    return rest
