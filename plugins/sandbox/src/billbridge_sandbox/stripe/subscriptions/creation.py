"""The creation of subscriptions, by a request or by a schedule."""

from __future__ import annotations

from billbridge_sandbox.stripe.api.errors import StripeError, exclusive, invalid, missing
from billbridge_sandbox.stripe.billing import discounts, invoicing, lifecycle
from billbridge_sandbox.stripe.billing.invoice_lines import is_licensed
from billbridge_sandbox.stripe.customers.customers import living
from billbridge_sandbox.stripe.endpoints.lists import envelope
from billbridge_sandbox.stripe.store.account import Account, Json
from billbridge_sandbox.stripe.subscriptions import anchors, changes, writable
from billbridge_sandbox.stripe.subscriptions.items import check_together, new_item
from billbridge_sandbox.stripe.subscriptions.subscription_object import new_subscription

_DAY = 24 * 60 * 60


def create(account: Account, args: Json, behavior: str) -> Json:
    """Create a subscription and bill its first period. `behavior` is a payment behavior, or `lifecycle.SCHEDULED`.

    Raises StripeError, with nothing stored, if it is refused.
    """
    for name in ("customer", "items"):
        if name not in args:
            raise missing(name)
    customer = living(account, args["customer"], "customer", 404)
    writable.check(account, args, customer["id"])
    if "days_until_due" in args and args.get("collection_method") != "send_invoice":
        raise invalid("You can only specify 'days_until_due' if invoice collection method is 'send_invoice'.")
    if behavior == "pending_if_incomplete":
        raise invalid("pending_if_incomplete can only be used when updating a subscription.", param="payment_behavior")
    id = account.ids.next("sub_", 24)
    trial_end = _first_trial_end(account, args)
    anchors.check(account, args, trial_end is not None)
    items = [new_item(account, id, given, f"items[{index}]", (account.now, account.now)) for index, given in enumerate(args["items"])]
    currency = args.get("currency") or next((item["price"]["currency"] for item in items), "")
    check_together(account, items, currency)
    _check_currency(customer, currency)
    periods = anchors.first_periods(account, args, items[0]["price"]["recurring"])
    current = periods.current if trial_end is None else (account.now, trial_end)
    for item in items:
        item["current_period_start"], item["current_period_end"] = current
    subscription = new_subscription(id, account.now, args, currency, trial_end)
    subscription["billing_cycle_anchor"] = trial_end or periods.anchor
    lifecycle.refresh_items(subscription, items)
    if writable.plan_end(account, subscription, args) and trial_end is None:
        changes.shorten(subscription)
    subscription["discounts"], made = discounts.wanted(account, subscription, args.get("discounts") or [])
    for discount in made:
        account.put(discount)
    try:
        first = _first_invoice(account, subscription, periods, args)
        lifecycle.start(account, subscription, first, behavior, args.get("off_session", False))
    except StripeError:
        for discount in made:
            account.tables["discount"].delete(discount["id"])
        raise
    discounts.redeem(account, made)
    return subscription


def _first_invoice(account: Account, subscription: Json, periods: anchors.Periods, args: Json) -> Json | None:
    """The first invoice, not stored. None when nothing is billed before the anchor because prorations are off."""
    window = (account.now, account.now)
    if subscription["trial_end"] is not None:
        return invoicing.draft(account, subscription, "subscription_create", window, free=True)
    prorated = args.get("proration_behavior") != "none"
    if not prorated and periods.anchor > account.now:
        return None
    if not prorated or periods.counted_from is None:
        return invoicing.draft(account, subscription, "subscription_create", window, whole_price=not prorated)
    counted = {**subscription, "billing_cycle_anchor": periods.counted_from, "billing_cycle_anchor_config": None}
    earlier = [_in_period(counted, period) for period in periods.earlier]
    now = counted if periods.anchor > account.now else subscription
    return invoicing.draft(account, now, "subscription_create", window, earlier=earlier)


def _in_period(subscription: Json, period: tuple[int, int]) -> Json:
    """A copy of the subscription with what is billed in advance, in another period."""
    licensed = [item for item in subscription["items"]["data"] if is_licensed(item)]
    items = [{**item, "current_period_start": period[0], "current_period_end": period[1]} for item in licensed]
    return {**subscription, "items": envelope(items, subscription["items"]["url"])}


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
