"""Reading when a subscription starts, when its trial ends, for how many terms it runs and how its invoice is dated.

The limits are those of the API reference: a start in the past goes back at most one billing period; an invoice is dated back at most one
month and not before the start. Choices where it is silent: `billing_cycles=0` means no limit; a trial that would have ended before now is
over, and the first term begins at its end.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import incompatible, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, whole
from billbridge_sandbox.chargebee.billing.terms import activate, begin_trial
from billbridge_sandbox.chargebee.store.catalog import ItemPrice
from billbridge_sandbox.chargebee.store.site import Site, moment
from billbridge_sandbox.chargebee.store.subscriptions import Subscription
from billbridge_sandbox.kernel.calendar import add_interval


def cycles(ask: Ask, plan: ItemPrice) -> int | None:
    """For how many terms it runs: as asked, else as the plan's item price says; None without an end."""
    asked = ask.get("billing_cycles", whole(0, 1000))
    return plan.billing_cycles if asked is None else asked or None


def after(start: int, unit: str, count: int) -> int:
    """The moment `count` units after `start`; before it when `count` is negative."""
    begin = moment(start)
    return int(add_interval(begin, unit, count, begin.day).timestamp())


def past(site: Site, ask: Ask, name: str, plan: ItemPrice) -> int | None:
    """A moment in the past that a call takes effect at; None when none was sent or it is not in the past."""
    date = ask.get(name, whole())
    if date is None or date >= site.now:
        return None
    if not site.settings.backdating_enabled:
        raise incompatible(f"{name} : backdating is not enabled for this site", name)
    if date < after(site.now, plan.period_unit or "month", -(plan.period or 1)):
        raise wrong_value(name, "should not be more than one billing period in the past")
    return int(date)


def invoice_date(site: Site, ask: Ask, start: int) -> int:
    """The date of the invoice that the call raises: now, or a moment of the last month that was sent."""
    date = ask.get("invoice_date", whole())
    if date is None:
        return site.now
    if not max(start, after(site.now, "month", -1)) <= date < site.now:
        raise wrong_value("invoice_date", "should be in the past, not before the start, and at most one month ago")
    return int(date)


def begin(site: Site, subscription: Subscription, start: int, trial_end: int | None) -> bool:
    """Begin the trial or the first term at `start`, which is not in the future. True when a term has begun, which must be billed."""
    if trial_end is not None and trial_end > site.now:
        begin_trial(subscription, start, trial_end)
        return False
    if trial_end is not None:
        begin_trial(subscription, start, trial_end)
    activate(subscription, start if trial_end is None else trial_end)
    return True
