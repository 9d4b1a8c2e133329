"""A flow around an operation's flow: notes the call in a journal before its first write, and forgets it when its outcome is known."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from typing import Final, TypeVar

from billbridge.errors import BillingError, ConfigurationError, OutcomeUnknownError, PartialFailureError, ProtocolError
from billbridge.flow import Flow, Request, Work, ask
from billbridge.journal import Entry, Journal, account_digest

T = TypeVar("T")
_LOG: Final = logging.getLogger("billbridge")


def journaled(
    flow: Flow[T], journal: Journal, *, provider: str, operation: str, account: Callable[[Request], str], arguments: Callable[[], bytes]
) -> Flow[T]:
    """What `flow` returns. `account` names the account that a request goes to, `arguments` gives the call's, as JSON.

    Raises what `Journal.begin` raises, and `ConfigurationError` if the file cannot be written; nothing was sent then.
    """
    entry: Entry | None = None
    ended = False
    try:
        effect = next(flow)
        while True:
            if entry is None and isinstance(effect, Request) and _writes(effect):
                call = yield from ask()
                noted = Entry(
                    provider=provider,
                    account=account_digest(account(effect)),
                    operation=operation,
                    idempotency_key=call.key,
                    arguments=arguments(),
                    at=call.now,
                )
                entry = yield from _begun(journal, noted)
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
        if entry is not None and _is_known(error):
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


def _is_known(error: BillingError) -> bool:
    """Whether the caller knows what happened, so that there is nothing left to ask. An answer that cannot be read says nothing."""
    if isinstance(error, PartialFailureError):
        return not isinstance(error.__cause__, OutcomeUnknownError | ProtocolError)
    return not isinstance(error, OutcomeUnknownError | ProtocolError)


def _begun(journal: Journal, entry: Entry) -> Flow[Entry]:
    try:
        begun: Entry = yield Work(lambda: journal.begin(entry))
    except sqlite3.Error as error:
        raise ConfigurationError(
            f"the journal cannot be written ({type(error).__name__}), so nothing was sent",
            param="journal",
            hint="see that its disk is not full and that no other program holds it",
        ) from error
    return begun


def _ended(journal: Journal, entry: Entry) -> Flow[None]:
    """A note that cannot be deleted stays: resolving it later does no harm, and the call's own outcome matters more."""
    try:
        yield Work(lambda: journal.end(entry, known=True))
    except sqlite3.Error as error:
        _LOG.warning("a settled write stays in the journal: %s", type(error).__name__)
