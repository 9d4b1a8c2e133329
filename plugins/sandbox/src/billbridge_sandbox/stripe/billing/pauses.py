"""What a pause and a resumption change on a subscription. The endpoints are in `subscriptions.pausing`, the jobs in `lifecycle`.

A resumption that waits for its invoice is kept beside the subscription, which shows its new periods only when it has resumed.
"""

from __future__ import annotations

from typing import NamedTuple

from billbridge_sandbox.stripe.billing import debits
from billbridge_sandbox.stripe.billing.periods import anchor_day, next_boundary
from billbridge_sandbox.stripe.endpoints.lists import envelope
from billbridge_sandbox.stripe.store.account import Account, Json

# A resumption invoice that nobody pays is voided after this time, and the subscription stays paused.
RESUMPTION_SECONDS = 23 * 60 * 60


class Resumption(NamedTuple):
    """The billing anchor and the periods of the items, by item id, that a paused subscription gets when it resumes."""

    anchor: int
    periods: dict[str, tuple[int, int]]
    on_success: bool
    invoice: str


def suspend(account: Account, subscription: Json, reason: str) -> None:
    """Pause a subscription now: its items' periods end, and no further invoice is raised."""
    for item in subscription["items"]["data"]:
        item["current_period_end"] = account.now
    subscription["status"] = "paused"
    subscription["status_details"] = {
        "paused": {"subscription": {"type": reason}, "transitioned_at": account.now, "type": "subscription"},
    }


def planned(account: Account, subscription: Json, moment: int, keep_anchor: bool, on_success: bool) -> Resumption:
    """The resumption at `moment`: periods begin there and end where the kept or the new billing anchor wants."""
    anchor: int = subscription["billing_cycle_anchor"] if keep_anchor else account.now
    begin = moment if keep_anchor else account.now
    day = anchor_day(subscription) if keep_anchor else None
    items = subscription["items"]["data"]
    periods = {item["id"]: (begin, next_boundary(begin, item["price"]["recurring"], anchor, day)) for item in items}
    return Resumption(anchor, periods, on_success, "")


def resumed(subscription: Json, plan: Resumption) -> Json:
    """A copy of the subscription as it will be after the resumption, to draft its invoice."""
    items = [
        {**item, "current_period_start": plan.periods[item["id"]][0], "current_period_end": plan.periods[item["id"]][1]}
        for item in subscription["items"]["data"]
    ]
    return {**subscription, "items": envelope(items, subscription["items"]["url"])}


def wait_for(account: Account, subscription: Json, plan: Resumption) -> None:
    """Keep a resumption until its invoice is settled."""
    account.kept("subscription", subscription["id"])["resumption"] = plan


def waiting(account: Account, invoice: Json, subscription: Json) -> Resumption | None:
    """The resumption that waits for this invoice, or None."""
    plan: Resumption | None = account.kept("subscription", subscription["id"]).get("resumption")
    return plan if plan is not None and plan.invoice == invoice["id"] else None


def give_up(account: Account, subscription: Json) -> None:
    """Forget a resumption whose invoice was voided, and what it billed: the subscription stays paused."""
    account.kept("subscription", subscription["id"]).pop("resumption", None)
    for item in subscription["items"]["data"]:
        debits.clear(account, item)


def complete(account: Account, subscription: Json, plan: Resumption, status: str = "active") -> None:
    """Resume: the subscription gets its new anchor and periods. An item that was added while it waited gets the first item's period."""
    account.kept("subscription", subscription["id"]).pop("resumption", None)
    first = next(iter(plan.periods.values()))
    for item in subscription["items"]["data"]:
        item["current_period_start"], item["current_period_end"] = plan.periods.get(item["id"], first)
    if subscription["billing_cycle_anchor"] != plan.anchor:
        subscription.update(billing_cycle_anchor=plan.anchor, billing_cycle_anchor_config=None)
    subscription["status"] = status
    subscription.pop("status_details", None)
