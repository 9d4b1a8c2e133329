"""Setting up a payment method: hosted pages and SetupIntents, every request exactly, every field and status."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from billbridge.errors import NotFoundError
from billbridge.model import NewPaymentMethodSetup, PaymentMethodSetup, SetupStatus, SetupWay
from billbridge.model.raw import RawJson
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
INTENT_WIRE: dict[str, Any] = {
    "id": "seti_1",
    "object": "setup_intent",
    "client_secret": "seti_1_secret_x",
    "created": 1769860800,
    "customer": "cus_1",
    "last_setup_error": None,
    "payment_method": "pm_1",
    "status": "succeeded",
    "usage": "off_session",
}
INTENT = PaymentMethodSetup(
    provider="stripe",
    id="seti_1",
    raw=RawJson(json.dumps(INTENT_WIRE).encode()),
    customer_id="cus_1",
    way=SetupWay.CLIENT_SIDE,
    status=SetupStatus.COMPLETED,
    vendor_status="succeeded",
    client_secret="seti_1_secret_x",
    payment_method_id="pm_1",
    created_at=AT,
)
SESSION_WIRE: dict[str, Any] = {
    "id": "cs_1",
    "object": "checkout.session",
    "created": 1769860800,
    "customer": "cus_1",
    "expires_at": 1769947200,
    "mode": "setup",
    "setup_intent": INTENT_WIRE,
    "status": "open",
    "url": "https://checkout.stripe.com/c/pay/cs_1",
}
SESSION = PaymentMethodSetup(
    provider="stripe",
    id="cs_1",
    raw=RawJson(json.dumps(SESSION_WIRE).encode()),
    customer_id="cus_1",
    way=SetupWay.HOSTED,
    status=SetupStatus.PENDING,
    vendor_status="open",
    url="https://checkout.stripe.com/c/pay/cs_1",
    payment_method_id="pm_1",
    expires_at=datetime(2026, 2, 1, 12, tzinfo=UTC),
    created_at=AT,
)
GET_SESSION = "GET /v1/checkout/sessions/cs_1?expand[0]=setup_intent"
GET_INTENT = "GET /v1/setup_intents/seti_1"


def test_a_hosted_page_takes_cards_and_sends_the_customer_back(walk: Walk, stripe: StripeProvider) -> None:
    new = NewPaymentMethodSetup(return_url="https://app.example/back?a=1")
    body = (
        "mode=setup&customer=cus_1&allowed_payment_method_types[0]=card&success_url=https://app.example/back?a=1"
        "&cancel_url=https://app.example/back?a=1&expand[0]=setup_intent"
    )
    assert walk(stripe.payment_methods.setup("cus_1", new), ("POST /v1/checkout/sessions", body, SESSION_WIRE)) == SESSION


def test_the_client_side_gets_a_secret(walk: Walk, stripe: StripeProvider) -> None:
    body = "customer=cus_1&usage=off_session&automatic_payment_methods[enabled]=true"
    new = NewPaymentMethodSetup(way="client_side")
    assert walk(stripe.payment_methods.setup("cus_1", new), ("POST /v1/setup_intents", body, INTENT_WIRE)) == INTENT


def test_a_setup_is_read_by_its_kind_of_id(walk: Walk, stripe: StripeProvider) -> None:
    assert walk(stripe.payment_methods.get_setup("cs_1"), (GET_SESSION, None, SESSION_WIRE)) == SESSION
    assert walk(stripe.payment_methods.get_setup("seti_1"), (GET_INTENT, None, INTENT_WIRE)) == INTENT


@pytest.mark.parametrize("mode", ["payment", "subscription"])
def test_a_page_that_sets_nothing_up_is_not_found(walk: Walk, stripe: StripeProvider, mode: str) -> None:
    with pytest.raises(NotFoundError):
        walk(stripe.payment_methods.get_setup("cs_1"), (GET_SESSION, None, {**SESSION_WIRE, "mode": mode}))


def test_neither_the_page_nor_the_secret_shows_in_a_repr() -> None:
    assert "secret" not in repr(INTENT)
    assert "checkout" not in repr(SESSION)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"status": "complete", "url": None}, {"status": SetupStatus.COMPLETED, "vendor_status": "complete", "url": None}),
        ({"status": "expired"}, {"status": SetupStatus.EXPIRED, "vendor_status": "expired"}),
        ({"status": "melted"}, {"status": SetupStatus.UNKNOWN, "vendor_status": "melted"}),
        ({"status": None}, {"status": SetupStatus.UNKNOWN, "vendor_status": None}),
        ({"setup_intent": "seti_1"}, {"payment_method_id": None}),
        ({"setup_intent": None}, {"payment_method_id": None}),
        ({"setup_intent": {"id": "seti_1", "payment_method": {"id": "pm_1"}}}, {}),
        ({"customer": {"id": "cus_1", "object": "customer"}, "mode": None}, {}),
        ({"customer": None, "expires_at": None, "created": None}, {"customer_id": None, "expires_at": None, "created_at": None}),
    ],
)
def test_each_shape_of_a_session_reads_right(walk: Walk, stripe: StripeProvider, sent: dict[str, Any], expected: dict[str, Any]) -> None:
    """Cases 17 and 34."""
    found = walk(stripe.payment_methods.get_setup("cs_1"), (GET_SESSION, None, {**SESSION_WIRE, **sent}))
    assert msgspec.structs.replace(found, raw=SESSION.raw) == msgspec.structs.replace(SESSION, **expected)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("requires_payment_method", SetupStatus.PENDING),
        ("requires_confirmation", SetupStatus.PENDING),
        ("processing", SetupStatus.PENDING),
        ("requires_action", SetupStatus.ACTION_REQUIRED),
        ("succeeded", SetupStatus.COMPLETED),
        ("canceled", SetupStatus.FAILED),
        ("melted", SetupStatus.UNKNOWN),
        (None, SetupStatus.UNKNOWN),
    ],
)
def test_every_status_of_an_intent_has_its_neutral_word(walk: Walk, stripe: StripeProvider, word: str | None, status: SetupStatus) -> None:
    """Case 17."""
    found = walk(stripe.payment_methods.get_setup("seti_1"), (GET_INTENT, None, {**INTENT_WIRE, "status": word}))
    assert msgspec.structs.replace(found, raw=INTENT.raw) == msgspec.structs.replace(INTENT, status=status, vendor_status=word)


def test_an_intent_whose_method_was_refused_has_failed(walk: Walk, stripe: StripeProvider) -> None:
    sent = {"status": "requires_payment_method", "last_setup_error": {"code": "card_declined"}, "payment_method": None}
    found = walk(stripe.payment_methods.get_setup("seti_1"), (GET_INTENT, None, {**INTENT_WIRE, **sent}))
    expected = {"status": SetupStatus.FAILED, "vendor_status": "requires_payment_method", "payment_method_id": None}
    assert msgspec.structs.replace(found, raw=INTENT.raw) == msgspec.structs.replace(INTENT, **expected)
    odd = {**INTENT_WIRE, "last_setup_error": {"code": "card_declined"}, "payment_method": {"id": "pm_1"}, "customer": {"id": "cus_1"}}
    found = walk(stripe.payment_methods.get_setup("seti_1"), (GET_INTENT, None, odd))
    assert msgspec.structs.replace(found, raw=INTENT.raw) == INTENT
