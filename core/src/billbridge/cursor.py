"""Opaque cursors of lists, bound to the provider, the operation and the filters they came from.

A vendor's own cursor means nothing at another vendor or under other filters, so a wrong one is refused instead of giving wrong pages.
Holds no secret and no filter value, only their digest. Not a protection against tampering: it protects against mistakes.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

import msgspec

from billbridge.digest import digest
from billbridge.errors import ValidationError
from billbridge.model.base import Query

_NOT_FILTERS: Final = ("page_size", "cursor")


class _Seal(msgspec.Struct, frozen=True, array_like=True):
    provider: str
    operation: str
    filters: str
    vendor_cursor: str


_DECODER: Final = msgspec.json.Decoder(_Seal)


def seal(vendor_cursor: str, *, provider: str, operation: str, query: Query) -> str:
    """The cursor that users see."""
    return urlsafe_b64encode(msgspec.json.encode(_Seal(provider, operation, _digest(query), vendor_cursor))).decode().rstrip("=")


def unseal(cursor: str, *, provider: str, operation: str, query: Query) -> str:
    """The vendor's own cursor; `ValidationError` if this is not a cursor of this provider, operation and filters."""
    try:
        sealed = _DECODER.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (msgspec.DecodeError, binascii.Error, ValueError):
        raise ValidationError("this is not a cursor", param="cursor", hint="pass page.next_cursor as it is") from None
    if (sealed.provider, sealed.operation) != (provider, operation):
        raise ValidationError(f"this cursor belongs to {sealed.operation} of {sealed.provider}", param="cursor")
    if sealed.filters != _digest(query):
        raise ValidationError("this cursor belongs to other filters", param="cursor", hint="resume with the filters of the first page")
    return sealed.vendor_cursor


def _digest(query: Query) -> str:
    filters = {name: value for name, value in msgspec.structs.asdict(query).items() if name not in _NOT_FILTERS and value is not None}
    return digest(msgspec.json.encode(filters, order="sorted"))[:12]
