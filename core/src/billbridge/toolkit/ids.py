"""Checks of object ids. Vendors add rules of their own."""

from __future__ import annotations

from typing import Final

from billbridge.errors import ValidationError

_EXAMPLE: Final = "pass the id of an object, such as customer.id"


def checked_id(id: object, param: str = "id") -> str:
    """Return `id` if it can be the id of an object. Else raise `ValidationError`, which names the parameter `param`.

    An id is text. It is not blank, not "." or "..", and holds no control character.
    """
    if not isinstance(id, str):
        kind = type(id).__name__
        by_name = "" if param == "id" else f"{param}="
        hint = f"write {by_name}{kind.lower()}.id" if hasattr(id, "id") else _EXAMPLE
        raise ValidationError(f"{param} must be a string, not {kind}", param=param, hint=hint)
    if not id.strip():
        raise ValidationError(f"{param} is empty", param=param, hint=_EXAMPLE)
    if id in (".", ".."):
        raise ValidationError(f"{param} must not be {id!r}", param=param, hint=_EXAMPLE)
    if not id.isprintable():
        raise ValidationError(f"{param} holds a control character", param=param, hint=_EXAMPLE)
    return id
