"""One request, sent so that it survives: an idempotency key on every write, retries where they are safe, vendor errors as our classes.

A flow around `send`, not a feature of the HTTP client, because what is safe to repeat is known here. Does not know any vendor: a
`Dialect` tells how one says its errors and where it wants the key.
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
from billbridge.toolkit.digest import digest
from billbridge.toolkit.failures import retry_after

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 8.0
LONGEST_ADVICE: Final = 60.0
"""Seconds that we wait on a vendor's advice (`Retry-After`); a longer wait is the caller's decision, so the error is raised."""
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
    """What a vendor does its own way around every request. `provider` is the provider's name; `key_header` carries the idempotency
    key of a POST, at most `key_limit` characters long (a longer one is sent as its SHA-256)."""

    provider: str
    key_header: str
    key_limit: int

    def failure(self, request: Request, response: Response) -> BillingError:
        """The error that an answer other than 2xx means, with `retryable` set where sending the same again may help."""
        ...


def exchange(request: Request, dialect: Dialect, *, step: str = "", reads: bool = False) -> Flow[Response]:
    """Sends `request` until it is answered with 2xx, or raises the error that the last answer means.

    A POST carries an idempotency key that is derived from the call's key, its operation and the `step`. An operation of several POSTs
    names each further one with a `step`, so that the whole operation can be repeated. Retries use the same key. Raises
    `OutcomeUnknownError` when a write was sent, no answer to it came, and no later answer settled what happened. `reads` says that a
    POST only asks: it carries no key, and an answer that never comes is a plain `TransportError`.
    """
    writes = request.method != "GET" and not reads
    call = yield from ask(keyed=writes)
    if writes and request.method == "POST":
        key = derived_key(call.key, call.operation, step, dialect.key_limit)
        request = msgspec.structs.replace(request, headers={**request.headers, dialect.key_header: key}, keyed=True)
    lost: BillingError | None = None  # the last attempt that may have had its effect without saying so
    attempt = 0
    while True:
        failure: BillingError
        advice: float | None = None
        try:
            response = yield from send(request)
        except BillingError as error:  # no answer came, or the gateway refused in the vendor's place
            failure = error
        else:
            if 200 <= response.status < 300:
                return response
            failure = dialect.failure(request, response)
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
    """Whether a write that is refused so, when it is sent again under its key, did not take effect the time before either.

    Who may not ask now, or could not be heard, learns nothing about what came before.
    """
    return not isinstance(failure, (*_UNSETTLING, OutcomeUnknownError, ProtocolError))


def derived_key(key: str, operation: str, step: str, limit: int) -> str:
    """The idempotency key that one request carries: "order-1:customers.create", with ":step" for a further request of the operation.

    So one key of the caller covers a whole unit of work. A key longer than `limit` characters is replaced by its SHA-256.
    """
    full = f"{key}:{operation}:{step}" if step else f"{key}:{operation}"
    return full if len(full) <= limit else digest(full)[:limit]


def _too_late(call: Call, seconds: float) -> Flow[bool]:
    """Whether the caller's deadline would pass during a pause of so many seconds."""
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
    """Whether the request that ended so can have had its effect all the same."""
    return isinstance(failure, ProviderUnavailableError) or (isinstance(failure, TransportError) and failure.sent)


def _annotate(failure: BillingError, dialect: Dialect, call: Call, request: Request) -> None:
    failure.provider = failure.provider or dialect.provider
    failure.operation = failure.operation or call.operation
    failure.idempotency_key = call.key if request.keyed else None


def _unknown(lost: BillingError, dialect: Dialect, call: Call) -> OutcomeUnknownError:
    what = "no answer came" if lost.status is None else f"only HTTP {lost.status} came"
    unknown = OutcomeUnknownError(
        f"{what} to a write at {dialect.provider}: it may have succeeded",
        provider=dialect.provider,
        operation=call.operation,
        status=lost.status,
        code=lost.code,
        request_id=lost.request_id,
        idempotency_key=lost.idempotency_key,
        hint="billing.resolve(error) finishes it, or call again with the same idempotency_key",
    )
    unknown.at = call.now
    return unknown
