"""The parameters that the creation and the update of a subscription share: what they may not be, and the planned end."""

from __future__ import annotations

from billbridge_sandbox.stripe.api.errors import exclusive, invalid, not_simulated
from billbridge_sandbox.stripe.payments.payment_methods import attached
from billbridge_sandbox.stripe.store.account import Account, Json
from billbridge_sandbox.stripe.subscriptions.subscription_params import LONGEST_TRIAL

_DAY = 24 * 60 * 60
_FARTHEST = {"trial_end": LONGEST_TRIAL * _DAY, "cancel_at": 20 * 365 * _DAY}


def check(account: Account, args: Json, customer: str) -> None:
    """Refuse arguments that neither the creation nor the update accepts."""
    if args.get("automatic_tax", {}).get("enabled"):
        raise not_simulated("automatic tax", "automatic_tax[enabled]")
    if args.get("cancel_at") is not None and args.get("cancel_at_period_end"):
        raise exclusive("cancel_at", "cancel_at_period_end")
    if args.get("cancel_at") == "max_billed_until":
        raise not_simulated("cancel_at=max_billed_until", "cancel_at")
    for name, farthest in _FARTHEST.items():
        if isinstance(args.get(name), int) and not account.now < args[name] <= account.now + farthest:
            days = farthest // _DAY
            raise invalid(f"Invalid {name}: it must be a Unix timestamp in the future, at most {days} days from now.", param=name)
    if args.get("default_payment_method") is not None:
        attached(account, args["default_payment_method"], customer, "default_payment_method")
    if args.get("collection_method") == "send_invoice" and "days_until_due" not in args:
        raise invalid("If invoice collection method is 'send_invoice', you must specify 'days_until_due'.")


def plan_end(account: Account, subscription: Json, args: Json) -> bool:
    """Write when the subscription is to end, and return whether the arguments say so. `canceled_at` is the time of the request."""
    if "cancel_at" not in args and "cancel_at_period_end" not in args:
        return False
    ends = [item["current_period_end"] for item in subscription["items"]["data"]]
    at_period_end = args.get("cancel_at_period_end", False)
    given = "min_period_end" if at_period_end else args.get("cancel_at")
    words = {"min_period_end": min(ends), "max_period_end": max(ends)}
    end = words[given] if isinstance(given, str) else given
    subscription.update(cancel_at=end, cancel_at_period_end=at_period_end, canceled_at=None if end is None else account.now)
    subscription["cancellation_details"]["reason"] = None if end is None else "cancellation_requested"
    return True
