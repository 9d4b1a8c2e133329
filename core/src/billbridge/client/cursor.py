"""Opaque list cursors. Each one belongs to one provider, one operation and one set of filters.

A cursor that is used elsewhere raises `ValidationError` instead of giving wrong pages. A cursor holds a digest of the filters, never their
values. It protects against mistakes, not against tampering.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.base import Query
from billbridge.model.checks import check_text
from billbridge.toolkit.digest import digest

_NOT_FILTERS: Final = ("page_size", "cursor")


class _Envelope(msgspec.Struct, frozen=True, array_like=True):
    provider: str
    operation: str
    filters: str
    vendor_cursor: str


_DECODER: Final = msgspec.json.Decoder(_Envelope)


class CursorCodec:
    """Converts between the vendor's cursor and the cursor that users see. One object belongs to one list."""

    def __init__(self, provider: str, operation: str, query: Query) -> None:
        self._provider = provider
        self._operation = operation
        self._query = query
        self._last: tuple[str, str] | None = None

    def encode(self, vendor_cursor: str) -> str:
        """Return the cursor that users see."""
        from base64 import urlsafe_b64encode  # imported here: `import billbridge` does not need it

        envelope = _Envelope(self._provider, self._operation, self._filters, vendor_cursor)
        cursor = urlsafe_b64encode(msgspec.json.encode(envelope)).decode().rstrip("=")
        self._last = (cursor, vendor_cursor)
        return cursor

    def decode(self, cursor: str) -> str:
        """Return the vendor's cursor. Raises `ValidationError` if it is not a cursor of this provider, operation and filters."""
        last = self._last  # read once, because another thread may use the same list
        if last is not None and cursor == last[0]:  # the usual case: the next page
            return last[1]
        from base64 import urlsafe_b64decode

        try:
            envelope = _DECODER.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        except (msgspec.DecodeError, ValueError):
            raise ValidationError("this text is not a cursor of a list", param="cursor", hint="pass page.next_cursor as it is") from None
        if (envelope.provider, envelope.operation) != (self._provider, self._operation):
            raise ValidationError(
                f"the cursor belongs to {envelope.operation} of {envelope.provider}, not to {self._operation} of {self._provider}",
                param="cursor",
                hint="pass the next_cursor of a page of the same list",
            )
        if envelope.filters != self._filters:
            raise ValidationError(
                "the cursor belongs to a list with other filters", param="cursor", hint="pass the same filters as for the first page"
            )
        check_text(envelope.vendor_cursor, "cursor")
        return envelope.vendor_cursor

    @cached_property
    def _filters(self) -> str:
        given = msgspec.structs.asdict(self._query).items()
        filters = {name: value for name, value in given if name not in _NOT_FILTERS and value is not None}
        return digest(msgspec.json.encode(filters, order="sorted"))[:12]
