"""Subscriptions: the endpoints. What time does to a subscription is in `lifecycle`, its items are in `items`.

Not simulated, and refused by name: tax, schedules, backdating, chosen billing anchors.
"""

from __future__ import annotations

from typing import Any

from billbridge_sandbox.stripe.api.errors import invalid, no_such, not_simulated
from billbridge_sandbox.stripe.api.params import patched
from billbridge_sandbox.stripe.billing import discounts, lifecycle
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import in_range, matching, page
from billbridge_sandbox.stripe.store.account import Account, Json
from billbridge_sandbox.stripe.subscriptions import changes, creation, pausing, phases, trials, writable
from billbridge_sandbox.stripe.subscriptions.items import changed_items
from billbridge_sandbox.stripe.subscriptions.subscription_params import (
    CANCEL,
    CREATE,
    ENDED,
    LIST_SUBSCRIPTIONS,
    STATUSES,
    UPDATE,
)


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return creation.create(account, args, args.get("payment_behavior", "allow_incomplete"))


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
        phases.follow(account, subscription)
    if "trial_end" in args:
        trials.set_end(account, subscription, args["trial_end"], args)
    if subscription["ended_at"] is None:
        if writable.plan_end(account, subscription, args):
            changes.follow_end(account, subscription, args)
        if subscription["status"] != "incomplete":
            lifecycle.plan_next(account, subscription)
    return subscription


def _check_update(account: Account, subscription: Json, args: Json) -> None:
    if subscription["ended_at"] is not None and set(args) - {"cancellation_details", "metadata", "expand"}:
        message = "A canceled subscription can only update its cancellation_details and metadata."
        raise invalid(message, code="invalid_canceled_subscription_fields")
    writable.check(account, args, subscription["customer"])
    if subscription["schedule"] is not None and ("cancel_at" in args or "cancel_at_period_end" in args):
        message = (
            f"The subscription is managed by the subscription schedule `{subscription['schedule']}`, and updating any cancelation"
            " behavior directly is not allowed. Please update the schedule instead."
        )
        raise invalid(message)
    pausing.check_collection(account, args.get("pause_collection"))
    if args.get("payment_behavior") in ("error_if_incomplete", "pending_if_incomplete"):
        raise not_simulated(f"{args['payment_behavior']} on an update", "payment_behavior")
    changes.check_moment(account, subscription, args)
    if args.get("billing_cycle_anchor", {}).get("type") == "now" and subscription["status"] in ("trialing", "paused", "incomplete"):
        what = f"another billing cycle anchor of a subscription that is {subscription['status']}"
        raise not_simulated(what, "billing_cycle_anchor[type]")
    trials.check(account, subscription, args)


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
