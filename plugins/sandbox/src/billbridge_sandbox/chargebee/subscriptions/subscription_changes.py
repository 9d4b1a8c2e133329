"""Changing and ending subscriptions: items, settings, trial, cancellation and its withdrawal.

Choices where the vendor's documents are silent: a second `end_of_term` on a subscription that already ends is 409 like a second cancel;
`specific_date` may be moved; an end of term that was scheduled can still be made immediate. Not simulated, and refused as
`configuration_incompatible`: prorations and credit notes, reactivation, changes at a specific date, handling of unpaid invoices.
"""

from __future__ import annotations

from dataclasses import replace

from billbridge_sandbox.chargebee.api.errors import incompatible, invalid_state, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, flag, one_of, text, whole
from billbridge_sandbox.chargebee.billing.billing import collect_first, dues
from billbridge_sandbox.chargebee.billing.lifecycle import (
    LIVE,
    activate,
    begin_trial,
    cancel_now,
    drop_changes,
    reprice,
    schedule,
    set_items,
    settle_end,
)
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.invoices import Invoice
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription, SubscriptionItem
from billbridge_sandbox.chargebee.subscriptions.subscription_coupons import attach, detach, redeem
from billbridge_sandbox.chargebee.subscriptions.subscription_items import plan_of, read_items
from billbridge_sandbox.chargebee.subscriptions.subscriptions import apply_settings, refuse_unsimulated, shown

_RUNNING = ("in_trial", "active", "non_renewing")


def cancel(site: Site, ask: Ask) -> Json:
    """End a subscription now, at the end of its term, or at a date. Until then `cancelled_at` is in the future."""
    subscription = _live(site, ask)
    option = ask.get("cancel_option", one_of("immediately", "end_of_term", "end_of_billing_term", "specific_date"))
    at_end = ask.get("end_of_term", flag)
    date = ask.get("cancel_at", whole())
    if option is None:
        option = "end_of_term" if at_end else "immediately" if date is None else "specific_date"
    if option != "immediately" and subscription.status == "future":
        raise invalid_state("A subscription that has not started can only be cancelled immediately")
    _refuse_handling(site, ask, subscription, immediate=option == "immediately")
    reason = ask.get("cancel_reason_code", text(100))
    if option == "immediately":
        subscription.cancel_reason_code = reason
        cancel_now(site, subscription)
        return shown(site, subscription)
    if option == "specific_date":
        if date is None or date <= site.now:
            raise wrong_value("cancel_at", "should be a time in the future")
    elif subscription.cancelled_at is not None:
        raise invalid_state("The subscription is already going to be cancelled")
    subscription.cancelled_at = date if option == "specific_date" else subscription.current_term_end
    subscription.cancel_reason_code = reason
    subscription.cancel_schedule_created_at = site.now
    return _settled(site, subscription)


def remove_scheduled_cancellation(site: Site, ask: Ask) -> Json:
    """Remove a scheduled cancellation, so that the subscription renews."""
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    refuse_unsimulated(ask)
    if subscription.status not in _RUNNING or subscription.cancelled_at is None:
        raise invalid_state("No cancellation is scheduled for this subscription")
    subscription.cancelled_at = subscription.cancel_schedule_created_at = subscription.cancel_reason_code = None
    subscription.remaining_billing_cycles = None
    return _settled(site, subscription)


def update(site: Site, ask: Ask) -> Json:
    """Change settings, the trial's end, or the items: at once with `prorate=false`, or at the end of the term.

    The new state is made on a copy, so a trial that is ended now and cannot be paid leaves everything as it was.
    """
    stored = _live(site, ask)
    refuse_unsimulated(ask)
    customer = site.live_customer(stored.customer_id)
    changed = replace(stored)
    apply_settings(site, ask, customer, changed)
    _change_items(site, ask, changed)
    coupons = attach(site, ask, changed)
    invoice: Invoice | None = None
    trial_end = ask.get("trial_end", whole())

    def store() -> None:
        site.subscriptions.put(changed.id, changed)
        redeem(site, coupons)
        schedule(site, changed)
        site.touch(changed)

    if trial_end is not None and changed.status not in ("in_trial", "future"):
        raise invalid_state("The trial of this subscription is over")
    if trial_end == 0 and changed.status == "in_trial":
        changed.trial_end = site.now
        reprice(site, changed)
        activate(changed, site.now)
        invoice = collect_first(site, customer, changed, store)
    elif trial_end:
        if trial_end <= max(site.now, changed.start_date or 0):
            raise wrong_value("trial_end", "should be 0 or in the future")
        changed.trial_end = trial_end
        if changed.status == "in_trial":
            begin_trial(changed, changed.trial_start or site.now, trial_end)
            settle_end(changed)
        store()
    else:
        changed.trial_end = changed.trial_end if trial_end is None else None
        store()
    return shown(site, changed, invoice)


def remove_scheduled_changes(site: Site, ask: Ask) -> Json:
    """Cancel the change of items that is scheduled for the end of the term."""
    subscription = _live(site, ask)
    if not subscription.has_scheduled_changes:
        raise invalid_state("No changes are scheduled for this subscription")
    drop_changes(subscription)
    site.touch(subscription)
    return shown(site, subscription)


def remove_coupons(site: Site, ask: Ask) -> Json:
    """Remove coupons from a subscription. The next invoice no longer uses them."""
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    detach(ask, subscription)
    site.touch(subscription)
    return shown(site, subscription)


def _change_items(site: Site, ask: Ask, changed: Subscription) -> None:
    sent = read_items(site, ask)
    whole_list = ask.get("replace_items_list", flag)
    option = ask.get("change_option", one_of("immediately", "end_of_term", "specific_date"))
    at_end = ask.get("end_of_term", flag) or option == "end_of_term"
    prorate = ask.get("prorate", flag)
    if option == "specific_date":
        raise incompatible("Changes at a specific date are not enabled for this site", "change_option")
    if not sent:
        return
    items = sent if whole_list else _merged(changed.subscription_items, sent)
    plan = plan_of(site, items)
    if plan.currency_code != changed.currency_code:
        raise wrong_value("subscription_items", f"should be in {changed.currency_code}, the currency of the subscription")
    if at_end and changed.status == "non_renewing":
        raise invalid_state("The subscription will not have another term")
    if at_end and changed.status in ("active", "in_trial"):
        changed.next_items = items
        changed.has_scheduled_changes, changed.changes_scheduled_at = True, changed.current_term_end
        return
    if changed.status in ("active", "non_renewing"):
        if prorate is not False:
            raise incompatible("Prorations are not enabled for this site; send prorate=false", "prorate")
        if (plan.period, plan.period_unit) != (changed.billing_period, changed.billing_period_unit):
            raise incompatible("Another billing period can only be taken up at the end of the term", "change_option")
    drop_changes(changed)
    set_items(site, changed, items)


def _merged(old: list[SubscriptionItem], sent: list[SubscriptionItem]) -> list[SubscriptionItem]:
    """The items sent beside the old ones: same item price replaces, and a new plan replaces the old plan."""
    replaced = {item.item_price_id for item in sent}
    new_plan = any(item.item_type == "plan" for item in sent)
    kept = [item for item in old if item.item_price_id not in replaced and not (new_plan and item.item_type == "plan")]
    return [*kept, *sent]


def _live(site: Site, ask: Ask) -> Subscription:
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    if subscription.status not in LIVE:
        raise invalid_state(f"The subscription is {subscription.status}")
    return subscription


def _settled(site: Site, subscription: Subscription) -> Json:
    settle_end(subscription)
    schedule(site, subscription)
    site.touch(subscription)
    return shown(site, subscription)


def _refuse_handling(site: Site, ask: Ask, subscription: Subscription, *, immediate: bool) -> None:
    credit = ask.get("credit_option_for_current_term_charges", one_of("none", "prorate", "full", "consumption_based"))
    unpaid = ask.get("account_receivables_handling", one_of("no_action", "schedule_payment_collection", "write_off"))
    ask.get("unbilled_charges_option", one_of("invoice", "delete"))
    ask.get("refundable_credits_handling", one_of("no_action", "schedule_refund"))
    if immediate and credit not in (None, "none") and subscription.status in ("active", "non_renewing"):
        raise incompatible("Credit notes are not enabled for this site", "credit_option_for_current_term_charges")
    if unpaid not in (None, "no_action") and dues(site, subscription):
        raise incompatible("Only no_action is enabled for this site", "account_receivables_handling")


ROUTES: Routes = [
    ("POST", "/subscriptions/{id}/cancel_for_items", cancel),
    ("POST", "/subscriptions/{id}/remove_scheduled_cancellation", remove_scheduled_cancellation),
    ("POST", "/subscriptions/{id}/update_for_items", update),
    ("POST", "/subscriptions/{id}/remove_scheduled_changes", remove_scheduled_changes),
    ("POST", "/subscriptions/{id}/remove_coupons", remove_coupons),
]
