"""Verify that a webhook delivery comes from Chargebee. Needs no client and sends nothing.

Chargebee does not sign. It sends the user name and password that you set on the webhook (Basic authentication), so use an https address
and a long password. Events are not translated, and repeated ones are not removed: Chargebee retries for more than three days. For an event
that moves money, read `/api/v2/events/{id}` again: nobody can forge that.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterable, Mapping
from hmac import compare_digest
from typing import Any

from billbridge.errors import SignatureVerificationError, ValidationError
from billbridge.model import Delivery
from billbridge.model.raw import RawJson
from billbridge.toolkit.decoding import decode
from billbridge.toolkit.timestamps import from_unix
from billbridge.toolkit.webhooks import checked_body, header, is_secret

from billbridge_chargebee.api import ChargebeeApi
from billbridge_chargebee.wire import EVENT


def verify(body: bytes, headers: Mapping[str, str], *, credentials: Iterable[tuple[str, str]]) -> Delivery:
    """Return the event of a delivery that carries one of `credentials`: pairs of user name and password, several while you change them.

    `body` is the request's body exactly as it came. Names of headers are taken in any case.

    Raises `ValidationError` for a wrong argument, `SignatureVerificationError` for a delivery without valid credentials or for API v1,
    and `ProtocolError` for a verified body that is not an event.
    """
    body, known = checked_body(body), _checked(credentials)
    sent = _sent(header(headers, "authorization"))
    # Every pair is compared, each in constant time, so that the time taken tells nothing.
    if sent is None or not sum(compare_digest(sent, each) for each in known):
        raise SignatureVerificationError(
            "the delivery carries no valid user name and password",
            provider=ChargebeeApi.provider,
            hint="pass the pair that is set on the webhook in Chargebee",
        )
    event = decode(EVENT, body, ChargebeeApi.provider)
    if event.api_version != "v2":
        raise SignatureVerificationError(
            "the webhook was made for another version of the API", provider=ChargebeeApi.provider, hint="set the webhook to API version v2"
        )
    return Delivery(provider="chargebee", id=event.id, type=event.event_type, occurred_at=from_unix(event.occurred_at), raw=RawJson(body))


def _checked(credentials: Iterable[tuple[str, str]]) -> list[bytes]:
    """Return the pairs as Basic authentication sends them. Raises `ValidationError` if there is none, or one is not a pair of texts."""
    pairs: list[Any] = list(credentials) if isinstance(credentials, Iterable) else []
    known = [f"{pair[0]}:{pair[1]}".encode() for pair in pairs if _is_pair(pair)]
    if isinstance(credentials, str | bytes) or not known or len(known) != len(pairs):
        raise ValidationError(
            "credentials must be a list of pairs of user name and password, none of them empty",
            param="credentials",
            provider=ChargebeeApi.provider,
            hint="credentials=[(user, password)], also for one pair",
        )
    return known


def _is_pair(pair: Any) -> bool:
    return isinstance(pair, tuple | list) and len(pair) == 2 and all(map(is_secret, pair))


def _sent(authorization: str) -> bytes | None:
    """The user name and password of the delivery, or None if it has none in Basic form."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        return b64decode(encoded, validate=True) if scheme.lower() == "basic" else None
    except (binascii.Error, ValueError):
        return None
