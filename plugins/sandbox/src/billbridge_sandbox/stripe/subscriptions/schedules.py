"""Subscription schedules: the endpoints, and the clock's jobs that begin a schedule and take it from phase to phase.

From docs.stripe.com/billing/subscriptions/subscription-schedules: a schedule creates its subscription when it starts, or takes over one
that exists. At the end of its last phase it releases or cancels the subscription. The first invoice of a subscription that a schedule
creates is a draft for an hour, as a renewal's is. Not simulated: `end_behavior` none and renew, schedules of pauses, phases that are over
at the start. Our choice: a schedule that cannot start, because its customer is gone or has another currency, is canceled.
"""

from __future__ import annotations

from functools import partial

from billbridge_sandbox.stripe.api.errors import StripeError, exclusive, invalid, missing, not_simulated
from billbridge_sandbox.stripe.api.params import patched
from billbridge_sandbox.stripe.billing import lifecycle
from billbridge_sandbox.stripe.billing.schedule_states import close
from billbridge_sandbox.stripe.customers.customers import living
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import in_range, matching, page
from billbridge_sandbox.stripe.store.account import Account, Json
from billbridge_sandbox.stripe.subscriptions import changes, creation, phases
from billbridge_sandbox.stripe.subscriptions.schedule_object import PLAIN, new_phase, new_schedule, phase_item
from billbridge_sandbox.stripe.subscriptions.schedule_params import CANCEL, CREATE, LIST, RELEASE, UPDATE

_KIND = "subscription_schedule"
_FARTHEST = 20 * 365 * 24 * 60 * 60


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    _check_settings(args)
    if "from_subscription" in args:
        return _create_from(account, args)
    for name in ("customer", "phases", "start_date"):
        if not args.get(name):
            raise missing(name)
    customer = living(account, args["customer"], "customer", 404)
    start = account.now if args["start_date"] == "now" else args["start_date"]
    if abs(start - account.now) > _FARTHEST:
        raise invalid("`start_date` can be at most 20 years from now.", param="start_date")
    schedule = new_schedule(
        account.ids.next("sub_sched_", 24), account.now, customer["id"], args.get("billing_mode", {}).get("type", "flexible"), args
    )
    schedule["phases"] = phases.parsed(account, args["phases"], start, None)
    if schedule["phases"][0]["end_date"] <= account.now:
        raise not_simulated("a schedule whose first phase is over", "start_date")
    if start <= account.now:
        _begin(account, schedule)
    else:
        account.schedule(schedule["id"], start, partial(_begin_by_time, account, schedule))
    return account.put(schedule)


def _check_settings(args: Json) -> None:
    if args.get("end_behavior") in ("none", "renew"):
        raise not_simulated(f"end_behavior={args['end_behavior']}", "end_behavior")


def _create_from(account: Account, args: Json) -> Json:
    """A schedule with one phase, the current period of an existing subscription."""
    for name in ("billing_mode", "customer", "default_settings", "end_behavior", "phases", "start_date"):
        if name in args:
            raise exclusive(name, "from_subscription")
    subscription = account.find("subscription", args["from_subscription"], "from_subscription")
    if subscription["ended_at"] is not None or subscription["status"] == "incomplete":
        message = f"You cannot migrate a subscription that is in the `{subscription['status']}` status."
        raise invalid(message, param="from_subscription")
    if subscription["schedule"] is not None:
        message = f"You cannot migrate a subscription that is already attached to a schedule: `{subscription['schedule']}`."
        raise invalid(message, param="from_subscription")
    schedule = new_schedule(
        account.ids.next("sub_sched_", 24), account.now, subscription["customer"], subscription["billing_mode"]["type"], args
    )
    schedule["default_settings"].update({name: subscription[name] for name in PLAIN[1:]})
    schedule["default_settings"]["invoice_settings"]["days_until_due"] = subscription["days_until_due"]
    items = subscription["items"]["data"]
    period = (items[0]["current_period_start"], subscription["cancel_at"] or min(item["current_period_end"] for item in items))
    given = {"discounts": [{"discount": id} for id in subscription["discounts"]], "metadata": subscription["metadata"]}
    trial_end = subscription["trial_end"] if subscription["status"] == "trialing" else None
    schedule["phases"] = [new_phase(given, subscription["currency"], period, trial_end, [phase_item(item) for item in items])]
    schedule["end_behavior"] = "release" if subscription["cancel_at"] is None else "cancel"
    account.put(schedule)
    _attach(account, schedule, subscription)
    return schedule


def _attach(account: Account, schedule: Json, subscription: Json) -> None:
    schedule.update(status="active", subscription=subscription["id"])
    subscription["schedule"] = schedule["id"]
    _run(account, schedule, schedule["phases"][0])


def _begin(account: Account, schedule: Json) -> None:
    """Create the subscription of a schedule that starts now. Raises StripeError, with nothing stored, if it cannot be created."""
    subscription = creation.create(account, phases.start_args(schedule, account.now), lifecycle.SCHEDULED)
    _attach(account, schedule, subscription)


def _begin_by_time(account: Account, schedule: Json) -> None:
    try:
        _begin(account, schedule)
    except StripeError:
        close(account, schedule, "canceled")


def _run(account: Account, schedule: Json, phase: Json) -> None:
    """Let a phase be the current one, and wait for its end.

    The subscription's own job is scheduled again after the schedule's, so that at one moment the next phase comes before the renewal.
    """
    schedule["current_phase"] = {"start_date": phase["start_date"], "end_date": phase["end_date"]}
    account.schedule(schedule["id"], phase["end_date"], partial(_end_phase, account, schedule))
    subscription = account.find("subscription", schedule["subscription"])
    if subscription["ended_at"] is None:
        lifecycle.plan_next(account, subscription)


def _end_phase(account: Account, schedule: Json) -> None:
    """Enter the next phase. After the last one release the subscription, unless its own job cancels it at this moment."""
    following = [phase for phase in schedule["phases"] if phase["start_date"] >= schedule["current_phase"]["end_date"]]
    if following:
        phases.enter(account, schedule, following[0], following[0]["proration_behavior"])
        _run(account, schedule, following[0])
    elif schedule["end_behavior"] == "release":
        close(account, schedule, "released")


def _plan_end(account: Account, schedule: Json, args: Json) -> None:
    """Write on the subscription when its schedule cancels it, or that it does not."""
    subscription = account.find("subscription", schedule["subscription"])
    end = schedule["phases"][-1]["end_date"] if schedule["end_behavior"] == "cancel" else None
    if end != subscription["cancel_at"]:
        subscription.update(cancel_at=end, cancel_at_period_end=False, canceled_at=None if end is None else account.now)
        changes.follow_end(account, subscription, args)
        lifecycle.plan_next(account, subscription)


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    schedule = _open(account, ids, "update")
    _check_settings(args)
    running = phases.current(schedule)
    found = _changed_phases(account, schedule, running, args["phases"]) if "phases" in args else schedule["phases"]
    schedule["metadata"] = patched(schedule["metadata"], args.get("metadata", {}))
    given = args.get("default_settings", {})
    schedule["default_settings"].update({name: given[name] for name in PLAIN if name in given})
    schedule["default_settings"]["invoice_settings"].update(given.get("invoice_settings", {}))
    schedule["end_behavior"] = args.get("end_behavior", schedule["end_behavior"])
    schedule["phases"] = found
    if running is None:
        account.schedule(schedule["id"], found[0]["start_date"], partial(_begin_by_time, account, schedule))
        if found[0]["start_date"] == account.now:
            _begin(account, schedule)
        return schedule
    if "phases" in args:
        phase = next(phase for phase in found if phase["start_date"] == running["start_date"])
        phases.enter(account, schedule, phase, args.get("proration_behavior", "create_prorations"))
        _run(account, schedule, phase)
    _plan_end(account, schedule, args)
    if schedule["current_phase"]["end_date"] <= account.now:
        _end_phase(account, schedule)
    return schedule


def _open(account: Account, ids: dict[str, str], verb: str) -> Json:
    """The schedule that the path names. Raises StripeError for one that is over."""
    schedule = account.at_path(_KIND, ids)
    if schedule["status"] not in ("active", "not_started"):
        message = (
            f"You cannot {verb} a subscription schedule that is currently in the `{schedule['status']}` status."
            " It must be in the `not_started` or `active` status."
        )
        raise invalid(message)
    return schedule


def _changed_phases(account: Account, schedule: Json, running: Json | None, given: list[Json]) -> list[Json]:
    """All phases after an update. Past phases stay as they were, whether the request names them or not."""
    if not given:
        raise invalid("A subscription schedule must have at least one phase.", param="phases")
    if "start_date" not in given[0]:
        raise missing("phases[0][start_date]")
    if running is None:
        start = account.now if given[0]["start_date"] == "now" else given[0]["start_date"]
        if not account.now <= start <= account.now + _FARTHEST:
            raise invalid("`start_date` must not be in the past, and at most 20 years from now.", param="phases[0][start_date]")
        return phases.parsed(account, given, start, None)
    begin = running["start_date"]
    past = [phase for phase in schedule["phases"] if phase["start_date"] < begin]
    ends = [phase["end_date"] for phase in past]
    kept = [row for row in given if row.get("end_date") not in ends]
    if not kept or kept[0].get("start_date", begin) != begin:
        message = "You can not modify the start date of the current phase, and it must be among the phases."
        raise invalid(message, param="phases[0][start_date]")
    return [*past, *phases.parsed(account, kept, begin, running["currency"])]


def _release(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Let go of the subscription. What the schedule planned as its end is taken back, unless it is to stay."""
    schedule = _open(account, ids, "release")
    id = schedule["subscription"]
    close(account, schedule, "released")
    if id is not None and schedule["end_behavior"] == "cancel" and not args.get("preserve_cancel_date"):
        subscription = account.find("subscription", id)
        subscription.update(cancel_at=None, cancel_at_period_end=False, canceled_at=None)
        changes.follow_end(account, subscription, {})
        lifecycle.plan_next(account, subscription)
    return schedule


def _cancel(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Cancel a schedule and, if it has started, its subscription, with a last invoice and prorated unless the request says otherwise."""
    schedule = _open(account, ids, "cancel")
    if schedule["subscription"] is None:
        close(account, schedule, "canceled")
    else:
        subscription = account.find("subscription", schedule["subscription"])
        changes.cancel_now(account, subscription, {"invoice_now": args.get("invoice_now", True), "prorate": args.get("prorate", True)})
    return schedule


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path(_KIND, ids)


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    if "customer" in args and args["customer"] not in account.deleted_customers:
        account.find("customer", args["customer"], "customer")
    rows = [row for row in matching(account.where(_KIND), args, "customer") if _is_asked(row, args)]
    return page(rows, args, "/v1/subscription_schedules", _KIND)


def _is_asked(schedule: Json, args: Json) -> bool:
    times = ("canceled_at", "completed_at", "released_at")
    return all(in_range(schedule[name], args.get(name)) for name in times) and (
        not args.get("scheduled") or schedule["status"] == "not_started"
    )


ENDPOINTS = [
    Endpoint("POST", "/v1/subscription_schedules", CREATE, _create, _KIND),
    Endpoint("GET", "/v1/subscription_schedules", LIST, _list, f"{_KIND}[]"),
    Endpoint("GET", "/v1/subscription_schedules/{id}", ONLY_EXPAND, _retrieve, _KIND),
    Endpoint("POST", "/v1/subscription_schedules/{id}", UPDATE, _update, _KIND),
    Endpoint("POST", "/v1/subscription_schedules/{id}/cancel", CANCEL, _cancel, _KIND),
    Endpoint("POST", "/v1/subscription_schedules/{id}/release", RELEASE, _release, _KIND),
]
