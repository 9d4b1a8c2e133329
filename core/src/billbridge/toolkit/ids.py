"""Checks of object ids. Vendors add rules of their own."""

from __future__ import annotations

from billbridge.errors import ValidationError


def checked_id(id: object, param: str = "id") -> str:
    """Return `id` if it can be an object's id; else raise `ValidationError`.

    An id is text. It is not blank, not "." or "..", and holds no control character."""
    if not isinstance(id, str):
        raise ValidationError(f"{param} must be a string, not {type(id).__name__}", param=param)
    if not id.strip() or id in (".", ".."):
        raise ValidationError(f"{param} is empty or a dot", param=param, hint="pass the id of an object, such as customer.id")
    if not id.isprintable():
        raise ValidationError(f"{param} holds a control character", param=param)
    return id
