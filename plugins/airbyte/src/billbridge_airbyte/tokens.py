"""The access token of Airbyte's API: exchanged for the client's id and secret, and cached until it expires.

The only request here is the exchange, without any other credentials. No text and no error shows the token or the secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec
from billbridge.errors import BillingError, ProtocolError
from billbridge.flow import Call, Flow, Request, Response
from billbridge.flow.retry import exchange
from billbridge.flow.route import Route
from billbridge.toolkit.argument_names import ArgumentNames
from billbridge.toolkit.decoding import UNREADABLE

from billbridge_airbyte import wire
from billbridge_airbyte.failures import NAME, token_failure

_JSON: Final = {"Content-Type": "application/json"}
_ANSWER: Final = msgspec.json.Decoder(wire.TokenAnswer)
_USUAL_SECONDS: Final = 900.0
"""How long a token lasts if the answer does not say, as Airbyte documents."""
_LONGEST_SECONDS: Final = 86_400.0
_MARGIN_SECONDS: Final = 60.0
"""A token is not used in its last minute, because it must still be valid when the request arrives."""


class _Token(msgspec.Struct, frozen=True):
    value: str
    until: datetime

    def __repr__(self) -> str:
        return "_Token(…)"


class Tokens:
    """The dialect of the exchange, and the cached token. One attribute holds it, so threads need no lock: the last writer wins."""

    provider = NAME
    key_header = "Idempotency-Key"  # never sent: an exchange changes nothing
    key_limit = 255
    arguments = ArgumentNames({})  # the errors of an exchange name no parameter

    def __init__(self, host: str, path: str, headers: Mapping[str, str], *, client_id: str, client_secret: str) -> None:
        self._host = host
        self._headers = headers
        self._request = Request(
            method="POST",
            path=path,
            body=msgspec.json.encode({"client_id": client_id, "client_secret": client_secret}),
            headers=_JSON,
        )
        self._kept: _Token | None = None

    def __repr__(self) -> str:
        return "<Tokens>"

    def failure(self, request: Request, response: Response) -> BillingError:
        """Return the error for an answer other than 2xx."""
        return token_failure(response)

    def current(self, call: Call, *, refused: str | None = None) -> Flow[str]:
        """Return a token that is valid at the time of the call and is not the `refused` one: the cached token, or a new one."""
        kept = self._kept
        if kept is not None and kept.value != refused and call.now < kept.until:
            return kept.value
        route = Route(base_url=self._host, headers=self._headers)
        response = yield from exchange(msgspec.structs.replace(self._request, route=route), self, reads=True)
        answer = _read(response)
        lasts = max(0.0, (_USUAL_SECONDS if answer.expires_in is None else answer.expires_in) - _MARGIN_SECONDS)
        self._kept = _Token(answer.access_token, call.now + timedelta(seconds=min(lasts, _LONGEST_SECONDS)))
        return answer.access_token


def _read(response: Response) -> wire.TokenAnswer:
    """Decode the answer without `toolkit.decoding`, because its errors keep the answer, and this answer holds a token."""
    try:
        answer = _ANSWER.decode(response.body)
    except UNREADABLE:
        answer = None
    token = answer.access_token if answer else ""
    if answer is None or not (token.isascii() and token.isprintable() and token and " " not in token):
        raise ProtocolError("airbyte answered the token exchange with data that cannot be read", provider=NAME, status=response.status)
    return answer
