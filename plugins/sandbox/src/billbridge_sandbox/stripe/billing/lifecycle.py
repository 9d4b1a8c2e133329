"""What happens to a subscription as time passes: first invoice, renewals, retries, expiry, the end. All of it runs on the clock's jobs.

A `cancel_at` inside a period shortens the period. At a planned end, what was used and what is still pending is invoiced. Not simulated:
schedules, mixed intervals.
"""

from __future__ import annotations

from functools import partial

from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.api.money import check_chargeable
from billbridge_sandbox.stripe.billing import invoicing, pauses
from billbridge_sandbox.stripe.billing.periods import anchor_day, period_end
from billbridge_sandbox.stripe.billing.schedule_states import subscription_ended
from billbridge_sandbox.stripe.endpoints.lists import envelope
from billbridge_sandbox.stripe.payments import charging
from billbridge_sandbox.stripe.store.account import Account, Json

# Days from each failed attempt to the next one: four retries in three weeks, then the subscription is canceled.
RETRY_AFTER_DAYS = (3, 5, 7, 6)
INCOMPLETE_SECONDS = 23 * 60 * 60
SCHEDULED = "scheduled"
"""The payment behavior of a subscription that a schedule starts. It is no word of Stripe's."""
_DAY = 24 * 60 * 60


def end_of_period(subscription: Json, recurring: Json, start: int) -> int:
    """The end of the period that starts at a Unix time, or the earlier `cancel_at`."""
    end = period_end(start, recurring, subscription["billing_cycle_anchor"], anchor_day(subscription))
    planned: int | None = subscription["cancel_at"]
    return end if planned is None or subscription["cancel_at_period_end"] or planned <= start else min(end, planned)


def start(account: Account, subscription: Json, first: Json | None, behavior: str, off_session: bool) -> None:
    """Store a new subscription and its first invoice, and collect it. Raises StripeError, with nothing stored, if it is refused.

    Without a first invoice it is active at once. If a schedule starts it, the first invoice is a draft for an hour.
    """
    items: list[Json] = subscription["items"]["data"]
    method = charging.paying_method(account, subscription["customer"], subscription)
    trial = subscription["trial_end"] is not None
    charged = subscription["collection_method"] == "charge_automatically"
    due = 0 if first is None else first["amount_due"]
    check_chargeable(subscription["currency"], due)
    if charged and due and behavior not in ("default_incomplete", SCHEDULED):
        if method is None:
            raise invalid(charging.NO_METHOD.message, code="resource_missing")
        decline = charging.decline_of(account, method)
        if decline is not None and behavior == "error_if_incomplete":
            raise (decline if off_session else charging.on_session(decline, "subscription")).error()
    account.put(subscription)
    for item in items:
        account.put(item)
    subscription["status"] = "trialing" if trial else "active"
    if first is None:
        plan_next(account, subscription)
        return
    invoice = invoicing.issue(account, subscription, first)
    if due and (behavior == SCHEDULED or not charged):
        _await_finalizing(account, invoice)
    else:
        invoicing.finalize(account, invoice)
    if invoice["status"] == "open":
        subscription["status"] = "incomplete"
        if behavior != "default_incomplete" and charging.attempt(account, invoice, method, off_session) is None:
            subscription["status"] = "active"
    if subscription["status"] == "incomplete":
        account.schedule(subscription["id"], account.now + INCOMPLETE_SECONDS, partial(expire, account, subscription))
    else:
        plan_next(account, subscription)


def plan_next(account: Account, subscription: Json) -> None:
    """Schedule the end of the current period, or the earlier `cancel_at`. A paused subscription has no end of a period."""
    paused = subscription["status"] == "paused"
    moments = [] if paused else [item["current_period_end"] for item in subscription["items"]["data"]]
    if subscription["cancel_at"] is not None:
        moments.append(subscription["cancel_at"])
    account.unschedule(subscription["id"])
    if moments:
        account.schedule(subscription["id"], min(moments), partial(_wake, account, subscription))


def _wake(account: Account, subscription: Json) -> None:
    if subscription["cancel_at"] is not None and subscription["cancel_at"] <= account.now:
        _end(account, subscription, "canceled")
        _bill_out(account, subscription)
    elif subscription["status"] != "trialing" or not end_bare_trial(account, subscription):
        renew(account, subscription, "subscription_cycle")


def _bill_out(account: Account, subscription: Json) -> None:
    """Invoice what is left at the planned end of a subscription. The draft is finalized and collected after its hour, as any other."""
    window = (subscription["items"]["data"][0]["current_period_start"], account.now)
    final = invoicing.extra_draft(account, subscription, window, window)
    if final is not None:
        _await_finalizing(account, invoicing.issue(account, subscription, final))


def lacks_method(account: Account, subscription: Json) -> bool:
    """Whether a subscription that is to be charged has nothing to charge."""
    charged = subscription["collection_method"] == "charge_automatically"
    return charged and charging.paying_method(account, subscription["customer"], subscription) is None


def end_bare_trial(account: Account, subscription: Json) -> bool:
    """Cancel or pause a subscription whose trial ends without a payment method, if it was made for that. Returns whether it was."""
    asked = subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
    if asked == "create_invoice" or not lacks_method(account, subscription):
        return False
    if asked == "cancel":
        cancel(account, subscription)
    else:
        pause(account, subscription, "trial_end_without_payment_method")
    return True


def pause(account: Account, subscription: Json, reason: str) -> None:
    """Stop all billing of a subscription. Only `cancel_at` still works."""
    pauses.suspend(account, subscription, reason)
    plan_next(account, subscription)


def renew(account: Account, subscription: Json, reason: str) -> Json:
    """Begin the next period now and raise its invoice, which waits an hour as a draft.

    A trial ends here; what was used during it is not billed (our choice).
    """
    items: list[Json] = subscription["items"]["data"]
    window = (items[0]["current_period_start"], account.now)
    for item in items:
        end = end_of_period(subscription, item["price"]["recurring"], account.now)
        item.update(current_period_start=account.now, current_period_end=end)
    trial = subscription["status"] == "trialing"
    if trial:
        subscription["status"] = "active"
    if subscription["cancel_at_period_end"]:
        subscription["cancel_at"] = min(item["current_period_end"] for item in items)
    invoice = invoicing.issue(
        account, subscription, invoicing.draft(account, subscription, reason, window, usage=None if trial else window)
    )
    _await_finalizing(account, invoice)
    plan_next(account, subscription)
    return invoice


def _await_finalizing(account: Account, invoice: Json) -> None:
    if invoice["auto_advance"]:
        account.schedule(invoice["id"], invoice["automatically_finalizes_at"], partial(advance_draft, account, invoice))


def finalize_early(account: Account, invoice: Json) -> None:
    """Finalize a draft now. Automatic collection still happens when its hour as a draft ends."""
    planned: int | None = invoice["automatically_finalizes_at"]
    account.unschedule(invoice["id"])
    invoicing.finalize(account, invoice)
    if invoice["status"] == "paid":
        settled(account, invoice)
    elif invoice["collection_method"] == "charge_automatically" and planned is not None:
        invoice["next_payment_attempt"] = planned
        account.schedule(invoice["id"], planned, partial(_collect, account, invoice))


def advance_draft(account: Account, invoice: Json, off_session: bool = True) -> None:
    """Finalize a draft and, when it is charged automatically, collect it. An invoice that is held back stays as it is."""
    if not invoice["auto_advance"]:
        return
    account.unschedule(invoice["id"])
    invoicing.finalize(account, invoice)
    if invoice["status"] == "paid":
        settled(account, invoice)
    elif invoice["collection_method"] == "charge_automatically":
        _collect(account, invoice, off_session)


def collect_now(account: Account, invoice: Json, behavior: str, off_session: bool) -> None:
    """Collect the invoice of a change at once, without the hour as a draft. One that is sent, with something due, waits as usual.

    With the behavior `default_incomplete` the subscription is past due until somebody pays the invoice.
    """
    if invoice["collection_method"] == "send_invoice" and invoice["amount_due"]:
        _await_finalizing(account, invoice)
    elif behavior != "default_incomplete":
        advance_draft(account, invoice, off_session)
    else:
        invoicing.finalize(account, invoice)
        subscription = invoicing.subscription_of(account, invoice)
        if invoice["status"] == "paid":
            settled(account, invoice)
        elif subscription["status"] == "active":
            subscription["status"] = "past_due"


def _collect(account: Account, invoice: Json, off_session: bool = True) -> None:
    """Attempt to collect once. After a failure the subscription is past due and the next attempt is scheduled, or the subscription ends."""
    subscription = invoicing.subscription_of(account, invoice)
    method = charging.paying_method(account, invoice["customer"], invoice, subscription)
    if charging.attempt(account, invoice, method, off_session) is None:
        settled(account, invoice)
    elif invoice["attempt_count"] > len(RETRY_AFTER_DAYS):
        invoice["next_payment_attempt"] = None
        if subscription["ended_at"] is None and subscription["status"] != "paused":
            cancel(account, subscription, "payment_failed")
    else:
        if subscription["status"] == "active":
            subscription["status"] = "past_due"
        after = RETRY_AFTER_DAYS[max(invoice["attempt_count"], 1) - 1]
        invoice["next_payment_attempt"] = account.now + after * _DAY
        account.schedule(invoice["id"], invoice["next_payment_attempt"], partial(_collect, account, invoice))


def settled(account: Account, invoice: Json) -> None:
    """An invoice was paid or voided: no more attempts, and its subscription follows.

    A paid first invoice activates, a voided one expires. The latest invoice, paid or void, ends `past_due`.
    """
    account.unschedule(invoice["id"])
    subscription = invoicing.subscription_of(account, invoice)
    if subscription["latest_invoice"] != invoice["id"] or subscription["ended_at"] is not None:
        return
    plan = pauses.waiting(account, invoice, subscription)
    if plan is not None:
        _settle_resumption(account, subscription, plan, invoice["status"] == "paid")
    elif subscription["status"] == "incomplete" and invoice["status"] == "void":
        _end(account, subscription, "incomplete_expired")
    elif subscription["status"] in ("incomplete", "past_due"):
        subscription["status"] = "active"
        plan_next(account, subscription)


def _settle_resumption(account: Account, subscription: Json, plan: pauses.Resumption, paid: bool) -> None:
    """A paid resumption invoice resumes its subscription, a void one leaves it paused."""
    if paid:
        pauses.complete(account, subscription, plan)
        plan_next(account, subscription)
    else:
        pauses.give_up(account, subscription)


def declined(account: Account, invoice: Json) -> None:
    """A payment that a request asked for was declined. A resumption that waited for the attempt only is over: past due."""
    subscription = invoicing.subscription_of(account, invoice)
    plan = pauses.waiting(account, invoice, subscription)
    if plan is not None and not plan.on_success:
        account.unschedule(invoice["id"])
        pauses.complete(account, subscription, plan, "past_due")
        plan_next(account, subscription)


def expire(account: Account, subscription: Json) -> None:
    """End a subscription whose first invoice was not paid in time, and void that invoice."""
    invoicing.void(account, account.find("invoice", subscription["latest_invoice"]))
    _end(account, subscription, "incomplete_expired")


def cancel(account: Account, subscription: Json, reason: str = "cancellation_requested") -> None:
    """End a subscription now. Its invoices stay as they are, but nothing is collected automatically any more."""
    subscription["canceled_at"] = account.now
    subscription["cancellation_details"]["reason"] = reason
    subscription.update(cancel_at=None, cancel_at_period_end=False)
    _end(account, subscription, "incomplete_expired" if subscription["status"] == "incomplete" else "canceled")


def _end(account: Account, subscription: Json, status: str) -> None:
    account.unschedule(subscription["id"])
    subscription_ended(account, subscription)
    subscription.update(status=status, ended_at=account.now)
    subscription.pop("status_details", None)
    for invoice in account.invoices_of(subscription["id"]):
        if invoice["status"] in ("draft", "open"):
            account.unschedule(invoice["id"])
            invoice.update(auto_advance=False, next_payment_attempt=None, automatically_finalizes_at=None)


def refresh_items(subscription: Json, items: list[Json]) -> None:
    """Put these items into the subscription, as the list that Stripe shows."""
    subscription["items"] = envelope(items, f"/v1/subscription_items?subscription={subscription['id']}")
