"""A guard against lists that never end, because the vendor repeats a cursor."""

from __future__ import annotations

from typing import TypeVar

from billbridge.errors import ProtocolError

C = TypeVar("C", str, str | None)


class SeenCursors:
    """The cursors of one walk through a list. `provider` is named in the error; None says "the vendor"."""

    def __init__(self, provider: str | None = None, first: str | None = None) -> None:
        self._provider = provider
        self._seen: set[str | None] = set() if first is None else {first}

    def next(self, cursor: C) -> C:
        """Return the cursor of the next page. Raises `ProtocolError` if it was seen before."""
        if cursor in self._seen:
            raise ProtocolError(
                f"{self._provider or 'the vendor'} gave the same cursor of a list twice, so the list would never end",
                provider=self._provider,
                hint="start the list again; if it happens again, report it to the vendor",
            )
        self._seen.add(cursor)
        return cursor
