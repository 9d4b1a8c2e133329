"""The filters and the order that lists by time of creation have in common."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from billbridge.model import Chronological, Order
from billbridge.toolkit.timestamps import to_unix


def chronological(query: Chronological, field: str) -> dict[str, Any]:
    """The parameters for the time in `field`, and the order by it.

    Whether "after" and "before" include the moment itself is not documented, so they are sent as wide as they may have to be: what comes
    too much is left out with `within`.
    """
    return {
        field: {
            "after": None if query.created_gte is None else to_unix(query.created_gte) - 1,
            "before": None if query.created_lt is None else to_unix(query.created_lt),
        },
        "sort_by": {"asc" if query.order == Order.OLDEST_FIRST else "desc": field},
    }


def within(query: Chronological, when: datetime | None) -> bool:
    """Whether something of that time belongs to the list. Of what has no time Chargebee is believed."""
    if when is None:
        return True
    return (query.created_gte is None or when >= query.created_gte) and (query.created_lt is None or when < query.created_lt)
