"""Webhook signatures (case 69)."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from billbridge.errors import ProtocolError, SignatureVerificationError, ValidationError
from billbridge_stripe.webhooks import verify

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
T = int(NOW.timestamp())
SECRET = "whsec_one"
EVENT = {"id": "evt_1", "object": "event", "type": "invoice.paid", "created": 1769860800, "data": {"object": {"email": "ada@example.com"}}}
BODY = json.dumps(EVENT).encode()


def sign(body: bytes = BODY, secret: str = SECRET, at: int | str = T) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()


def header(text: str) -> dict[str, str]:
    return {"Stripe-Signature": text}


def good(**other: Any) -> dict[str, str]:
    return header(f"t={other.get('at', T)},v1={sign(**other)}")


def test_a_signed_delivery_is_opened() -> None:
    event = verify(BODY, good(), secrets=[SECRET], now=NOW)
    assert (event.id, event.type, event.occurred_at, bytes(event.raw)) == (
        "evt_1",
        "invoice.paid",
        datetime(2026, 1, 31, 12, tzinfo=UTC),
        BODY,
    )
    assert "ada" not in repr(event)


@pytest.mark.parametrize(
    ("headers", "secrets"),
    [
        (header(f"t={T},v1={sign()}"), SECRET),
        ({"stripe-signature": f"t={T},v1={sign()}"}, [SECRET]),
        ({"STRIPE-SIGNATURE": f"t={T}, v1={sign()} "}, [SECRET]),
        (header(f"t={T},v1={'0' * 64},v1={sign()}"), [SECRET]),
        (header(f"t={T},v1={sign()},v1={'0' * 64},v0=abc"), [SECRET]),
        (header(f"t={T},v1={sign(secret='whsec_two')}"), ["whsec_two", SECRET]),
        (header(f"t={T},v1={sign()}"), iter(["whsec_two", SECRET])),
    ],
)
def test_any_good_signature_by_any_secret_will_do(headers: dict[str, str], secrets: Any) -> None:
    """While secrets are rotated, Stripe signs with both; header names come in any case."""
    assert verify(BODY, headers, secrets=secrets, now=NOW).id == "evt_1"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        header(""),
        header(f"v1={sign()}"),
        header(f"t={T}"),
        header(f"t={T},v0={sign()}"),
        header(f"t={T},v1={sign(secret='whsec_two')}"),
        header(f"t={T},v1="),
        header(f"t={T},v1=ü\udcff"),
        header(f"t={T},t={T + 1},v1={sign()}"),
        header(f"t={T + 1},v1={sign()}"),
        header(f"t=,v1={sign(at='')}"),
        header(f"t=x,v1={sign(at='x')}"),
        header(f"t=-1,v1={sign(at=-1)}"),
        header(f"t=²,v1={sign(at='²')}"),
        header(f"t={T},v1={sign().upper()}"),
    ],
)
def test_anything_else_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(SignatureVerificationError):
        verify(BODY, headers, secrets=[SECRET], now=NOW)


@pytest.mark.parametrize("secrets", [[], "", [""], [SECRET, ""]])
def test_no_secret_never_means_no_check(secrets: Any) -> None:
    with pytest.raises(ValidationError):
        verify(BODY, good(secret=""), secrets=secrets, now=NOW)


def test_one_secret_as_text_is_not_taken_letter_by_letter() -> None:
    with pytest.raises(SignatureVerificationError):
        verify(BODY, good(secret="w"), secrets=SECRET, now=NOW)


def test_a_body_written_again_is_refused() -> None:
    with pytest.raises(SignatureVerificationError):
        verify(json.dumps(EVENT, indent=1).encode(), good(), secrets=[SECRET], now=NOW)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_either_way_are_taken(seconds: int) -> None:
    assert verify(BODY, good(at=T + seconds), secrets=[SECRET], now=NOW).id == "evt_1"


@pytest.mark.parametrize("seconds", [-301, 301, 10**6, 10**30])
def test_an_old_delivery_and_one_from_the_future_are_refused(seconds: int) -> None:
    with pytest.raises(SignatureVerificationError, match="within 300 seconds"):
        verify(BODY, good(at=T + seconds), secrets=[SECRET], now=NOW)


def test_the_tolerance_can_be_chosen() -> None:
    assert verify(BODY, good(at=T - 999), secrets=[SECRET], now=NOW, tolerance=timedelta(seconds=999)).id == "evt_1"


def test_text_instead_of_bytes_is_refused() -> None:
    with pytest.raises(ValidationError) as caught:
        verify(BODY.decode(), good(), secrets=[SECRET], now=NOW)  # type: ignore[arg-type]  # that is the point
    assert caught.value.param == "body"


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"id": "evt_1"}'])
def test_a_signed_body_that_is_no_event_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        verify(body, good(body=body), secrets=[SECRET], now=NOW)
