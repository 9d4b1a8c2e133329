"""Chargebee's side of the law, read from the official SDK (chargebee 3.29.0, API v2) at run time.

Every check returns readable lines, none when all is legal. The wire formats and the decisions are told in `operations.py`, `params.py`,
`objects.py`. Does not check what no type says: whether ids exist, amounts add up, a status is the right one.
"""

from __future__ import annotations

from typing import Any

from law.chargebee import objects, operations, params

_ERROR_FIELDS = {  # read by the SDK's api_error.py; the last three mirror older fields
    "message": str,
    "type": str,
    "api_error_code": str,
    "param": str,
    "error_cause_id": str,
    "error_code": str,
    "error_msg": str,
    "error_param": str,
    "http_status_code": int,
    "batch_id": str,
    "failed_events": list,
}
# The types that the SDK's http_request.py turns into classes of their own; any other, or none at all, is its plain APIError.
_ERROR_TYPES = ("payment", "invalid_request", "operation_failed", "ubb_batch_ingestion_invalid_request", "untyped")


def check_request(method: str, path: str, query: str = "", body: bytes = b"") -> list[str]:
    """One request as it goes over the wire. `path` is the raw path with `/api/v2`; `query` comes without its question mark."""
    operation = operations.find(method, path)
    if operation is None:
        return [f"{method} {path}: no endpoint of the SDK"]
    return params.problems(operation, method, query, body)


def check_object(kind: str, value: object, *, known_words_only: bool = False) -> list[str]:
    """One resource, say `check_object("customer", {...})`. With `known_words_only` a word that the SDK's enum does not list is reported
    too.
    """
    return objects.check(kind, value, known_words_only=known_words_only)


def check_answer(method: str, path: str, value: object, *, known_words_only: bool = False) -> list[str]:
    """The body of a successful answer: the envelope that the SDK promises for that request line."""
    operation = operations.find(method, path)
    if operation is None:
        return [f"{method} {path}: no endpoint of the SDK"]
    return objects.check_envelope(operation.returns, value, known_words_only=known_words_only)


def check_error(value: Any) -> list[str]:
    """The body of a refusal. The SDK itself gives up when `api_error_code` is missing; `type` may be absent."""
    if not isinstance(value, dict):
        return ["error answer: not an object"]
    found = [f"error.{name}: missing" for name in ("message", "api_error_code") if not value.get(name)]
    found += [f"error.{name}: no field of an error" for name in value if name not in _ERROR_FIELDS]
    if "type" in value and value["type"] not in _ERROR_TYPES:
        found.append(f"error.type: {value['type']!r} is not one of {', '.join(_ERROR_TYPES)}")
    wrong = [name for name, each in value.items() if name in _ERROR_FIELDS and type(each) is not _ERROR_FIELDS[name]]
    return found + [f"error.{name}: {value[name]!r} is not {_ERROR_FIELDS[name].__name__}" for name in wrong]
