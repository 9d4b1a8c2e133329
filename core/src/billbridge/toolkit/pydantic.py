"""Schemas for Pydantic, which FastAPI uses. Pydantic is not a dependency: it is imported only when it asks for a schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from billbridge.errors import BillingError


def entity_schema(kind: type[Any]) -> Any:
    """Return the core schema of a class with `to_dict()`: its objects are taken as they are and written as `to_dict()` gives them."""
    return _instance_schema(kind, lambda value: value.to_dict())


def struct_schema(kind: type[Any]) -> Any:
    """Return the core schema of a struct: its objects, or a dict of its fields, are taken; an object is written as a dict."""
    from pydantic_core import core_schema

    return core_schema.union_schema(
        [_instance_schema(kind, msgspec.to_builtins), core_schema.no_info_plain_validator_function(lambda value: _converted(kind, value))],
        serialization=core_schema.plain_serializer_function_ser_schema(msgspec.to_builtins),
    )


def json_schema(kind: type[Any], *, leave_out: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a JSON schema with the names of the fields. Nested objects are not described further."""
    names = [field.encode_name for field in msgspec.structs.fields(kind) if field.name not in leave_out]
    return {"type": "object", "title": kind.__name__, "properties": {name: {} for name in names}}


def _instance_schema(kind: type[Any], write: Callable[[Any], Any]) -> Any:
    from pydantic_core import core_schema

    return core_schema.is_instance_schema(kind, serialization=core_schema.plain_serializer_function_ser_schema(write))


def _converted(kind: type[Any], value: object) -> Any:
    """Make the struct from a dict of its fields. Pydantic reports a `ValueError` as its own error."""
    if not isinstance(value, dict):
        raise ValueError(f"expected {kind.__name__} or a dict, not {type(value).__name__}")
    try:
        return kind(**value)
    except (TypeError, BillingError) as error:
        raise ValueError(str(error)) from None


class LazySerializer:
    """The attribute `__pydantic_serializer__`: Pydantic uses it for a value whose type nobody declared. Made when Pydantic asks for it.

    Without Pydantic there is no such attribute, so that `hasattr` and `inspect.getmembers` work.
    """

    def __get__(self, instance: object, owner: type[Any]) -> Any:
        try:
            from pydantic_core import SchemaSerializer
        except ModuleNotFoundError:
            raise AttributeError("__pydantic_serializer__ needs Pydantic") from None
        return SchemaSerializer(owner.__get_pydantic_core_schema__(owner, None))
