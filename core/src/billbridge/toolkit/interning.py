"""Small values that come again and again, made once: times, quantities, names. Not for what is large, or costs nothing to make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

MOST: Final = 2048
K = TypeVar("K")
V = TypeVar("V")


class Interned(dict[K, V]):
    """A mapping in which every key that `make` takes can be looked up; what was made is all forgotten when it gets too much.

    `lru_cache` keeps the better half, but asking it takes twice as long as a look-up, and a page of invoices asks thousands of times.
    """

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[K], V]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: K) -> V:
        if len(self) >= MOST:
            self.clear()
        value = self[key] = self._make(key)
        return value
