"""Cancelling a subscription: now and later, in every state, and when the answer was lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from billbridge.errors import InvalidStateError, NotFoundError, TransportTimeoutError
from billbridge.model import Cancellation, CancelTiming, Subscription, SubscriptionStatus
from billbridge.model.raw import RawJson
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
T0 = 1769860800
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
WIRE: dict[str, Any] = {"id": "sub_1", "customer": "cus_1", "status": "active", "items": {"data": []}}
CANCELED = {**WIRE, "status": "canceled", "canceled_at": T0, "ended_at": T0}
GONE = Subscription(
    provider="stripe",
    id="sub_1",
    raw=RawJson(json.dumps(CANCELED).encode()),
    customer_id="cus_1",
    status=SubscriptionStatus.CANCELED,
    vendor_status="canceled",
    canceled_at=AT,
    ended_at=AT,
)
GET = "GET /v1/subscriptions/sub_1"


def refused(status: int, code: str | None, message: str = "No.") -> tuple[int, dict[str, Any]]:
    return status, {"error": {"type": "invalid_request_error", "code": code, "message": message}}


NOW = Cancellation(timing="now")
LATER = Cancellation(timing=CancelTiming.PERIOD_END)
DELETE = "DELETE /v1/subscriptions/sub_1?invoice_now=false&prorate=false"
UPDATE = "POST /v1/subscriptions/sub_1"
MISSING = refused(404, "resource_missing", "No such subscription: 'sub_1'")
FINAL = refused(400, "invalid_canceled_subscription_fields")


def test_cancel_now_neither_charges_nor_refunds(walk: Walk, stripe: StripeProvider) -> None:
    assert walk(stripe.subscriptions.cancel("sub_1", NOW), (DELETE, None, CANCELED)) == GONE


def test_cancel_at_the_end_of_the_period_keeps_it_until_then(walk: Walk, stripe: StripeProvider) -> None:
    """Case 43."""
    wire = {**WIRE, "cancel_at_period_end": True, "cancel_at": T0, "canceled_at": T0}
    found = walk(stripe.subscriptions.cancel("sub_1", LATER), (UPDATE, "cancel_at_period_end=true", wire))
    assert (found.status, found.cancel_at_period_end, found.cancel_at) == (SubscriptionStatus.ACTIVE, True, AT)


@pytest.mark.parametrize("ended", ["canceled", "incomplete_expired"])
@pytest.mark.parametrize(
    ("how", "line", "body", "answer"),
    [
        (NOW, DELETE, None, MISSING),
        (LATER, UPDATE, "cancel_at_period_end=true", FINAL),
        (LATER, UPDATE, "cancel_at_period_end=true", MISSING),
    ],
)
def test_cancelling_what_has_ended_is_an_invalid_state(
    walk: Walk, stripe: StripeProvider, how: Cancellation, line: str, body: str | None, answer: Any, ended: str
) -> None:
    """Case 44: Stripe says 404 to the DELETE."""
    with pytest.raises(InvalidStateError) as caught:
        walk(stripe.subscriptions.cancel("sub_1", how), (line, body, answer), (GET, None, {**CANCELED, "status": ended}))
    error = caught.value
    assert ended in error.message
    assert (error.provider, error.operation, error.status, error.code, error.type) == (
        "stripe",
        "tests.step",
        answer[0],
        answer[1]["error"]["code"],
        "invalid_request_error",
    )
    assert (error.request_id, error.raw) == ("req_1", json.dumps(answer[1]).encode())
    assert error.idempotency_key == (None if body is None else "key")


def test_cancelling_an_unknown_one_is_not_found(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(NotFoundError) as caught:
        walk(stripe.subscriptions.cancel("sub_1", NOW), (DELETE, None, MISSING), (GET, None, MISSING))
    assert caught.value.code == "resource_missing"


def test_a_refusal_for_another_reason_stays_what_it_is(walk: Walk, stripe: StripeProvider) -> None:
    flow = stripe.subscriptions.cancel("sub_1", LATER)
    with pytest.raises(InvalidStateError, match=r"No\."):
        walk(flow, (UPDATE, "cancel_at_period_end=true", refused(400, "status_transition_invalid")), (GET, None, WIRE))


def test_a_cancellation_whose_answer_was_lost_is_recognised(walk: Walk, stripe: StripeProvider, lost: TransportTimeoutError) -> None:
    flow = stripe.subscriptions.cancel("sub_1", NOW)
    assert walk(flow, (DELETE, None, lost), (DELETE, None, MISSING), (GET, None, CANCELED), retries=1) == GONE


def test_a_scheduled_cancellation_never_takes_an_ended_subscription_for_its_own_doing(
    walk: Walk, stripe: StripeProvider, lost: TransportTimeoutError
) -> None:
    flow = stripe.subscriptions.cancel("sub_1", LATER)
    body = "cancel_at_period_end=true"
    with pytest.raises(InvalidStateError):
        walk(flow, (UPDATE, body, lost), (UPDATE, body, FINAL), (GET, None, CANCELED), retries=1)
