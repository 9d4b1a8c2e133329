"""Retries: send one request with an idempotency key, repeat it where that is safe, and raise the errors of vendors as our classes.

This is a flow around `send`, because an HTTP client does not know which requests are safe to repeat. A `Dialect` tells how a vendor says
its errors and which header carries the idempotency key.
"""

from __future__ import annotations

from typing import Final, Protocol

import msgspec

from billbridge.errors import (
    AuthenticationError,
    BillingError,
    ConcurrencyError,
    ConfigurationError,
    IdempotencyConflictError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ProtocolError,
    ProviderUnavailableError,
    RateLimitError,
    TransportError,
)
from billbridge.flow import Call, Flow, Request, Response, ask, pause, send
from billbridge.toolkit.argument_names import ArgumentNames
from billbridge.toolkit.digest import digest
from billbridge.toolkit.failures import retry_after

FIRST_PAUSE: Final = 0.5
"""Seconds before the first retry, at most. Each further pause is twice as long."""
LONGEST_PAUSE: Final = 8.0
"""Seconds of the longest pause without a `Retry-After`."""
LONGEST_ADVICE: Final = 60.0
"""The longest `Retry-After` in seconds that a retry waits for. For a longer one the error is raised, so that the caller decides."""
_UNSETTLING: Final = (
    ConfigurationError,  # the client was closed during a pause
    TransportError,
    RateLimitError,
    ProviderUnavailableError,
    ConcurrencyError,
    IdempotencyConflictError,
    AuthenticationError,
    PermissionDeniedError,
)


class Dialect(Protocol):
    """The rules of one vendor for keys and errors. `provider` is the provider's name.

    The header `key_header` carries the idempotency key of a POST. A key longer than `key_limit` characters is sent as its SHA-256, cut to
    that length. `arguments` translates the vendor's parameter names for `error.param`.
    """

    provider: str
    key_header: str
    key_limit: int
    arguments: ArgumentNames

    def failure(self, request: Request, response: Response) -> BillingError:
        """Return the error for an answer that is not 2xx. Set `retryable` if the same request may succeed later."""
        ...


def exchange(request: Request, dialect: Dialect, *, step: str = "", reads: bool = False, draft: object = None) -> Flow[Response]:
    """Send `request`, with retries, and return the 2xx answer. Raises the error of the last answer if there is none.

    A POST carries an idempotency key, made from the key of the call, the operation and `step`. Retries use the same key. If an operation
    sends several POSTs, give each further one its own `step`, so that the whole operation can be repeated. Pass `reads=True` for a POST
    that changes nothing: it carries no key. Raises `OutcomeUnknownError` if a write may have happened and no answer tells.

    If several fields of a draft become the same parameter, pass the `draft`: `error.param` then names the field that the caller passed.
    """
    writes = request.method != "GET" and not reads
    call = yield from ask(keyed=writes)
    if writes and request.method == "POST":
        key = derived_key(call.key, call.operation, step, dialect.key_limit)
        request = msgspec.structs.replace(request, headers={**request.headers, dialect.key_header: key}, keyed=True)
    lost: BillingError | None = None  # the failure of the last attempt that may have taken effect
    attempt = 0
    while True:
        failure: BillingError
        advice: float | None = None
        try:
            response = yield from send(request)
        except BillingError as error:  # no answer came, or the gateway refused the request itself
            failure = error
        else:
            if 200 <= response.status < 300:
                return response
            failure = dialect.failure(request, response)
            dialect.arguments.rename(failure, call.operation, draft)
            advice = retry_after(response.headers)
        _annotate(failure, dialect, call, request)
        failure.answer_lost_before = lost is not None or (writes and call.repeats)
        if writes and _may_have_happened(failure):
            lost = failure
        wait = _wait(failure, attempt, advice)
        if wait is None or attempt >= call.retries or (yield from _too_late(call, wait[0])):
            break
        yield from pause(*wait)
        attempt += 1
    if lost is not None and (failure is lost or not settles(failure)):
        raise _unknown(lost, dialect, call) from failure
    raise failure


def settles(failure: BaseException) -> bool:
    """Return whether this failure of a repeated write proves that the earlier attempt had no effect.

    Most refusals do, because the vendor would have replayed the first answer. Failures of the connection, the limits or the credentials
    do not: they say nothing about the earlier attempt.
    """
    return not isinstance(failure, (*_UNSETTLING, OutcomeUnknownError, ProtocolError))


def derived_key(key: str, operation: str, step: str, limit: int) -> str:
    """Return the idempotency key of one request: "order-1:customers.create", with ":step" for a further request of the operation.

    The caller can use one key for several operations. A key longer than `limit` characters becomes its SHA-256, cut to that length.
    """
    full = f"{key}:{operation}:{step}" if step else f"{key}:{operation}"
    return full if len(full) <= limit else digest(full)[:limit]


def _too_late(call: Call, seconds: float) -> Flow[bool]:
    """Return whether the caller's deadline passes during a pause of so many seconds."""
    if call.left is None:
        return False
    left = (yield from ask()).left
    return left is not None and left <= seconds


def _wait(failure: BillingError, attempt: int, advice: float | None) -> tuple[float, float] | None:
    if not failure.retryable:
        return None
    if advice is not None:
        return (advice, advice * 1.1) if advice <= LONGEST_ADVICE else None
    full = min(FIRST_PAUSE * 2.0**attempt, LONGEST_PAUSE)
    return (full / 2, full)


def _may_have_happened(failure: BillingError) -> bool:
    """Return whether a request with this failure can have taken effect."""
    return isinstance(failure, ProviderUnavailableError) or (isinstance(failure, TransportError) and failure.sent)


def _annotate(failure: BillingError, dialect: Dialect, call: Call, request: Request) -> None:
    failure.provider = failure.provider or dialect.provider
    failure.operation = failure.operation or call.operation
    failure.idempotency_key = call.key if request.keyed else None


def _unknown(lost: BillingError, dialect: Dialect, call: Call) -> OutcomeUnknownError:
    what = "did not answer" if lost.status is None else f"answered HTTP {lost.status} to"
    unknown = OutcomeUnknownError(
        f"{dialect.provider} {what} a write, so it may have succeeded",
        provider=dialect.provider,
        operation=call.operation,
        status=lost.status,
        code=lost.code,
        request_id=lost.request_id,
        idempotency_key=lost.idempotency_key,
        hint="call billing.resolve(error), or repeat the call with the same idempotency_key",
    )
    unknown.at = call.now
    return unknown
