"""What a change of a subscription bills: of its items, of its billing cycle anchor, of its planned end, and its cancellation now.

From docs.stripe.com/billing/subscriptions/billing-mode/compare, change-price and cancel. In classic mode another interval, or the first
price that is not free, sets the anchor to now; in flexible mode only the request does. Our choices where no document tells:

- In flexible mode, items that change to another interval get the period of that interval on the unchanged anchor. The prorations of such
  a change are invoiced at once, unless there are none.
- During a trial or a pause nothing is billed in advance, so a change leaves no proration.
- The last invoice of `invoice_now` is finalized and collected at once, and is left out when it would be empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.billing import debits, invoicing, lifecycle, pending_items, prorations
from billbridge_sandbox.stripe.billing.invoice_lines import is_licensed
from billbridge_sandbox.stripe.billing.periods import whole_period
from billbridge_sandbox.stripe.store.account import Account, Json
from billbridge_sandbox.stripe.subscriptions.items import interval

_FREE_TIME = ("trialing", "paused")


def check_moment(account: Account, subscription: Json, args: Json) -> None:
    """Refuse a `proration_date` outside the current period."""
    moment = args.get("proration_date")
    first = subscription["items"]["data"][0]
    if moment is not None and not first["current_period_start"] <= moment <= first["current_period_end"]:
        raise invalid("Invalid proration_date: it must be within the current subscription period.", param="proration_date")


def change_items(account: Account, subscription: Json, items: list[Json], args: Json) -> None:
    """Give a subscription these items, and bill the change as `proration_behavior` and `billing_cycle_anchor` say."""
    before: list[Json] = subscription["items"]["data"]
    if subscription["status"] not in _FREE_TIME and _resets(account, subscription, items, args):
        _reset(account, subscription, items, args)
        return
    moved = interval(items[0]) != interval(before[0])
    if moved and subscription["status"] not in _FREE_TIME:
        items = [_on_grid(account, subscription, item) for item in items]
    made = _prorated(account, subscription, before, items, args) if subscription["status"] not in _FREE_TIME else []
    _replace(account, subscription, items)
    behavior = args.get("proration_behavior", "create_prorations")
    if made and (behavior == "always_invoice" or (moved and behavior == "create_prorations")):
        invoice_pending(account, subscription, args)


def _resets(account: Account, subscription: Json, items: list[Json], args: Json) -> bool:
    """Whether the change begins a new period now."""
    if args.get("billing_cycle_anchor", {}).get("type") == "now":
        return True
    before: list[Json] = subscription["items"]["data"]
    if prorations.is_flexible(subscription):
        return False
    return interval(items[0]) != interval(before[0]) or (_are_free(before) and not _are_free(items))


def _are_free(items: Sequence[Json]) -> bool:
    return all(is_licensed(item) and Decimal(item["price"]["unit_amount_decimal"] or 1) == 0 for item in items)


def _reset(account: Account, subscription: Json, items: list[Json], args: Json) -> None:
    """Begin a new period now: credit what is unused, bill what was used and the whole new period, and collect at once."""
    before: list[Json] = subscription["items"]["data"]
    window = (before[0]["current_period_start"], account.now)
    after = {item["id"]: item for item in items}
    for item in before:
        if args.get("proration_behavior") != "none":
            prorations.credit(account, subscription, item, args.get("proration_date", account.now))
        debits.clear(account, item)
        _keep_usage(account, subscription, item, after.get(item["id"]), args)
    _count_from_now(account, before, items)
    subscription.update(billing_cycle_anchor=account.now, billing_cycle_anchor_config=None)
    _replace(account, subscription, items)
    for item in items:
        end = lifecycle.end_of_period(subscription, item["price"]["recurring"], account.now)
        item.update(current_period_start=account.now, current_period_end=end)
    if subscription["cancel_at_period_end"]:
        subscription["cancel_at"] = items[0]["current_period_end"]
    draft = invoicing.draft(account, subscription, "subscription_update", window, usage=window)
    _collect(account, invoicing.issue(account, subscription, draft), args)


def _prorated(account: Account, subscription: Json, before: list[Json], items: list[Json], args: Json) -> list[Json]:
    """The pending invoice items of a change that keeps the period."""
    moment = args.get("proration_date", account.now)
    wanted = args.get("proration_behavior") != "none"
    after = {item["id"]: item for item in items}
    old = {item["id"]: item for item in before}
    made: list[Json] = []
    for item in before:
        new = after.get(item["id"])
        if new is None or not _costs_the_same(item, new):
            made += prorations.credit(account, subscription, item, moment) if wanted else []
            made += _keep_usage(account, subscription, item, new, args)
            made += prorations.debit(account, subscription, items, new, moment) if wanted and new is not None else []
    for item in items:
        if item["id"] not in old and wanted:
            made += prorations.debit(account, subscription, items, item, moment)
    _count_from_now(account, before, items)
    return made


def _costs_the_same(old: Json, new: Json) -> bool:
    return bool(old["price"]["id"] == new["price"]["id"] and old.get("quantity") == new.get("quantity"))


def _keep_usage(account: Account, subscription: Json, old: Json, new: Json | None, args: Json) -> list[Json]:
    """Keep the usage of a metered price that is replaced or removed. A removal without prorations drops it."""
    kept = new is not None and new["price"]["id"] == old["price"]["id"]
    if kept or (new is None and args.get("proration_behavior") == "none"):
        return []
    return prorations.used(account, subscription, old, account.now)


def _count_from_now(account: Account, before: list[Json], items: list[Json]) -> None:
    """A metered price that is new to the subscription counts usage from now on."""
    known = {(item["id"], item["price"]["id"]) for item in before}
    for item in items:
        if not is_licensed(item) and (item["id"], item["price"]["id"]) not in known:
            account.kept("subscription_item", item["id"])["used until"] = account.now


def _on_grid(account: Account, subscription: Json, item: Json) -> Json:
    start, end = whole_period(subscription, item["price"]["recurring"], account.now)
    return {**item, "current_period_start": start, "current_period_end": _shortened(subscription, start, end)}


def _shortened(subscription: Json, start: int, end: int) -> int:
    """The end of a period, or the earlier date at which the subscription is to be canceled."""
    planned: int | None = None if subscription["cancel_at_period_end"] else subscription["cancel_at"]
    return end if planned is None or planned <= start else min(end, planned)


def _replace(account: Account, subscription: Json, items: list[Json]) -> None:
    for item in subscription["items"]["data"]:
        account.tables["subscription_item"].delete(item["id"])
    lifecycle.refresh_items(subscription, [account.put(item) for item in items])


def follow_end(account: Account, subscription: Json, args: Json) -> None:
    """End the current period at a `cancel_at` inside it, or where the period ends by itself; credit or bill the time between.

    In a trial the period stays as it is.
    """
    if subscription["status"] in _FREE_TIME:
        return
    wanted = args.get("proration_behavior") != "none"
    items: list[Json] = subscription["items"]["data"]
    made: list[Json] = []
    for item in items:
        start, before = item["current_period_start"], item["current_period_end"]
        natural = whole_period(subscription, item["price"]["recurring"], start)[1]
        end = _shortened(subscription, start, natural)
        if end < before:
            made += prorations.credit(account, subscription, item, end) if wanted else []
            item["current_period_end"] = end
        elif end > before:
            item["current_period_end"] = end
            unbilled = max(before, debits.covered_until(account, item))
            made += prorations.debit(account, subscription, items, item, unbilled) if wanted else []
    if made and args.get("proration_behavior") == "always_invoice":
        invoice_pending(account, subscription, args)


def shorten(subscription: Json) -> None:
    """End the first period of a new subscription at a `cancel_at` inside it."""
    for item in subscription["items"]["data"]:
        item["current_period_end"] = _shortened(subscription, item["current_period_start"], item["current_period_end"])


def cancel_now(account: Account, subscription: Json, args: Json) -> None:
    """End a subscription. `prorate` credits its unused time; `invoice_now` bills its usage and what is pending.

    Without both, its pending prorations are deleted. Other pending invoice items stay.
    """
    billed = subscription["status"] not in (*_FREE_TIME, "incomplete")
    items: list[Json] = subscription["items"]["data"]
    if args.get("prorate") and billed:
        for item in items:
            prorations.credit(account, subscription, item, account.now)
    if not args.get("prorate") and not args.get("invoice_now"):
        for item in pending_items.pending(account, subscription["customer"], subscription["id"], subscription["currency"]):
            if item["proration"] and pending_items.subscription_of(item) == subscription["id"]:
                pending_items.forget(account, item)
    if args.get("invoice_now"):
        window = (items[0]["current_period_start"], account.now)
        draft = invoicing.extra_draft(account, subscription, window, window if billed else None)
        if draft is not None:
            _collect(account, invoicing.issue(account, subscription, draft), args)
    lifecycle.cancel(account, subscription)


def invoice_pending(account: Account, subscription: Json, args: Json) -> None:
    """Invoice and collect now what is pending for a subscription, if there is anything."""
    window = (subscription["items"]["data"][0]["current_period_start"], account.now)
    draft = invoicing.extra_draft(account, subscription, window)
    if draft is not None:
        _collect(account, invoicing.issue(account, subscription, draft), args)


def _collect(account: Account, invoice: Json, args: Json) -> None:
    lifecycle.collect_now(account, invoice, args.get("payment_behavior", "allow_incomplete"), args.get("off_session", False))
