"""Build the error that a vendor's refusal means, with one summary per class and the vendor's own words without secrets.

A plugin finds the class with its own tables and passes it to `vendor_error`. Does not know any vendor's codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from billbridge.errors import (
    AuthenticationError,
    BillingError,
    ConcurrencyError,
    ConfigurationError,
    ConnectionNotConfiguredError,
    DuplicateError,
    IdempotencyConflictError,
    InvalidStateError,
    LimitExceededError,
    NotFoundError,
    PaymentActionRequiredError,
    PaymentDeclinedError,
    PaymentError,
    PaymentMethodRequiredError,
    PermissionDeniedError,
    ProtocolError,
    ProviderUnavailableError,
    RateLimitError,
    ValidationError,
)
from billbridge.toolkit.redact import redact

E = TypeVar("E", bound=BillingError)

SUMMARIES: Final[Mapping[type[BillingError], str]] = {
    AuthenticationError: "{provider} did not accept the credentials",
    PermissionDeniedError: "the credentials do not allow this at {provider}",
    ConfigurationError: "the {provider} account is not set up for this",
    ConnectionNotConfiguredError: "{provider} has no such connection",
    NotFoundError: "{provider} has no such object",
    DuplicateError: "{provider} already has such an object",
    InvalidStateError: "the object's state does not allow this at {provider}",
    ConcurrencyError: "another request is changing the same object at {provider}",
    IdempotencyConflictError: "this idempotency key was used with another request at {provider}",
    LimitExceededError: "a limit of the {provider} account is reached",
    RateLimitError: "too many requests to {provider}",
    PaymentDeclinedError: "the payment was declined at {provider}",
    PaymentActionRequiredError: "the customer must authenticate the payment first",
    PaymentMethodRequiredError: "the customer has no payment method to charge",
    PaymentError: "the payment did not go through at {provider}",
    ProviderUnavailableError: "{provider} is not available",
    ProtocolError: "{provider} answered with a status that it does not document",
    ValidationError: "{provider} refused the request",
}
"""The first words of an error text, by class. `{provider}` is the provider's name."""

_LATER: Final = "call again later; for a write, with the same idempotency key"
HINTS: Final[Mapping[type[BillingError], str]] = {
    AuthenticationError: "check the API key, and that it belongs to this account and mode (test or live)",
    PermissionDeniedError: "give the key this permission in the vendor's dashboard, or use another key",
    NotFoundError: "check the id, and that the object belongs to the account of this API key",
    DuplicateError: "use the object that exists, or pass another id, name or code",
    InvalidStateError: "get the object, and decide by its status",
    ConcurrencyError: _LATER,
    IdempotencyConflictError: "pass a new idempotency key for a new call, or the first arguments to repeat the old call",
    LimitExceededError: "delete objects that you do not need, or ask the vendor for a higher limit",
    RateLimitError: _LATER,
    PaymentDeclinedError: "ask the customer for another payment method; decline_reason says why",
    PaymentMethodRequiredError: "attach one with billing.payment_methods.attach",
    ProviderUnavailableError: _LATER,
}
"""What to do next, by class, where the plugin gives no hint of its own."""

RETRYABLE: Final = (ConcurrencyError, RateLimitError, ProviderUnavailableError)
"""Classes of errors after which the same request may succeed."""

_LONGEST: Final = 500
"""Characters of the vendor's words that an error text quotes."""


def vendor_error(
    kind: type[E],
    provider: str,
    *,
    status: int,
    headers: Mapping[str, str],
    body: bytes | None,
    said: str | None = None,
    sent: Iterable[bytes | str] = (),
    summary: str | None = None,
    hint: str | None = None,
    code: str | None = None,
    type: str | None = None,
    param: str | None = None,
    request_id: str | None = None,
    retryable: bool | None = None,
) -> E:
    """Return an error of the class `kind`, ready to raise.

    Its text is the summary of the class (or `summary`), then the vendor's words `said`, without secrets and without the personal values
    from the form bodies in `sent`. `body` is kept as `raw`; pass None if it can hold a secret. Leave `hint` and `retryable` out to take
    those of the class. A `RateLimitError` gets the seconds of the header `Retry-After`.
    """
    summary = (summary or SUMMARIES.get(kind, SUMMARIES[ValidationError])).format(provider=provider)
    text = f"{summary}: {redact(said, sent=sent)[:_LONGEST]}" if said else summary
    error = kind(
        text,
        hint=hint or HINTS.get(kind),
        provider=provider,
        status=status,
        code=code,
        type=type,
        param=param,
        request_id=request_id,
        retryable=issubclass(kind, RETRYABLE) if retryable is None else retryable,
        raw=body,
    )
    if isinstance(error, RateLimitError):
        error.retry_after = retry_after(headers)
    return error


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a `Retry-After` header asks for, or None. A date is measured from the header `Date` of the answer."""
    advice = headers.get("retry-after", "").strip()
    if advice.isascii() and advice.isdigit():
        return float(advice)
    if not advice:
        return None
    from email.utils import parsedate_to_datetime  # imported here: it loads more than all of Billbridge, and dates are rare

    try:
        return max(0.0, (parsedate_to_datetime(advice) - parsedate_to_datetime(headers["date"])).total_seconds())
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
