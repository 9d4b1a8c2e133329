"""Interning: a cache of small values that repeat, such as times, quantities and names. Do not use it for large values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

MOST: Final = 2048
K = TypeVar("K")
V = TypeVar("V")


class Interned(dict[K, V]):
    """A dict that makes missing values with `make`. It empties itself when it holds 2,048 values.

    `functools.lru_cache` evicts better, but a look-up takes twice as long. A page of invoices needs thousands of look-ups.
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
