"""The operations of Chargebee's API v2, as the official SDK knows them.

How the paths are derived: every operation of the SDK is a method that builds its path and calls `request.send`. A copy of each method's
code is run with a recorder in place of the `request` module and placeholders for ids; it notes the HTTP method, the path, which
parameters are JSON texts (the SDK's `jsonKeys`: name to depth) and whether the whole body is JSON. Nothing is typed by hand, nothing is
sent, the SDK itself is not patched. Paths are those after `/api/v2`. Operations on other hosts than the site's own (usage ingestion) are
included: their paths do not collide.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import FunctionType, SimpleNamespace
from typing import Any, get_type_hints

from law.chargebee.sdk import chargebee, kinds, module
from law.paths import Directory

PREFIX = "/api/v2"
_ID = "~id~"


@dataclass(frozen=True)
class Operation:
    """One endpoint. `pattern` holds None where an id stands."""

    method: str
    pattern: tuple[str | None, ...]
    params: type | None  # a TypedDict, or None when the operation takes no parameters
    returns: type  # the SDK's dataclass of the answer
    json_keys: Mapping[str, int]
    json_body: bool
    lists_as_json: bool  # a plain list is one JSON text, as the SDK writes it in list requests


class _Recorder:
    """Stands in for the SDK's module `request`."""

    uri_path = staticmethod(chargebee.request.uri_path)

    def __init__(self) -> None:
        self.sent: list[tuple[Any, ...]] = []
        self.lists_as_json = False

    def send(self, *arguments: Any, **_: Any) -> None:
        self.sent.append(arguments)

    def send_list_request(self, *arguments: Any, **_: Any) -> None:
        self.lists_as_json = True
        self.sent.append(arguments)


def _record(function: FunctionType) -> _Recorder:
    recorder = _Recorder()
    copy = FunctionType(function.__code__, {**function.__globals__, "request": recorder}, function.__name__, None, function.__closure__)
    given: dict[str, Any] = {
        name: {} if name == "params" else None if name == "headers" else _ID for name in inspect.signature(function).parameters
    }
    copy(**{**given, "self": SimpleNamespace(env=None)})
    return recorder


def _of_kind(kind: str) -> Iterator[Operation]:
    resource = getattr(module(kind, "operations"), "".join(part.title() for part in kind.split("_")))
    for function in vars(resource).values():
        if inspect.isfunction(function) and "uri_path" in function.__code__.co_names:  # not a helper that polls
            recorder = _record(function)
            method, path, _, _, _, returns, _, json_body, json_keys, _ = recorder.sent[-1]
            pattern = tuple(None if part == _ID else part for part in path.split("/"))
            params = get_type_hints(function).get("params")
            yield Operation(method.upper(), pattern, params, returns, json_keys, json_body, recorder.lists_as_json)


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of the API."""
    return tuple(operation for kind in kinds() for operation in _of_kind(kind))


@cache
def _directory() -> Directory[Operation]:
    return Directory(operations())


@cache
def find(method: str, path: str) -> Operation | None:
    """The operation behind a request line (path with `/api/v2`); None when the SDK knows none."""
    return _directory().best(method, path.removeprefix(PREFIX)) if path.startswith(PREFIX + "/") else None
