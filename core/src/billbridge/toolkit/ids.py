"""What can be the id of an object. Knows no vendor: each has rules of its own on top."""

from __future__ import annotations

from billbridge.errors import ValidationError


def checked_id(id: object, param: str = "id") -> str:
    """`id` itself, if it can be one: text that is not empty or blank, not "." or "..", without control characters."""
    if not isinstance(id, str):
        raise ValidationError(f"{param} must be a string, not {type(id).__name__}", param=param)
    if not id.strip() or id in (".", ".."):
        raise ValidationError(f"{param} is empty or a dot", param=param, hint="pass the id of an object, such as customer.id")
    if not id.isprintable():
        raise ValidationError(f"{param} holds a control character", param=param)
    return id
