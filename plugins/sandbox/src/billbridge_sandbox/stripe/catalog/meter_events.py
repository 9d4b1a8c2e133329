"""Meter events, their cancellation and their summaries: what metered prices are billed from. The v2 event stream is not simulated.

An event counts at once; Stripe counts it a little later. An event without a customer or a number is accepted and never counted, as at
Stripe, which reports it in another way (docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api).
Choices where the documents are silent: an event belongs to the meter that is active when it comes; a cancellation counts at once;
its refusals are errors of `cancel[identifier]`; an identifier stays taken after its event was cancelled.
"""

from __future__ import annotations

import re
from decimal import Decimal

from billbridge_sandbox.stripe.api.errors import invalid, missing
from billbridge_sandbox.stripe.api.params import EXPAND, Params, choice, integer, mapping, text
from billbridge_sandbox.stripe.endpoints.endpoint import Endpoint
from billbridge_sandbox.stripe.endpoints.lists import LIST, page
from billbridge_sandbox.stripe.store.account import Account, Json

_MINUTE = 60
_DAY = 24 * 60 * 60
_OLDEST = 35 * _DAY
_NEWEST = 5 * 60
_LONGEST = 100
_WINDOWS = {"hour": 60 * 60, "day": _DAY}
_KIND = "billing.meter_event"
_EVENT = Params(
    {**EXPAND, "event_name": text, "identifier": text, "payload": mapping(text, lambda key, name: key), "timestamp": integer},
    required=("event_name", "payload"),
)
_ADJUSTMENT = Params(
    {**EXPAND, "event_name": text, "type": choice("cancel"), "cancel": Params({"identifier": text})}, required=("event_name", "type")
)
_SUMMARIES = Params(
    {**LIST, "customer": text, "end_time": integer, "start_time": integer, "value_grouping_window": choice("day", "hour")},
    required=("customer", "end_time", "start_time"),
)


def _send(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Create a meter event. An identifier is refused for 24 hours after its use (Stripe promises "at least" as much)."""
    meter = _active(account, args["event_name"])
    when = args.get("timestamp", account.now)
    if not account.now - _OLDEST <= when <= account.now + _NEWEST:
        raise invalid("The timestamp must be within the past 35 days and at most 5 minutes in the future.", param="timestamp")
    identifier = args.get("identifier") or account.ids.next("mtrev_", 24)
    if len(identifier) > _LONGEST:
        raise invalid(f"Invalid string: must be at most {_LONGEST} characters", param="identifier")
    known = account.tables[_KIND].get(identifier)
    if known is not None and account.now - known["created"] < _DAY:
        raise invalid(f"An event already exists with identifier {identifier}.", param="identifier")
    event: Json = {
        "object": _KIND,
        "created": account.now,
        "event_name": args["event_name"],
        "identifier": identifier,
        "livemode": False,
        "payload": args["payload"],
        "timestamp": when,
    }
    customer = args["payload"].get(meter["customer_mapping"]["event_payload_key"])
    counted = _counted(account, meter, customer)
    counted[f"{identifier} {account.now}"] = event
    return account.tables[_KIND].put(identifier, event)


def _cancel(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Cancel an event that was received within the last 24 hours, so that it counts no more."""
    meter = _active(account, args["event_name"])
    identifier = args.get("cancel", {}).get("identifier")
    if identifier is None:
        raise missing("cancel[identifier]")
    event = account.tables[_KIND].get(identifier)
    if event is None or event["event_name"] != args["event_name"]:
        raise invalid(f"No event found with identifier {identifier}.", param="cancel[identifier]")
    if account.now - event["created"] >= _DAY:
        raise invalid("You can only cancel events within 24 hours of Stripe receiving them.", param="cancel[identifier]")
    customer = event["payload"].get(meter["customer_mapping"]["event_payload_key"])
    if _counted(account, meter, customer).pop(f"{identifier} {event['created']}", None) is None:
        raise invalid(f"The event with identifier {identifier} was already cancelled.", param="cancel[identifier]")
    return {
        "object": "billing.meter_event_adjustment",
        "cancel": {"identifier": identifier},
        "event_name": args["event_name"],
        "livemode": False,
        "status": "pending",
        "type": "cancel",
    }


def _active(account: Account, event_name: str) -> Json:
    found = account.where("billing.meter", event_name=event_name, status="active")
    if not found:
        raise invalid(f"No active meter found for the event name '{event_name}'.", param="event_name")
    return found[0]


def _counted(account: Account, meter: Json, customer: str | None) -> dict[str, Json]:
    """The events of a customer that a meter counts. They are kept apart, so that a renewal does not search all events."""
    return account.kept("billing.meter", f"{meter['id']} {customer}")


def usage(account: Account, meter: Json, customer: str, window: tuple[int, int]) -> Decimal:
    """What a customer used from the window's start until before its end, aggregated as the meter says; 0 without events."""
    valued = meter["value_settings"]["event_payload_key"]
    events = [event for event in _counted(account, meter, customer).values() if window[0] <= event["timestamp"] < window[1]]
    values = [_number(event["payload"].get(valued)) for event in sorted(events, key=lambda event: int(event["timestamp"]))]
    counted = [value for value in values if value is not None]
    formulas = {"count": lambda: Decimal(len(counted)), "last": lambda: counted[-1], "sum": lambda: sum(counted, Decimal(0))}
    return formulas[meter["default_aggregation"]["formula"]]() if counted else Decimal(0)


def _number(shown: str | None) -> Decimal | None:
    return Decimal(shown) if shown is not None and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", shown) else None


def _summaries(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """One row for the whole time asked for, or one for each hour or day of it, newest first; at most a year of days.

    Both times must be whole minutes, or whole hours or UTC days where those are asked for.
    """
    meter = account.at_path("billing.meter", ids)
    account.find("customer", args["customer"], "customer")
    start, end = args["start_time"], args["end_time"]
    if not start < end:
        raise invalid("start_time must be before end_time.", param="start_time")
    window = args.get("value_grouping_window")
    for param in ("start_time", "end_time"):
        if args[param] % (_WINDOWS[window] if window else _MINUTE):
            raise invalid(f"{param} must be aligned with {window or 'minute'} boundaries.", param=param)
    step: int = _WINDOWS[window] if window else end - start
    if (end - start) // step > 366 * 24:
        raise invalid("The time asked for has too many windows.", param="end_time")
    rows = [_summary(account, meter, args["customer"], (at, min(at + step, end))) for at in range(start, end, step)]
    return page(rows[::-1], args, f"/v1/billing/meters/{meter['id']}/event_summaries", "meter event summary")


def _summary(account: Account, meter: Json, customer: str, window: tuple[int, int]) -> Json:
    return {
        "id": f"mtrusg_{meter['id']}_{window[0]}",
        "object": "billing.meter_event_summary",
        "aggregated_value": float(usage(account, meter, customer, window)),
        "end_time": window[1],
        "livemode": False,
        "meter": meter["id"],
        "start_time": window[0],
    }


ENDPOINTS = [
    Endpoint("GET", "/v1/billing/meters/{id}/event_summaries", _SUMMARIES, _summaries, "billing.meter_event_summary[]"),
    Endpoint("POST", "/v1/billing/meter_events", _EVENT, _send, "billing.meter_event"),
    Endpoint("POST", "/v1/billing/meter_event_adjustments", _ADJUSTMENT, _cancel, "billing.meter_event_adjustment"),
]
