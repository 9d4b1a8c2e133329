"""Webhooks: whether a delivery comes from Chargebee. Needs no client and sends nothing.

Chargebee signs nothing: it sends the user name and password that were set on the webhook (Basic authentication), so the address must be
https and the password long. Does not turn events into neutral ones, nor remove duplicates (Chargebee retries for more than three days).
For an event that moves money, fetch `/api/v2/events/{id}` again: that cannot be forged.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterable, Mapping
from hmac import compare_digest

from billbridge.errors import SignatureVerificationError, ValidationError
from billbridge.model import Delivery
from billbridge.model.raw import RawJson
from billbridge.toolkit.decoding import decode
from billbridge.toolkit.timestamps import from_unix

from billbridge_chargebee.api import ChargebeeApi
from billbridge_chargebee.wire import EVENT


def verify(body: bytes, headers: Mapping[str, str], *, credentials: Iterable[tuple[str, str]]) -> Delivery:
    """The event in a delivery that carries one of `credentials`, pairs of user name and password (several while you change them).

    `body` is the bytes as they arrived; header names are taken in any case. Raises `SignatureVerificationError` when the delivery has
    no valid credentials, when none are configured, or when it was made for API v1; `ValidationError` for a body that is not bytes or
    `credentials` that are not pairs; `ProtocolError` for a verified body that is no event.
    """
    if not isinstance(body, bytes):
        raise ValidationError("the body must be the bytes that came, not text", param="body", provider=ChargebeeApi.provider)
    sent = _sent(headers)
    known = [f"{user}:{password}".encode() for user, password in _pairs(credentials) if user and password]
    # Every pair is compared, each in constant time, so that the time taken tells nothing.
    if sent is None or not sum(compare_digest(sent, each) for each in known):
        raise SignatureVerificationError("the webhook carries no valid user name and password", provider=ChargebeeApi.provider)
    event = decode(EVENT, body, ChargebeeApi.provider)
    if event.api_version != "v2":
        raise SignatureVerificationError(
            "the webhook was made for another version of the API", provider=ChargebeeApi.provider, hint="set the webhook to API version v2"
        )
    return Delivery(provider="chargebee", id=event.id, type=event.event_type, occurred_at=from_unix(event.occurred_at), raw=RawJson(body))


def _pairs(credentials: object) -> list[tuple[str, str]]:
    """Return the pairs. Raises `ValidationError` for one pair without a list around it, and for anything else that is not a list of pairs.

    A text of two characters would pass as a pair: `("ab", "cd")` would accept the user "a" with the password "b".
    """
    pairs = list(credentials) if isinstance(credentials, Iterable) and not isinstance(credentials, str | bytes | Mapping) else None
    if pairs is None or not all(
        isinstance(pair, tuple | list) and len(pair) == 2 and all(isinstance(each, str) for each in pair) for pair in pairs
    ):
        raise ValidationError(
            "credentials must be a list of pairs of user name and password",
            param="credentials",
            provider=ChargebeeApi.provider,
            hint="credentials=[(user, password)], also for one pair",
        )
    return [(user, password) for user, password in pairs]


def _sent(headers: Mapping[str, str]) -> bytes | None:
    """The user name and password of the delivery; None if it has none in Basic form."""
    scheme, _, encoded = next((value for name, value in headers.items() if name.lower() == "authorization"), "").partition(" ")
    try:
        return b64decode(encoded, validate=True) if scheme.lower() == "basic" else None
    except (binascii.Error, ValueError):
        return None
