"""The terms of a subscription: trial, first term, next term, and what follows for its status. It raises no invoice and waits for nothing.

Terms keep the day of the month on which the first began. `remaining_billing_cycles` counts the terms that are still to come; the last one
is `non_renewing` (API reference).
"""

from __future__ import annotations

from dataclasses import replace

from billbridge_sandbox.chargebee.catalog import pricing
from billbridge_sandbox.chargebee.store.site import Site, moment
from billbridge_sandbox.chargebee.store.subscriptions import Subscription, SubscriptionItem
from billbridge_sandbox.kernel.calendar import add_interval

LIVE = ("future", "in_trial", "active", "non_renewing", "paused")


def begin_trial(subscription: Subscription, start: int, end: int) -> None:
    """Put a subscription on trial; the trial is its current term."""
    subscription.status = "in_trial"
    subscription.started_at = subscription.trial_start = subscription.current_term_start = start
    subscription.trial_end = subscription.current_term_end = subscription.next_billing_at = end


def activate(subscription: Subscription, now: int) -> None:
    """Begin the first paid term now."""
    subscription.status = "active"
    subscription.started_at = subscription.started_at or now
    subscription.activated_at = now
    subscription.anchor_day = moment(now).day
    subscription.metered_from = now
    begin_term(subscription, now)


def begin_term(subscription: Subscription, start: int) -> None:
    """Set the term that begins at `start`, and what follows from a cancellation that falls into it."""
    subscription.current_term_start = start
    subscription.current_term_end = term_end(subscription, start)
    if subscription.remaining_billing_cycles is not None:
        subscription.remaining_billing_cycles -= 1
        if subscription.remaining_billing_cycles == 0:
            subscription.cancelled_at = subscription.current_term_end
    recount(subscription)
    settle_end(subscription)


def term_end(subscription: Subscription, start: int) -> int:
    """When a term that begins at `start` ends."""
    end = add_interval(moment(start), subscription.billing_period_unit, subscription.billing_period, subscription.anchor_day)
    return int(end.timestamp())


def recount(subscription: Subscription) -> None:
    """Set the monthly recurring revenue."""
    subscription.mrr = pricing.monthly(subscription.subscription_items, subscription.billing_period, subscription.billing_period_unit)


def settle_end(subscription: Subscription) -> None:
    """Set `status` and `next_billing_at` from the scheduled end and pause, for a subscription that has begun."""
    ends = subscription.cancelled_at is not None and subscription.cancelled_at <= (subscription.current_term_end or 0)
    if subscription.status not in ("in_trial", "paused"):
        subscription.status = "non_renewing" if ends else "active"
    subscription.next_billing_at = None if ends else _next_billing(subscription)


def _next_billing(subscription: Subscription) -> int | None:
    """When the next term will be billed: at the end of this one, or when a pause that lasts longer ends. None if it has no end."""
    end, resume = subscription.current_term_end, subscription.resume_date
    if end is None or subscription.pause_date is None or subscription.pause_date > end:
        return end
    return None if resume is None else max(end, resume)


def set_items(site: Site, subscription: Subscription, items: list[SubscriptionItem]) -> None:
    """Give a subscription other items; its billing period is that of its plan."""
    plan = next(site.item_prices.get(item.item_price_id) for item in items if item.item_type == "plan")
    subscription.subscription_items = items
    if plan is not None and plan.period is not None and plan.period_unit is not None:
        subscription.billing_period, subscription.billing_period_unit = plan.period, plan.period_unit


def drop_changes(subscription: Subscription) -> None:
    """Cancel the change of items that was scheduled for the end of the term."""
    subscription.next_items = subscription.changes_scheduled_at = None
    subscription.has_scheduled_changes = False


def take_up_changes(site: Site, subscription: Subscription) -> None:
    """Give a subscription the items that wait for its next term, and the present amounts of its item prices."""
    if subscription.next_items is not None:
        set_items(site, subscription, subscription.next_items)
        drop_changes(subscription)
    reprice(site, subscription)


def reprice(site: Site, subscription: Subscription) -> None:
    """Update items to the present amounts of their item prices, unless the subscription has its own price."""
    items: list[SubscriptionItem] = []
    for item in subscription.subscription_items:
        price = site.item_prices.get(item.item_price_id)
        if price is not None and item.price_override is None:
            item = replace(item, **pricing.figures(price, 0 if item.metered else item.quantity))
        items.append(item)
    subscription.subscription_items = items
