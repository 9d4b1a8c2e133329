"""Trials of existing subscriptions: begun, moved, ended now. What the clock does at the end of a trial is in `lifecycle`."""

from __future__ import annotations

from billbridge_sandbox.stripe.api.errors import invalid, not_simulated
from billbridge_sandbox.stripe.billing import debits, invoicing, lifecycle, prorations
from billbridge_sandbox.stripe.payments.charging import NO_METHOD
from billbridge_sandbox.stripe.store.account import Account, Json


def check(account: Account, subscription: Json, args: Json) -> None:
    """Refuse a `trial_end` that the subscription cannot have."""
    if "trial_end" not in args:
        return
    if subscription["status"] in ("incomplete", "paused", "unpaid"):
        raise not_simulated(f"a trial of a subscription that is {subscription['status']}", "trial_end")
    bare = lifecycle.lacks_method(account, subscription) and args.get("default_payment_method") is None
    behavior = {**subscription["trial_settings"]["end_behavior"], **args.get("trial_settings", {}).get("end_behavior", {})}
    trial = subscription["status"] == "trialing"
    if trial and args["trial_end"] == "now" and bare and behavior["missing_payment_method"] == "create_invoice":
        raise invalid(NO_METHOD.message, code="resource_missing")


def set_end(account: Account, subscription: Json, given: int | str, args: Json) -> None:
    """Set the end of the subscription's trial. "now" ends a running one, and changes nothing without one."""
    trial = subscription["status"] == "trialing"
    if isinstance(given, int) and not trial:
        begin(account, subscription, given, args)
    elif trial:
        _move(account, subscription, account.now if isinstance(given, str) else given)


def begin(account: Account, subscription: Json, end: int, args: Json) -> None:
    """Give a running subscription a trial from now on. Its unused time is credited, and an invoice of the trial says so at once."""
    items: list[Json] = subscription["items"]["data"]
    window = (items[0]["current_period_start"], account.now)
    for item in items:
        if args.get("proration_behavior") != "none":
            prorations.credit(account, subscription, item, account.now)
        prorations.used(account, subscription, item, account.now)
        debits.clear(account, item)
        item.update(current_period_start=account.now, current_period_end=end)
    _anchor(subscription, end)
    subscription.update(status="trialing", trial_start=account.now)
    draft = invoicing.draft(account, subscription, "subscription_update", window, free=True)
    invoice = invoicing.issue(account, subscription, draft)
    lifecycle.collect_now(account, invoice, args.get("payment_behavior", "allow_incomplete"), args.get("off_session", False))


def _anchor(subscription: Json, end: int) -> None:
    subscription.update(trial_end=end, billing_cycle_anchor=end, billing_cycle_anchor_config=None)
    if subscription["cancel_at_period_end"]:
        subscription["cancel_at"] = end


def _move(account: Account, subscription: Json, end: int) -> None:
    """Move the end of a running trial. Now means: the paid period starts, and its invoice is collected without the hour as a draft."""
    _anchor(subscription, end)
    for item in subscription["items"]["data"]:
        item["current_period_end"] = end
    if end == account.now and not lifecycle.end_bare_trial(account, subscription):
        lifecycle.advance_draft(account, lifecycle.renew(account, subscription, "subscription_update"))
