"""Pausing and resuming: what they do to the term and to the bill. It reads no request.

While a subscription is paused its term may end, no other begins, and nothing is billed. One that resumes before the term's end goes on with
that term, without an invoice; one that resumes later begins a new term, which is billed (API reference, "in-term resumption").
Choices where the vendor's documents are silent: the day of the month on which terms end stays when the resumption falls on a date on which
the subscription would have renewed, else it becomes the day of the resumption; a scheduled resumption that cannot be paid leaves the
subscription paused, without an invoice.
"""

from __future__ import annotations

from dataclasses import replace

from billbridge_sandbox.chargebee.api.errors import Refusal
from billbridge_sandbox.chargebee.billing.billing import collect_now
from billbridge_sandbox.chargebee.billing.drafts import draw_up
from billbridge_sandbox.chargebee.billing.terms import begin_term, recount, settle_end, take_up_changes, term_end
from billbridge_sandbox.chargebee.store.invoices import Invoice
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site, moment
from billbridge_sandbox.chargebee.store.subscriptions import Subscription


def pause(site: Site, subscription: Subscription) -> None:
    """Pause a subscription now, until `resume_date` or without an end."""
    subscription.status, subscription.pause_date = "paused", site.now
    subscription.mrr = None
    settle_end(subscription)


def resume(site: Site, customer: Customer, stored: Subscription) -> tuple[Subscription, Invoice | None]:
    """Resume a paused subscription now, with the invoice of the new term if one begins. The caller schedules what comes next.

    Raises the refusal of a payment that fails; the subscription is as it was then.
    """
    resumed = replace(stored, status="active", pause_date=None, resume_date=None)

    def store() -> None:
        site.subscriptions.put(resumed.id, resumed)
        site.touch(resumed)

    if (resumed.current_term_end or 0) > site.now:
        recount(resumed)
        settle_end(resumed)
        store()
        return resumed, None
    if not _renews_at(resumed, site.now):
        resumed.anchor_day = moment(site.now).day
    take_up_changes(site, resumed)
    begin_term(resumed, site.now)
    return resumed, collect_now(site, customer, resumed, draw_up(site, customer, resumed, first=False), store)


def resume_on_time(site: Site, customer: Customer, subscription: Subscription) -> Subscription:
    """Resume a subscription at its `resume_date`; the subscription as it is now, paused without an end if it could not pay."""
    try:
        return resume(site, customer, subscription)[0]
    except Refusal:
        subscription.resume_date = None
        settle_end(subscription)
        return subscription


def after_cycles(subscription: Subscription, cycles: int) -> int:
    """The moment at which `cycles` terms after the current one would have ended."""
    when = subscription.current_term_end or 0
    for _ in range(cycles):
        when = term_end(subscription, when)
    return when


def _renews_at(subscription: Subscription, when: int) -> bool:
    """Whether a term would have ended at `when`, had the subscription not been paused."""
    end = subscription.current_term_end or when
    while end < when:
        end = term_end(subscription, end)
    return end == when
