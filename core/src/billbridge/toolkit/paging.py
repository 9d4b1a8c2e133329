"""Pages of lists: a guard against lists that never end, and pages cut from a list that came whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from billbridge.errors import NotFoundError, ProtocolError


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


I = TypeVar("I", bound=_Identified)  # noqa: E741  # it reads well here
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


def cut(found: Sequence[I], size: int, cursor: str | None, provider: str) -> tuple[list[I], str | None]:
    """Cut one page from a list that is known whole: the items after the one that the cursor names, and the next cursor.

    Raises `NotFoundError` if the list no longer holds that item.
    """
    start = 0 if cursor is None else next((place for place, each in enumerate(found, 1) if each.id == cursor), None)
    if start is None:
        raise NotFoundError(
            "the cursor names an object that is no longer in the list",
            param="cursor",
            provider=provider,
            status=200,
            hint="start the list again without cursor",
        )
    items = list(found[start : start + size])
    return items, items[-1].id if start + len(items) < len(found) else None
