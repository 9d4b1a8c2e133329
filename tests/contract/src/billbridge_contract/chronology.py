"""Helpers of clauses about lists by time: create objects on different days, and check the lists of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from billbridge.errors import ValidationError

from billbridge_contract.world import World, everything, in_pages, refuses

SIZES = (1, 2, 100)
FUTURE = timedelta(days=3)


@dataclass(frozen=True)
class Diary:
    """The ids and times of objects that were made on five days, the oldest first. `find` lists them, possibly with others."""

    world: World
    find: Callable[..., Any]
    ids: list[str]
    times: list[datetime]

    async def found(self, size: int = 100, **filters: Any) -> list[str]:
        """Return the ids of these objects in the order of a list."""
        return [one.id for one in await in_pages(self.find(page_size=size, **filters), size) if one.id in self.ids]


async def five_days(world: World, make: Callable[[], Awaitable[str]], find: Callable[..., Any]) -> Diary:
    """Create one object on each of five days."""
    ids, times = [], []
    for _ in range(5):
        times.append(world.backend.now())
        ids.append(await make())
        world.advance(1)
    return Diary(world, find, ids, times)


async def in_order(diary: Diary, order: Literal["newest_first", "oldest_first"]) -> None:
    """Assert the order and the exact time windows, with pages of every size."""
    step = -1 if order == "newest_first" else 1
    ids, times, end = diary.ids, diary.times, diary.times[-1] + FUTURE
    windows: tuple[tuple[dict[str, datetime], list[str]], ...] = (
        ({}, ids),
        ({"created_gte": times[1], "created_lt": times[3]}, ids[1:3]),
        ({"created_gte": times[4]}, ids[4:]),
        ({"created_lt": times[1]}, ids[:1]),
        ({"created_gte": times[0], "created_lt": end}, ids),
        ({"created_gte": end}, []),
    )
    for window, expected in windows:
        for size in SIZES:
            assert await diary.found(size, order=order, **window) == expected[::step], f"{order}, {size} a page, {', '.join(window)}"
    if order == "newest_first":
        assert await diary.found() == ids[::step]


async def resumed(diary: Diary) -> None:
    """Assert that a cursor continues with the oldest first, also with another page size, and raises with another order or window."""
    pages = [page async for page in diary.find(order="oldest_first", page_size=2).pages()]
    cursor = pages[0].next_cursor
    assert cursor is not None
    rest = [one.id for one in await everything(diary.find(order="oldest_first", page_size=3, cursor=cursor))]
    assert [one.id for one in pages[0].items] + rest == [one.id for page in pages for one in page.items]
    for other in ({"order": "newest_first"}, {"order": "oldest_first", "created_gte": diary.times[0]}):
        with refuses(ValidationError):
            await everything(diary.find(cursor=cursor, **other))
        assert diary.world.requests == 0
