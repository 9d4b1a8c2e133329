"""A flow around the flow of an operation. It adds an entry to the journal before the first write, and deletes it after the outcome."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from billbridge.errors import BillingError, ConfigurationError, OutcomeUnknownError, PartialFailureError, ProtocolError
from billbridge.flow import Flow, Request, Work, ask
from billbridge.flow.journal import Entry, Journal
from billbridge.flow.retry import settles

T = TypeVar("T")
_LOG: Final = logging.getLogger("billbridge")


def journaled(
    flow: Flow[T],
    journal: Journal,
    *,
    provider: str,
    operation: str,
    account: Callable[[Request], str],
    arguments: Callable[[], bytes],
    check_age: Callable[[Entry], None],
) -> Flow[T]:
    """Run `flow` with an entry in the journal, and return its result.

    `arguments` returns the arguments of the call as JSON. `account` returns a digest of the account that a request goes to. `check_age`
    raises if the entry of a repeated call is too old to send the call again. Raises what `Journal.begin` raises, and `ConfigurationError`
    if the file cannot be written. In both cases nothing was sent.
    """
    entry: Entry | None = None
    is_new = ended = False
    try:
        effect = next(flow)
        while True:
            if entry is None and isinstance(effect, Request) and _writes(effect):
                call = yield from ask()
                noted = Entry(
                    provider=provider,
                    account=account(effect),
                    operation=operation,
                    idempotency_key=call.key,
                    arguments=arguments(),
                    at=call.now,
                )
                entry, is_new = yield from _begun(journal, noted)
                if not is_new:
                    check_age(entry)
            try:
                answer = yield effect
            except BaseException as failure:
                effect = flow.throw(failure)
            else:
                effect = flow.send(answer)
    except StopIteration as stop:
        if entry is not None:
            yield from _ended(journal, entry)
            ended = True
        result: T = stop.value
        return result
    except BillingError as error:
        if isinstance(error, OutcomeUnknownError) and entry is not None:
            error.at = entry.at  # the vendor may have stored the key at the first attempt
            error.idempotency_key = error.idempotency_key or entry.idempotency_key  # a DELETE has none; `resolve` finds the entry by it
        if entry is not None and _is_known(error, is_new=is_new):
            yield from _ended(journal, entry)
            ended = True
        raise
    finally:
        flow.close()
        if entry is not None and not ended:
            journal.end(entry, known=False)


def _writes(request: Request) -> bool:
    """Return whether the request writes. A POST without a key only reads, or signs in."""
    return request.keyed or request.method == "DELETE"


def _is_known(error: BillingError, *, is_new: bool) -> bool:
    """Return whether the error tells what happened to the write, so that its entry can go.

    An answer that cannot be read does not tell. For an entry of an earlier attempt, the error must also settle that attempt.
    """
    reason = error.__cause__ or error if isinstance(error, PartialFailureError) else error
    return not isinstance(reason, OutcomeUnknownError | ProtocolError) and (is_new or settles(reason))


def _begun(journal: Journal, entry: Entry) -> Flow[tuple[Entry, bool]]:
    try:
        begun: tuple[Entry, bool] = yield Work(lambda: journal.begin(entry))
    except sqlite3.Error as error:
        raise ConfigurationError(
            f"the journal cannot be written ({type(error).__name__}), so nothing was sent",
            param="journal",
            hint="check that its disk is not full and that no other program locks the file",
        ) from error
    except BillingError:
        raise
    except BaseException:  # cancelled: the entry may be in the file already, and stays as for any cancelled call
        journal.end(entry, known=False)
        raise
    return begun


def _ended(journal: Journal, entry: Entry) -> Flow[None]:
    """Delete the entry. If that fails, warn only: the outcome of the call matters more, and resolving the entry later does no harm."""
    try:
        yield Work(lambda: journal.end(entry, known=True))
    except sqlite3.Error as error:
        _LOG.warning("the entry of a finished write stays in the journal: %s", type(error).__name__)
    except BaseException:  # cancelled: nobody gets the outcome, so restore the entry, even if the event loop must wait for it
        with suppress(sqlite3.Error, BillingError):
            journal.begin(entry)
        raise
