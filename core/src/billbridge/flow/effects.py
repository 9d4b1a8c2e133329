"""Flows: operations as generators. A flow yields an effect, such as a request, and receives the result.

A flow does no I/O and reads no clock, no random numbers and no environment, so a unit test can step through it. Write
`response = yield from send(request)`, never a bare `yield`. Only a runner (`billbridge.flow.runner`) performs effects. It throws every
failure into the flow, also a cancellation. HTTP libraries, vendors and retries do not live here.
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

    `path` starts with "/" and is percent-encoded already (see `path`). The route adds the host and the credentials. `query` and `body` are
    encoded already. `timeout` is in seconds; None means the time-out of the call. `route` is None for the route of the client. `keyed` is
    True if the headers hold an idempotency key.
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
        """Show the method and the path. The query, the body and the headers hold personal data and secrets."""
        return f"Request({self.method} {self.path})"


class Response(Redacted, frozen=True, kw_only=True):
    """The answer to a request, with any HTTP status. Header names are lower case."""

    status: int
    headers: Mapping[str, str] = _NO_HEADERS
    body: bytes = b""

    def __repr__(self) -> str:
        """Show the status and the size, never the body."""
        return f"Response({self.status}, {len(self.body)} bytes)"


class Pause(msgspec.Struct, frozen=True):
    """An effect: wait between `low` and `high` seconds. The runner draws the number, and answers with None."""

    low: float
    high: float


class Work(msgspec.Struct, frozen=True):
    """An effect: call `do`, which waits for a disk. The runner answers with the result of `do`. On `AsyncBilling` it runs in a thread."""

    do: Callable[[], Any]


class Ask(msgspec.Struct, frozen=True):
    """An effect: ask for the options of the call and for the time. A runner answers with a `Call`. Its key can be empty unless `keyed`."""

    keyed: bool = True


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One call of one operation, as a flow sees it.

    `key` is the caller's idempotency key, or a new one for this call. `retries` is how often a request may be sent again. `timeout` is in
    seconds per request. `now` is the time (aware UTC) by the clock of the gateway, which a sandbox simulates. `left` is the number of
    seconds until the caller's deadline, at the moment of asking; None without a deadline. `repeats` is True if `resolve` repeats a call
    whose outcome is unknown. Then "not found" or "already cancelled" can be the effect of the first attempt.
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
"""A generator that yields effects and returns a `T`."""


def send(request: Request) -> Flow[Response]:
    """Send one request and return the answer, whatever its status. Raises `TransportError` if no answer comes."""
    response: Response = yield request
    return response


def pause(low: float, high: float) -> Flow[None]:
    """Wait between `low` and `high` seconds."""
    yield Pause(low, high)


_ASKS: Final = (Ask(keyed=False), Ask())


def ask(*, keyed: bool = True) -> Flow[Call]:
    """Return the call: its idempotency key, its retries and the time. With `keyed=False` the key can be empty."""
    call: Call = yield _ASKS[keyed]
    return call
