"""JSON objects that store only what differs from the defaults of their kind. A simulated year makes many thousands of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

_SCALARS = frozenset((str, int, bool, type(None)))
_MISSING = object()


class Sparse(dict[str, Any]):
    """A dict with all fields of `defaults`, of which it stores those that have another value.

    It reads and changes like a plain dict. A default may be a function of this object, such as an address that contains its id; `origin`
    holds what such functions need. Reading a list or dict that is not stored stores a new one, which the caller may change in place: use
    `peek` to read only. Fields can be added but not removed.
    """

    __slots__ = ("_defaults", "origin")

    def __init__(self, defaults: Mapping[str, Any], fields: Mapping[str, Any], origin: tuple[Any, ...] = ()) -> None:
        known = defaults.get
        super().__init__({name: value for name, value in fields.items() if known(name, _MISSING) != value})
        self._defaults = defaults
        self.origin = origin

    def whole(self) -> dict[str, Any]:
        """A plain dict with every field. Stored lists and dicts are those of this object."""
        stored = dict(dict.items(self))
        return {name: stored[name] if name in stored else self._made(name) for name in self._defaults} | stored

    def peek(self, name: str) -> Any:
        """The value of a field that the caller does not change."""
        value = dict.get(self, name, _MISSING)
        return self._made(name) if value is _MISSING else value

    def _made(self, name: str) -> Any:
        value = self._defaults[name]
        if type(value) in _SCALARS:
            return value
        return value(self) if callable(value) else value.copy()

    def __missing__(self, name: str) -> Any:
        value = self._made(name)
        if type(value) not in _SCALARS:
            super().__setitem__(name, value)
        return value

    def __setitem__(self, name: str, value: Any) -> None:
        # A list or dict is stored even when it equals the default: the caller may go on to change it.
        if type(value) in _SCALARS and self._defaults.get(name, _MISSING) == value:
            super().pop(name, None)
        else:
            super().__setitem__(name, value)

    def update(self, *fields: Any, **more: Any) -> None:
        """Set several fields."""
        for name, value in (dict[str, Any](*fields, **more) if fields else more).items():
            self[name] = value

    def get(self, name: str, default: Any = None, /) -> Any:
        """The value of a field, or `default` when there is no such field."""
        try:
            return self[name]
        except KeyError:
            return default

    def setdefault(self, name: str, default: Any = None, /) -> Any:
        """The value of a field, which is set to `default` when there is no such field."""
        if name not in self:
            self[name] = default
        return self[name]

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or name in self._defaults

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole())

    def __len__(self) -> int:
        return len(self.whole())

    def keys(self) -> Any:
        """The names of all fields."""
        return self.whole().keys()

    def values(self) -> Any:
        """The values of all fields."""
        return self.whole().values()

    def items(self) -> Any:
        """The names and values of all fields."""
        return self.whole().items()

    def copy(self) -> dict[str, Any]:
        """A plain dict with every field."""
        return self.whole()

    def __copy__(self) -> dict[str, Any]:
        return self.whole()

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        return deepcopy(self.whole(), memo)

    def __eq__(self, other: object) -> bool:
        return self.whole() == (other.whole() if isinstance(other, Sparse) else other)

    def __or__(self, other: Any, /) -> Any:
        return self.whole() | other

    def __ior__(self, other: Any, /) -> Any:
        self.update(other)
        return self

    def __repr__(self) -> str:
        return repr(self.whole())

    def __delitem__(self, name: str) -> None:
        raise TypeError(f"the field {name} of a stored object cannot be removed; set it to None")

    def pop(self, name: str, *default: Any) -> Any:
        """Raise TypeError: fields cannot be removed."""
        del self[name]


def peek(row: Mapping[str, Any], name: str) -> Any:
    """The value of a field that the caller does not change, of a plain dict or of a sparse one."""
    return row.peek(name) if isinstance(row, Sparse) else row[name]
