"""The life of a subscription: what time does to it, and its end. It reads no request.

At any time one job waits for the next thing that will happen to a subscription, so a cancellation and a renewal of the same moment
cannot both happen: the cancellation wins, and no further invoice is raised.
A trial or a future start that comes to an end without any payment source, where one is needed, cancels the subscription with reason
`no_card` and without an invoice (knowledge base, "subscription cancelled due to no card"). With `auto_collection=off` it becomes active and
its invoice is due. `trial_end_action` is looked up when the trial ends (API reference).
Choices where the vendor's documents are silent: no source is needed when nothing is to be paid; without `trial_end_action` the plan's own
counts before the site's; a cancellation date inside a later term leaves the status `active` until that term begins, and that term is
billed in full. The term of a subscription that dunning ends is retained (API reference, "in-term reactivation").
"""

from __future__ import annotations

from dataclasses import replace

from billbridge_sandbox.chargebee.billing.billing import automatic, bill, dues
from billbridge_sandbox.chargebee.billing.changes import Effect
from billbridge_sandbox.chargebee.billing.drafts import draw_up
from billbridge_sandbox.chargebee.billing.ending import end_billing
from billbridge_sandbox.chargebee.billing.pausing import pause, resume_on_time
from billbridge_sandbox.chargebee.billing.terms import LIVE, activate, begin_term, begin_trial, drop_changes, take_up_changes
from billbridge_sandbox.chargebee.payments.payments import source_for
from billbridge_sandbox.chargebee.store.invoices import Invoice
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription


def schedule(site: Site, subscription: Subscription) -> None:
    """Schedule the job for the next event of a subscription. It replaces the earlier job."""
    if subscription.job:
        subscription.job.cancel()
    subscription.job = None
    if subscription.status in LIVE:
        moments = [when for when in (subscription.cancelled_at, *_ahead(subscription)) if when is not None]
        if moments:
            subscription.job = site.clock.at(min(moments), lambda: _next(site, subscription))


def _ahead(subscription: Subscription) -> tuple[int | None, ...]:
    if subscription.status == "future":
        return (subscription.start_date,)
    if subscription.status == "paused":
        return (subscription.resume_date,)
    return subscription.pause_date, subscription.current_term_end


def cancel_now(site: Site, subscription: Subscription, reason: str | None = None) -> Effect:
    """End a subscription at this moment, with the bill as its `ending` says. Returns what that left behind."""
    customer = site.customers.get(subscription.customer_id)
    effect = Effect()
    if customer is not None and subscription.status in ("active", "non_renewing", "paused"):
        effect = end_billing(site, customer, subscription, lambda invoice: give_up(site, invoice))
    subscription.status = "cancelled"
    subscription.cancelled_at = site.now
    subscription.cancel_reason = reason
    subscription.ending = None
    subscription.next_billing_at = subscription.mrr = subscription.pause_date = subscription.resume_date = None
    drop_changes(subscription)
    if subscription.current_term_end is not None and reason != "not_paid":
        subscription.current_term_end = site.now
    schedule(site, subscription)
    site.touch(subscription)
    return effect


def give_up(site: Site, invoice: Invoice) -> None:
    """The end of dunning: cancel the subscription, if the site is set to."""
    subscription = site.subscriptions.get(invoice.subscription_id)
    if subscription is not None and subscription.status in LIVE and site.settings.after_retries == "cancel":
        cancel_now(site, subscription, "not_paid")


def _next(site: Site, subscription: Subscription) -> None:
    if subscription.cancelled_at is not None and subscription.cancelled_at <= site.now:
        cancel_now(site, subscription, subscription.cancel_reason)
        return
    customer = site.find(site.customers, "customer", subscription.customer_id)
    if subscription.status == "paused":
        subscription = resume_on_time(site, customer, subscription)
    elif subscription.pause_date is not None and subscription.pause_date <= site.now:
        pause(site, subscription)
    elif subscription.status == "future" and subscription.trial_end is not None and subscription.trial_end > site.now:
        begin_trial(subscription, site.now, subscription.trial_end)
    elif subscription.status in ("future", "in_trial"):
        subscription = _begin(site, customer, subscription)
    else:
        take_up_changes(site, subscription)
        begin_term(subscription, subscription.current_term_end or site.now)
        bill(site, customer, subscription, lambda invoice: give_up(site, invoice))
    schedule(site, subscription)
    site.touch(subscription)


def _begin(site: Site, customer: Customer, stored: Subscription) -> Subscription:
    """Begin the first paid term, or cancel: when the trial is to end so, or when money is due and there is no source to take it from."""
    if stored.status == "in_trial" and _ends_with_trial(site, stored):
        cancel_now(site, stored)
        return stored
    begun = replace(stored)
    take_up_changes(site, begun)
    activate(begun, site.now)
    due = draw_up(site, customer, begun, first=True).total
    if due and automatic(customer, begun) and source_for(site, customer, begun) is None:
        cancel_now(site, stored, "no_card")
        return stored
    site.subscriptions.put(begun.id, begun)
    bill(site, customer, begun, lambda invoice: give_up(site, invoice), first=True)
    return begun


def _ends_with_trial(site: Site, subscription: Subscription) -> bool:
    action = subscription.trial_end_action
    if action in (None, "plan_default"):
        plan = next(item for item in subscription.subscription_items if item.item_type == "plan")
        action = site.find(site.item_prices, "item_price", plan.item_price_id).trial_end_action
    return (site.settings.trial_end_action if action in (None, "site_default") else action) == "cancel_subscription"


def due_fields(site: Site, subscription: Subscription) -> dict[str, int]:
    """What a subscription says about unpaid invoices; only the count is there when nothing is due."""
    owed = dues(site, subscription)
    if not owed:
        return {"due_invoices_count": 0}
    return {
        "due_invoices_count": len(owed),
        "due_since": min(invoice.due_date or invoice.date for invoice in owed),
        "total_dues": sum(invoice.amount_due for invoice in owed),
    }
