"""Reads the type annotations of the official SDKs at run time.

The Stripe SDK imports most of the names in its annotations under `if TYPE_CHECKING`, so `typing.get_type_hints` alone cannot resolve them.
Here a module's guarded imports are read from its source and followed only when a name is asked for.
Does not interpret the types: see `stripe/params.py`, `stripe/objects.py` and their Chargebee counterparts.
"""

from __future__ import annotations

import ast
import inspect
import sys
import types
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints


class _Names(dict[str, Any]):
    """The names of one module, those included that it imports only for type checkers."""

    def __init__(self, module: types.ModuleType) -> None:
        super().__init__(vars(module))
        self._module = module

    def __missing__(self, name: str) -> Any:
        source, original = _guarded_imports(self._module.__name__)[name]
        value = getattr(import_module(source), original)
        self[name] = value
        return value


@cache
def _guarded_imports(module: str) -> dict[str, tuple[str, str]]:
    """{name: (module, its name there)} of the `from ... import` statements under `if TYPE_CHECKING`."""
    found: dict[str, tuple[str, str]] = {}
    for statement in ast.parse(inspect.getsource(sys.modules[module])).body:
        if isinstance(statement, ast.If) and isinstance(statement.test, ast.Name) and statement.test.id == "TYPE_CHECKING":
            for imported in statement.body:
                if isinstance(imported, ast.ImportFrom) and imported.module:
                    found |= {alias.asname or alias.name: (imported.module, alias.name) for alias in imported.names}
    return found


@cache
def _names(module: str) -> _Names:
    return _Names(sys.modules[module])


def resolve(annotations: Mapping[str, Any], module: str) -> dict[str, Any]:
    """The annotations with every forward reference replaced by its type; `Required` and `NotRequired` are kept."""
    names = _names(module)
    holder = types.SimpleNamespace(__annotations__=dict(annotations))
    return get_type_hints(holder, dict(vars(sys.modules[module])), names, include_extras=True)


@cache
def class_annotations(cls: Any, without: Any = None) -> dict[str, Any]:
    """The resolved annotations of the class (of a TypedDict its bases' too), except the names that the class `without` declares."""
    left_out = without.__annotations__ if without else {}
    return resolve({name: hint for name, hint in inspect.get_annotations(cls).items() if name not in left_out}, cls.__module__)


def required_fields(fields: Mapping[str, Any]) -> Iterator[str]:
    """Names of a total TypedDict's fields that are not marked `NotRequired`."""
    return (name for name, hint in fields.items() if get_origin(hint) is not NotRequired)


def bare(hint: Any) -> Any:
    """The type inside `Required[...]` or `NotRequired[...]`."""
    return get_args(hint)[0] if get_origin(hint) in (Required, NotRequired) else hint


@cache
def members(hint: Any) -> list[Any]:
    """The members of a union, nested unions included; a type that is no union is its own only member. Not to be changed: remembered."""
    hint = bare(hint)
    if get_origin(hint) in (Union, types.UnionType):
        return [member for part in get_args(hint) for member in members(part)]
    return [hint]


def words(options: list[Any]) -> list[Any]:
    """The literal values among the members of a union."""
    return [word for option in options if get_origin(option) is Literal for word in get_args(option)]
