"""Subscriptions: every request exactly, every field in every API version's shape."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from billbridge.errors import PartialFailureError, ProtocolError
from billbridge.model import (
    Cancellation,
    CollectionMethod,
    NextAction,
    NextActionKind,
    Page,
    Subscription,
    SubscriptionItem,
    SubscriptionQuery,
    SubscriptionStatus,
)
from billbridge.model.raw import RawJson
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
    raw=RawJson(raw(WIRE)),
    customer_id="cus_1",
    status=SubscriptionStatus.TRIALING,
    vendor_status="trialing",
    status_derived=False,
    currency="USD",
    items=[
        SubscriptionItem(id="si_1", price_id="price_m", product_id="pro", quantity=Decimal(3), unit_amount=Money("19", "USD")),
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


def read(walk: Walk, stripe: StripeProvider, **changes: Any) -> Subscription:
    """The subscription with some fields sent otherwise (... for absent); `raw` put aside."""
    wire = {name: value for name, value in {**WIRE, **changes}.items() if value is not ...}
    found: Subscription = walk(stripe.subscriptions.get("sub_1"), (GET, None, wire))
    assert found.raw == RawJson(raw(wire))
    return msgspec.structs.replace(found, raw=SUBSCRIPTION.raw)


def expect(**changes: Any) -> Subscription:
    return msgspec.structs.replace(SUBSCRIPTION, **changes)


def rows(*items: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": list(items), "has_more": more}


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


def as_plan(price: dict[str, Any]) -> dict[str, Any]:
    """The price in the shape that it had when it was called a plan."""
    renamed = {"unit_amount": "amount", "unit_amount_decimal": "amount_decimal"}
    return {renamed.get(name, name): value for name, value in price.items()} | {"object": "plan"}


def test_an_item_of_the_time_before_prices_has_a_plan(walk: Walk, stripe: StripeProvider) -> None:
    """Case 31."""
    present: list[dict[str, Any]] = [ITEM, METERED]
    items = [{**{k: v for k, v in item.items() if k != "price"}, "plan": as_plan(item["price"])} for item in present]
    assert read(walk, stripe, items=rows(*items)) == SUBSCRIPTION
    both = [{**item, "plan": {**as_plan(item["price"]), "id": "other", "amount_decimal": "7"}} for item in present]
    assert read(walk, stripe, items=rows(*both)) == SUBSCRIPTION
    assert read(walk, stripe, currency=None, items=rows(*items)).currency == "USD"


def test_an_item_without_a_price_or_a_plan_is_not_guessed_at(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(ProtocolError, match="si_1 has neither a price nor a plan"):
        read(walk, stripe, items=rows({"id": "si_1", "object": "subscription_item"}))


def test_the_least_of_a_subscription_reads_too(walk: Walk, stripe: StripeProvider) -> None:
    wire = {"id": "sub_1", "customer": "cus_1", "status": "active", "items": {"data": []}}
    bare = Subscription(
        provider="stripe", id="sub_1", raw=RawJson(raw(wire)), customer_id="cus_1", status=SubscriptionStatus.ACTIVE, vendor_status="active"
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
    found = read(walk, stripe, status=word, latest_invoice=...)
    assert found == expect(status=status, vendor_status=word, latest_invoice_id=None)


def test_an_incomplete_subscription_says_how_its_invoice_is_paid(walk: Walk, stripe: StripeProvider) -> None:
    wire = {**WIRE, "status": "incomplete", "latest_invoice": "in_9"}
    secret = {"id": "in_9", "confirmation_secret": {"client_secret": "pi_7_secret_x", "type": "payment_intent"}}
    invoice = ("GET /v1/invoices/in_9?expand[0]=confirmation_secret", None, secret)
    found = walk(stripe.subscriptions.get("sub_1"), (GET, None, wire), invoice)
    assert found.next_action == NextAction(kind=NextActionKind.PAYMENT, id="pi_7", client_secret="pi_7_secret_x")
    bare = walk(stripe.subscriptions.get("sub_1"), (GET, None, wire), (*invoice[:2], {"id": "in_9", "confirmation_secret": None}))
    assert bare.next_action is None


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
    assert found == expect(raw=RawJson(raw(wire)), items=items, current_period_start=second(-5))


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
    assert found == expect(raw=RawJson(raw(wire)))


def test_list_asks_for_every_status_and_fetches_every_item(walk: Walk, stripe: StripeProvider) -> None:
    """Case 24."""
    long = {**WIRE, "id": "sub_2", "items": rows(ITEM, more=True)}
    page = walk(
        stripe.subscriptions.list(SubscriptionQuery(customer="cus_1", page_size=2, cursor="sub_0")),
        ("GET /v1/subscriptions?customer=cus_1&status=all&limit=2&starting_after=sub_0", None, rows(WIRE, long, more=True)),
        ("GET /v1/subscription_items?subscription=sub_2&limit=100&starting_after=si_1", None, rows(METERED)),
    )
    assert page == Page(items=[SUBSCRIPTION, expect(id="sub_2", raw=RawJson(raw(long)))], next_cursor="sub_2")
    everything = walk(stripe.subscriptions.list(SubscriptionQuery()), ("GET /v1/subscriptions?status=all&limit=100", None, rows()))
    assert everything == Page(items=[])


def test_a_read_that_fails_after_a_subscription_was_made_does_not_ask_to_make_it_again(walk: Walk, stripe: StripeProvider) -> None:
    made = {**WIRE, "items": rows(ITEM, more=True)}
    more: Any = ("GET /v1/subscription_items?subscription=sub_1&limit=100&starting_after=si_1", None, (400, {}))
    with pytest.raises(PartialFailureError, match="sub_1 was written") as caught:
        walk(
            stripe.subscriptions.cancel("sub_1", Cancellation(timing="period_end")),
            ("POST /v1/subscriptions/sub_1", "cancel_at_period_end=true", made),
            more,
        )
    assert (caught.value.done, caught.value.failed) == (("cancel",), "read")
    assert "do not repeat the write" in (caught.value.hint or "")
