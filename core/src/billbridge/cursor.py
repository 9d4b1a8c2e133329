"""Opaque cursors of lists, bound to the provider, the operation and the filters they came from.

A vendor's own cursor means nothing at another vendor or under other filters, so a wrong one is refused instead of giving wrong pages.
Holds no secret and no filter value, only their digest. Not a protection against tampering: it protects against mistakes.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

import msgspec

from billbridge.digest import digest
from billbridge.errors import ValidationError
from billbridge.model.base import Query
from billbridge.model.checks import check_text

_NOT_FILTERS: Final = ("page_size", "cursor")


class _Seal(msgspec.Struct, frozen=True, array_like=True):
    provider: str
    operation: str
    filters: str
    vendor_cursor: str


_DECODER: Final = msgspec.json.Decoder(_Seal)


class Cursors:
    """The cursors of one list, for all walks over it: `sealed` makes of a vendor's own the one that users see, `opened` undoes it."""

    def __init__(self, provider: str, operation: str, query: Query) -> None:
        self._provider = provider
        self._operation = operation
        self._query = query
        self._last: tuple[str, str] | None = None

    def sealed(self, vendor_cursor: str) -> str:
        """The cursor that users see."""
        from base64 import urlsafe_b64encode  # imported here: `import billbridge` does not need it

        seal = _Seal(self._provider, self._operation, self._filters, vendor_cursor)
        cursor = urlsafe_b64encode(msgspec.json.encode(seal)).decode().rstrip("=")
        self._last = (cursor, vendor_cursor)
        return cursor

    def opened(self, cursor: str) -> str:
        """The vendor's own cursor; `ValidationError` if this is not a cursor of this provider, operation and filters."""
        last = self._last  # read once: another thread may walk the same list
        if last is not None and cursor == last[0]:  # mostly the next page is what is asked for
            return last[1]
        from base64 import urlsafe_b64decode

        try:
            seal = _DECODER.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        except (msgspec.DecodeError, ValueError):
            raise ValidationError("this is not a cursor", param="cursor", hint="pass page.next_cursor as it is") from None
        if (seal.provider, seal.operation) != (self._provider, self._operation):
            raise ValidationError(f"this cursor belongs to {seal.operation} of {seal.provider}", param="cursor")
        if seal.filters != self._filters:
            raise ValidationError("this cursor belongs to other filters", param="cursor", hint="resume with the filters of the first page")
        check_text(seal.vendor_cursor, "cursor")
        return seal.vendor_cursor

    @cached_property
    def _filters(self) -> str:
        given = msgspec.structs.asdict(self._query).items()
        filters = {name: value for name, value in given if name not in _NOT_FILTERS and value is not None}
        return digest(msgspec.json.encode(filters, order="sorted"))[:12]
