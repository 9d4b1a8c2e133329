"""What refusals mean in our terms: tables from Stripe's codes where Airbyte passes them on, else from HTTP statuses. Sends nothing.

Airbyte's own errors: the mapping of `cloud_utils/client.py` in airbyte-agent-sdk at 4f1d49c. How it wraps an error of Stripe's is shown
nowhere, so Stripe's error object is looked for in the whole answer, and in texts that hold JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from billbridge.errors import (
    AuthenticationError,
    BillingError,
    ConfigurationError,
    ConnectionNotConfiguredError,
    NotFoundError,
    PermissionDeniedError,
    ProtocolError,
    ProviderUnavailableError,
    RateLimitError,
    ValidationError,
)
from billbridge.flow import Request, Response
from billbridge.toolkit.decoding import UNREADABLE
from billbridge.toolkit.failures import vendor_error

NAME: Final = "airbyte-stripe"
_DEPTH: Final = 6

_CODES: Final[dict[str, type[BillingError]]] = {
    "resource_missing": NotFoundError,
    "rate_limit": RateLimitError,
    "lock_timeout": ProviderUnavailableError,
    "api_key_expired": AuthenticationError,
    "platform_api_key_expired": AuthenticationError,
}
_TEXTS: Final[tuple[tuple[str, type[BillingError]], ...]] = (
    ("no such customer", NotFoundError),
    ("specify target organization", ConfigurationError),
)
_TYPES: Final[dict[str, type[BillingError]]] = {
    "api_error": ProviderUnavailableError,
    "card_error": ValidationError,
    "idempotency_error": ValidationError,
    "invalid_request_error": ValidationError,
    "rate_limit_error": RateLimitError,
    "authentication_error": AuthenticationError,
}
"""Of Stripe's errors (stripe 16.1.0); the last two are of older versions."""
_STATUSES: Final[dict[int, type[BillingError]]] = {
    400: ValidationError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: ConnectionNotConfiguredError,
    422: ValidationError,
    429: RateLimitError,
}
_PLAIN: Final = (401, 403, 429)
"""These say more than the type of an error of Stripe's, which is `invalid_request_error` for a refused key too."""
_SUMMARIES: Final[dict[type[BillingError], str]] = {
    ConfigurationError: "airbyte needs to know which organization you mean",
    ConnectionNotConfiguredError: "airbyte has no such connector",
    ProviderUnavailableError: "airbyte, or stripe behind it, is not available",
    ValidationError: "airbyte, or stripe behind it, refused the request",
}
"""In place of the summaries of `toolkit.failures`."""
_HINTS: Final[dict[type[BillingError], str]] = {
    ConfigurationError: "pass organization_id",
    ConnectionNotConfiguredError: "check connector_id and generation; airbyte did not say that a customer is missing",
    PermissionDeniedError: "403 can mean that the organization has no subscription to Airbyte's agent connectors",
}
_STRIPES: Final[dict[type[BillingError], str]] = {
    AuthenticationError: "stripe did not accept the API key that airbyte's connector holds",
    PermissionDeniedError: "the API key that airbyte's connector holds does not allow this at stripe",
}
"""In place of the summaries above, where Airbyte passed Stripe's error on."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """Stripe's error object, as far as it was passed on, or at least somebody's words."""

    type: str | None = None
    code: str | None = None
    param: str | None = None
    message: str | None = None


def failure(request: Request, response: Response) -> BillingError:
    """The error that a refusal of an execute request means; whatever its body is, HTML and nothing included.

    A 404 is a missing customer only where Stripe's words say so: else it can as well be the connector that is missing.
    """
    said = _said(response.body)
    kind = _kind(response.status, said, response.body)
    return vendor_error(
        kind,
        NAME,
        status=response.status,
        headers=response.headers,
        body=response.body,
        said=_without_token(said.message, request) if said.message else None,
        sent=[_personal(request)],
        summary=_STRIPES.get(kind, _SUMMARIES.get(kind)) if said.type else _SUMMARIES.get(kind),
        hint=None if said.type else _HINTS.get(kind),
        code=said.code,
        type=said.type,
        param=said.param,
        request_id=response.headers.get("request-id") or response.headers.get("x-request-id"),
    )


def token_failure(response: Response) -> BillingError:
    """The error that a refused token exchange means. It quotes nothing and keeps nothing: an answer could repeat the secret."""
    status = response.status
    kind = _kind(status, Said(), b"")
    if kind in (ValidationError, PermissionDeniedError):
        kind = AuthenticationError  # the client's id and secret are all that was sent
    return vendor_error(
        kind,
        NAME,
        status=status,
        headers=response.headers,
        body=None,
        summary="airbyte gave no token",
        hint=_TOKEN_HINTS.get(kind),
    )


_TOKEN_HINTS: Final[dict[type[BillingError], str]] = {
    AuthenticationError: "check client_id and client_secret",
    ConnectionNotConfiguredError: "check generation: this host has no such way to a token",
}


def _kind(status: int, said: Said, body: bytes) -> type[BillingError]:
    if said.code in _CODES:
        return _CODES[said.code]
    text = body.decode("utf-8", "replace").lower()
    for words, kind in _TEXTS:
        if words in text:
            return kind
    if said.type in _TYPES and status not in _PLAIN:
        return _TYPES[said.type]
    if status >= 500:
        return ProviderUnavailableError
    return _STATUSES.get(status, ValidationError if status >= 400 else ProtocolError)


def _without_token(text: str, request: Request) -> str:
    token = request.headers.get("Authorization", "").rpartition(" ")[2]
    return text.replace(token, "[redacted]") if token else text


def _personal(request: Request) -> str:
    """The parameters of the request in the form that `redact` reads."""
    asked = msgspec.json.decode(request.body or b"{}")
    return urlencode({name: str(value) for name, value in asked.get("params", {}).items()})


def _said(body: bytes) -> Said:
    try:
        answer = msgspec.json.decode(body)
    except UNREADABLE:
        return Said()
    stripes = next((part for part in _objects(answer, _DEPTH) if _text(part.get("type")) in _TYPES), {})
    return Said(
        type=_text(stripes.get("type")),
        code=_text(stripes.get("code")),
        param=_text(stripes.get("param")),
        message=_text(stripes.get("message")) or _words(answer),
    )


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Every JSON object in an answer, outer ones first; one inside a text counts too."""
    if depth == 0:
        return
    if isinstance(value, str) and "{" in value:
        try:
            value = msgspec.json.decode(value[value.index("{") : value.rindex("}") + 1])
        except (msgspec.DecodeError, ValueError):
            return
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _objects(part, depth - 1)


def _words(answer: Any) -> str | None:
    """The message of an error of Airbyte's: of its `errors`, else its own, in the order in which Airbyte's SDK looks."""
    if not isinstance(answer, dict):
        return None
    errors = answer.get("errors")
    several = [_words_of(error) for error in errors] if isinstance(errors, list) else []
    return ", ".join(filter(None, several)) or _words_of(answer)


def _words_of(error: Any) -> str | None:
    if not isinstance(error, dict):
        return _text(error)
    return next(filter(None, (_text(error.get(name)) for name in ("userPresentableMessage", "message", "error", "detail"))), None)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
