"""Rendering stored objects as Chargebee sends them: null fields absent, `object` named, siblings in one envelope. It changes nothing."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from billbridge_sandbox.chargebee.api.params import Json


def render(record: object) -> Json:
    """A record as a JSON object. Private fields and fields that are None are left out; lists of records are rendered through."""
    kind = getattr(record, "OBJECT", None)
    body: Json = {} if kind is None else {"object": kind}
    unsent = getattr(record, "UNSENT", ())
    for field in fields(record):  # type: ignore[arg-type]  # every record is a dataclass; there is no public type for that
        value = getattr(record, field.name)
        if value is not None and field.name not in unsent and not field.metadata.get("private"):
            body[field.name] = _value(value)
    return body


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return [_value(entry) for entry in value]  # pyright: ignore[reportUnknownVariableType]
    return render(value) if is_dataclass(value) else value


def envelope(*records: object) -> Json:
    """Siblings in one object, each under the name of its kind; None is left out."""
    bodies = [render(record) for record in records if record is not None]
    return {body["object"]: body for body in bodies}
