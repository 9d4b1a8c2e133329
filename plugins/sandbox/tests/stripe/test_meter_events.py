"""Meter events and what takes them back, through the official client."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from .conftest import START
from .shop import Shop

DAY = 24 * 60 * 60
NOW = int(START.timestamp())


class Counter:
    """A meter of sums, and one customer."""

    def __init__(self, shop: Shop, **settings: Any) -> None:
        self.billing = shop.client.v1.billing
        asked: Any = {"display_name": "Calls", "event_name": "calls", "default_aggregation": {"formula": "sum"}, **settings}
        self.meter = self.billing.meters.create(asked)
        self.customer = shop.customer().id

    def send(self, value: str, identifier: str, **more: Any) -> stripe.billing.MeterEvent:
        sent: Any = {
            "event_name": "calls",
            "payload": {"stripe_customer_id": self.customer, "value": value},
            "identifier": identifier,
            **more,
        }
        return self.billing.meter_events.create(sent)

    def cancel(self, identifier: str, event_name: str = "calls") -> stripe.billing.MeterEventAdjustment:
        return self.billing.meter_event_adjustments.create(
            {"event_name": event_name, "type": "cancel", "cancel": {"identifier": identifier}}
        )

    def used(self, start: int = NOW - 60, end: int = NOW + DAY * 60) -> float:
        asked: Any = {"customer": self.customer, "start_time": start, "end_time": end}
        (row,) = self.billing.meters.event_summaries.list(self.meter.id, asked).data
        return row.aggregated_value


@pytest.fixture
def counter(shop: Shop) -> Counter:
    return Counter(shop)


def test_a_cancelled_event_does_not_count(counter: Counter) -> None:
    counter.send("5", "a")
    counter.send("2.5", "b")
    cancelled = counter.cancel("a")
    assert cancelled.cancel is not None
    assert (cancelled.type, cancelled.event_name, cancelled.cancel.identifier) == ("cancel", "calls", "a")
    assert counter.used() == 2.5


def test_an_event_is_cancelled_once_within_24_hours_by_its_own_name(shop: Shop, counter: Counter) -> None:
    counter.billing.meters.create({"display_name": "Rows", "event_name": "rows", "default_aggregation": {"formula": "sum"}})
    counter.send("5", "a")
    counter.send("7", "old")
    counter.cancel("a")
    for identifier, name, message in (("a", "calls", "already"), ("none", "calls", "No event"), ("old", "rows", "No event")):
        with pytest.raises(stripe.InvalidRequestError, match=message) as refused:
            counter.cancel(identifier, name)
        assert refused.value.param == "cancel[identifier]"
    shop.simulation.advance(days=1)
    with pytest.raises(stripe.InvalidRequestError, match="within 24 hours"):
        counter.cancel("old")
    assert counter.used() == 7


def test_an_identifier_stays_taken_for_24_hours_even_if_its_event_was_cancelled(shop: Shop, counter: Counter) -> None:
    counter.send("5", "a")
    counter.cancel("a")
    with pytest.raises(stripe.InvalidRequestError, match="already exists with identifier a"):
        counter.send("5", "a")
    shop.simulation.advance(days=1)
    counter.send("3", "a")
    assert counter.used() == 3


def test_a_cancellation_without_an_identifier_or_for_an_unknown_event_name_is_refused(counter: Counter) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        counter.billing.meter_event_adjustments.create({"event_name": "calls", "type": "cancel"})
    assert refused.value.param == "cancel[identifier]"
    with pytest.raises(stripe.InvalidRequestError, match="No active meter"):
        counter.cancel("a", "rows")


def test_an_identifier_has_at_most_100_characters(counter: Counter) -> None:
    counter.send("1", "a" * 100)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        counter.send("1", "a" * 101)
    assert refused.value.param == "identifier"


def test_the_times_of_a_summary_are_whole_minutes_hours_or_days(counter: Counter) -> None:
    asked: Any = {"customer": counter.customer, "start_time": NOW, "end_time": NOW + 3600}
    changes: list[tuple[dict[str, Any], str]] = [
        ({"start_time": NOW + 1}, "start_time"),
        ({"end_time": NOW + 61}, "end_time"),
        ({"start_time": NOW + 60, "value_grouping_window": "hour"}, "start_time"),
        ({"value_grouping_window": "day"}, "start_time"),
    ]
    for change, param in changes:
        with pytest.raises(stripe.InvalidRequestError, match="aligned") as refused:
            counter.billing.meters.event_summaries.list(counter.meter.id, asked | change)
        assert refused.value.param == param


def test_the_keys_of_the_payload_are_the_meters(shop: Shop) -> None:
    mapping = {"event_payload_key": "who", "type": "by_id"}
    counter = Counter(shop, customer_mapping=mapping, value_settings={"event_payload_key": "much"})
    counter.send("5", "ignored")
    counter.send("0", "a", payload={"who": counter.customer, "much": "4"})
    assert counter.used() == 4


def test_events_belong_to_the_meter_that_was_active_when_they_came(counter: Counter) -> None:
    counter.send("5", "a")
    counter.billing.meters.deactivate(counter.meter.id)
    again = counter.billing.meters.create({"display_name": "C", "event_name": "calls", "default_aggregation": {"formula": "sum"}})
    counter.send("2", "b")
    assert counter.used() == 5
    counter.meter = again
    assert counter.used() == 2
