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

LIVE = ("future", "in_trial", "active", "non_renewing")


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
    end = add_interval(moment(start), subscription.billing_period_unit, subscription.billing_period, subscription.anchor_day)
    subscription.current_term_start = start
    subscription.current_term_end = int(end.timestamp())
    if subscription.remaining_billing_cycles is not None:
        subscription.remaining_billing_cycles -= 1
        if subscription.remaining_billing_cycles == 0:
            subscription.cancelled_at = subscription.current_term_end
    subscription.mrr = pricing.monthly(subscription.subscription_items, subscription.billing_period, subscription.billing_period_unit)
    settle_end(subscription)


def settle_end(subscription: Subscription) -> None:
    """Set `status` and `next_billing_at` from `cancelled_at`, for a subscription that is active, ending or on trial."""
    ends = subscription.cancelled_at is not None and subscription.cancelled_at <= (subscription.current_term_end or 0)
    if subscription.status != "in_trial":
        subscription.status = "non_renewing" if ends else "active"
    subscription.next_billing_at = None if ends else subscription.current_term_end


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


def reprice(site: Site, subscription: Subscription) -> None:
    """Update items to the present amounts of their item prices, unless the subscription has its own price."""
    items: list[SubscriptionItem] = []
    for item in subscription.subscription_items:
        price = site.item_prices.get(item.item_price_id)
        if price is not None and item.price_override is None:
            item = replace(item, **pricing.figures(price, 0 if item.metered else item.quantity))
        items.append(item)
    subscription.subscription_items = items
