"""Ending subscriptions now, at the end of the term or at a date, and the withdrawal of an end that is scheduled.

Choices where the vendor's documents are silent: a second `end_of_term` on a subscription that already ends is 409 like a second cancel;
`specific_date` may be moved; an end of term that was scheduled can still be made immediate; a paused one can be cancelled immediately and
not later. What the cancellation does with the bill defaults to the site's settings. Not simulated, and refused as
`configuration_incompatible`: refunds, credits by consumption, the last usage of event-based items, contract terms.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import incompatible, invalid_state, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, flag, one_of, text, whole
from billbridge_sandbox.chargebee.billing.lifecycle import cancel_now
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Ending
from billbridge_sandbox.chargebee.subscriptions.states import live, settled
from billbridge_sandbox.chargebee.subscriptions.subscription_items import plan_of
from billbridge_sandbox.chargebee.subscriptions.subscriptions import refuse_unsimulated, with_effect

_RUNNING = ("in_trial", "active", "non_renewing")
_REFUSED = (
    "contract_term_cancel_option",
    "invoice_date",
    "subscription_items[",
    "include_cancellation_day_in_billing",
    "decommissioned",
)


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
    ending = _ending(site, ask)
    reason = ask.get("cancel_reason_code", text(100))
    if option == "immediately":
        subscription.cancel_reason_code, subscription.ending = reason, ending
        return with_effect(site, subscription, cancel_now(site, subscription))
    if option == "specific_date":
        if date is None or date <= site.now:
            raise wrong_value("cancel_at", "should be a time in the future")
    elif subscription.cancelled_at is not None:
        raise invalid_state("The subscription is already going to be cancelled")
    subscription.cancelled_at = date if option == "specific_date" else subscription.current_term_end
    subscription.cancel_reason_code, subscription.ending = reason, ending
    subscription.cancel_schedule_created_at = site.now
    return settled(site, subscription)


def remove_scheduled_cancellation(site: Site, ask: Ask) -> Json:
    """Remove a scheduled cancellation, so that the subscription renews: `billing_cycles` times after this term, or as its plan says."""
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    refuse_unsimulated(ask)
    if subscription.status not in _RUNNING or subscription.cancelled_at is None:
        raise invalid_state("No cancellation is scheduled for this subscription")
    subscription.cancelled_at = subscription.cancel_schedule_created_at = subscription.cancel_reason_code = None
    subscription.ending = None
    asked = ask.get("billing_cycles", whole(1, 1000))
    subscription.remaining_billing_cycles = plan_of(site, subscription.subscription_items).billing_cycles if asked is None else asked
    return settled(site, subscription)


def _ending(site: Site, ask: Ask) -> Ending:
    """What the cancellation is to do with the bill."""
    ask.refuse(*_REFUSED)
    credit = ask.get("credit_option_for_current_term_charges", one_of("none", "prorate", "full", "consumption_based"))
    refund = ask.get("refundable_credits_handling", one_of("no_action", "schedule_refund"))
    if credit == "consumption_based":
        raise incompatible("Credits by consumption are not enabled for this site", "credit_option_for_current_term_charges")
    if refund == "schedule_refund":
        raise incompatible("Refunds are not enabled for this site", "refundable_credits_handling")
    return Ending(
        credit or site.settings.cancel_credit,
        ask.get("unbilled_charges_option", one_of("invoice", "delete")) or site.settings.cancel_unbilled,
        ask.get("account_receivables_handling", one_of("no_action", "schedule_payment_collection", "write_off"))
        or site.settings.cancel_receivables,
    )


ROUTES: Routes = [
    ("POST", "/subscriptions/{id}/cancel_for_items", cancel),
    ("POST", "/subscriptions/{id}/remove_scheduled_cancellation", remove_scheduled_cancellation),
]
