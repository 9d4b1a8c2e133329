"""Meters and meter events: what metered prices are billed from. Adjustments and the v2 event stream are not simulated.

An event counts at once; Stripe counts it a little later. An event without a customer or a number is accepted and never counted, as at
Stripe, which reports it in another way (docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api).
"""

from __future__ import annotations

import re
from decimal import Decimal

from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.api.params import EXPAND, Params, choice, integer, mapping, text
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import LIST, matching, page
from billbridge_sandbox.stripe.store.account import Account, Json

_DAY = 24 * 60 * 60
_OLDEST = 35 * _DAY
_NEWEST = 5 * 60
_WINDOWS = {"hour": 60 * 60, "day": _DAY}
_CUSTOMER = "stripe_customer_id"
_CREATE = Params(
    {
        **EXPAND,
        "customer_mapping": Params({"event_payload_key": text, "type": choice("by_id")}, required=("event_payload_key", "type")),
        "default_aggregation": Params({"formula": choice("count", "last", "sum")}, required=("formula",)),
        "display_name": text,
        "event_name": text,
        "event_time_window": choice("day", "hour"),
        "value_settings": Params({"event_payload_key": text}, required=("event_payload_key",)),
    },
    required=("default_aggregation", "display_name", "event_name"),
)
_UPDATE = Params({**EXPAND, "display_name": text})
_LIST = Params({**LIST, "status": choice("active", "inactive")})
_EVENT = Params(
    {**EXPAND, "event_name": text, "identifier": text, "payload": mapping(text, lambda key, name: key), "timestamp": integer},
    required=("event_name", "payload"),
)
_SUMMARIES = Params(
    {**LIST, "customer": text, "end_time": integer, "start_time": integer, "value_grouping_window": choice("day", "hour")},
    required=("customer", "end_time", "start_time"),
)


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Create a meter. There is one active meter per event name."""
    _check_name_free(account, args["event_name"])
    meter: Json = {
        "id": account.ids.next("mtr_", 24),
        "object": "billing.meter",
        "created": account.now,
        "customer_mapping": args.get("customer_mapping", {"event_payload_key": _CUSTOMER, "type": "by_id"}),
        "default_aggregation": args["default_aggregation"],
        "display_name": args["display_name"],
        "event_name": args["event_name"],
        "event_time_window": args.get("event_time_window"),
        "livemode": False,
        "status": "active",
        "status_transitions": {"deactivated_at": None},
        "updated": account.now,
        "value_settings": args.get("value_settings", {"event_payload_key": "value"}),
    }
    return account.put(meter)


def _check_name_free(account: Account, name: str) -> None:
    if account.where("billing.meter", event_name=name, status="active"):
        raise invalid(f"An active meter already exists for the event name '{name}'.", param="event_name")


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    meter = account.at_path("billing.meter", ids)
    meter.update(display_name=args.get("display_name", meter["display_name"]), updated=account.now)
    return meter


def _deactivate(account: Account, args: Json, ids: dict[str, str]) -> Json:
    meter = account.at_path("billing.meter", ids)
    if meter["status"] == "inactive":
        raise invalid("This meter is already inactive.")
    meter.update(status="inactive", status_transitions={"deactivated_at": account.now}, updated=account.now)
    return meter


def _reactivate(account: Account, args: Json, ids: dict[str, str]) -> Json:
    meter = account.at_path("billing.meter", ids)
    if meter["status"] == "active":
        raise invalid("This meter is already active.")
    _check_name_free(account, meter["event_name"])
    meter.update(status="active", status_transitions={"deactivated_at": None}, updated=account.now)
    return meter


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path("billing.meter", ids)


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return page(matching(account.where("billing.meter"), args, "status"), args, "/v1/billing/meters", "meter")


def _send(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Create a meter event. An identifier is refused for 24 hours after its use (Stripe promises "at least" as much)."""
    if not account.where("billing.meter", event_name=args["event_name"], status="active"):
        raise invalid(f"No active meter found for the event name '{args['event_name']}'.", param="event_name")
    when = args.get("timestamp", account.now)
    if not account.now - _OLDEST <= when <= account.now + _NEWEST:
        raise invalid("The timestamp must be within the past 35 days and at most 5 minutes in the future.", param="timestamp")
    identifier = args.get("identifier") or account.ids.next("mtrev_", 24)
    known = account.tables["billing.meter_event"].get(identifier)
    if known is not None and account.now - known["created"] < _DAY:
        raise invalid(f"An event already exists with identifier {identifier}.", param="identifier")
    key = identifier if known is None else account.ids.next(f"{identifier}:")
    event: Json = {
        "object": "billing.meter_event",
        "created": account.now,
        "event_name": args["event_name"],
        "identifier": identifier,
        "livemode": False,
        "payload": args["payload"],
        "timestamp": when,
    }
    return account.tables["billing.meter_event"].put(key, event)


def usage(account: Account, meter: Json, customer: str, window: tuple[int, int]) -> Decimal:
    """What a customer used from the window's start until before its end, aggregated as the meter says; 0 without events."""
    named, valued = meter["customer_mapping"]["event_payload_key"], meter["value_settings"]["event_payload_key"]
    events = [
        event
        for event in account.tables["billing.meter_event"].among("user", (meter["event_name"], customer))
        if window[0] <= event["timestamp"] < window[1] and event["payload"].get(named) == customer
    ]
    values = [_number(event["payload"].get(valued)) for event in sorted(events, key=lambda event: int(event["timestamp"]))]
    counted = [value for value in values if value is not None]
    formulas = {"count": lambda: Decimal(len(counted)), "last": lambda: counted[-1], "sum": lambda: sum(counted, Decimal(0))}
    return formulas[meter["default_aggregation"]["formula"]]() if counted else Decimal(0)


def _number(shown: str | None) -> Decimal | None:
    return Decimal(shown) if shown is not None and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", shown) else None


def _summaries(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """One row for the whole time asked for, or one for each hour or day of it, newest first; at most a year of days."""
    meter = account.at_path("billing.meter", ids)
    account.find("customer", args["customer"], "customer")
    start, end = args["start_time"], args["end_time"]
    if not start < end:
        raise invalid("start_time must be before end_time.", param="start_time")
    step: int = _WINDOWS[args["value_grouping_window"]] if "value_grouping_window" in args else end - start
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
    Endpoint("POST", "/v1/billing/meters", _CREATE, _create, "billing.meter"),
    Endpoint("GET", "/v1/billing/meters", _LIST, _list, "billing.meter[]"),
    Endpoint("GET", "/v1/billing/meters/{id}", ONLY_EXPAND, _retrieve, "billing.meter"),
    Endpoint("POST", "/v1/billing/meters/{id}", _UPDATE, _update, "billing.meter"),
    Endpoint("POST", "/v1/billing/meters/{id}/deactivate", ONLY_EXPAND, _deactivate, "billing.meter"),
    Endpoint("POST", "/v1/billing/meters/{id}/reactivate", ONLY_EXPAND, _reactivate, "billing.meter"),
    Endpoint("GET", "/v1/billing/meters/{id}/event_summaries", _SUMMARIES, _summaries, "billing.meter_event_summary[]"),
    Endpoint("POST", "/v1/billing/meter_events", _EVENT, _send, "billing.meter_event"),
]
