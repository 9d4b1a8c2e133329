"""A flow around an operation's flow: notes the call in a journal before its first write, and forgets it when its outcome is known."""

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
    """What `flow` returns. `arguments` gives the call's, as JSON; `account` gives a digest of the account that a request goes to, and
    `check_age` raises for a call that was noted too long ago to be sent again.

    Raises what `Journal.begin` raises, and `ConfigurationError` if the file cannot be written; nothing was sent then.
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
            error.at = entry.at  # the vendor may know its key since the first time
            error.idempotency_key = error.idempotency_key or entry.idempotency_key  # a DELETE has none: to resolve it settles the note too
        if entry is not None and _is_known(error, is_new=is_new):
            yield from _ended(journal, entry)
            ended = True
        raise
    finally:
        flow.close()
        if entry is not None and not ended:
            journal.end(entry, known=False)


def _writes(request: Request) -> bool:
    """A POST without a key only asks, or signs in."""
    return request.keyed or request.method == "DELETE"


def _is_known(error: BillingError, *, is_new: bool) -> bool:
    """Whether the caller knows what happened, so that there is nothing left to ask. An answer that cannot be read says nothing, and of a
    call that was noted before, neither does one that only says why this attempt failed."""
    reason = error.__cause__ or error if isinstance(error, PartialFailureError) else error
    return not isinstance(reason, OutcomeUnknownError | ProtocolError) and (is_new or settles(reason))


def _begun(journal: Journal, entry: Entry) -> Flow[tuple[Entry, bool]]:
    try:
        begun: tuple[Entry, bool] = yield Work(lambda: journal.begin(entry))
    except sqlite3.Error as error:
        raise ConfigurationError(
            f"the journal cannot be written ({type(error).__name__}), so nothing was sent",
            param="journal",
            hint="see that its disk is not full and that no other program holds it",
        ) from error
    except BillingError:
        raise
    except BaseException:  # cancelled, when the note may be there already; it stays as that of any cancelled call
        journal.end(entry, known=False)
        raise
    return begun


def _ended(journal: Journal, entry: Entry) -> Flow[None]:
    """A note that cannot be deleted stays: resolving it later does no harm, and the call's own outcome matters more."""
    try:
        yield Work(lambda: journal.end(entry, known=True))
    except sqlite3.Error as error:
        _LOG.warning("a settled write stays in the journal: %s", type(error).__name__)
    except BaseException:  # cancelled: the outcome reaches nobody, so the note goes back, even if the event loop must wait for it
        with suppress(sqlite3.Error, BillingError):
            journal.begin(entry)
        raise
