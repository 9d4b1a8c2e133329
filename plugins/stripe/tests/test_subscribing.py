"""Creating a subscription: exactly what is sent, what is read first, and what a first payment that fails means."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from billbridge.errors import (
    NotFoundError,
    PaymentActionRequiredError,
    PaymentDeclinedError,
    PaymentMethodRequiredError,
    ValidationError,
)
from billbridge.model import Item, NewSubscription, Subscription, SubscriptionStatus
from billbridge.model.raw import RawJson
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
T0 = 1769860800
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
MONTHLY = {"id": "price_m", "currency": "usd", "unit_amount_decimal": "1900"}
YEARLY = {**MONTHLY, "id": "price_y"}
WIRE: dict[str, Any] = {"id": "sub_1", "customer": "cus_1", "status": "active", "items": {"data": []}}
MADE = Subscription(
    provider="stripe",
    id="sub_1",
    raw=RawJson(json.dumps(WIRE).encode()),
    customer_id="cus_1",
    status=SubscriptionStatus.ACTIVE,
    vendor_status="active",
)
POST = "POST /v1/subscriptions"
FIXED = "billing_mode[type]=flexible&payment_behavior=error_if_incomplete"


def refused(status: int, code: str | None, message: str = "No.", type: str = "invalid_request_error") -> tuple[int, dict[str, Any]]:
    return status, {"error": {"type": type, "code": code, "message": message}}


@pytest.mark.parametrize(
    ("new", "body"),
    [
        (NewSubscription(customer="cus_1", items=[Item(price="price_m")]), f"customer=cus_1&items[0][price]=price_m&{FIXED}"),
        (
            NewSubscription(
                customer="cus_1",
                items=[Item(price="price_m"), Item(price="price_y")],
                trial_days=14,
                payment_method="pm_1",
                payment_behavior="allow_incomplete",
                metadata={"team": "7"},
            ),
            "customer=cus_1&items[0][price]=price_m&items[1][price]=price_y&billing_mode[type]=flexible&payment_behavior=allow_incomplete"
            "&trial_period_days=14&default_payment_method=pm_1&metadata[team]=7",
        ),
        (
            NewSubscription(customer="cus_1", items=[Item(price="price_m")], trial_end=AT),
            f"customer=cus_1&items[0][price]=price_m&{FIXED}&trial_end={T0}",
        ),
    ],
)
def test_create(walk: Walk, stripe: StripeProvider, new: NewSubscription, body: str) -> None:
    """Cases 1, 39, 42 and 50: several items, no trial unless asked for, what happens when the first payment fails is always said."""
    assert walk(stripe.subscriptions.create(new), (POST, body, WIRE)) == MADE


def test_a_quantity_is_sent_after_its_price_was_read(walk: Walk, stripe: StripeProvider) -> None:
    """Cases 1 and 40: only the item that has a quantity costs a request, and the indexes stay right."""
    new = NewSubscription(customer="cus_1", items=[Item(price="price_m"), Item(price="price_y", quantity=3)])
    body = f"customer=cus_1&items[0][price]=price_m&items[1][price]=price_y&items[1][quantity]=3&{FIXED}"
    assert (
        walk(
            stripe.subscriptions.create(new),
            ("GET /v1/prices/price_y?expand[0]=tiers&expand[1]=currency_options", None, YEARLY),
            (POST, body, WIRE),
        )
        == MADE
    )


def test_a_quantity_of_a_flat_price_is_refused_before_anything_is_written(walk: Walk, stripe: StripeProvider) -> None:
    """Case 40."""
    new = NewSubscription(customer="cus_1", items=[Item(price="price_m", quantity=2)])
    flat = {**MONTHLY, "metadata": {"billbridge_model": "flat"}}
    with pytest.raises(ValidationError) as caught:
        walk(stripe.subscriptions.create(new), ("GET /v1/prices/price_m?expand[0]=tiers&expand[1]=currency_options", None, flat))
    assert caught.value.param == "items[0].quantity"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(402, "card_declined", type="card_error"), PaymentDeclinedError),
        (refused(402, "subscription_payment_intent_requires_action", type="card_error"), PaymentActionRequiredError),
        (
            refused(400, "resource_missing", "This customer has no attached payment source or default payment method."),
            PaymentMethodRequiredError,
        ),
        (refused(400, "resource_missing", "No such price: 'price_m'"), NotFoundError),
    ],
)
def test_a_first_payment_that_fails_leaves_nothing_and_says_why(walk: Walk, stripe: StripeProvider, answer: Any, kind: type) -> None:
    """Cases 16 and 50."""
    new = NewSubscription(customer="cus_1", items=[Item(price="price_m")])
    with pytest.raises(kind):
        walk(stripe.subscriptions.create(new), (POST, f"customer=cus_1&items[0][price]=price_m&{FIXED}", answer))
