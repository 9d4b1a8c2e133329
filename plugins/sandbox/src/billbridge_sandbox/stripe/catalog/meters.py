"""Meters: which events count, and how their values add up. The events themselves are in `meter_events`."""

from __future__ import annotations

from billbridge_sandbox.stripe.api.errors import invalid
from billbridge_sandbox.stripe.api.params import EXPAND, Params, choice, text
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import LIST, matching, page
from billbridge_sandbox.stripe.store.account import Account, Json

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


ENDPOINTS = [
    Endpoint("POST", "/v1/billing/meters", _CREATE, _create, "billing.meter"),
    Endpoint("GET", "/v1/billing/meters", _LIST, _list, "billing.meter[]"),
    Endpoint("GET", "/v1/billing/meters/{id}", ONLY_EXPAND, _retrieve, "billing.meter"),
    Endpoint("POST", "/v1/billing/meters/{id}", _UPDATE, _update, "billing.meter"),
    Endpoint("POST", "/v1/billing/meters/{id}/deactivate", ONLY_EXPAND, _deactivate, "billing.meter"),
    Endpoint("POST", "/v1/billing/meters/{id}/reactivate", ONLY_EXPAND, _reactivate, "billing.meter"),
]
