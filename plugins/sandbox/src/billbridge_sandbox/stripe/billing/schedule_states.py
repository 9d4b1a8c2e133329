"""How a subscription schedule ends: completed, released or canceled. It bills nothing and changes no item."""

from __future__ import annotations

from billbridge_sandbox.stripe.store.account import Account, Json


def close(account: Account, schedule: Json, status: str) -> None:
    """End a schedule now: "completed", "released" or "canceled". A released one lets go of its subscription."""
    account.unschedule(schedule["id"])
    if schedule["subscription"] is not None:
        account.find("subscription", schedule["subscription"])["schedule"] = None
    schedule.update(status=status, current_phase=None)
    schedule[f"{status}_at"] = account.now
    if status == "released":
        schedule.update(released_subscription=schedule["subscription"], subscription=None)


def subscription_ended(account: Account, subscription: Json) -> None:
    """The subscription of a schedule ended: as planned by its last phase, or before."""
    if subscription["schedule"] is not None:
        schedule = account.find("subscription_schedule", subscription["schedule"])
        planned = schedule["end_behavior"] == "cancel" and schedule["phases"][-1]["end_date"] <= account.now
        close(account, schedule, "completed" if planned else "canceled")
