"""Meters: every request exactly, every field, and that turning one off or on twice is no error."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from billbridge.errors import DuplicateError, NotFoundError, ValidationError
from billbridge.model import Aggregation, Meter, MeterQuery, NewMeter, Page
from billbridge.model.raw import RawJson
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
WIRE: dict[str, Any] = {
    "id": "mtr_1",
    "object": "billing.meter",
    "created": 1769860800,
    "customer_mapping": {"event_payload_key": "stripe_customer_id", "type": "by_id"},
    "default_aggregation": {"formula": "sum"},
    "display_name": "Calls",
    "event_name": "calls",
    "event_time_window": None,
    "livemode": False,
    "status": "active",
    "status_transitions": {"deactivated_at": None},
    "updated": 1769860801,
    "value_settings": {"event_payload_key": "value"},
}
METER = Meter(
    provider="stripe",
    id="mtr_1",
    raw=RawJson(json.dumps(WIRE).encode()),
    name="Calls",
    event_name="calls",
    aggregation=Aggregation.SUM,
    vendor_aggregation="sum",
    active=True,
    created_at=AT,
    updated_at=AT.replace(second=1),
)
GET = "GET /v1/billing/meters/mtr_1"
OFF = "POST /v1/billing/meters/mtr_1/deactivate"
ON = "POST /v1/billing/meters/mtr_1/reactivate"
REFUSED = (400, {"error": {"type": "invalid_request_error", "message": "You cannot do this."}})


def test_create(walk: Walk, stripe: StripeProvider) -> None:
    body = "display_name=Calls&event_name=calls&default_aggregation[formula]=sum"
    assert walk(stripe.meters.create(NewMeter(name="Calls", event_name="calls")), ("POST /v1/billing/meters", body, WIRE)) == METER
    new = NewMeter(name="Calls", event_name="calls", aggregation="last")
    assert walk(stripe.meters.create(new), ("POST /v1/billing/meters", body.replace("sum", "last"), WIRE)) == METER


@pytest.mark.parametrize(
    "said", ["An active meter already exists for the event name 'calls'.", "There is already an active meter with this event name."]
)
def test_a_second_active_meter_of_an_event_is_a_duplicate(walk: Walk, stripe: StripeProvider, said: str) -> None:
    body = "display_name=Calls&event_name=calls&default_aggregation[formula]=sum"
    line = ("POST /v1/billing/meters", body, (400, {"error": {"type": "invalid_request_error", "message": said}}))
    with pytest.raises(DuplicateError):
        walk(stripe.meters.create(NewMeter(name="Calls", event_name="calls")), line)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, {}),
        ({"status": "inactive"}, {"active": False}),
        ({"default_aggregation": {"formula": "count"}}, {"aggregation": Aggregation.COUNT, "vendor_aggregation": "count"}),
        ({"default_aggregation": {"formula": "last"}}, {"aggregation": Aggregation.LAST, "vendor_aggregation": "last"}),
        ({"default_aggregation": {"formula": "max"}}, {"aggregation": Aggregation.UNKNOWN, "vendor_aggregation": "max"}),
        ({"default_aggregation": None}, {"aggregation": Aggregation.UNKNOWN, "vendor_aggregation": None}),
        ({"display_name": None, "event_name": None}, {"name": "", "event_name": ""}),
    ],
)
def test_each_shape_reads_right(walk: Walk, stripe: StripeProvider, sent: dict[str, Any], expected: dict[str, Any]) -> None:
    """Case 17."""
    found = walk(stripe.meters.get("mtr_1"), (GET, None, {**WIRE, **sent}))
    assert msgspec.structs.replace(found, raw=METER.raw) == msgspec.structs.replace(METER, **expected)


def test_archive_and_unarchive(walk: Walk, stripe: StripeProvider) -> None:
    """Case 68."""
    off = {**WIRE, "status": "inactive"}
    archived = msgspec.structs.replace(METER, active=False, raw=RawJson(json.dumps(off).encode()))
    assert walk(stripe.meters.archive("mtr_1"), (OFF, "", off)) == archived
    assert walk(stripe.meters.unarchive("mtr_1"), (ON, "", WIRE)) == METER
    assert walk(stripe.meters.archive("mtr_1"), (OFF, "", REFUSED), (GET, None, off)) == archived
    assert walk(stripe.meters.unarchive("mtr_1"), (ON, "", REFUSED), (GET, None, WIRE)) == METER


def test_a_refusal_that_has_another_reason_is_told(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(ValidationError, match="You cannot do this"):
        walk(stripe.meters.archive("mtr_1"), (OFF, "", REFUSED), (GET, None, WIRE))
    missing = (404, {"error": {"code": "resource_missing", "message": "No such meter"}})
    with pytest.raises(NotFoundError):
        walk(stripe.meters.unarchive("mtr_1"), (ON, "", missing))


@pytest.mark.parametrize(("active", "filters"), [(None, ""), (True, "status=active&"), (False, "status=inactive&")])
def test_list(walk: Walk, stripe: StripeProvider, active: bool | None, filters: str) -> None:
    line = f"GET /v1/billing/meters?{filters}limit=2&starting_after=mtr_0"
    query = MeterQuery(active=active, page_size=2, cursor="mtr_0")
    found = walk(stripe.meters.list(query), (line, None, {"data": [WIRE], "has_more": True}))
    assert found == Page(items=[METER], next_cursor="mtr_1")
