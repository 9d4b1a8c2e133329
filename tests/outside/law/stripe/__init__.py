"""Stripe's side of the law, read from the official SDK (stripe 16.1.0, API version 2026-10-28.endive) at run time.

Every check returns readable lines, none when all is legal. The wire formats and the decisions are told in `operations.py`, `params.py`,
`objects.py`. Does not check what no type says: whether ids exist, amounts add up, a status is the right one.
"""

from __future__ import annotations

from typing import Any

from stripe import ErrorObject

from law.stripe import objects, operations, params

_ERROR_TYPES = ("api_error", "card_error", "idempotency_error", "invalid_request_error")  # docstring of the SDK's ErrorObject.type


def check_request(method: str, path: str, query: str = "", body: bytes = b"") -> list[str]:
    """One request as it goes over the wire. `path` is the raw path without the query string; `query` comes without its question mark."""
    operation = operations.find(method, path)
    if operation is None:
        return [f"{method} {path}: no endpoint of the SDK"]
    return params.problems(operation, method, query, body)


def check_object(value: object, *, known_words_only: bool = False) -> list[str]:
    """One object, nested ones included, by its own "object". With `known_words_only` a word that the SDK does not list is reported too."""
    return objects.check(value, known_words_only=known_words_only)


def check_answer(method: str, path: str, value: object, *, known_words_only: bool = False) -> list[str]:
    """The body of a successful answer: the object that the SDK promises for that request line."""
    operation = operations.find(method, path)
    if operation is None:
        return [f"{method} {path}: no endpoint of the SDK"]
    return objects.check(value, operation.returns, known_words_only=known_words_only)


def check_error(value: Any) -> list[str]:
    """The body of a refusal: `{"error": {...}}` with the fields of the SDK's ErrorObject. Absent details are left out, or null."""
    error = value.get("error") if isinstance(value, dict) else None
    if not isinstance(error, dict):
        return ['error answer: not {"error": {...}}']
    found = [f"error answer: {name} beside error" for name in value if name != "error"]
    known = objects.wire_fields(ErrorObject)
    required = ["type", "message"]  # Optional in the SDK, but an error without a message helps nobody: Stripe always sends it
    found += [f"error.{name}: missing" for name in required if not error.get(name)]
    if error.get("type") not in _ERROR_TYPES:
        found.append(f"error.type: {error.get('type')!r} is not one of {', '.join(_ERROR_TYPES)}")
    found += [f"error.{name}: no field of ErrorObject" for name in error if name not in known]
    return found + [line for name, each in error.items() if name in known for line in objects.check(each, known[name], f"error.{name}")]
