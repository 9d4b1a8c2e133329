"""Where the billing periods of a new subscription begin: a chosen anchor, a day of the month, a start in the past.

From docs.stripe.com/billing/subscriptions/billing-cycle and .../backdating: the time until the anchor costs its part of the price; a start
in the past is billed for each of its periods, which are counted from the start. Our choices: the current period of a backdated
subscription with a later anchor is the last of these periods; `billing_cycle_anchor_config[month]` chooses among the dates that are less
than one interval away.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime
from typing import NamedTuple

from billbridge_sandbox.stripe.api.errors import exclusive, invalid, not_simulated
from billbridge_sandbox.stripe.api.params import Params, between
from billbridge_sandbox.stripe.billing.periods import next_boundary, period_end
from billbridge_sandbox.stripe.store.account import Account, Json

ANCHOR_CONFIG = Params(
    {
        "day_of_month": between(1, 31),
        "hour": between(0, 23),
        "minute": between(0, 59),
        "month": between(1, 12),
        "second": between(0, 59),
    },
    required=("day_of_month",),
)
_MOST_LINES = 250
_LONGEST_AGO = 20 * 365 * 24 * 60 * 60
_CLOCK = ("hour", "minute", "second")


class Periods(NamedTuple):
    """The first periods of a subscription, in Unix seconds: earlier ones to bill, and the current one.

    `counted_from` is the time from which whole periods count when a part of one is billed; None means the anchor.
    """

    anchor: int
    earlier: list[tuple[int, int]]
    current: tuple[int, int]
    counted_from: int | None = None


def first_periods(account: Account, args: Json, recurring: Json) -> Periods:
    """The periods that the arguments of a creation ask for. Raises StripeError for an anchor or a start that cannot be."""
    now = account.now
    chosen = _chosen_anchor(account, args, recurring)
    begin: int | None = args.get("backdate_start_date")
    if begin is None:
        return Periods(chosen or now, [], (now, chosen or period_end(now, recurring, now)))
    spans = _spans(begin, chosen or now, recurring)
    if chosen is None:
        return Periods(now, spans, (now, period_end(now, recurring, now)), begin)
    return Periods(chosen, spans[:-1], spans[-1], begin)


def check(account: Account, args: Json, trial: bool) -> None:
    """Refuse anchors and starts that exclude each other, lie on the wrong side of now, or are not simulated together."""
    if "billing_cycle_anchor" in args and "billing_cycle_anchor_config" in args:
        raise exclusive("billing_cycle_anchor", "billing_cycle_anchor_config")
    if "billing_cycle_anchor" in args and args["billing_cycle_anchor"] <= account.now:
        raise invalid("`billing_cycle_anchor` must be a Unix timestamp in the future.", param="billing_cycle_anchor")
    begin = args.get("backdate_start_date")
    if begin is not None and not account.now - _LONGEST_AGO <= begin < account.now:
        raise invalid("`backdate_start_date` must be a Unix timestamp in the past, at most 20 years ago.", param="backdate_start_date")
    for name in ("billing_cycle_anchor", "billing_cycle_anchor_config"):
        if trial and name in args:
            raise not_simulated(f"{name} together with a trial", name)
    if begin is not None and args.get("proration_behavior") != "none":
        if trial:
            raise not_simulated("backdate_start_date together with a trial; send proration_behavior=none", "backdate_start_date")
        if args.get("billing_mode", {}).get("type") == "classic":
            raise not_simulated("backdate_start_date in classic billing mode; send proration_behavior=none", "backdate_start_date")


def _chosen_anchor(account: Account, args: Json, recurring: Json) -> int | None:
    anchor: int | None = args.get("billing_cycle_anchor")
    if "billing_cycle_anchor_config" in args:
        anchor = _configured(account, args["billing_cycle_anchor_config"], recurring)
    natural = period_end(account.now, recurring, account.now)
    if anchor is not None and anchor > natural:
        message = f"`billing_cycle_anchor` cannot be later than the next natural billing date ({natural}) for this price."
        raise invalid(message, param="billing_cycle_anchor")
    return anchor


def _configured(account: Account, config: Json, recurring: Json) -> int:
    """The next time of the configured day; with a month, the next one that is whole intervals away from that month."""
    if recurring["interval"] not in ("month", "year"):
        message = "`billing_cycle_anchor_config` is only valid for monthly and yearly prices."
        raise invalid(message, param="billing_cycle_anchor_config")
    now = datetime.fromtimestamp(account.now, UTC)
    clock = {name: config.get(name, getattr(now, name)) for name in _CLOCK}
    day: int = config["day_of_month"]
    month = config.get("month", now.month)
    year = now.year - 1
    first = datetime(year, month, min(day, monthrange(year, month)[1]), **clock, tzinfo=UTC)
    each = recurring if "month" in config else {"interval": "month", "interval_count": 1}
    return next_boundary(account.now, each, int(first.timestamp()), day)


def _spans(begin: int, until: int, recurring: Json) -> list[tuple[int, int]]:
    """The periods from a start in the past on; the last one is cut off."""
    found: list[tuple[int, int]] = []
    start = begin
    while start < until:
        if len(found) == _MOST_LINES:
            raise invalid(f"The start is too long ago: an invoice has {_MOST_LINES} lines at most.", param="backdate_start_date")
        end = next_boundary(start, recurring, begin)
        found.append((start, min(end, until)))
        start = end
    return found
