"""Page iterators: lists that fetch their pages while you iterate, with `for` or `async for`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Generic, TypeVar

from billbridge.model.base import Page
from billbridge.toolkit.paging import SeenCursors

T = TypeVar("T")


class Pager(Generic[T]):
    """An iterator over all objects of a list. It fetches each page when you reach it.

    `pages()` returns the pages instead of the objects. Each new iteration starts at the first page, or at the page of `cursor=` if you
    passed one.
    """

    def __init__(self, first: str | None, fetch: Callable[[str | None], Page[T]]) -> None:
        self._first = first
        self._fetch = fetch

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            yield from page.items

    def pages(self) -> Iterator[Page[T]]:
        """Iterate over the pages. Each holds the cursor of the next. Raises `ProtocolError` if the vendor repeats a cursor."""
        walk = _Walk(self._first)
        while not walk.done:
            page = self._fetch(walk.cursor)
            walk.step(page)
            yield page


class AsyncPager(Generic[T]):
    """An iterator over all objects of a list for `async for`; see `Pager`."""

    def __init__(self, first: str | None, fetch: Callable[[str | None], Awaitable[Page[T]]]) -> None:
        self._first = first
        self._fetch = fetch

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in page.items:
                yield item

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Iterate over the pages. Each holds the cursor of the next. Raises `ProtocolError` if the vendor repeats a cursor."""
        walk = _Walk(self._first)
        while not walk.done:
            page = await self._fetch(walk.cursor)
            walk.step(page)
            yield page


class _Walk:
    """The position of one iteration. It ends at a page without a cursor, not at an empty one, and raises for a repeated cursor."""

    def __init__(self, first: str | None) -> None:
        self.cursor = first
        self.done = False
        self._seen = SeenCursors(first=first)

    def step(self, page: Page[Any]) -> None:
        self.cursor = page.next_cursor
        self.done = self.cursor is None
        if not self.done:
            self._seen.next(self.cursor)
