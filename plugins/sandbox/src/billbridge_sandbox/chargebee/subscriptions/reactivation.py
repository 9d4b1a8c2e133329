"""Reactivating cancelled subscriptions.

One that dunning cancelled keeps its term: reactivated within it, it goes on with that term and raises no invoice. Every other one begins a
trial, or a new term that is billed (API reference). Choices where it is silent: charges that are billed once are not billed again, a plan's
own trial does not begin again, and a `trial_end` or a `reactivate_from` begins anew even within a retained term. Not simulated, and refused
as `configuration_incompatible`: unbilled charges, calendar billing, advance invoices, contract terms, payment intents.
"""

from __future__ import annotations

from dataclasses import replace

from billbridge_sandbox.chargebee.api.errors import incompatible, invalid_state, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, flag, one_of, whole
from billbridge_sandbox.chargebee.billing.billing import collect_now
from billbridge_sandbox.chargebee.billing.drafts import draw_up
from billbridge_sandbox.chargebee.billing.lifecycle import schedule
from billbridge_sandbox.chargebee.billing.terms import recount, reprice, settle_end
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.catalog import ItemPrice
from billbridge_sandbox.chargebee.store.invoices import Invoice
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription
from billbridge_sandbox.chargebee.subscriptions.subscription_items import plan_of
from billbridge_sandbox.chargebee.subscriptions.subscriptions import shown
from billbridge_sandbox.chargebee.subscriptions.timing import after, begin, cycles, invoice_date, past

_REFUSED = ("billing_alignment_mode", "terms_to_charge", "contract_term", "statement_descriptor", "payment_intent[")


def reactivate(site: Site, ask: Ask) -> Json:
    """Reactivate a cancelled subscription. A payment that fails leaves it cancelled."""
    stored = site.find(site.subscriptions, "subscription", ask.ids["id"])
    if stored.status != "cancelled":
        raise invalid_state(f"The subscription is {stored.status}")
    ask.refuse(*_REFUSED)
    ask.get("payment_initiator", one_of("customer", "merchant"))
    if ask.get("invoice_immediately", flag) is False:
        raise incompatible("Unbilled charges are not enabled for this site", "invoice_immediately")
    customer = site.live_customer(stored.customer_id)
    back = replace(stored, status="active", cancelled_at=None, cancel_schedule_created_at=None, cancel_reason=None, cancel_reason_code=None)

    def store() -> None:
        site.subscriptions.put(back.id, back)
        schedule(site, back)
        site.touch(back)

    plan = plan_of(site, back.subscription_items)
    start = _start(site, ask, plan)
    trial_end = _trial_end(ask, start or site.now)
    dated = invoice_date(site, ask, start or site.now)
    asked = ask.get("billing_cycles", whole())
    invoice: Invoice | None = None
    if start is None and trial_end is None and _retained(site, stored):
        if asked is not None:
            back.remaining_billing_cycles = asked - 1 if asked else None
        if back.remaining_billing_cycles == 0:
            back.cancelled_at = back.current_term_end
        recount(back)
        settle_end(back)
        store()
    else:
        back.remaining_billing_cycles = cycles(ask, plan)
        back.trial_start = back.trial_end = None
        reprice(site, back)
        if begin(site, back, start or site.now, trial_end):
            invoice = collect_now(site, customer, back, draw_up(site, customer, back, first=False, date=dated), store)
        else:
            store()
    return shown(site, back, invoice)


def _retained(site: Site, subscription: Subscription) -> bool:
    """Whether the term of a cancelled subscription was retained and is still running."""
    return subscription.cancel_reason == "not_paid" and (subscription.current_term_end or 0) >= site.now


def _start(site: Site, ask: Ask, plan: ItemPrice) -> int | None:
    start = past(site, ask, "reactivate_from", plan)
    if start is None and ask.raw("reactivate_from"):
        raise wrong_value("reactivate_from", "should be in the past")
    return start


def _trial_end(ask: Ask, start: int) -> int | None:
    end, days = ask.get("trial_end", whole()), ask.get("trial_period_days", whole(1, 3650))
    if days is not None:
        if end is not None:
            raise wrong_value("trial_period_days", "should not be sent with trial_end")
        return after(start, "day", days)
    if end and end < start:
        raise wrong_value("trial_end", "should not be before the reactivation")
    return end or None


ROUTES: Routes = [("POST", "/subscriptions/{id}/reactivate", reactivate)]
