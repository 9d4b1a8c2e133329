"""Helpers of clauses that compare: two readings of one object, and the rules for every value. Knows the model, not vendors."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from billbridge import Money, Provider
from billbridge.errors import BillingError
from billbridge.model import Entity

_MAY_DIFFER = ("raw", "updated_at")
_VERBATIM = frozenset(
    {
        "id",
        "number",
        "customer_id",
        "vendor_status",
        "vendor_type",
        "vendor_model",
        "vendor_interval",
        "vendor_tax_exempt",
        "vendor_kind",
        "vendor_duration",
        "vendor_aggregation",
        "event_name",
        "client_secret",
        "url",
        "description",
        "last4",
        "exp_month",
        "exp_year",
        "funding",
        "country",
    }
)
"""Fields that Billbridge returns as the vendor sends them, so the vendor's JSON must hold them."""


def fields(entity: Entity, *without: str) -> dict[str, Any]:
    """Return the fields of an object, without those that can differ between two readings."""
    return {name: value for name, value in msgspec.structs.asdict(entity).items() if name not in (*_MAY_DIFFER, *without)}


def check_values(entity: Entity, provider: str) -> None:
    """Assert the rules for every entity: its provider, the vendor's JSON, the vendor's words, exact numbers, aware UTC times."""
    assert entity.provider == provider
    assert isinstance(entity.id, str)
    assert entity.id
    raw = entity.raw_json()
    assert isinstance(raw, dict)
    assert entity.id in map(str, raw.values()), "raw is not the JSON of this object"
    said = {str(value) for _, value in _leaves(raw, "raw")}
    for name, value in _leaves(entity, type(entity).__name__):
        if value is not None and name.rpartition(".")[2] in _VERBATIM:
            assert str(value) in said, f"{name} is not in the vendor's own JSON"
        assert not isinstance(value, float), f"{name} is a float"
        if isinstance(value, datetime):
            assert value.tzinfo is not None, f"{name} is a naive time"
            assert value.utcoffset() == timedelta(0), f"{name} is not UTC"
        if isinstance(value, Money):
            assert isinstance(value.amount, Decimal), f"{name} is not exact"


def lasted(start: datetime | None, end: datetime | None) -> timedelta:
    """Return the length of a period. Both ends must be known."""
    assert start is not None, "the start is not known"
    assert end is not None, "the end is not known"
    return end.astimezone(UTC) - start.astimezone(UTC)


def said(error: BillingError) -> str:
    """Return all texts of an error and of its cause that a log could show."""
    texts = [str(error), repr(error), error.message, error.hint or "", *map(str, error.args)]
    for cause in (error.__cause__, error.__context__):
        texts += [str(cause), repr(cause)] if cause is not None else []
    return "\n".join(texts)


def secrets(provider: Provider) -> list[str]:
    """Return the secrets of a provider: header values, their last words, and the keys inside Basic credentials."""
    found: set[str] = set()
    for credentials in (provider.credentials, provider.sandbox_credentials):
        try:
            values = credentials().values()
        except BillingError:
            continue
        for value in values:
            word = value.rpartition(" ")[2]
            found |= {value, word, _unpacked(word)}
    return [secret for secret in found if len(secret) > 3]


def _unpacked(word: str) -> str:
    try:
        return base64.b64decode(word, validate=True).decode().strip(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, msgspec.Struct):
        for field in value.__struct_fields__:
            yield from _leaves(getattr(value, field), f"{name}.{field}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{name}[{key!r}]")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _leaves(item, f"{name}[{index}]")
    else:
        yield name, value
