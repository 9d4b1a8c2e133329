"""Pauses: of a whole subscription (pause and resume), and of its payment collection only.

From docs.stripe.com/billing/subscriptions/pause: a pause works at once, ends the current period, and stops all invoices until the
subscription resumes. Our choices where no document tells: only active and past due subscriptions can be paused; a resumption invoice that
waits for a payment attempt is attempted by nobody but the caller. Credits that a voided resumption invoice took up are gone with it.
"""

from __future__ import annotations

from functools import partial

from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.billing import invoicing, lifecycle, pauses, prorations
from billbridge_sandbox.stripe.endpoints.endpoint import Endpoint
from billbridge_sandbox.stripe.payments import charging
from billbridge_sandbox.stripe.store.account import Account, Json
from billbridge_sandbox.stripe.subscriptions import changes
from billbridge_sandbox.stripe.subscriptions.subscription_params import PAUSE, RESUME

_REASON = "subscription_update"
_FARTHEST = 20 * 365 * 24 * 60 * 60


def check_collection(account: Account, given: Json | None) -> None:
    """Refuse a `pause_collection` that resumes in the past or beyond reason."""
    until = (given or {}).get("resumes_at")
    if until is not None and not account.now < until <= account.now + _FARTHEST:
        message = "`pause_collection[resumes_at]` must be a Unix timestamp in the future, at most 20 years from now."
        raise invalid(message, param="pause_collection[resumes_at]")


def pause_collection(account: Account, subscription: Json, given: Json | None) -> None:
    """Set or clear the pause of the payment collection, and clear it when its time has come."""
    subscription["pause_collection"] = given and {"behavior": given["behavior"], "resumes_at": given.get("resumes_at")}
    job = f"{subscription['id']} collection"
    account.unschedule(job)
    if given and "resumes_at" in given:
        account.schedule(job, given["resumes_at"], partial(_resume_collection, subscription))


def _resume_collection(subscription: Json) -> None:
    if subscription["ended_at"] is None:
        subscription["pause_collection"] = None


def _pause(account: Account, args: Json, ids: dict[str, str]) -> Json:
    subscription = account.at_path("subscription", ids)
    _check_pause(subscription)
    bill = {name: chosen["type"] for name, chosen in args.get("bill_for", {}).items()}
    unused, usage = bill.get("unused_time_from", "now"), bill.get("outstanding_usage_through", "now")
    for item in subscription["items"]["data"]:
        if unused != "none":
            prorations.credit(account, subscription, item, account.now if unused == "now" else item["current_period_start"])
        if usage == "now":
            prorations.used(account, subscription, item, account.now)
    if args.get("invoicing_behavior") == "invoice":
        changes.invoice_pending(account, subscription, args)
    lifecycle.pause(account, subscription, "pause_requested")
    return subscription


def _check_pause(subscription: Json) -> None:
    """Refuse a subscription that cannot be paused."""
    reasons = {
        f"its status is {subscription['status']}": subscription["status"] not in ("active", "past_due"),
        "its billing mode is not flexible": subscription["billing_mode"]["type"] != "flexible",
        "its collection method is not charge_automatically": subscription["collection_method"] != "charge_automatically",
        f"it is managed by the subscription schedule `{subscription['schedule']}`": subscription["schedule"] is not None,
        "its payment collection is paused": subscription["pause_collection"] is not None,
    }
    for reason, holds in reasons.items():
        if holds:
            raise invalid(f"The subscription `{subscription['id']}` cannot be paused because {reason}.")


def _resume(account: Account, args: Json, ids: dict[str, str]) -> Json:
    subscription = account.at_path("subscription", ids)
    _check_resume(account, subscription, args)
    keep_anchor = args.get("billing_cycle_anchor", {"type": "now"})["type"] == "unchanged"
    on_success = args.get("payment_behavior") == "resume_on_payment_success"
    moment = args.get("proration_date", account.now)
    plan = pauses.planned(account, subscription, moment, keep_anchor, on_success)
    after = pauses.resumed(subscription, plan)
    draft = _debits(account, after, moment, args) if keep_anchor else invoicing.draft(account, after, _REASON, (account.now, account.now))
    if draft is None:
        pauses.complete(account, subscription, plan)
        lifecycle.plan_next(account, subscription)
        return subscription
    invoicing.issue(account, after, draft)
    subscription["latest_invoice"] = draft["id"]
    _await_payment(account, subscription, plan._replace(invoice=draft["id"]), draft)
    return subscription


def _debits(account: Account, after: Json, moment: int, args: Json) -> Json | None:
    """Bill the time until the kept anchor. Returns the invoice of it, not stored, or None if the next one takes it up."""
    behavior = args.get("proration_behavior", "create_prorations")
    if behavior != "none":
        for item in after["items"]["data"]:
            prorations.debit(account, after, after["items"]["data"], item, moment)
    return invoicing.extra_draft(account, after, (moment, account.now)) if behavior == "always_invoice" else None


def _check_resume(account: Account, subscription: Json, args: Json) -> None:
    if subscription["status"] != "paused":
        raise invalid(f"The subscription `{subscription['id']}` cannot be resumed because its status is {subscription['status']}.")
    if subscription["collection_method"] != "charge_automatically":
        message = f"The subscription `{subscription['id']}` cannot be resumed because its collection method is not charge_automatically."
        raise invalid(message)
    waiting = account.kept("subscription", subscription["id"]).get("resumption")
    if waiting is not None:
        raise invalid(f"The subscription `{subscription['id']}` is already being resumed; pay or void the invoice `{waiting.invoice}`.")
    ended = subscription["items"]["data"][0]["current_period_end"]
    if "proration_date" in args and not ended <= args["proration_date"] <= account.now:
        raise invalid("`proration_date` must lie between the pause and now.", param="proration_date")


def _await_payment(account: Account, subscription: Json, plan: pauses.Resumption, invoice: Json) -> None:
    """Finalize a resumption invoice at once, and resume when it is paid. After 23 hours it is void and the subscription stays paused."""
    pauses.wait_for(account, subscription, plan)
    invoicing.finalize(account, invoice)
    if plan.on_success and invoice["status"] == "open":
        charging.attempt(account, invoice, charging.paying_method(account, invoice["customer"], invoice, subscription))
    if invoice["status"] == "paid":
        lifecycle.settled(account, invoice)
    else:
        account.schedule(invoice["id"], account.now + pauses.RESUMPTION_SECONDS, partial(_void, account, invoice))


def _void(account: Account, invoice: Json) -> None:
    invoicing.void(account, invoice)
    lifecycle.settled(account, invoice)


ENDPOINTS = [
    Endpoint("POST", "/v1/subscriptions/{id}/pause", PAUSE, _pause, "subscription"),
    Endpoint("POST", "/v1/subscriptions/{id}/resume", RESUME, _resume, "subscription"),
]
