"""Write searches for customers in Stripe's query language (docs.stripe.com/search). Sends nothing."""

from __future__ import annotations

from typing import Final

from billbridge.errors import ValidationError
from billbridge.model import CustomerSearch

_SHORTEST: Final = 3
_MOST: Final = 10


def customer_query(search: CustomerSearch) -> str:
    """Return the query. All clauses must match. `:` means equal (Stripe ignores the case), `~` means contained.

    Raises `ValidationError` for what the language does not allow: fewer than 3 letters of a name, more than 10 clauses.
    """
    if search.name is not None and len(search.name) < _SHORTEST:
        raise ValidationError(f"stripe searches for {_SHORTEST} letters of a name at least", param="name", provider="stripe")
    exact = {"email": search.email, "phone": search.phone}
    clauses = [f"{field}:{_quoted(value)}" for field, value in exact.items() if value is not None]
    clauses += [f"name~{_quoted(search.name)}"] if search.name is not None else []
    clauses += [f"metadata[{_quoted(key)}]:{_quoted(value)}" for key, value in (search.metadata or {}).items()]
    if len(clauses) > _MOST:
        raise ValidationError(f"stripe searches for {_MOST} things at once at most", param="metadata", provider="stripe")
    return " AND ".join(clauses)


def _quoted(text: str) -> str:
    """Return a quoted value. Backslashes escape quotes and backslashes, so that no value can end early and become a clause."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
