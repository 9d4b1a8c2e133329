"""The shapes in which the simulated Airbyte wraps Stripe's answers. Public sources show several, and not which one is in use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]
_LONGEST = 200


class Envelope(StrEnum):
    """The shape of a successful answer."""

    RECORDS = "records"
    """The records as the result, `has_more` in the connector's metadata."""
    LIST = "list"
    """Stripe's own list as the result."""
    META = "meta"
    """`data` and `meta`, as the SDK shows its results."""
    BARE = "bare"
    """Stripe's own list or object, without a wrapper."""


def _result(result: object, metadata: Json | None) -> Json:
    """The wrapper that the SDK reads; names and nulls as in its models."""
    return {"status": "success", "result": result, "connector_metadata": metadata, "execution_metadata": {}, "warning": None}


def _more(found: Json) -> Json:
    return {"has_more": found["has_more"]}


LISTS: Final[Mapping[Envelope, Callable[[Json], object]]] = {
    Envelope.RECORDS: lambda found: _result(found["data"], _more(found)),
    Envelope.LIST: lambda found: _result(found, None),
    Envelope.META: lambda found: {"data": found["data"], "meta": _more(found)},
    Envelope.BARE: lambda found: found,
}
OBJECTS: Final[Mapping[Envelope, Callable[[Json], object]]] = {
    Envelope.RECORDS: lambda found: _result(found, None),
    Envelope.LIST: lambda found: _result(found, None),
    Envelope.META: lambda found: {"data": found, "meta": {}},
    Envelope.BARE: lambda found: found,
}


def truncated(value: Any) -> Any:
    """Cut long texts, as Airbyte does unless `skip_truncation` is sent. The length and the mark are choices of this simulation."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
    if isinstance(value, list):
        return [truncated(part) for part in value]
    if isinstance(value, dict):
        return {name: truncated(part) for name, part in value.items()}
    return value
