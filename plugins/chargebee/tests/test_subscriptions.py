"""Subscriptions, request by request. (Vendor map, cases 24, 35, 36, 40, 42 to 45, 50 and 51.)"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from billbridge.errors import (
    IdempotencyConflictError,
    InvalidStateError,
    NotFoundError,
    PaymentActionRequiredError,
    PaymentDeclinedError,
    PaymentMethodRequiredError,
    TransportError,
    ValidationError,
)
from billbridge.model import (
    Cancellation,
    CancelTiming,
    CollectionMethod,
    Discount,
    Item,
    NewSubscription,
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
from billbridge_chargebee import ChargebeeProvider

from .stepping import NOW, Step, at, get, post, raw, refused, walk

SUBSCRIPTIONS = ChargebeeProvider().subscriptions
NOW_S = int(NOW.timestamp())
PAST, TERM_END, LATER = NOW_S - 1000, NOW_S + 1000, NOW_S + 9000
SENT: dict[str, Any] = {
    "id": "s1",
    "object": "subscription",
    "customer_id": "ada",
    "status": "active",
    "currency_code": "usd",
    "subscription_items": [
        {
            "item_price_id": "pro-monthly",
            "item_type": "plan",
            "quantity": 3,
            "unit_price": 1900,
            "amount": 5700,
            "object": "subscription_item",
        },
        {"item_price_id": "addon", "item_type": "addon", "quantity": 1, "unit_price_in_decimal": "0.005"},
    ],
    "current_term_start": PAST,
    "current_term_end": TERM_END,
    "next_billing_at": TERM_END,
    "start_date": 1767225601,
    "started_at": 1767225602,
    "activated_at": 1767225603,
    "trial_start": 1767225604,
    "trial_end": 1767225605,
    "due_invoices_count": 0,
    "auto_collection": "on",
    "payment_source_id": "pm_1",
    "coupon": "SUMMER",
    "coupons": [{"coupon_id": "SUMMER", "coupon_code": "ADA25", "apply_till": 1767225700, "applied_count": 1}],
    "discounts": [{"id": "d1", "type": "percentage", "percentage": 10, "apply_on": "invoice_amount", "apply_till": 1767225701}],
    "meta_data": {"a": "b"},
    "created_at": 1767225606,
    "updated_at": 1767225607,
    "deleted": False,
}
READ = Subscription(
    provider="chargebee",
    id="s1",
    raw=RawJson(raw(SENT)),
    customer_id="ada",
    status=SubscriptionStatus.ACTIVE,
    vendor_status="active",
    status_derived=False,
    currency="USD",
    items=[
        SubscriptionItem(id="pro-monthly", price_id="pro-monthly", product_id=None, quantity=Decimal(3), unit_amount=Money("19.00", "USD")),
        SubscriptionItem(id="addon", price_id="addon", product_id=None, quantity=Decimal(1), unit_amount=Money("0.005", "USD")),
    ],
    current_period_start=at(PAST),
    current_period_end=at(TERM_END),
    start_date=at(1767225602),
    trial_start=at(1767225604),
    trial_end=at(1767225605),
    cancel_at_period_end=False,
    cancel_at=None,
    canceled_at=None,
    ended_at=None,
    collection_method=CollectionMethod.CHARGE_AUTOMATICALLY,
    collection_paused=False,
    default_payment_method_id="pm_1",
    latest_invoice_id=None,
    discounts=[
        Discount(coupon_id="SUMMER", promotion_code_id="ADA25", ends_at=at(1767225700)),
        Discount(id="d1", percent_off=Decimal(10), ends_at=at(1767225701)),
    ],
    metadata={"a": "b"},
    created_at=at(1767225606),
    updated_at=at(1767225607),
)
BARE = {"id": "s1", "customer_id": "ada", "status": "active"}
BARE_READ = Subscription(
    provider="chargebee", id="s1", raw=RawJson(raw(BARE)), customer_id="ada", status=SubscriptionStatus.ACTIVE, vendor_status="active"
)


def read(sent: dict[str, Any]) -> Subscription:
    subscription = walk(SUBSCRIPTIONS.get("s1"), get("/subscriptions/s1", {"subscription": sent, "customer": {"id": "ada"}}))
    assert isinstance(subscription, Subscription)
    return subscription


@pytest.mark.parametrize(("sent", "expected"), [(SENT, READ), (BARE, BARE_READ)])
def test_every_field_is_read_and_what_is_absent_is_none(sent: dict[str, Any], expected: Subscription) -> None:
    assert read(sent) == expected


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("future", SubscriptionStatus.SCHEDULED),
        ("in_trial", SubscriptionStatus.TRIALING),
        ("active", SubscriptionStatus.ACTIVE),
        ("non_renewing", SubscriptionStatus.ACTIVE),
        ("paused", SubscriptionStatus.PAUSED),
        ("cancelled", SubscriptionStatus.CANCELED),
        ("transferred", SubscriptionStatus.TRANSFERRED),
        ("new_word", SubscriptionStatus.UNKNOWN),
    ],
)
@pytest.mark.parametrize("dues", [None, 0, 2])
def test_statuses_become_ours_and_past_due_is_derived(word: str, status: SubscriptionStatus, dues: int | None) -> None:
    """Cases 17 and 51: only a subscription that runs can be past due."""
    subscription = read(SENT | {"status": word, "due_invoices_count": dues})
    owing = bool(dues) and word in ("active", "non_renewing")
    assert subscription.status is (SubscriptionStatus.PAST_DUE if owing else status)
    assert (subscription.vendor_status, subscription.status_derived) == (word, owing)


ENDS = {
    "non-renewing, at the end of the term": ("non_renewing", TERM_END, (True, TERM_END, PAST, None)),
    "non-renewing, without a date": ("non_renewing", None, (True, TERM_END, PAST, None)),
    "on trial, at its end": ("in_trial", TERM_END, (True, TERM_END, PAST, None)),
    "active, several terms ahead": ("active", LATER, (False, LATER, PAST, None)),
    "active, a date that is past": ("active", PAST, (False, None, None, None)),
    "active, exactly now": ("active", NOW_S, (False, None, None, None)),
    "active, no end": ("active", None, (False, None, None, None)),
    "cancelled": ("cancelled", PAST - 5, (False, None, PAST, PAST - 5)),
    "cancelled, with a date to come": ("cancelled", LATER, (False, None, PAST, LATER)),
    "transferred": ("transferred", PAST - 5, (False, None, PAST, None)),
}


@pytest.mark.parametrize(("status", "ends", "expected"), ENDS.values(), ids=ENDS)
def test_a_scheduled_end_is_a_flag_and_not_a_status(status: str, ends: int | None, expected: tuple[Any, ...]) -> None:
    """Cases 43 and 45."""
    found = read(SENT | {"status": status, "cancelled_at": ends, "cancel_schedule_created_at": PAST})
    flag, *times = expected
    assert found.cancel_at_period_end is flag
    assert [found.cancel_at, found.canceled_at, found.ended_at] == [None if time is None else at(time) for time in times]


def test_a_cancellation_at_once_was_asked_for_when_it_took_effect() -> None:
    found = read(SENT | {"status": "cancelled", "cancelled_at": PAST})
    assert (found.canceled_at, found.ended_at) == (at(PAST), at(PAST))


def test_an_end_without_a_term_is_the_end_of_the_period() -> None:
    found = read(BARE | {"status": "paused", "cancelled_at": LATER})
    assert (found.cancel_at_period_end, found.cancel_at) == (True, at(LATER))


@pytest.mark.parametrize(
    ("word", "method"),
    [
        ("on", CollectionMethod.CHARGE_AUTOMATICALLY),
        ("off", CollectionMethod.SEND_INVOICE),
        ("new", CollectionMethod.UNKNOWN),
        (None, None),
    ],
)
def test_collection_is_chargebees_switch(word: str | None, method: CollectionMethod | None) -> None:
    assert read(SENT | {"auto_collection": word}).collection_method is method


def test_the_start_is_the_planned_one_until_it_started() -> None:
    assert read(SENT | {"started_at": None}).start_date == at(1767225601)


TERMLESS = {name: value for name, value in SENT.items() if not name.startswith("current_term")}


@pytest.mark.parametrize(
    ("items", "status", "start", "end"),
    [
        ([(10, 50), (20, 40)], "active", 10, 40),
        ([(10, None), (None, 40)], "active", 10, 40),
        ([(None, None)], "in_trial", 1767225604, 1767225605),
        ([(None, None)], "active", None, None),
        ([(10, None)], "active", 10, None),
    ],
)
def test_without_a_term_the_period_is_the_items_or_the_trials(items: Any, status: str, start: int | None, end: int | None) -> None:
    """Case 35."""
    parts = [{"item_price_id": "p", "current_term_start": begin, "current_term_end": stop} for begin, stop in items]
    found = read(TERMLESS | {"status": status, "subscription_items": parts})
    assert (found.current_period_start, found.current_period_end) == (start and at(start), end and at(end))


def test_half_a_term_is_kept_as_it_is() -> None:
    found = read(TERMLESS | {"current_term_end": TERM_END})
    assert (found.current_period_start, found.current_period_end) == (None, at(TERM_END))


@pytest.mark.parametrize(
    ("item", "quantity", "unit"),
    [
        ({}, 1, None),
        ({"quantity": 0}, 0, None),
        ({"quantity_in_decimal": "2.0"}, 2, None),
        ({"quantity_in_decimal": "2.5"}, "2.5", None),
        ({"quantity": 2, "quantity_in_decimal": "2.5"}, "2.5", None),
        ({"metered_quantity": "5"}, None, None),
        ({"last_calculated_at": 5}, None, None),
        ({"unit_price": 0}, 1, Money(0, "USD")),
        ({"unit_price": 1, "unit_price_in_decimal": "0.0055"}, 1, Money("0.0055", "USD")),
    ],
)
def test_quantities_and_amounts_of_items(item: dict[str, Any], quantity: int | str | None, unit: Money | None) -> None:
    found = read(SENT | {"subscription_items": [{"item_price_id": "p"} | item]})
    assert found.items == [
        SubscriptionItem(id="p", price_id="p", quantity=None if quantity is None else Decimal(quantity), unit_amount=unit)
    ]


def test_a_subscription_of_product_catalog_1_has_its_plan_as_the_item() -> None:
    """Case 36."""
    plan = {"plan_id": "basic", "plan_quantity": 2, "plan_unit_price": 900, "currency_code": "USD"}
    assert read(BARE | plan).items == [
        SubscriptionItem(id="basic", price_id="basic", quantity=Decimal(2), unit_amount=Money("9.00", "USD"))
    ]
    exact = {"plan_id": "basic", "plan_quantity_in_decimal": "3", "plan_unit_price_in_decimal": "0.5", "currency_code": "USD"}
    assert read(BARE | exact).items == [
        SubscriptionItem(id="basic", price_id="basic", quantity=Decimal(3), unit_amount=Money("0.5", "USD"))
    ]
    assert read(BARE | plan | {"currency_code": None}).items == [SubscriptionItem(id="basic", price_id="basic", quantity=Decimal(2))]
    assert read(SENT | plan).items == READ.items


def test_a_deleted_subscription_is_not_found() -> None:
    with pytest.raises(NotFoundError) as caught:
        read(SENT | {"deleted": True})
    assert caught.value.deleted


@pytest.mark.parametrize(("customer", "filter"), [(None, {}), ("ada", {"customer_id[is]": "ada"})])
def test_every_status_is_listed_newest_first(customer: str | None, filter: dict[str, str]) -> None:
    """Case 24: Chargebee lists cancelled ones without being asked."""
    entries = [{"subscription": each, "customer": {"id": "ada"}} for each in (SENT, SENT | {"deleted": True}, BARE)]
    answer = get("/subscriptions", {"list": entries, "next_offset": "o"}, filter | {"sort_by[desc]": "created_at", "limit": "100"})
    assert walk(SUBSCRIPTIONS.list(SubscriptionQuery(customer=customer)), answer) == Page(items=[READ, BARE_READ], next_cursor="o")


ITEMS = [Item(price="pro-monthly")]
ID = "bb-2c70e12b7a0646f92279f427c7b38e73"  # of the idempotency key
CREATION = {
    "id": ID,
    "subscription_items[item_price_id][0]": "pro-monthly",
    "trial_end": "0",
    "auto_collection": "on",
    "invoice_immediately": "true",
}


def created(answer: Any, sent: dict[str, str], step: str = "") -> Step:
    return post("/customers/ada/subscription_for_items", answer, sent, step=step)


@pytest.mark.parametrize(
    ("new", "sent"),
    [
        (NewSubscription(customer="ada", items=ITEMS), CREATION),
        (
            NewSubscription(customer="ada", items=[Item(price="pro-monthly", quantity=3)]),
            CREATION | {"subscription_items[quantity][0]": "3"},
        ),
        (NewSubscription(customer="ada", items=ITEMS, trial_days=14), CREATION | {"trial_end": str(NOW_S + 14 * 86400)}),
        (
            NewSubscription(customer="ada", items=ITEMS, trial_end=datetime(2026, 4, 1, tzinfo=UTC)),
            CREATION | {"trial_end": "1775001600"},
        ),
        (
            NewSubscription(customer="ada", items=ITEMS, payment_method="pm_1", metadata={"a": "b", "c": ""}),
            CREATION | {"payment_source_id": "pm_1", "meta_data": '{"a":"b"}'},
        ),
        (
            NewSubscription(customer="ada", items=[*ITEMS, Item(price="more", quantity=2)]),
            CREATION | {"subscription_items[item_price_id][1]": "more", "subscription_items[quantity][1]": "2"},
        ),
    ],
)
def test_create_says_everything_that_the_site_could_decide_otherwise(new: NewSubscription, sent: dict[str, str]) -> None:
    """Cases 40 and 42: no quantity of 1, and always a trial end."""
    step = f"trial-{sent['trial_end']}" if new.trial_days else ""
    assert walk(SUBSCRIPTIONS.create(new), created({"subscription": SENT, "customer": {}, "invoice": {"id": "1"}}, sent, step)) == READ


@pytest.mark.parametrize("trial_end", [datetime(1970, 1, 1, tzinfo=UTC), NOW])
def test_a_trial_that_is_over_already_is_no_trial_and_is_refused(trial_end: datetime) -> None:
    """Zero means "no trial" to Chargebee, and would charge at once."""
    with pytest.raises(ValidationError, match="in the future"):
        walk(SUBSCRIPTIONS.create(NewSubscription(customer="ada", items=ITEMS, trial_end=trial_end)))


def test_a_call_that_is_repeated_after_the_key_was_forgotten_finds_its_own_subscription() -> None:
    taken = created(refused(400, "duplicate_entry", param="id"), CREATION)
    items = [{"item_price_id": "pro-monthly", "quantity": 1}]
    mine = SENT | {"id": ID, "customer_id": "ada", "subscription_items": items}
    found = walk(
        SUBSCRIPTIONS.create(NewSubscription(customer="ada", items=ITEMS)), taken, get(f"/subscriptions/{ID}", {"subscription": mine})
    )
    assert (found.id, found.customer_id) == (ID, "ada")


@pytest.mark.parametrize(
    "other", [{"customer_id": "bob"}, {"subscription_items": [{"item_price_id": "pro-monthly", "quantity": 2}]}, {"subscription_items": []}]
)
def test_a_key_that_made_another_subscription_is_a_conflict(other: dict[str, Any]) -> None:
    taken = created(refused(400, "duplicate_entry", param="id"), CREATION)
    mine = SENT | {"id": ID, "customer_id": "ada", "subscription_items": [{"item_price_id": "pro-monthly"}]} | other
    with pytest.raises(IdempotencyConflictError, match=ID):
        walk(SUBSCRIPTIONS.create(NewSubscription(customer="ada", items=ITEMS)), taken, get(f"/subscriptions/{ID}", {"subscription": mine}))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(400, "payment_processing_failed", type="payment"), PaymentDeclinedError),
        (refused(400, "payment_method_not_present", type="payment"), PaymentMethodRequiredError),
        (refused(404, "resource_not_found", param="subscription_items[item_price_id][0]"), NotFoundError),
        (refused(400, "param_wrong_value", param="subscription_items[quantity][0]"), ValidationError),
    ],
)
def test_what_goes_wrong_at_the_start_is_raised(answer: Any, kind: type[Exception]) -> None:
    """Case 50."""
    with pytest.raises(kind):
        walk(SUBSCRIPTIONS.create(NewSubscription(customer="ada", items=ITEMS)), created(answer, CREATION), retries=2)


def test_a_payment_that_the_customer_must_authenticate_opens_a_page_for_it() -> None:
    needed = refused(400, "payment_intent_action_required", type="payment")
    page = {"hosted_page": {"id": "page_1", "url": "https://acme.chargebee.com/pages/v4/page_1", "state": "created"}}
    with pytest.raises(PaymentActionRequiredError) as caught:
        walk(
            SUBSCRIPTIONS.create(NewSubscription(customer="ada", items=ITEMS)),
            created(needed, CREATION),
            post("/hosted_pages/manage_payment_sources", page, {"customer[id]": "ada"}, step="action"),
        )
    assert caught.value.next_action == NextAction(kind=NextActionKind.SETUP, id="page_1", url="https://acme.chargebee.com/pages/v4/page_1")


AT_ONCE = {
    "cancel_option": "immediately",
    "credit_option_for_current_term_charges": "none",
    "unbilled_charges_option": "delete",
    "account_receivables_handling": "no_action",
    "refundable_credits_handling": "no_action",
}
AT_END = {"cancel_option": "end_of_term"}
OPTIONS = {CancelTiming.NOW: AT_ONCE, CancelTiming.PERIOD_END: AT_END}
CANCELLED = SENT | {"status": "cancelled", "cancelled_at": PAST}
LEAVING = SENT | {"status": "non_renewing", "cancelled_at": TERM_END}
STATE = refused(409, "invalid_state_for_request")


def cancel(timing: CancelTiming, *steps: Step, retries: int = 0) -> Any:
    return walk(SUBSCRIPTIONS.cancel("s1", Cancellation(timing=timing)), *steps, retries=retries)


def asked(timing: CancelTiming, answer: Any) -> Step:
    return post("/subscriptions/s1/cancel_for_items", answer, OPTIONS[timing])


def looked(sent: Any) -> Step:
    return get("/subscriptions/s1", {"subscription": sent})


@pytest.mark.parametrize(("timing", "sent"), [(CancelTiming.NOW, CANCELLED), (CancelTiming.PERIOD_END, LEAVING)])
def test_cancel_refunds_nothing_and_charges_nothing_more(timing: CancelTiming, sent: dict[str, Any]) -> None:
    """Case 43."""
    assert cancel(timing, asked(timing, {"subscription": sent, "customer": {}})) == read(sent)


def test_cancelling_a_cancelled_subscription_is_a_wrong_state() -> None:
    """Case 44."""
    with pytest.raises(InvalidStateError):
        cancel(CancelTiming.NOW, asked(CancelTiming.NOW, STATE))
    with pytest.raises(InvalidStateError):
        cancel(CancelTiming.PERIOD_END, asked(CancelTiming.PERIOD_END, STATE), looked(CANCELLED))


def test_the_end_of_the_period_can_be_asked_for_twice() -> None:
    assert cancel(CancelTiming.PERIOD_END, asked(CancelTiming.PERIOD_END, STATE), looked(LEAVING)) == read(LEAVING)


def test_a_cancellation_whose_answer_was_lost_is_looked_for() -> None:
    lost = TransportError("no answer", retryable=True)
    lost.sent = True
    now = CancelTiming.NOW
    assert cancel(now, asked(now, lost), asked(now, STATE), looked(CANCELLED), retries=1) == read(CANCELLED)
    lost = TransportError("no answer", retryable=True)
    lost.sent = True
    with pytest.raises(InvalidStateError):
        cancel(now, asked(now, lost), asked(now, STATE), looked(SENT), retries=1)


def test_cancelling_an_unknown_subscription_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        cancel(CancelTiming.NOW, asked(CancelTiming.NOW, refused(404, "resource_not_found")))


@pytest.mark.parametrize(
    ("more", "discounts"),
    [
        ({}, []),
        ({"coupon": "SUMMER"}, [Discount(coupon_id="SUMMER")]),
        ({"coupon": "SUMMER", "coupons": []}, []),
        ({"coupons": [{"coupon_id": "A"}, {"coupon_id": "B"}]}, [Discount(coupon_id="A"), Discount(coupon_id="B")]),
        ({"discounts": [{"id": "d", "coupon_id": "A"}]}, [Discount(id="d", coupon_id="A")]),
    ],
)
def test_discounts_are_read_from_old_and_new_shapes(more: dict[str, Any], discounts: list[Discount]) -> None:
    """Case 33: one `coupon` before there were `coupons`."""
    sent = {"id": "s", "customer_id": "ada", "status": "active", **more}
    assert walk(SUBSCRIPTIONS.get("s"), get("/subscriptions/s", {"subscription": sent})).discounts == discounts


def test_subscriptions_of_a_time_are_listed_from_the_oldest_on() -> None:
    """Case 23."""
    sent = {"created_at[after]": "99", "created_at[before]": "200", "sort_by[asc]": "created_at", "limit": "100"}
    query = SubscriptionQuery(created_gte=at(100), created_lt=at(200), order="oldest_first")
    bare = {"customer_id": "ada", "status": "active"}
    entries = [{"subscription": {"id": str(second), "created_at": second, **bare}} for second in (99, 100, 199, 200)]
    page = walk(SUBSCRIPTIONS.list(query), get("/subscriptions", {"list": entries}, sent))
    assert [each.id for each in page.items] == ["100", "199"]
