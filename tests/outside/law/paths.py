"""Finds the operation behind a request line among those of an SDK. Knows no vendor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar


class _Endpoint(Protocol):
    @property
    def method(self) -> str: ...
    @property
    def pattern(self) -> tuple[str | None, ...]: ...


E = TypeVar("E", bound=_Endpoint)


class Directory(Generic[E]):
    """Endpoints, found by raw paths."""

    def __init__(self, endpoints: Iterable[E]) -> None:
        self._endpoints: dict[tuple[str, int], list[E]] = defaultdict(list)  # by method and number of segments
        for each in endpoints:
            self._endpoints[each.method, len(each.pattern)].append(each)

    def best(self, method: str, path: str) -> E | None:
        """The endpoint that fits a raw path (ids may be percent-encoded); a literal segment is preferred to an id, as in
        `/v1/customers/search`.
        """
        parts = path.split("/")
        fitting = [each for each in self._endpoints.get((method, len(parts)), ()) if _fits(each.pattern, parts)]
        return min(fitting, key=lambda each: each.pattern.count(None), default=None)


def _fits(pattern: tuple[str | None, ...], parts: list[str]) -> bool:
    return all(bool(part) if wanted is None else part == wanted for wanted, part in zip(pattern, parts, strict=True))
