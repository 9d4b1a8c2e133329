"""What Maton's own refusals mean, and how they are told from the vendor's. Sends nothing.

Maton's documents give statuses and no error body, so an answer is taken as the vendor's only if it is in the vendor's envelope. What Maton
says is not quoted: it stays in `error.raw`, because nobody knows what it may hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import msgspec
from billbridge.errors import (
    AuthenticationError,
    BillingError,
    ConnectionNotConfiguredError,
    NotFoundError,
    PermissionDeniedError,
    ProtocolError,
    ProviderUnavailableError,
    RateLimitError,
    TransportError,
    ValidationError,
)
from billbridge.flow import Request, Response
from billbridge.flow.retry import retry_after

from billbridge_maton.account import KEY_HINT

ENVELOPES: Final[tuple[Callable[[Mapping[str, Any]], bool], ...]] = (
    lambda body: isinstance(body.get("error"), dict) and isinstance(body["error"].get("type"), str),  # Stripe
    lambda body: isinstance(body.get("api_error_code"), str),  # Chargebee
)
_OBJECT: Final = msgspec.json.Decoder(dict[str, Any])


class Meaning(NamedTuple):
    """A class, a sentence, and what to do."""

    kind: type[BillingError]
    message: str
    hint: str | None = None


_RECONNECT: Final = "see `billbridge connections list`; make a connection, open its URL, and name it with connection="
_ANY: Final[Mapping[int, Meaning]] = {
    401: Meaning(AuthenticationError, "maton refused its API key", KEY_HINT),
    403: Meaning(PermissionDeniedError, "maton does not allow this"),
    429: Meaning(RateLimitError, "maton is asked too often", "an account has ten requests a second for all its apps and connections"),
}
_PROXIED: Final[Mapping[int, Meaning]] = {
    **_ANY,
    400: Meaning(ConnectionNotConfiguredError, "maton has no such connection for this app", _RECONNECT),
    404: Meaning(ConnectionNotConfiguredError, "maton does not know this app or connection", _RECONNECT),
}
_CONTROL: Final[Mapping[int, Meaning]] = {
    **_ANY,
    400: Meaning(ValidationError, "maton refused the request", "check the app and the method"),
    404: Meaning(NotFoundError, "maton has no such connection"),
    422: Meaning(ValidationError, "maton refused the request", "check the app and the method"),
}
_UNWELL: Final = Meaning(
    ProviderUnavailableError,
    "maton or what is behind it is not well",
    "if it lasts, the sign-in behind the connection may have expired: make a new connection and delete this one",
)
_STRANGE: Final = Meaning(ProtocolError, "maton answered with something that neither it nor the vendor documents")
_UNANSWERED: Final = frozenset({502, 504})
_RETRYABLE: Final = (RateLimitError, ProviderUnavailableError)


def refusal(request: Request, response: Response) -> BillingError | None:
    """The error that an answer by the proxy means, if it is Maton's; None if it is the vendor's.

    A bad-gateway or gateway-timeout answer to a write means that it was sent on and never answered: a `TransportError`, so that it is
    repeated with the same idempotency key or becomes an `OutcomeUnknownError`.
    """
    if 200 <= response.status < 300 or _is_vendors(response.body):
        return None
    if response.status in _UNANSWERED and request.method != "GET":
        lost = TransportError("the vendor behind maton did not answer", provider="maton", status=response.status, retryable=True)
        lost.sent = True
        return lost
    return _error(_PROXIED, response)


def failure(response: Response) -> BillingError:
    """The error that an answer other than 2xx about connections means."""
    return _error(_CONTROL, response)


def _error(table: Mapping[int, Meaning], response: Response) -> BillingError:
    meaning = table.get(response.status) or (_UNWELL if response.status >= 500 else _STRANGE)
    error = meaning.kind(
        meaning.message,
        hint=meaning.hint,
        provider="maton",
        status=response.status,
        retryable=issubclass(meaning.kind, _RETRYABLE),
        raw=response.body,
    )
    if isinstance(error, RateLimitError):
        error.retry_after = retry_after(response.headers)
    return error


def _is_vendors(body: bytes) -> bool:
    try:
        found = _OBJECT.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return any(is_envelope(found) for is_envelope in ENVELOPES)
