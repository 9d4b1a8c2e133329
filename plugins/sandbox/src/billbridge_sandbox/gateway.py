"""The sandbox as a Billbridge gateway: simulated vendors answer requests in this process, without a socket.

The only module here that knows Billbridge. The simulation behind it knows neither the plugins nor the core's model.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from itertools import count

from billbridge.errors import ConfigurationError, TransportError, TransportTimeoutError
from billbridge.flow import Request, Response
from billbridge.flow.limiter import Limit
from billbridge.plugins.gateway import Gateway, InProcess, Route
from billbridge.plugins.hookspecs import hookimpl
from billbridge.plugins.options import Options
from billbridge.plugins.provider import Provider

from billbridge_sandbox.injection import Hindered, Lost
from billbridge_sandbox.simulation import PROXIES, VENDORS, ProxyFactory, Simulation, VendorFactory

_NUMBERS = count(1)


class Sandbox(Simulation, Gateway):
    """Simulated vendors on one clock: `Billing.connect("stripe", gateway=sandbox)`, then `sandbox.advance(days=31)`.

    Several clients, of one or of both vendors, can share it. `sandbox.now` is its time; `start` sets it (default: now). Raises
    `ConfigurationError` for a `start` that is no aware datetime.
    """

    name = "sandbox"

    def __init__(
        self,
        start: datetime | None = None,
        seed: int = 0,
        vendors: Sequence[VendorFactory] = VENDORS,
        proxies: Sequence[ProxyFactory] = PROXIES,
    ) -> None:
        _check_start(start)
        super().__init__(start, seed, vendors, proxies)

    @cached_property
    def _nowhere(self) -> str:
        """A host name that never resolves (RFC 2606). Each sandbox has its own, so that rate limits of one do not slow another."""
        return f"https://{next(_NUMBERS)}.sandbox.invalid"

    def route(self, provider: Provider) -> Route:
        """A route to that host, with a made-up test key in the provider's own form."""
        return Route(base_url=self._nowhere, headers={**provider.headers(), **provider.sandbox_credentials()})

    def in_process(self) -> InProcess:
        """The function that answers requests in this process."""
        return self._answer

    def limits(self, provider: Provider) -> tuple[Limit, ...]:
        """No limits: the simulated time stands still, and 429s come from `faults`."""
        return ()

    def current_time(self) -> datetime:
        """The simulated time."""
        return self.now

    def live(self, provider: Provider) -> bool:
        """False: no money moves in a sandbox."""
        return False

    def _answer(self, route: Route, request: Request) -> Response:
        target = f"{request.path}?{request.query}" if request.query else request.path
        try:
            answer = self.handle(request.method, target, {**route.headers, **request.headers}, request.body or b"")
        except Lost:
            raise _unanswered(TransportError("the sandbox closed the connection without an answer", retryable=True)) from None
        if isinstance(answer, Hindered) and answer.late:
            raise _unanswered(TransportTimeoutError("the sandbox did not answer in time", retryable=True))
        return Response(status=answer.status, headers={name.lower(): value for name, value in answer.headers.items()}, body=answer.body)


def _check_start(start: object) -> None:
    if start is None or (isinstance(start, datetime) and start.utcoffset() is not None):
        return
    what = "a datetime without a time zone" if isinstance(start, datetime) else type(start).__name__
    raise ConfigurationError(
        f"start must be a datetime with a time zone, not {what}",
        param="start",
        provider=Sandbox.name,
        hint="Sandbox(start=datetime(2026, 1, 31, tzinfo=UTC))",
    )


def _unanswered(error: TransportError) -> TransportError:
    """Mark the error as sent, because a client whose connection breaks cannot know whether the request arrived."""
    error.sent = True
    return error


class SandboxOptions(Options, frozen=True, kw_only=True):
    """`start` is the first moment of the simulated clock (an aware datetime or ISO 8601 text with a zone; default: now)."""

    start: datetime | None = None


@hookimpl
def billbridge_options() -> type[SandboxOptions]:
    """The options of `gateway="sandbox"`."""
    return SandboxOptions


@hookimpl
def billbridge_gateway(options: SandboxOptions) -> Sandbox:
    """Create a sandbox. Raises `ConfigurationError` for a `start` without a time zone."""
    _check_start(options.start)
    return Sandbox(start=options.start.astimezone(UTC) if options.start else None)
