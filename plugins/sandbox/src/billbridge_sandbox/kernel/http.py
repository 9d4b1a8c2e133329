"""HTTP without a socket: a call, an answer, and a router that accepts ids with an encoded slash."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar
from urllib.parse import unquote

H = TypeVar("H")


@dataclass(frozen=True)
class Call:
    """One request: `path` still percent-encoded, `query` decoded, header names in lower case."""

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]], repr=False)
    headers: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Answer:
    """One response, complete."""

    status: int
    headers: dict[str, str]
    body: bytes = field(repr=False)


Onward: TypeAlias = Callable[[Call], Answer]
"""How a simulated proxy asks the vendor behind it."""


def json_answer(status: int, value: object, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer whose body is `value` as JSON in UTF-8."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, {"content-type": "application/json", **(headers or {})}, body)


class Router(Generic[H]):
    """Finds the handler of a method and a path such as `/v1/customers/{id}`.

    A path is split on "/" before its segments are percent-decoded, so an id may hold an encoded slash.
    Literal segments win over `{names}`, whatever the order of the routes.
    """

    def __init__(self, routes: Iterable[tuple[str, str, H]]) -> None:
        """`routes` are (method, pattern, handler)."""
        handlers: dict[tuple[str, ...], dict[str, H]] = {}
        for method, pattern, handler in routes:
            handlers.setdefault(tuple(pattern.strip("/").split("/")), {})[method] = handler
        self._by_length: dict[int, list[tuple[tuple[str, ...], dict[str, H]]]] = {}
        for route in sorted(handlers.items(), key=lambda route: [_is_name(segment) for segment in route[0]]):
            self._by_length.setdefault(len(route[0]), []).append(route)

    def match(self, method: str, path: str) -> tuple[H, dict[str, str]] | None:
        """The handler and the decoded values of its `{names}`; None when nothing answers this method there."""
        for handlers, names in self._matches(path):
            if method in handlers:
                return handlers[method], names
        return None

    def allowed(self, path: str) -> list[str]:
        """The methods that a path answers. After `match` gave None: empty means 404, else 405."""
        return sorted({method for handlers, _ in self._matches(path) for method in handlers})

    def _matches(self, path: str) -> list[tuple[dict[str, H], dict[str, str]]]:
        segments = [unquote(segment) for segment in path.strip("/").split("/")]
        return [
            (handlers, {name[1:-1]: value for name, value in zip(pattern, segments, strict=True) if _is_name(name)})
            for pattern, handlers in self._by_length.get(len(segments), ())
            if all(p == s or _is_name(p) for p, s in zip(pattern, segments, strict=True))
        ]


def _is_name(segment: str) -> bool:
    return segment.startswith("{")
