"""The way down to Stripe's own API: any path and parameters, decoded JSON back. Translates nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import unquote

import msgspec
from billbridge.errors import ValidationError
from billbridge.flow import Flow
from billbridge.services import RawService

from billbridge_stripe.api import StripeApi

_JSON: Final = msgspec.json.Decoder(float_hook=Decimal)
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._~%!$&'()*+,;=:@-]+)+")


class StripeRaw(RawService):
    """Any request: GET and DELETE send `params` in the query, POST as the form body."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        body = yield from self._api.get(_checked(path), params)
        return self._api.read(_JSON, body)

    def post(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        body = yield from self._api.post(_checked(path), params)
        return self._api.read(_JSON, body)

    def delete(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[Any]:
        body = yield from self._api.delete(_checked(path), params)
        return self._api.read(_JSON, body)


def _checked(path: str) -> str:
    """`path` itself if it stays on Stripe's host and below its root; `ValidationError` otherwise."""
    meant = unquote(path)
    if not _PATH.fullmatch(path) or not meant.isprintable() or not {".", ".."}.isdisjoint(meant.split("/")):
        raise ValidationError(
            "the path must be like '/v1/charges': no host, no query, no empty or dot segment, percent-encoded",
            param="path",
            provider="stripe",
            hint="pass what belongs in the query as params",
        )
    return path
