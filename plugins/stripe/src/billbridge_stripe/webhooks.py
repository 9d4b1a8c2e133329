"""Verify that a webhook delivery comes from Stripe. Needs no client and no API key, only the secret of the endpoint.

The event is not translated yet: `raw` is Stripe's own JSON, in the API version of the endpoint. The scheme is that of
docs.stripe.com/webhooks/signature and of `_webhook.py` in the SDK (stripe 16.1.0).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from billbridge.errors import ProtocolError, SignatureVerificationError
from billbridge.model import Delivery
from billbridge.model.raw import RawJson
from billbridge.toolkit.decoding import decode
from billbridge.toolkit.timestamps import from_unix
from billbridge.toolkit.webhooks import checked_body, checked_now, checked_secrets, header

from billbridge_stripe import wire
from billbridge_stripe.api import StripeApi

TOLERANCE: Final = timedelta(seconds=300)
"""How far the time of signing may be from now, before or after. This is Stripe's own default."""

_DIGITS: Final = 12
"""Digits in the longest time of signing that is computed with: Unix seconds of the year 33658."""

_EVENT: Final = msgspec.json.Decoder(wire.Event)
_HEADER: Final = "Stripe-Signature"


def verify(
    body: bytes, headers: Mapping[str, str], *, secrets: str | Iterable[str], now: datetime, tolerance: timedelta = TOLERANCE
) -> Delivery:
    """Return the event of a delivery if its signature is valid.

    `body` is the request's body exactly as it came. `secrets` is the secret of the endpoint ("whsec_..."), or two while one replaces the
    other. `now` is the time, with a zone. Names of headers are taken in any case. Stripe's event notifications (API v2) carry no object:
    `is_notification` is true, and `object_id` names it.

    Raises `ValidationError` for a wrong argument, `SignatureVerificationError` for a delivery that Stripe did not sign in the last five
    minutes, and `ProtocolError` for a signed body that is not an event.
    """
    body, known, now = checked_body(body), checked_secrets(secrets), checked_now(now)
    times: list[str] = []
    signatures: list[str] = []
    for part in header(headers, _HEADER).split(","):
        name, _, value = part.strip().partition("=")
        if name == "v1":
            signatures.append(value)
        elif name == "t":
            times.append(value)
    if len(times) != 1 or not (times[0].isascii() and times[0].isdigit()) or not signatures:
        raise _refused("the header Stripe-Signature is missing, or lacks one t= and a v1=", hint="accept only deliveries from Stripe")
    if not _is_signed(times[0].encode() + b"." + body, signatures, known):
        raise _refused("no signature of the delivery is valid", hint="check the endpoint's secret, and pass the body as it came")
    if len(times[0]) > _DIGITS or abs(now.timestamp() - int(times[0])) > tolerance.total_seconds():
        raise _refused(f"the delivery was not signed within {tolerance.total_seconds():.0f} seconds of now", hint="check the clock")
    event = decode(_EVENT, body, StripeApi.provider)
    related = event.related_object
    return Delivery(
        provider="stripe",
        id=event.id,
        type=event.type,
        occurred_at=_moment(event.created),
        raw=RawJson(body),
        is_notification=event.object == "v2.core.event",
        object_id=related.id if related else None,
    )


def _moment(created: int | str) -> datetime:
    """The time of an event: Unix seconds, or ISO 8601 text in API v2."""
    if isinstance(created, int):
        return from_unix(created)
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ProtocolError("stripe sent an event whose time cannot be read", provider="stripe")
    return moment.astimezone(UTC)


def _is_signed(payload: bytes, signatures: list[str], secrets: list[str]) -> bool:
    """Compare every signature with every secret, in constant time and without stopping at a match."""
    fits = False
    for secret in secrets:
        expected = hmac.digest(secret.encode(), payload, "sha256").hex().encode()
        for signature in signatures:
            fits |= hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
    return fits


def _refused(message: str, hint: str | None = None) -> SignatureVerificationError:
    return SignatureVerificationError(message, provider="stripe", hint=hint)
