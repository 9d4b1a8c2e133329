"""The endpoints that pause and resume subscriptions, and withdraw a pause or a resumption that is scheduled.

The API reference says what cannot be paused: every status but `active` and `non_renewing`, and a subscription with scheduled changes. Dates
must be before the cancellation, if one is scheduled. Choices where it is silent: without `pause_option` the pause is immediate, or at the
date sent; a new pause replaces a scheduled one; `resume_date` and `skip_billing_cycles` exclude each other; dunning goes on; unpaid
invoices stay unpaid. Not simulated, and refused as `configuration_incompatible`: unbilled charges of a resumption, payment intents.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import Refusal, incompatible, invalid_state, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, one_of, whole
from billbridge_sandbox.chargebee.billing import pausing
from billbridge_sandbox.chargebee.billing.arrears import collect_dues, stop_dunning
from billbridge_sandbox.chargebee.billing.lifecycle import schedule
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription
from billbridge_sandbox.chargebee.subscriptions.states import settled
from billbridge_sandbox.chargebee.subscriptions.subscriptions import shown

PAUSE: dict[str, Reader] = {
    "pause_option": one_of("immediately", "end_of_term", "specific_date", "billing_cycles"),
    "pause_date": whole(),
    "resume_date": whole(),
    "skip_billing_cycles": whole(1, 1000),
    "unbilled_charges_handling": one_of("no_action", "invoice"),
    "invoice_dunning_handling": one_of("continue", "stop"),
}
RESUME: dict[str, Reader] = {
    "resume_option": one_of("immediately", "specific_date"),
    "resume_date": whole(),
    "charges_handling": one_of("invoice_immediately", "add_to_unbilled_charges"),
    "unpaid_invoices_handling": one_of("no_action", "schedule_payment_collection"),
    "payment_initiator": one_of("customer", "merchant"),
}


def pause(site: Site, ask: Ask) -> Json:
    """Pause now, at the end of the term, at a date, or for a number of terms after this one."""
    _enabled(site)
    subscription = _in_status(site, ask, "active", "non_renewing")
    asked = ask.fields(PAUSE)
    if subscription.has_scheduled_changes:
        raise Refusal(409, "invalid_state_for_request", "Remove the scheduled changes before the pause", type="operation_failed")
    start, end = _span(site, subscription, asked)
    _refuse_dates(subscription, start, end, now=site.now)
    subscription.pause_date, subscription.resume_date = start, end
    if start == site.now:
        pausing.pause(site, subscription)
        if asked.get("invoice_dunning_handling") == "stop":
            stop_dunning(site, subscription)
    return settled(site, subscription)


def resume(site: Site, ask: Ask) -> Json:
    """Resume a paused subscription now, or at a date."""
    _enabled(site)
    ask.refuse("payment_intent[")
    subscription = _in_status(site, ask, "paused")
    asked = ask.fields(RESUME)
    date = asked.get("resume_date")
    if asked.get("charges_handling") == "add_to_unbilled_charges":
        raise incompatible("Unbilled charges are not enabled for this site", "charges_handling")
    if (asked.get("resume_option") or ("immediately" if date is None else "specific_date")) == "specific_date":
        if date is None or date <= site.now:
            raise wrong_value("resume_date", "should be a time in the future")
        _refuse_dates(subscription, site.now, date, now=site.now)
        subscription.resume_date = date
        return settled(site, subscription)
    customer = site.live_customer(subscription.customer_id)
    resumed, invoice = pausing.resume(site, customer, subscription)
    schedule(site, resumed)
    if asked.get("unpaid_invoices_handling") == "schedule_payment_collection":
        collect_dues(site, customer, resumed)
    return shown(site, resumed, invoice)


def remove_scheduled_pause(site: Site, ask: Ask) -> Json:
    """Withdraw a pause that has not begun, with the resumption that was to follow."""
    subscription = _in_status(site, ask, "active", "non_renewing")
    if subscription.pause_date is None:
        raise invalid_state("No pause is scheduled for this subscription")
    subscription.pause_date = subscription.resume_date = None
    return settled(site, subscription)


def remove_scheduled_resumption(site: Site, ask: Ask) -> Json:
    """Withdraw the resumption of a paused subscription, which then stays paused."""
    subscription = _in_status(site, ask, "paused")
    if subscription.resume_date is None:
        raise invalid_state("No resumption is scheduled for this subscription")
    subscription.resume_date = None
    return settled(site, subscription)


def _span(site: Site, subscription: Subscription, asked: Json) -> tuple[int, int | None]:
    """When the pause that was asked for begins and ends."""
    date, end, cycles = (asked.get(name) for name in ("pause_date", "resume_date", "skip_billing_cycles"))
    implied = "specific_date" if date is not None else "billing_cycles" if cycles is not None else "immediately"
    option = asked.get("pause_option") or implied
    if option == "immediately":
        return site.now, end
    if option == "specific_date":
        if date is None or date <= site.now:
            raise wrong_value("pause_date", "should be a time in the future")
        return date, end
    start = subscription.current_term_end or site.now
    if option == "end_of_term":
        return start, end
    if cycles is None:
        raise wrong_value("skip_billing_cycles", "cannot be blank")
    if end is not None:
        raise wrong_value("resume_date", "should not be sent with skip_billing_cycles")
    return start, pausing.after_cycles(subscription, cycles)


def _refuse_dates(subscription: Subscription, start: int, end: int | None, *, now: int) -> None:
    if end is not None and end <= start:
        raise wrong_value("resume_date", "should be later than the pause")
    last = subscription.cancelled_at
    if last is not None and ((start > now and start >= last) or (end is not None and end >= last)):
        raise wrong_value("pause_date" if start > now and start >= last else "resume_date", "should be before the cancellation")


def _enabled(site: Site) -> None:
    if not site.settings.pause_enabled:
        raise incompatible("Pausing subscriptions is not enabled for this site")


def _in_status(site: Site, ask: Ask, *statuses: str) -> Subscription:
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    if subscription.status not in statuses:
        raise invalid_state(f"The subscription is {subscription.status}")
    return subscription


ROUTES: Routes = [
    ("POST", "/subscriptions/{id}/pause", pause),
    ("POST", "/subscriptions/{id}/resume", resume),
    ("POST", "/subscriptions/{id}/remove_scheduled_pause", remove_scheduled_pause),
    ("POST", "/subscriptions/{id}/remove_scheduled_resumption", remove_scheduled_resumption),
]
