"""Subscriptions: every request exactly, every field in every API version's shape, cancelling in every state."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from billbridge.errors import (
    InvalidStateError,
    NotFoundError,
    PaymentActionRequiredError,
    PaymentDeclinedError,
    PaymentMethodRequiredError,
    ProtocolError,
    TransportTimeoutError,
    ValidationError,
)
from billbridge.model import (
    Cancellation,
    CancelTiming,
    CollectionMethod,
    Item,
    NewSubscription,
    Page,
    Subscription,
    SubscriptionItem,
    SubscriptionQuery,
    SubscriptionStatus,
)
from billbridge.money import Money
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
T0 = 1769860800
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
MONTH_END = 1772280000  # 2026-02-28 12:00 UTC
YEAR_END = 1801396800  # 2027-01-31 12:00 UTC
MONTHLY = {
    "id": "price_m",
    "object": "price",
    "billing_scheme": "per_unit",
    "currency": "usd",
    "product": "pro",
    "recurring": {"interval": "month", "interval_count": 1},
    "type": "recurring",
    "unit_amount": 1900,
    "unit_amount_decimal": "1900",
}
YEARLY = {**MONTHLY, "id": "price_y", "product": {"id": "max", "object": "product"}, "unit_amount": None, "unit_amount_decimal": "0.5"}
PERIOD = {"current_period_start": T0, "current_period_end": MONTH_END}
ITEM = {"id": "si_1", "object": "subscription_item", "price": MONTHLY, "quantity": 3, **PERIOD}
METERED = {"id": "si_2", "object": "subscription_item", "price": YEARLY, "current_period_start": T0 + 60, "current_period_end": YEAR_END}
WIRE: dict[str, Any] = {
    "id": "sub_1",
    "object": "subscription",
    "billing_cycle_anchor": T0,
    "billing_mode": {"type": "flexible"},
    "cancel_at": None,
    "cancel_at_period_end": False,
    "canceled_at": None,
    "cancellation_details": {"comment": None, "feedback": None, "reason": None},
    "collection_method": "charge_automatically",
    "created": T0,
    "currency": "usd",
    "customer": "cus_1",
    "default_payment_method": "pm_1",
    "default_source": None,
    "discounts": [],
    "ended_at": None,
    "items": {"object": "list", "data": [ITEM, METERED], "has_more": False, "url": "/v1/subscription_items?subscription=sub_1"},
    "latest_invoice": "in_1",
    "livemode": False,
    "metadata": {"team": "7"},
    "pause_collection": None,
    "start_date": T0 + 1,
    "status": "trialing",
    "trial_end": T0 + 3,
    "trial_start": T0 + 2,
}


def second(number: int) -> datetime:
    return AT + timedelta(seconds=number)


def raw(wire: dict[str, Any]) -> msgspec.Raw:
    return msgspec.Raw(json.dumps(wire).encode())


SUBSCRIPTION = Subscription(
    provider="stripe",
    id="sub_1",
    raw=raw(WIRE),
    customer_id="cus_1",
    status=SubscriptionStatus.TRIALING,
    vendor_status="trialing",
    status_derived=False,
    currency="USD",
    items=[
        SubscriptionItem(id="si_1", price_id="price_m", product_id="pro", quantity=3, unit_amount=Money("19", "USD")),
        SubscriptionItem(id="si_2", price_id="price_y", product_id="max", quantity=None, unit_amount=Money("0.005", "USD")),
    ],
    current_period_start=AT,
    current_period_end=datetime(2026, 2, 28, 12, tzinfo=UTC),
    start_date=second(1),
    trial_start=second(2),
    trial_end=second(3),
    cancel_at_period_end=False,
    collection_method=CollectionMethod.CHARGE_AUTOMATICALLY,
    collection_paused=False,
    default_payment_method_id="pm_1",
    latest_invoice_id="in_1",
    metadata={"team": "7"},
    created_at=AT,
)
GET = "GET /v1/subscriptions/sub_1"
POST = "POST /v1/subscriptions"
FIXED = "billing_mode[type]=flexible&payment_behavior=error_if_incomplete"


def refused(status: int, code: str | None, message: str = "No.", type: str = "invalid_request_error") -> tuple[int, dict[str, Any]]:
    return status, {"error": {"type": type, "code": code, "message": message}}


def read(walk: Walk, stripe: StripeProvider, **changes: Any) -> Subscription:
    """The subscription with some fields sent otherwise (... for absent); `raw` put aside."""
    wire = {name: value for name, value in {**WIRE, **changes}.items() if value is not ...}
    found: Subscription = walk(stripe.subscriptions.get("sub_1"), (GET, None, wire))
    assert found.raw == raw(wire)
    return msgspec.structs.replace(found, raw=SUBSCRIPTION.raw)


def expect(**changes: Any) -> Subscription:
    return msgspec.structs.replace(SUBSCRIPTION, **changes)


def rows(*items: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": list(items), "has_more": more}


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
    assert walk(stripe.subscriptions.create(new), (POST, body, WIRE)) == SUBSCRIPTION


def test_a_quantity_is_sent_after_its_price_was_read(walk: Walk, stripe: StripeProvider) -> None:
    """Cases 1 and 40: only the item that has a quantity costs a request, and the indexes stay right."""
    new = NewSubscription(customer="cus_1", items=[Item(price="price_m"), Item(price="price_y", quantity=3)])
    body = f"customer=cus_1&items[0][price]=price_m&items[1][price]=price_y&items[1][quantity]=3&{FIXED}"
    assert walk(stripe.subscriptions.create(new), ("GET /v1/prices/price_y", None, YEARLY), (POST, body, WIRE)) == SUBSCRIPTION


def test_a_quantity_of_a_flat_price_is_refused_before_anything_is_written(walk: Walk, stripe: StripeProvider) -> None:
    """Case 40."""
    new = NewSubscription(customer="cus_1", items=[Item(price="price_m", quantity=2)])
    flat = {**MONTHLY, "metadata": {"billbridge_model": "flat"}}
    with pytest.raises(ValidationError) as caught:
        walk(stripe.subscriptions.create(new), ("GET /v1/prices/price_m", None, flat))
    assert caught.value.param == "items"


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


def test_get_reads_every_field(walk: Walk, stripe: StripeProvider) -> None:
    """Cases 34 and 35: price.product as id and expanded, mixed intervals."""
    assert read(walk, stripe) == SUBSCRIPTION


OLD_ITEMS = [{name: value for name, value in item.items() if not name.startswith("current_")} for item in (ITEM, METERED)]


@pytest.mark.parametrize(
    "old",
    [
        {"items": rows(*OLD_ITEMS), **PERIOD},
        {"items": rows(*OLD_ITEMS), **PERIOD, "discount": None, "discounts": ..., "billing_mode": ..., "default_source": ...},
        {"items": rows(*OLD_ITEMS), **PERIOD, "currency": ..., "plan": {"id": "price_m"}, "quantity": 3},
        {"items": rows(ITEM, METERED), "current_period_start": 1, "current_period_end": 2, "billing_mode": {"type": "classic"}},
        {
            "customer": {"id": "cus_1", "object": "customer"},
            "default_payment_method": {"id": "pm_1", "object": "payment_method"},
            "latest_invoice": {"id": "in_1", "object": "invoice", "total": 5},
        },
        {"default_payment_method": None, "default_source": {"id": "pm_1", "object": "card"}},
        {"default_payment_method": None, "default_source": "pm_1"},
        {"default_source": "card_older"},
    ],
)
def test_every_api_version_reads_as_the_same_subscription(walk: Walk, stripe: StripeProvider, old: dict[str, Any]) -> None:
    """Cases 31 and 34: the period on the subscription or on the items, expanded or plain ids, no currency of its own."""
    assert read(walk, stripe, **old) == SUBSCRIPTION


def test_the_least_of_a_subscription_reads_too(walk: Walk, stripe: StripeProvider) -> None:
    wire = {"id": "sub_1", "customer": "cus_1", "status": "active", "items": {"data": []}}
    bare = Subscription(
        provider="stripe", id="sub_1", raw=raw(wire), customer_id="cus_1", status=SubscriptionStatus.ACTIVE, vendor_status="active"
    )
    assert walk(stripe.subscriptions.get("sub_1"), (GET, None, wire)) == bare


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("incomplete", SubscriptionStatus.INCOMPLETE),
        ("incomplete_expired", SubscriptionStatus.EXPIRED),
        ("trialing", SubscriptionStatus.TRIALING),
        ("active", SubscriptionStatus.ACTIVE),
        ("past_due", SubscriptionStatus.PAST_DUE),
        ("unpaid", SubscriptionStatus.UNPAID),
        ("paused", SubscriptionStatus.PAUSED),
        ("canceled", SubscriptionStatus.CANCELED),
        ("on_the_moon", SubscriptionStatus.UNKNOWN),
    ],
)
def test_every_status_has_its_neutral_name_and_keeps_stripes(
    walk: Walk, stripe: StripeProvider, word: str, status: SubscriptionStatus
) -> None:
    """Case 17."""
    assert read(walk, stripe, status=word) == expect(status=status, vendor_status=word)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"pause_collection": {"behavior": "void", "resumes_at": None}}, {"collection_paused": True}),
        ({"collection_method": "send_invoice"}, {"collection_method": CollectionMethod.SEND_INVOICE}),
        ({"collection_method": "barter"}, {"collection_method": CollectionMethod.UNKNOWN}),
        ({"collection_method": ...}, {"collection_method": None}),
        (
            {"cancel_at_period_end": True, "cancel_at": MONTH_END, "canceled_at": T0 + 9},
            {"cancel_at_period_end": True, "cancel_at": SUBSCRIPTION.current_period_end, "canceled_at": second(9)},
        ),
        (
            {"cancel_at_period_end": True, "cancel_at": None},
            {"cancel_at_period_end": True, "cancel_at": SUBSCRIPTION.current_period_end},
        ),
        ({"cancel_at": T0 + 99, "canceled_at": T0 + 9}, {"cancel_at": second(99), "canceled_at": second(9)}),
        (
            {"status": "canceled", "cancel_at_period_end": True, "canceled_at": T0 + 9, "ended_at": T0 + 10},
            {"status": SubscriptionStatus.CANCELED, "vendor_status": "canceled", "canceled_at": second(9), "ended_at": second(10)},
        ),
        ({"metadata": None, "latest_invoice": None}, {"metadata": {}, "latest_invoice_id": None}),
    ],
)
def test_each_state_reads_right(walk: Walk, stripe: StripeProvider, sent: dict[str, Any], expected: dict[str, Any]) -> None:
    """Cases 43, 45 and 47: a scheduled cancellation is not one that happened, and a paused collection is not a paused subscription."""
    assert read(walk, stripe, **sent) == expect(**expected)


def test_items_beyond_the_first_page_are_fetched(walk: Walk, stripe: StripeProvider) -> None:
    third = {**METERED, "id": "si_3", "current_period_start": T0 - 5}
    wire = {**WIRE, "items": rows(ITEM, more=True)}
    rest = "GET /v1/subscription_items?subscription=sub_1&limit=100&starting_after="
    found = walk(
        stripe.subscriptions.get("sub_1"),
        (GET, None, wire),
        (f"{rest}si_1", None, rows(METERED, more=True)),
        (f"{rest}si_2", None, rows(third)),
    )
    items = [*SUBSCRIPTION.items, msgspec.structs.replace(SUBSCRIPTION.items[1], id="si_3")]
    assert found == expect(raw=raw(wire), items=items, current_period_start=second(-5))


def test_a_page_of_items_that_repeats_itself_is_a_protocol_error(walk: Walk, stripe: StripeProvider) -> None:
    """Case 20."""
    wire = {**WIRE, "items": rows(ITEM, more=True)}
    line = "GET /v1/subscription_items?subscription=sub_1&limit=100&starting_after=si_1"
    with pytest.raises(ProtocolError, match="never end"):
        walk(stripe.subscriptions.get("sub_1"), (GET, None, wire), (line, None, rows(ITEM, more=True)))


def test_an_empty_page_of_items_ends_them(walk: Walk, stripe: StripeProvider) -> None:
    """Case 20."""
    wire = {**WIRE, "items": rows(ITEM, METERED, more=True)}
    line = "GET /v1/subscription_items?subscription=sub_1&limit=100&starting_after=si_2"
    found = walk(stripe.subscriptions.get("sub_1"), (GET, None, wire), (line, None, rows(more=True)))
    assert found == expect(raw=raw(wire))


def test_list_asks_for_every_status_and_fetches_every_item(walk: Walk, stripe: StripeProvider) -> None:
    """Case 24."""
    long = {**WIRE, "id": "sub_2", "items": rows(ITEM, more=True)}
    page = walk(
        stripe.subscriptions.list(SubscriptionQuery(customer="cus_1", page_size=2, cursor="sub_0")),
        ("GET /v1/subscriptions?customer=cus_1&status=all&limit=2&starting_after=sub_0", None, rows(WIRE, long, more=True)),
        ("GET /v1/subscription_items?subscription=sub_2&limit=100&starting_after=si_1", None, rows(METERED)),
    )
    assert page == Page(items=[SUBSCRIPTION, expect(id="sub_2", raw=raw(long))], next_cursor="sub_2")
    everything = walk(stripe.subscriptions.list(SubscriptionQuery()), ("GET /v1/subscriptions?status=all&limit=100", None, rows()))
    assert everything == Page(items=[])


NOW = Cancellation(timing="now")
LATER = Cancellation(timing=CancelTiming.PERIOD_END)
DELETE = "DELETE /v1/subscriptions/sub_1?invoice_now=false&prorate=false"
UPDATE = "POST /v1/subscriptions/sub_1"
CANCELED = {**WIRE, "status": "canceled", "ended_at": T0 + 10}
GONE = expect(raw=raw(CANCELED), status=SubscriptionStatus.CANCELED, vendor_status="canceled", ended_at=second(10))
MISSING = refused(404, "resource_missing", "No such subscription: 'sub_1'")
FINAL = refused(400, "invalid_canceled_subscription_fields")


def test_cancel_now_neither_charges_nor_refunds(walk: Walk, stripe: StripeProvider) -> None:
    assert walk(stripe.subscriptions.cancel("sub_1", NOW), (DELETE, None, CANCELED)) == GONE


def test_cancel_at_the_end_of_the_period_keeps_it_until_then(walk: Walk, stripe: StripeProvider) -> None:
    """Case 43."""
    wire = {**WIRE, "status": "active", "cancel_at_period_end": True, "cancel_at": MONTH_END, "canceled_at": T0}
    found = walk(stripe.subscriptions.cancel("sub_1", LATER), (UPDATE, "cancel_at_period_end=true", wire))
    assert (found.status, found.cancel_at_period_end, found.cancel_at) == (SubscriptionStatus.ACTIVE, True, SUBSCRIPTION.current_period_end)


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
