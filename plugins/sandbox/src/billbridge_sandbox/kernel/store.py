"""A table of objects in the order of their creation, with indexes. It returns the stored objects themselves, not copies."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeAlias, TypeVar

T = TypeVar("T")
Keys: TypeAlias = Callable[[T], Iterable[Hashable]]


class Table(Generic[T]):
    """Objects by id; iteration in the order of first `put`, or backwards.

    Each index is named and has a function that returns the keys of an object: `Table(customer=lambda row: (row.customer_id,))`.
    The keys of a stored object must not change, nor may a replacement have other keys.
    """

    def __init__(self, **indexes: Keys[T]) -> None:
        self._rows: dict[str, T] = {}
        self._indexes: dict[str, tuple[Keys[T], dict[Hashable, list[T]]]] = {name: (keys, {}) for name, keys in indexes.items()}

    def put(self, id: str, value: T) -> T:
        """Store `value` under `id` and return it. Replacing keeps the place in the order."""
        if self._indexes:
            self._index(value, self._rows.get(id))
        self._rows[id] = value
        return value

    def get(self, id: str) -> T | None:
        """The object, or None."""
        return self._rows.get(id)

    def delete(self, id: str) -> T | None:
        """Remove and return the object; None when there was none."""
        found = self._rows.pop(id, None)
        if found is not None:
            for keys, rows in self._indexes.values():
                for key in keys(found):
                    rows[key] = [row for row in rows[key] if row is not found]
        return found

    def values(self) -> list[T]:
        """All objects, oldest first."""
        return list(self._rows.values())

    def oldest_first(self) -> Iterator[T]:
        """All objects, oldest first."""
        return iter(self.values())

    def newest_first(self) -> Iterator[T]:
        """All objects, newest first."""
        return reversed(self.values())

    def indexed(self, name: str) -> bool:
        """Whether there is an index of this name."""
        return name in self._indexes

    def among(self, index: str, key: Hashable) -> Sequence[T]:
        """The objects that an index has under a key, oldest first."""
        return self._indexes[index][1].get(key, ())

    def _index(self, value: T, before: T | None) -> None:
        for keys, rows in self._indexes.values():
            for key in keys(value):
                if before is None:
                    rows.setdefault(key, []).append(value)
                else:
                    rows[key] = [value if row is before else row for row in rows[key]]

    def __contains__(self, id: object) -> bool:
        return id in self._rows

    def __len__(self) -> int:
        return len(self._rows)
