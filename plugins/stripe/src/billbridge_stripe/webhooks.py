"""Checks that a webhook delivery comes from Stripe. Needs no client and no key, only the endpoint's secret.

It verifies and opens the envelope; it does not translate the event yet: `raw` is Stripe's own JSON, in the version of the endpoint.
The scheme: docs.stripe.com/webhooks/signature, and `_webhook.py` of the SDK (stripe 16.1.0).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec
from billbridge.errors import SignatureVerificationError, ValidationError
from billbridge.model import Delivery
from billbridge.model.raw import RawJson
from billbridge.toolkit.decoding import decode
from billbridge.toolkit.timestamps import from_unix

from billbridge_stripe import wire
from billbridge_stripe.api import StripeApi

TOLERANCE: Final = timedelta(seconds=300)
"""How far the time of signing may be from now, either way: Stripe's own default."""

_EVENT: Final = msgspec.json.Decoder(wire.Event)
_HEADER: Final = "Stripe-Signature"


def verify(
    body: bytes, headers: Mapping[str, str], *, secrets: str | Iterable[str], now: datetime, tolerance: timedelta = TOLERANCE
) -> Delivery:
    """The event of a delivery, once its signature is good.

    `body` is the request's body exactly as it came: one that was parsed and written again has another signature. `secrets` are the
    endpoint's (`whsec_…`), one or, while one replaces the other, two. `now` is the time (aware). Header names are taken in any case.
    Raises `SignatureVerificationError` (no signature, none that fits, too old, from the future), `ValidationError` for a body that is
    not bytes, `ProtocolError` for a signed body that is not an event.
    """
    if not isinstance(body, bytes):
        raise ValidationError("the body must be the bytes that came, not text", param="body", provider="stripe")
    header = headers.get(_HEADER) or next((value for name, value in headers.items() if name.lower() == _HEADER.lower()), "")
    times: list[str] = []
    signatures: list[str] = []
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name == "v1":
            signatures.append(value)
        elif name == "t":
            times.append(value)
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit()) or not signatures:
        raise _refused("the delivery has no signature of Stripe's (header Stripe-Signature with t= and v1=)")
    known = [secrets] if isinstance(secrets, str) else list(secrets)
    if not all(known):
        raise _refused("a webhook secret is empty")
    if not _is_signed(times[0].encode() + b"." + body, signatures, known):
        raise _refused("no signature of the delivery fits", hint="check the endpoint's secret, and that the body is passed as it came")
    if abs(now.timestamp() - int(times[0])) > tolerance.total_seconds():
        raise _refused(f"the delivery was not signed within {tolerance.total_seconds():.0f} seconds of now", hint="check the clock")
    event = decode(_EVENT, body, StripeApi.provider)
    return Delivery(provider="stripe", id=event.id, type=event.type, occurred_at=from_unix(event.created), raw=RawJson(body))


def _is_signed(payload: bytes, signatures: list[str], secrets: list[str]) -> bool:
    """Compares every signature with every secret, in constant time and without stopping at a match."""
    fits = False
    for secret in secrets:
        expected = hmac.digest(secret.encode(), payload, "sha256").hex().encode()
        for signature in signatures:
            fits |= hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
    return fits


def _refused(message: str, hint: str | None = None) -> SignatureVerificationError:
    return SignatureVerificationError(message, provider="stripe", hint=hint)
