"""Meters: what counts the usage for metered prices. Reports of usage are not here."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from billbridge.errors import ValidationError
from billbridge.model.base import Draft, Entity, Query, Word


class Aggregation(Word):
    """How a meter computes the usage of a period: the sum of the values, the number of reports, or the last value."""

    SUM = "sum"
    COUNT = "count"
    LAST = "last"
    UNKNOWN = "unknown"


AggregationName: TypeAlias = Aggregation | Literal["sum", "count", "last"]


class Meter(Entity, frozen=True, kw_only=True):
    """A meter at Stripe. Chargebee has none.

    `event_name` is the name under which you report usage. `vendor_aggregation` is the vendor's own word for `aggregation`. Times are in
    UTC.
    """

    shown: ClassVar = ("name", "active")

    name: str
    event_name: str
    aggregation: Aggregation
    vendor_aggregation: str | None = None
    active: bool = True
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewMeter(Draft, frozen=True, kw_only=True):
    """The arguments of `meters.create`. Two active meters cannot have the same `event_name`."""

    name: str
    event_name: str
    aggregation: AggregationName = Aggregation.SUM

    id_fields: ClassVar = frozenset({"event_name"})

    def check(self) -> None:
        if not self.name.strip():
            raise ValidationError("name is empty", param="name", hint="pass a name for the meter")


class MeterQuery(Query, frozen=True, kw_only=True):
    """The filters of `meters.list`. Without `active`, archived meters are listed too."""

    active: bool | None = None
