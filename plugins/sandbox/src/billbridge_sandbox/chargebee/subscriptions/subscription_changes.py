"""Changing subscriptions: items, settings, trial and coupons. Ending them is `cancellations`.

Not simulated, and refused as `configuration_incompatible`: prorations and credit notes, changes at a specific date.
"""

from __future__ import annotations

from dataclasses import replace

from billbridge_sandbox.chargebee.api.errors import incompatible, invalid_state, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, flag, one_of, whole
from billbridge_sandbox.chargebee.billing.billing import collect_first
from billbridge_sandbox.chargebee.billing.lifecycle import schedule
from billbridge_sandbox.chargebee.billing.terms import activate, begin_trial, drop_changes, reprice, set_items, settle_end
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.invoices import Invoice
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription, SubscriptionItem
from billbridge_sandbox.chargebee.subscriptions.states import live
from billbridge_sandbox.chargebee.subscriptions.subscription_coupons import attach, detach, redeem
from billbridge_sandbox.chargebee.subscriptions.subscription_items import plan_of, read_items
from billbridge_sandbox.chargebee.subscriptions.subscriptions import apply_settings, refuse_unsimulated, shown


def update(site: Site, ask: Ask) -> Json:
    """Change settings, the trial's end, or the items: at once with `prorate=false`, or at the end of the term.

    The new state is made on a copy, so a trial that is ended now and cannot be paid leaves everything as it was.
    """
    stored = live(site, ask)
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


ROUTES: Routes = [
    ("POST", "/subscriptions/{id}/update_for_items", update),
    ("POST", "/subscriptions/{id}/remove_coupons", remove_coupons),
]
