"""The filters and the order that all lists by time of creation share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from billbridge.model import Chronological, Order
from billbridge.toolkit.timestamps import to_unix


def chronological(query: Chronological, field: str) -> dict[str, Any]:
    """Return the parameters for the time in `field`, and for the order by it.

    Chargebee does not document whether "after" and "before" include the time itself. So the window is wide enough for both, and `within`
    leaves out what is too much.
    """
    return {
        field: {
            "after": None if query.created_gte is None else to_unix(query.created_gte) - 1,
            "before": None if query.created_lt is None else to_unix(query.created_lt),
        },
        "sort_by": {"asc" if query.order == Order.OLDEST_FIRST else "desc": field},
    }


def within(query: Chronological, when: datetime | None) -> bool:
    """Return whether an object with this time belongs to the list. An object without a time belongs to it, because Chargebee says so."""
    if when is None:
        return True
    return (query.created_gte is None or when >= query.created_gte) and (query.created_lt is None or when < query.created_lt)
