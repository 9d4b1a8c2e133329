"""Flows: operations as generators that yield what they need done and are sent the result.

A flow does no I/O and holds no clock, no randomness and no environment, so a unit test can step it by hand. Authors write
`response = yield from send(request)`, never a bare `yield`; only a runner (`billbridge.flow.runner`) performs effects, and it throws
every failure, cancellation included, into the flow. Does not know HTTP libraries, vendors or retries.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias, TypeVar

import msgspec

from billbridge.flow.route import Route
from billbridge.toolkit.redact import Redacted

_NO_HEADERS: Mapping[str, str] = {}


class Request(Redacted, frozen=True, kw_only=True, repr_omit_defaults=True):
    """An effect: one HTTP request. A runner answers it with a `Response`.

    `path` starts with "/" and is percent-encoded already (see `path`); the route adds the host and the credentials. `query` and
    `body` are encoded already. `timeout` is in seconds; None means the call's. `route` is where it goes, if not where the client's leads;
    `keyed` says that the headers hold an idempotency key.
    """

    method: str
    path: str
    query: str = ""
    body: bytes | None = None
    headers: Mapping[str, str] = _NO_HEADERS
    timeout: float | None = None
    route: Route | None = None
    keyed: bool = False

    def __repr__(self) -> str:
        """Method and path: never the query, the body or the headers, which hold personal data and secrets."""
        return f"Request({self.method} {self.path})"


class Response(Redacted, frozen=True, kw_only=True):
    """What came back: any status. Header names are lower case."""

    status: int
    headers: Mapping[str, str] = _NO_HEADERS
    body: bytes = b""

    def __repr__(self) -> str:
        """The status and the size: never the body."""
        return f"Response({self.status}, {len(self.body)} bytes)"


class Pause(msgspec.Struct, frozen=True):
    """An effect: wait between `low` and `high` seconds; the runner draws the number. Answered with None."""

    low: float
    high: float


class Work(msgspec.Struct, frozen=True):
    """An effect: call `do`, which waits for a disk; on the awaited surface it runs in a thread. Answered with what it returns."""

    do: Callable[[], Any]


class Ask(msgspec.Struct, frozen=True):
    """An effect: what does this flow's caller want, and what time is it? Answered with a `Call`, whose key may be empty unless `keyed`."""

    keyed: bool = True


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of one operation, as a flow sees it.

    `key` is the idempotency key: the caller's, or a new one per call. `retries` is how often a request may be sent again;
    `timeout` is seconds per request; `now` is the time (aware UTC) by the route's clock; `left` is how many seconds of the caller's
    deadline remain at the moment of asking, None without one. `repeats` says that `resolve` makes a call again whose first outcome is
    unknown: then "not found" or "already cancelled" can be the effect of the first attempt.
    """

    operation: str
    key: str
    now: datetime
    retries: int = 2
    timeout: float | None = None
    left: float | None = None
    repeats: bool = False


Effect: TypeAlias = Request | Pause | Ask | Work
T = TypeVar("T")
Flow: TypeAlias = Generator[Effect, Any, T]
"""A generator that yields effects and returns a T."""


def send(request: Request) -> Flow[Response]:
    """Sends one request and returns the answer, whatever its status. Raises `TransportError` when no answer came."""
    response: Response = yield request
    return response


def pause(low: float, high: float) -> Flow[None]:
    """Waits between `low` and `high` seconds."""
    yield Pause(low, high)


_ASKS: Final = (Ask(keyed=False), Ask())


def ask(*, keyed: bool = True) -> Flow[Call]:
    """What the caller wants of this call: the idempotency key, the retries, the time."""
    call: Call = yield _ASKS[keyed]
    return call
