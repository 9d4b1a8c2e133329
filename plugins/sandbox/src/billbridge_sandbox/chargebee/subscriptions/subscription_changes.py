"""Changing subscriptions: items, settings, trial and coupons. Ending them is `cancellations`; what a change bills is `billing.changes`.

`prorate` and `invoice_immediately` default to the site's settings. Choices where the documents are silent: `proration_type` is for addons
only; of `mandatory_items_to_remove` each must be the item of an addon that is there. Not simulated, and refused as
`configuration_incompatible`: changes at a specific date.
"""

from __future__ import annotations

from dataclasses import replace

from billbridge_sandbox.chargebee.api.errors import incompatible, invalid_state, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, flag, one_of, text, whole
from billbridge_sandbox.chargebee.billing.billing import collect_first
from billbridge_sandbox.chargebee.billing.changes import Bill, Mode, carry_out, change_items
from billbridge_sandbox.chargebee.billing.lifecycle import schedule
from billbridge_sandbox.chargebee.billing.terms import activate, begin_trial, drop_changes, reprice, set_items, settle_end
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription, SubscriptionItem
from billbridge_sandbox.chargebee.subscriptions.states import live
from billbridge_sandbox.chargebee.subscriptions.subscription_coupons import attach, detach, redeem
from billbridge_sandbox.chargebee.subscriptions.subscription_items import plan_of, read_items
from billbridge_sandbox.chargebee.subscriptions.subscriptions import apply_settings, refuse_unsimulated, shown, with_effect

PRORATION: dict[str, Reader] = {"item_price_id": text(100), "proration_type": one_of("full_term", "partial_term", "none")}


def update(site: Site, ask: Ask) -> Json:
    """Change settings, the trial's end, or the items: at once, or at the end of the term.

    The new state is made on a copy, so a change that cannot be paid leaves everything as it was.
    """
    stored = live(site, ask)
    refuse_unsimulated(ask)
    ask.refuse("invoice_date")
    customer = site.live_customer(stored.customer_id)
    changed = replace(stored)
    immediately = _flag(ask, "invoice_immediately", site.settings.invoice_immediately)
    apply_settings(site, ask, customer, changed)
    bill = _change_items(site, ask, stored, changed, immediately=immediately)
    coupons = attach(site, ask, changed)
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
        return shown(site, changed, collect_first(site, customer, changed, store))
    if trial_end:
        if trial_end <= max(site.now, changed.start_date or 0):
            raise wrong_value("trial_end", "should be 0 or in the future")
        changed.trial_end = trial_end
        if changed.status == "in_trial":
            begin_trial(changed, changed.trial_start or site.now, trial_end)
            settle_end(changed)
    elif trial_end == 0:
        changed.trial_end = None
    return with_effect(site, changed, carry_out(site, customer, changed, bill, store, immediately=immediately))


def remove_coupons(site: Site, ask: Ask) -> Json:
    """Remove coupons from a subscription. The next invoice no longer uses them."""
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    detach(ask, subscription)
    site.touch(subscription)
    return shown(site, subscription)


def _change_items(site: Site, ask: Ask, stored: Subscription, changed: Subscription, *, immediately: bool) -> Bill:
    """Put the items sent on the copy, now or for later. Returns what that bills."""
    items = _items(site, ask, changed)
    option = ask.get("change_option", one_of("immediately", "end_of_term", "specific_date"))
    at_end = ask.get("end_of_term", flag) or option == "end_of_term"
    reset = bool(ask.get("force_term_reset", flag))
    mode = _proration_mode(site, ask, prorate=_flag(ask, "prorate", site.settings.prorate))
    if option == "specific_date":
        raise incompatible("Changes at a specific date are not enabled for this site", "change_option")
    if items is None and not (reset and not at_end):
        return Bill()
    items = items or changed.subscription_items
    plan = plan_of(site, items)
    if plan.currency_code != changed.currency_code:
        raise wrong_value("subscription_items", f"should be in {changed.currency_code}, the currency of the subscription")
    if at_end and changed.status == "non_renewing":
        raise invalid_state("The subscription will not have another term")
    if at_end and changed.status in ("active", "in_trial"):
        changed.next_items = items
        changed.has_scheduled_changes, changed.changes_scheduled_at = True, changed.current_term_end
        return Bill()
    drop_changes(changed)
    if changed.status in ("active", "non_renewing"):
        return change_items(site, stored, changed, items, mode, reset=reset, immediately=immediately)
    set_items(site, changed, items)
    return Bill()


def _items(site: Site, ask: Ask, changed: Subscription) -> list[SubscriptionItem] | None:
    """The items that the subscription is to have; None when the request does not change them."""
    sent = read_items(site, ask)
    whole_list = ask.get("replace_items_list", flag)
    gone = [(name, ask.need(name, text(100))) for name in sorted(ask.names()) if name.startswith("mandatory_items_to_remove[")]
    if not sent and not gone:
        return None
    items = sent if whole_list and sent else _merged(changed.subscription_items, sent)
    for name, item_id in gone:
        kept = [item for item in items if item.item_type != "addon" or _item_of(site, item) != item_id]
        if len(kept) == len(items):
            raise wrong_value(name, "is not the item of an addon of this subscription")
        items = kept
    return items


def _item_of(site: Site, item: SubscriptionItem) -> str:
    return site.find(site.item_prices, "item_price", item.item_price_id).item_id


def _proration_mode(site: Site, ask: Ask, *, prorate: bool) -> Mode:
    """How each item price is prorated: as sent with the item, else not at all without `prorate`, else as the item price says."""
    sent: dict[str, str] = {}
    for index, row in ask.columns("subscription_items", PRORATION):
        id, kind = row.get("item_price_id"), row.get("proration_type")
        if id is not None and kind is not None:
            if site.find(site.item_prices, "item_price", id).item_type != "addon":
                raise wrong_value(f"subscription_items[proration_type][{index}]", "is for addons only")
            sent[id] = kind

    def mode(id: str) -> str:
        if id in sent or not prorate:
            return sent.get(id, "none")
        own = site.find(site.item_prices, "item_price", id).proration_type
        return own if own in ("partial_term", "full_term") else "partial_term"

    return mode


def _flag(ask: Ask, name: str, default: bool) -> bool:
    sent = ask.get(name, flag)
    return default if sent is None else bool(sent)


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
