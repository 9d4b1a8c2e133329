"""The operations of Stripe's v1 API, as the official SDK knows them.

How the paths are derived: every service class below `stripe._v1_services` is built on a recorder in place of its requestor, and each of
its methods is called once with placeholders for ids. What the method would have requested, its HTTP method and path, is noted; the type
of its `params` argument and its return type are the typed law of that operation. Nothing is typed by hand and nothing is sent. Left out:
`_async` twins, and operations that go to another host than api.stripe.com (`/v1/files` is uploaded elsewhere; OAuth).
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from typing import Any

from law.hints import members, resolve
from law.paths import Directory

_ID = "~{}~"  # a placeholder that URL quoting leaves alone
_ANY_ID = re.compile("~[^~/]+~")


@dataclass(frozen=True)
class Operation:
    """One endpoint. `pattern` holds None where an id stands; `function` is the SDK's method that sends it."""

    method: str
    pattern: tuple[str | None, ...]
    function: Callable[..., Any]

    @property
    def on_one_object(self) -> bool:
        """Whether the path ends with an id, as that of an update does and that of a creation does not."""
        return self.pattern[-1] is None

    def _hint(self, name: str) -> Any:
        return resolve({name: self.function.__annotations__[name]}, self.function.__module__)[name]

    @cached_property
    def params(self) -> type:
        """The TypedDict of the parameters."""
        typed_dict: type = next(member for member in members(self._hint("params")) if member is not type(None))
        return typed_dict

    @cached_property
    def returns(self) -> Any:
        """The resource class, or ListObject[...] of one, that the SDK promises to return."""
        return self._hint("return")


class _Recorder:
    """Stands in for the SDK's requestor and keeps what it was asked to request."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, str]] = []

    def request(self, method: str, url: str, *_: Any, base_address: str, **__: Any) -> None:
        self.calls.append((method.upper(), url, base_address))

    request_stream = request


def _services(module: str, name: str) -> Iterator[type]:
    loaded = import_module(module)
    yield getattr(loaded, name)
    for sub_module, sub_name in getattr(loaded, "_subservices", {}).values():
        yield from _services(sub_module, sub_name)


def _operations(service: type) -> Iterator[Operation]:
    recorder = _Recorder()
    for name, function in vars(service).items():
        if name.startswith("_") or name.endswith("_async") or not inspect.isfunction(function) or "params" not in function.__annotations__:
            continue
        ids = [
            each.name
            for each in inspect.signature(function).parameters.values()
            if each.kind is each.POSITIONAL_ONLY and each.name != "self"
        ]
        function(service(recorder), *(_ID.format(each) for each in ids), params={})
        method, url, address = recorder.calls[-1]
        if address == "api":
            yield Operation(method, tuple(None if _ANY_ID.fullmatch(part) else part for part in url.split("/")), function)


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of the v1 API."""
    return tuple(operation for service in _services("stripe._v1_services", "V1Services") for operation in _operations(service))


@cache
def _directory() -> Directory[Operation]:
    return Directory(operations())


@cache
def find(method: str, path: str) -> Operation | None:
    """The operation behind a request line; None when the SDK knows none."""
    return _directory().best(method, path)
