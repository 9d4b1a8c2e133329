"""The phases of subscription schedules: read from a request, and entered when their time has come.

Our choices where no document tells: a last phase without an end lasts one interval of its first price. A phase keeps an item with the same
price, and gives its other prices to the remaining items in their order. A coupon that a phase shares with the subscription goes on; one
that can no longer be redeemed is left out.
"""

from __future__ import annotations

from datetime import UTC, datetime

from billbridge_sandbox.stripe.api.errors import StripeError, exclusive, invalid, missing
from billbridge_sandbox.stripe.api.params import patched
from billbridge_sandbox.stripe.billing import discounts
from billbridge_sandbox.stripe.billing.periods import period_end
from billbridge_sandbox.stripe.store.account import Account, Json
from billbridge_sandbox.stripe.subscriptions import changes
from billbridge_sandbox.stripe.subscriptions.items import check_together, item_of, new_item
from billbridge_sandbox.stripe.subscriptions.schedule_object import new_phase, phase_item

_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}
_FARTHEST_DAYS = 20 * 365
_DAY = 24 * 60 * 60


def parsed(account: Account, given: list[Json], start: int, currency: str | None) -> list[Json]:
    """The phases of a request, one after the other from `start` on. Raises StripeError for what cannot be a phase."""
    found: list[Json] = []
    day = datetime.fromtimestamp(start, UTC).day
    for index, phase in enumerate(given):
        param = f"phases[{index}]"
        begin = found[-1]["end_date"] if found else start
        if _moment(account, phase.get("start_date") or begin) != begin:
            raise invalid("A phase must start where the phase before it ends.", param=f"{param}[start_date]")
        rows = phase["items"]
        items = [new_item(account, "", row, f"{param}[items][{number}]", (begin, begin)) for number, row in enumerate(rows)]
        code = phase.get("currency") or currency or next((item["price"]["currency"] for item in items), "")
        check_together(account, items, code)
        end = _end(account, phase, begin, day, items[0] if index == len(given) - 1 else None, param)
        _check_discounts(account, phase.get("discounts") or [], param)
        period = (begin, end)
        found.append(new_phase(phase, code, period, _trial_end(account, phase, period, param), [phase_item(item) for item in items]))
        currency = code
    return found


def _moment(account: Account, given: int | str) -> int:
    return account.now if isinstance(given, str) else given


def _end(account: Account, phase: Json, begin: int, day: int, last: Json | None, param: str) -> int:
    """Where a phase ends. `last` is the first item of the last phase, which needs no end."""
    if "end_date" in phase and "duration" in phase:
        raise exclusive(f"{param}[end_date]", f"{param}[duration]")
    if "end_date" in phase:
        end = _moment(account, phase["end_date"])
    else:
        duration = phase.get("duration") or (last and last["price"]["recurring"])
        if duration is None:
            raise missing(f"{param}[duration]")
        count = duration.get("interval_count", 1)
        too_far = _DAYS[duration["interval"]] * count > _FARTHEST_DAYS
        end = 0 if too_far else period_end(begin, {"interval": duration["interval"], "interval_count": count}, begin, day)
    if not begin < end <= account.now + _FARTHEST_DAYS * _DAY:
        raise invalid("A phase must end after its start, and at most 20 years from now.", param=f"{param}[end_date]")
    return end


def _trial_end(account: Account, phase: Json, period: tuple[int, int], param: str) -> int | None:
    if phase.get("trial"):
        if _moment(account, phase.get("trial_end", period[1])) != period[1]:
            raise invalid("With `trial=true`, `trial_end` must match the end of the phase.", param=f"{param}[trial_end]")
        return period[1]
    if "trial_end" not in phase:
        return None
    end = _moment(account, phase["trial_end"])
    if not period[0] <= end <= period[1]:
        raise invalid("`trial_end` must be within its phase.", param=f"{param}[trial_end]")
    return end


def _check_discounts(account: Account, given: list[Json], param: str) -> None:
    for number, entry in enumerate(given):
        where = f"{param}[discounts][{number}]"
        if len(entry) != 1:
            raise exclusive(*(f"{where}[{name}]" for name in entry)) if entry else missing(f"{where}[coupon]")
        for kind, id in entry.items():
            account.find(kind, id, f"{where}[{kind}]")


def start_args(schedule: Json, now: int) -> Json:
    """The arguments that create the subscription of a schedule's first phase. A start in the past is billed as `backdate_start_date` is."""
    phase = schedule["phases"][0]
    plain = {name: _setting(schedule, phase, name) for name in ("collection_method", "default_payment_method", "description")}
    due = _days_until_due(schedule, phase)
    return {
        "billing_mode": {"type": schedule["billing_mode"]["type"]},
        "currency": phase["currency"],
        "customer": schedule["customer"],
        "discounts": [{name: id for name, id in row.items() if id is not None} for row in phase["discounts"]],
        "items": [{name: row[name] for name in ("metadata", "price", "quantity") if name in row} for row in phase["items"]],
        "metadata": phase["metadata"],
        "proration_behavior": phase["proration_behavior"],
        **{name: value for name, value in plain.items() if value is not None},
        **({} if due is None else {"days_until_due": due}),
        **({"backdate_start_date": phase["start_date"]} if phase["start_date"] < now else {}),
        **({"cancel_at": schedule["phases"][-1]["end_date"]} if schedule["end_behavior"] == "cancel" else {}),
        **({} if phase["trial_end"] is None else {"trial_end": phase["trial_end"]}),
    }


def _setting(schedule: Json, phase: Json, name: str) -> str | None:
    found: str | None = phase[name] or schedule["default_settings"][name]
    return found


def _days_until_due(schedule: Json, phase: Json) -> int | None:
    own = (phase["invoice_settings"] or {}).get("days_until_due")
    found: int | None = schedule["default_settings"]["invoice_settings"]["days_until_due"] if own is None else own
    return found


def enter(account: Account, schedule: Json, phase: Json, proration: str) -> None:
    """Give the schedule's subscription what a phase says: items, discounts, metadata, how it is collected."""
    subscription = account.find("subscription", schedule["subscription"])
    _apply_discounts(account, subscription, phase)
    subscription["metadata"] = {**subscription["metadata"], **phase["metadata"]}
    for name in ("collection_method", "default_payment_method", "description"):
        subscription[name] = _setting(schedule, phase, name) or subscription[name]
    subscription["days_until_due"] = _days_until_due(schedule, phase) if subscription["collection_method"] == "send_invoice" else None
    args: Json = {"proration_behavior": proration}
    if _setting(schedule, phase, "billing_cycle_anchor") == "phase_start":
        args["billing_cycle_anchor"] = {"type": "now"}
    changes.change_items(account, subscription, _items(account, subscription, phase), args)


def _items(account: Account, subscription: Json, phase: Json) -> list[Json]:
    """The subscription's items as a phase wants them, not stored."""
    current: list[Json] = subscription["items"]["data"]
    period = (current[0]["current_period_start"], current[0]["current_period_end"])
    wanted = {row["price"]: row for row in phase["items"]}
    free = [item for item in current if item["price"]["id"] not in wanted]
    kept = {item["price"]["id"]: item for item in current if item["price"]["id"] in wanted}
    found: list[Json] = []
    for id, row in wanted.items():
        before = kept.get(id) or (free.pop(0) if free else None)
        made = item_of(account, subscription["id"], account.find("price", id), row, period)
        if before is not None:
            made = {**made, "id": before["id"], "created": before["created"], "metadata": patched(before["metadata"], row["metadata"])}
        found.append(made)
    return found


def _apply_discounts(account: Account, subscription: Json, phase: Json) -> None:
    coupons = {account.find("discount", id)["source"]["coupon"]: id for id in subscription["discounts"]}
    asked: list[str] = []
    for row in phase["discounts"]:
        entry = {name: id for name, id in row.items() if id is not None}
        known = coupons.get(entry.get("coupon", ""), entry.get("discount"))
        if known is not None:
            asked += [known] if known in subscription["discounts"] else []
            continue
        try:
            ids, made = discounts.wanted(account, subscription, [entry])
        except StripeError:
            continue
        for discount in made:
            account.put(discount)
        discounts.redeem(account, made)
        asked += ids
    subscription["discounts"] = asked


def follow(account: Account, subscription: Json) -> None:
    """After a direct change of a subscription, show the change in the current phase of its schedule, if it has one."""
    schedule = subscription["schedule"] and account.find("subscription_schedule", subscription["schedule"])
    phase = schedule and current(schedule)
    if phase is not None:
        phase["items"] = [phase_item(item) for item in subscription["items"]["data"]]


def current(schedule: Json) -> Json | None:
    """The phase that is running."""
    running = schedule["current_phase"]
    return next((phase for phase in schedule["phases"] if running is not None and phase["start_date"] == running["start_date"]), None)
