"""Ending subscriptions now, at the end of the term or at a date, and the withdrawal of an end that is scheduled.

Choices where the vendor's documents are silent: a second `end_of_term` on a subscription that already ends is 409 like a second cancel;
`specific_date` may be moved; an end of term that was scheduled can still be made immediate; a paused one can be cancelled immediately and
not later. Not simulated, and refused as `configuration_incompatible`: credit notes, handling of unpaid invoices.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import incompatible, invalid_state, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, flag, one_of, text, whole
from billbridge_sandbox.chargebee.billing.billing import dues
from billbridge_sandbox.chargebee.billing.lifecycle import cancel_now
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription
from billbridge_sandbox.chargebee.subscriptions.states import live, settled
from billbridge_sandbox.chargebee.subscriptions.subscription_items import plan_of
from billbridge_sandbox.chargebee.subscriptions.subscriptions import refuse_unsimulated, shown

_RUNNING = ("in_trial", "active", "non_renewing")


def cancel(site: Site, ask: Ask) -> Json:
    """End a subscription now, at the end of its term, or at a date. Until then `cancelled_at` is in the future."""
    subscription = live(site, ask, paused=True)
    option = ask.get("cancel_option", one_of("immediately", "end_of_term", "end_of_billing_term", "specific_date"))
    at_end = ask.get("end_of_term", flag)
    date = ask.get("cancel_at", whole())
    if option is None:
        option = "end_of_term" if at_end else "immediately" if date is None else "specific_date"
    if option != "immediately" and subscription.status in ("future", "paused"):
        raise invalid_state(f"A subscription that is {subscription.status} can only be cancelled immediately")
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
    return settled(site, subscription)


def remove_scheduled_cancellation(site: Site, ask: Ask) -> Json:
    """Remove a scheduled cancellation, so that the subscription renews: `billing_cycles` times after this term, or as its plan says."""
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    refuse_unsimulated(ask)
    if subscription.status not in _RUNNING or subscription.cancelled_at is None:
        raise invalid_state("No cancellation is scheduled for this subscription")
    subscription.cancelled_at = subscription.cancel_schedule_created_at = subscription.cancel_reason_code = None
    asked = ask.get("billing_cycles", whole(1, 1000))
    subscription.remaining_billing_cycles = plan_of(site, subscription.subscription_items).billing_cycles if asked is None else asked
    return settled(site, subscription)


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
]
