"""What Maton's own refusals mean, and how to tell them from the vendor's.

Maton's documents give statuses and no error body. So an answer counts as the vendor's only if it is in the vendor's envelope. Error texts
do not quote Maton, because its answers can hold anything: the answer stays in `error.raw`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

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
from billbridge.toolkit.decoding import decode_object
from billbridge.toolkit.failures import vendor_error

from billbridge_maton.account import KEY_HINT

ENVELOPES: Final[tuple[Callable[[Mapping[str, Any]], bool], ...]] = (
    lambda body: isinstance(body.get("error"), dict) and isinstance(body["error"].get("type"), str),  # Stripe
    lambda body: isinstance(body.get("api_error_code"), str),  # Chargebee
)


class Meaning(NamedTuple):
    """An error class, its text, and its hint."""

    kind: type[BillingError]
    message: str
    hint: str | None = None


_RECONNECT: Final = "see `billbridge connections list`; create a connection, open its URL, and pass its id as connection="
_ANY: Final[Mapping[int, Meaning]] = {
    401: Meaning(AuthenticationError, "maton did not accept the API key", KEY_HINT),
    403: Meaning(PermissionDeniedError, "the API key does not allow this at maton"),
    429: Meaning(RateLimitError, "too many requests to maton", "a Maton account has ten requests per second in total"),
}
_PROXIED: Final[Mapping[int, Meaning]] = {
    **_ANY,
    400: Meaning(ConnectionNotConfiguredError, "maton has no such connection for this app", _RECONNECT),
    404: Meaning(ConnectionNotConfiguredError, "maton has no such app or connection", _RECONNECT),
}
_CONTROL: Final[Mapping[int, Meaning]] = {
    **_ANY,
    400: Meaning(ValidationError, "maton refused the request", "check the app and the method"),
    404: Meaning(NotFoundError, "maton has no such connection"),
    422: Meaning(ValidationError, "maton refused the request", "check the app and the method"),
}
_UNWELL: Final = Meaning(
    ProviderUnavailableError,
    "maton, or the vendor behind it, is not available",
    "if this lasts, the sign-in behind the connection may have expired: create a new connection and delete this one",
)
_STRANGE: Final = Meaning(ProtocolError, "maton answered with a status that neither Maton nor the vendor documents")
_UNANSWERED: Final = frozenset({502, 504})


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
    return vendor_error(
        meaning.kind,
        "maton",
        status=response.status,
        headers=response.headers,
        body=response.body,
        summary=meaning.message,
        hint=meaning.hint,
    )


def _is_vendors(body: bytes) -> bool:
    found = decode_object(body)
    return any(is_envelope(found) for is_envelope in ENVELOPES)
