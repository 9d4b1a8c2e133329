"""Every public callable of the packages, found by their exports, with right arguments for each, made from the types of its parameters."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import Enum
from importlib import import_module
from importlib.metadata import distributions
from importlib.util import find_spec
from types import FunctionType, ModuleType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import msgspec
from billbridge import Money
from billbridge.client.operation import Listing, Operation, Resource

NOT_FOR_APPLICATIONS: Final = frozenset({"billbridge_contract", "billbridge_workspace"})
"""A kit for the tests of plugins, and the workspace itself."""
PARTS: Final = ("model", "webhooks")
"""Modules of a package that applications import besides the package itself."""
PLAIN: Final[dict[Any, Any]] = {
    str: "x",
    bytes: b"{}",
    int: 1,
    bool: True,
    float: 1.0,
    Decimal: Decimal(1),
    datetime: datetime(2030, 1, 1, tzinfo=UTC),
    timedelta: timedelta(seconds=300),
    Money: Money(1, "USD"),
}


_BY_POSITION: Final = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.VAR_POSITIONAL)


@dataclass(frozen=True)
class Target:
    """Something to call. `right` are arguments that it takes; each parameter in turn gets wrong ones."""

    name: str
    call: Callable[..., Any]
    parameters: tuple[inspect.Parameter, ...]
    right: Mapping[str, Any]

    def arguments(self, name: str, value: Any) -> tuple[list[Any], dict[str, Any]]:
        """Right arguments, but for one parameter."""
        given = {**self.right, name: value}
        return self.arranged(given)

    def arranged(self, given: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Arguments by name as positional ones and keywords."""
        first = [each.name for each in self.parameters if each.kind in _BY_POSITION and each.name in given]
        return [given[name] for name in first], {name: value for name, value in given.items() if name not in first}


def target(name: str, call: Callable[..., Any], right: Mapping[str, Any] | None = None) -> Target:
    """A callable with right arguments for the parameters that it needs, from their types or from `right`."""
    parameters = [each for each in inspect.signature(call).parameters.values() if each.kind is not each.VAR_KEYWORD]
    given = dict(right or {})
    needed = [each for each in parameters if each.default is each.empty and each.kind is not each.VAR_POSITIONAL and each.name not in given]
    types = {each.name: each.annotation for each in needed}
    if any(isinstance(annotation, str) for annotation in types.values()):
        types = get_type_hints(vars(call)["__init__"] if inspect.isclass(call) else call)
    return Target(name, call, tuple(parameters), {**given, **{each.name: value_of(types[each.name]) for each in needed}})


def value_of(kind: Any) -> Any:
    """A right value of a type."""
    if kind in PLAIN:
        return PLAIN[kind]
    arguments = [each for each in get_args(kind) if each not in (type(None), msgspec.UnsetType)]
    if get_origin(kind) is list:
        return [value_of(arguments[0])]
    if get_origin(kind) in (dict, Mapping):
        return {"a": value_of(arguments[1])}
    if get_origin(kind) is Literal:
        return arguments[0]
    if arguments:
        return value_of(arguments[0])
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = get_type_hints(kind)
        return kind(**{each.name: value_of(hints[each.name]) for each in msgspec.structs.fields(kind) if each.required})
    return kind() if isinstance(kind, type) else None


def modules() -> Iterator[ModuleType]:
    """The public modules of every installed package of this project."""
    packages = {each.name.replace("-", "_") for each in distributions() if each.name.startswith("billbridge")}
    for package in sorted(packages - NOT_FOR_APPLICATIONS):
        if find_spec(package):
            yield import_module(package)
            yield from (import_module(f"{package}.{part}") for part in PARTS if find_spec(f"{package}.{part}"))


def exported() -> dict[str, Any]:
    """The public classes and functions by name, each once: what `__all__` lists, else what the module defines."""
    found: dict[int, tuple[str, Any]] = {}
    for module in modules():
        names = getattr(module, "__all__", None) or [name for name in vars(module) if not name.startswith("_")]
        for name in names:
            value = getattr(module, name)
            own = hasattr(module, "__all__") or getattr(value, "__module__", "") == module.__name__
            if own and isinstance(value, type | FunctionType):
                found.setdefault(id(value), (f"{module.__name__}.{name}", value))
    return dict(sorted(found.values(), key=lambda each: each[0]))


def methods(kind: type) -> list[str]:
    """The public methods of a class that take an argument, and its operators."""
    names = []
    for name, value in inspect.getmembers(kind, lambda each: isinstance(each, FunctionType) or inspect.ismethod(each)):
        home = next(base for base in kind.__mro__ if name in vars(base))
        is_public = home.__module__.startswith("billbridge") and (not name.startswith("_") or name in OPERATORS)
        if is_public and {*inspect.signature(value).parameters} - {"self", "cls"}:
            names.append(name)
    return names


_OPERATORS: Final = ("add", "radd", "sub", "rsub", "mul", "rmul", "lt", "le", "gt", "ge", "eq", "format", "getitem", "contains")
OPERATORS: Final = frozenset(f"__{name}__" for name in _OPERATORS)


def operations(client: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every operation and list of a client, bound to it. A client of Maton's connections is a resource itself."""
    for resource, bound in {"connections": client, **vars(client)}.items():
        if isinstance(bound, Resource):
            for name in dir(type(bound)):
                if isinstance(inspect.getattr_static(type(bound), name), Operation | Listing):
                    yield f"{resource}.{name}", getattr(bound, name)
