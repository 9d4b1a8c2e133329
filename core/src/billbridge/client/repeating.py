"""What `resolve` checks before it makes a call again: whose call it was, and whether the vendor still knows its idempotency key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from billbridge.errors import OutcomeUnknownError, ValidationError
from billbridge.plugins.gateway import Gateway
from billbridge.plugins.provider import Provider

if TYPE_CHECKING:
    from billbridge.flow.journal import Entry

_MARGIN: Final = timedelta(minutes=5)
"""The time that a call may wait for limits and retries. A call is not repeated if the vendor forgets its key earlier than that."""


def check_repeatable(error: OutcomeUnknownError | Entry, provider: Provider, gateway: Gateway) -> tuple[str, str]:
    """Return the resource and the operation of the call to repeat.

    Raises `ValidationError` if this client cannot repeat it, and `OutcomeUnknownError` if the idempotency key is too old.
    """
    if error.provider != provider.name:
        raise ValidationError(
            f"this client cannot repeat the call: it was made at {error.provider or 'no provider'}, and this is {provider.name}",
            param="error",
            hint="resolve it with a client of the same provider and account",
        )
    if error.arguments is None or error.operation is None:
        raise ValidationError(
            "this client cannot repeat the call: the error holds no arguments",
            param="error",
            hint="pass the error that the call raised, or an entry of the journal",
        )
    check_age(error, provider, gateway)
    resource, _, name = error.operation.rpartition(".")
    return resource, name


def check_age(error: OutcomeUnknownError | Entry, provider: Provider, gateway: Gateway) -> None:
    """Raise `OutcomeUnknownError` if the vendor may forget the idempotency key before the call is repeated."""
    window = provider.replay_window
    if error.idempotency_key is not None and (window is None or error.at is None or gateway.current_time() - error.at >= window - _MARGIN):
        raise OutcomeUnknownError(
            f"{provider.name} may have deleted the idempotency key by now, so repeating the call could do the same twice",
            provider=error.provider,
            operation=error.operation,
            idempotency_key=error.idempotency_key,
            hint="check whether the object exists or the change is there, before you call again with a new key",
        )


@contextmanager
def settling(unsettled: OutcomeUnknownError | Entry) -> Iterator[None]:
    """Keep the time of the first attempt on a new `OutcomeUnknownError`: the vendor's idempotency window began then."""
    try:
        yield
    except OutcomeUnknownError as error:
        error.at = unsettled.at
        raise
