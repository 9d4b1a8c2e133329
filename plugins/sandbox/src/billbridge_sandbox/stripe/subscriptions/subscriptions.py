"""Subscriptions: the endpoints. What time does to a subscription is in `lifecycle`, its items are in `items`.

Not simulated, and refused by name: tax, schedules, backdating, chosen billing anchors.
"""

from __future__ import annotations

from typing import Any

from billbridge_sandbox.stripe.api.errors import StripeError, exclusive, invalid, missing, no_such, not_simulated
from billbridge_sandbox.stripe.api.params import patched
from billbridge_sandbox.stripe.billing import discounts, lifecycle
from billbridge_sandbox.stripe.billing.periods import period_end
from billbridge_sandbox.stripe.customers.customers import living
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import in_range, matching, page
from billbridge_sandbox.stripe.payments.charging import NO_METHOD
from billbridge_sandbox.stripe.payments.payment_methods import attached
from billbridge_sandbox.stripe.store.account import Account, Json
from billbridge_sandbox.stripe.subscriptions import changes, pausing
from billbridge_sandbox.stripe.subscriptions.items import changed_items, check_together, new_item
from billbridge_sandbox.stripe.subscriptions.subscription_object import new_subscription
from billbridge_sandbox.stripe.subscriptions.subscription_params import (
    CANCEL,
    CREATE,
    ENDED,
    LIST_SUBSCRIPTIONS,
    LONGEST_TRIAL,
    STATUSES,
    UPDATE,
)

_DAY = 24 * 60 * 60
_FARTHEST = {"trial_end": LONGEST_TRIAL * _DAY, "cancel_at": 20 * 365 * _DAY}


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    for name in ("customer", "items"):
        if name not in args:
            raise missing(name)
    customer = living(account, args["customer"], "customer", 404)
    _check(account, args, customer["id"])
    if "days_until_due" in args and args.get("collection_method") != "send_invoice":
        raise invalid("You can only specify 'days_until_due' if invoice collection method is 'send_invoice'.")
    if args.get("payment_behavior") == "pending_if_incomplete":
        raise invalid("pending_if_incomplete can only be used when updating a subscription.", param="payment_behavior")
    id = account.ids.next("sub_", 24)
    trial_end = _first_trial_end(account, args)
    items = [new_item(account, id, given, f"items[{index}]", (account.now, account.now)) for index, given in enumerate(args["items"])]
    currency = args.get("currency") or next((item["price"]["currency"] for item in items), "")
    check_together(account, items, currency)
    price = items[0]["price"]
    _check_currency(customer, currency)
    end = trial_end or period_end(account.now, price["recurring"], account.now)
    for item in items:
        item["current_period_end"] = end
    subscription = new_subscription(id, account.now, args, currency, trial_end)
    lifecycle.refresh_items(subscription, items)
    _schedule_end(account, subscription, args)
    if trial_end is None:
        changes.shorten(subscription)
    subscription["discounts"], made = discounts.wanted(account, subscription, args.get("discounts") or [])
    for discount in made:
        account.put(discount)
    try:
        behavior, off_session = args.get("payment_behavior", "allow_incomplete"), args.get("off_session", False)
        lifecycle.start(account, subscription, behavior, off_session, whole_price=args.get("proration_behavior") == "none")
    except StripeError:
        for discount in made:
            account.tables["discount"].delete(discount["id"])
        raise
    discounts.redeem(account, made)
    return subscription


def _check(account: Account, args: Json, customer: str) -> None:
    """Refuse arguments that neither create nor update accepts."""
    if args.get("automatic_tax", {}).get("enabled"):
        raise not_simulated("automatic tax", "automatic_tax[enabled]")
    if args.get("cancel_at") is not None and args.get("cancel_at_period_end"):
        raise exclusive("cancel_at", "cancel_at_period_end")
    for name, farthest in _FARTHEST.items():
        if isinstance(args.get(name), int) and not account.now < args[name] <= account.now + farthest:
            days = farthest // _DAY
            raise invalid(f"Invalid {name}: it must be a Unix timestamp in the future, at most {days} days from now.", param=name)
    if args.get("default_payment_method") is not None:
        attached(account, args["default_payment_method"], customer, "default_payment_method")
    if args.get("collection_method") == "send_invoice" and "days_until_due" not in args:
        raise invalid("If invoice collection method is 'send_invoice', you must specify 'days_until_due'.")


def _check_currency(customer: Json, code: str) -> None:
    if customer["currency"] not in (None, code):
        message = f"You cannot combine currencies on a single customer. This customer has used {customer['currency']}."
        raise invalid(message, param="items")


def _first_trial_end(account: Account, args: Json) -> int | None:
    if "trial_period_days" in args and "trial_end" in args:
        raise exclusive("trial_end", "trial_period_days")
    given = args.get("trial_end", "now")
    if args.get("trial_period_days"):
        given = account.now + args["trial_period_days"] * _DAY
    return None if given == "now" else given


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path("subscription", ids)


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    subscription = account.at_path("subscription", ids)
    _check_update(account, subscription, args)
    items = changed_items(account, subscription, args.get("items", []))
    merged = patched(subscription["metadata"], args.get("metadata", {}))
    if "discounts" in args:
        asked, made = discounts.wanted(account, subscription, args["discounts"] or [])
        for discount in made:
            account.put(discount)
        discounts.redeem(account, made)
        subscription["discounts"] = asked
    subscription["metadata"] = merged
    plain = ("collection_method", "days_until_due", "default_payment_method", "description")
    subscription.update({name: args[name] for name in plain if name in args})
    subscription["cancellation_details"].update(args.get("cancellation_details", {}))
    subscription["trial_settings"]["end_behavior"].update(args.get("trial_settings", {}).get("end_behavior", {}))
    if "pause_collection" in args:
        pausing.pause_collection(account, subscription, args["pause_collection"])
    if "items" in args or "billing_cycle_anchor" in args:
        changes.change_items(account, subscription, items, args)
    if "trial_end" in args:
        _move_trial_end(account, subscription, args["trial_end"])
    if subscription["ended_at"] is None:
        if _schedule_end(account, subscription, args):
            changes.follow_end(account, subscription, args)
        if subscription["status"] != "incomplete":
            lifecycle.plan_next(account, subscription)
    return subscription


def _check_update(account: Account, subscription: Json, args: Json) -> None:
    if subscription["ended_at"] is not None and set(args) - {"cancellation_details", "metadata", "expand"}:
        message = "A canceled subscription can only update its cancellation_details and metadata."
        raise invalid(message, code="invalid_canceled_subscription_fields")
    _check(account, args, subscription["customer"])
    pausing.check_collection(account, args.get("pause_collection"))
    if args.get("payment_behavior") in ("error_if_incomplete", "pending_if_incomplete"):
        raise not_simulated(f"{args['payment_behavior']} on an update", "payment_behavior")
    changes.check_moment(account, subscription, args)
    if args.get("billing_cycle_anchor", {}).get("type") == "now" and subscription["status"] in ("trialing", "paused", "incomplete"):
        what = f"another billing cycle anchor of a subscription that is {subscription['status']}"
        raise not_simulated(what, "billing_cycle_anchor[type]")
    if "trial_end" in args and subscription["status"] != "trialing":
        raise not_simulated("a trial on a running subscription", "trial_end")
    bare = lifecycle.lacks_method(account, subscription) and args.get("default_payment_method") is None
    behavior = {**subscription["trial_settings"]["end_behavior"], **args.get("trial_settings", {}).get("end_behavior", {})}
    if args.get("trial_end") == "now" and bare and behavior["missing_payment_method"] == "create_invoice":
        raise invalid(NO_METHOD.message, code="resource_missing")


def _move_trial_end(account: Account, subscription: Json, given: int | str) -> None:
    """Move the end of a running trial. Now means: the paid period starts, and its invoice is collected without the hour as a draft."""
    end = account.now if isinstance(given, str) else given
    subscription.update(trial_end=end, billing_cycle_anchor=end)
    if subscription["cancel_at_period_end"]:
        subscription["cancel_at"] = end
    for item in subscription["items"]["data"]:
        item["current_period_end"] = end
    if end == account.now and not lifecycle.end_bare_trial(account, subscription):
        lifecycle.advance_draft(account, lifecycle.renew(account, subscription, "subscription_update"))


def _schedule_end(account: Account, subscription: Json, args: Json) -> bool:
    """Write when the subscription is to end, and return whether the arguments say so. `canceled_at` is the time of the request."""
    if "cancel_at" not in args and "cancel_at_period_end" not in args:
        return False
    period_end = subscription["items"]["data"][0]["current_period_end"]
    at_period_end = args.get("cancel_at_period_end", False)
    given = args.get("cancel_at")
    end = period_end if at_period_end or isinstance(given, str) else given
    subscription.update(cancel_at=end, cancel_at_period_end=at_period_end, canceled_at=None if end is None else account.now)
    subscription["cancellation_details"]["reason"] = None if end is None else "cancellation_requested"
    return True


def _cancel(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Cancel a subscription at once. A canceled subscription cannot be canceled again: the answer is 404."""
    subscription = account.at_path("subscription", ids)
    if subscription["ended_at"] is not None:
        raise no_such("subscription", subscription["id"], "id", 404)
    subscription["cancellation_details"].update(args.get("cancellation_details", {}))
    changes.cancel_now(account, subscription, args)
    return subscription


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """List subscriptions. Without `status`, ended subscriptions are left out."""
    if "customer" in args and args["customer"] not in account.deleted_customers:
        account.find("customer", args["customer"], "customer")
    rows = [row for row in matching(account.where("subscription"), args, "customer", "collection_method") if _is_asked(row, args)]
    return page(rows, args, "/v1/subscriptions", "subscription")


def _is_asked(subscription: Json, args: Json) -> bool:
    status: str | None = args.get("status")
    sets: dict[str | None, Any] = {None: set(STATUSES) - set(ENDED), "all": STATUSES, "ended": ENDED}
    items = subscription["items"]["data"]
    prices = [item["price"]["id"] for item in items]
    periods = ("current_period_start", "current_period_end")
    return (
        subscription["status"] in sets.get(status, (status,))
        and all(args[name] in prices for name in ("price", "plan") if name in args)
        and all(any(in_range(item[name], args.get(name)) for item in items) for name in periods)
    )


ENDPOINTS = [
    Endpoint("POST", "/v1/subscriptions", CREATE, _create, "subscription"),
    Endpoint("GET", "/v1/subscriptions", LIST_SUBSCRIPTIONS, _list, "subscription[]"),
    Endpoint("GET", "/v1/subscriptions/{id}", ONLY_EXPAND, _retrieve, "subscription"),
    Endpoint("POST", "/v1/subscriptions/{id}", UPDATE, _update, "subscription"),
    Endpoint("DELETE", "/v1/subscriptions/{id}", CANCEL, _cancel, "subscription"),
    *pausing.ENDPOINTS,
]
