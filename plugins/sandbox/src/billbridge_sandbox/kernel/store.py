"""A table of objects in the order of their creation. It returns the stored objects themselves, not copies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")


class Table(Generic[T]):
    """Objects by id; iteration in the order of first `put`, or backwards."""

    def __init__(self) -> None:
        self._rows: dict[str, T] = {}

    def put(self, id: str, value: T) -> T:
        """Store `value` under `id` and return it. Replacing keeps the place in the order."""
        self._rows[id] = value
        return value

    def get(self, id: str) -> T | None:
        """The object, or None."""
        return self._rows.get(id)

    def delete(self, id: str) -> T | None:
        """Remove and return the object; None when there was none."""
        return self._rows.pop(id, None)

    def values(self) -> list[T]:
        """All objects, oldest first."""
        return list(self._rows.values())

    def oldest_first(self) -> Iterator[T]:
        """All objects, oldest first."""
        return iter(self.values())

    def newest_first(self) -> Iterator[T]:
        """All objects, newest first."""
        return reversed(self.values())

    def __contains__(self, id: object) -> bool:
        return id in self._rows

    def __len__(self) -> int:
        return len(self._rows)
