"""Meters: what counts the usage that metered prices charge for. Records no usage."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from billbridge.errors import ValidationError
from billbridge.model.base import Draft, Entity, Query, Word


class Aggregation(Word):
    """What a period's usage is made of: the sum of the values, their number, or the last one."""

    SUM = "sum"
    COUNT = "count"
    LAST = "last"
    UNKNOWN = "unknown"


AggregationName: TypeAlias = Aggregation | Literal["sum", "count", "last"]


class Meter(Entity, frozen=True, kw_only=True):
    """A meter at Stripe. `event_name` is the name that usage is reported under."""

    shown: ClassVar = ("name", "active")

    name: str
    event_name: str
    aggregation: Aggregation
    vendor_aggregation: str | None = None
    active: bool = True
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewMeter(Draft, frozen=True, kw_only=True):
    """The fields of `meters.create`. No two active meters may have the same `event_name`."""

    name: str
    event_name: str
    aggregation: AggregationName = Aggregation.SUM

    id_fields: ClassVar = frozenset({"event_name"})

    def check(self) -> None:
        if not self.name.strip():
            raise ValidationError("a meter needs a name", param="name")


class MeterQuery(Query, frozen=True, kw_only=True):
    """The filters of `meters.list`."""

    active: bool | None = None
