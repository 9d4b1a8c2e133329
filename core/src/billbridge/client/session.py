"""The client session: what a client and its views share (provider, gateway, route, limiter, journal, observers). Runs nothing itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar

from billbridge.client.call_options import CallOptions
from billbridge.errors import (
    BillingError,
    ConfigurationError,
    IdempotencyConflictError,
    OutcomeUnknownError,
    PartialFailureError,
    ValidationError,
)
from billbridge.flow import Call, Flow, Request, Response
from billbridge.flow.retry import LONGEST_ADVICE
from billbridge.flow.route import Route
from billbridge.plugins.gateway import Gateway
from billbridge.plugins.provider import Provider
from billbridge.services.capability import Capabilities
from billbridge.toolkit.digest import digest
from billbridge.toolkit.failures import retry_after

if TYPE_CHECKING:
    from billbridge.flow.journal import Entry, Journal
    from billbridge.flow.limiter import Limiter

T = TypeVar("T")


_MARGIN: Final = timedelta(minutes=5)
"""What waiting for limits and retries may take: a call is not repeated so shortly before the vendor forgets its key."""


class Session:
    """The shared state of one client and its views."""

    def __init__(
        self,
        provider: Provider,
        gateway: Gateway,
        hooks: Iterable[object],
        http: object,
        limiter: Limiter | None,
        journal: Journal | None = None,
    ) -> None:
        from billbridge.flow.limiter import shared  # imported here: `import billbridge` does not need it

        self.provider = provider
        self.gateway = gateway
        self.route: Route = gateway.route(provider)
        self._in_process = gateway.in_process()
        if self._in_process is not None and http is not None:
            raise ConfigurationError(f"the gateway {gateway.name!r} answers in this process: http= would never be used", param="http")
        self._observers = _observers(hooks)
        self.limiter = limiter or shared(gateway.account(self.route), gateway.limits(provider))
        self.journal = journal
        self.closed = False
        self._open = False

    @cached_property
    def capabilities(self) -> Capabilities:
        """What the provider can do by this gateway."""
        return self.gateway.capabilities(self.provider)

    def new_call(self, operation: str, options: CallOptions) -> Call:
        """One call as its flow will see it. Its key is the caller's, or empty until it is needed (see `new_key`)."""
        return Call(
            operation=operation,
            key=options.idempotency_key or "",
            now=self.gateway.current_time(),
            retries=options.retries,
            timeout=options.timeout,
            repeats=options.repeats,
        )

    def annotate(self, error: BillingError, operation: str, key: str | None = None) -> None:
        """Fill in the operation, the provider and the idempotency key of an error, where they are missing."""
        error.idempotency_key = error.idempotency_key or key
        error.operation = error.operation or operation
        error.provider = error.provider or self.provider.name
        unknown = error.__cause__ if isinstance(error, PartialFailureError) else error
        if isinstance(unknown, OutcomeUnknownError) and unknown.account is None:
            unknown.account = self._account_at(self.route)

    def with_journal(self, flow: Flow[T], operation: str, arguments: Callable[[], bytes]) -> Flow[T]:
        """Wrap the flow so that each write is noted in the journal. Without a journal, return the flow as it is."""
        if self.journal is None:
            return flow
        from billbridge.flow.journaling import journaled

        return journaled(
            flow,
            self.journal,
            provider=self.provider.name,
            operation=operation,
            account=lambda request: self._account_at(self.route_of(request)),
            arguments=arguments,
            check_age=self._check_age,
        )

    def _account_at(self, route: Route) -> str:
        """A digest of where a request goes and with whose credentials: enough to tell two accounts apart, nothing to sign in with.

        The headers that are no secret change with the version of the plugin.
        """
        public = self.provider.headers()
        secret = sorted(header for header in route.headers.items() if header[0] not in public)
        return digest(f"billbridge journal {route.base_url} {secret}")[:32]

    def check_repeatable(self, error: OutcomeUnknownError | Entry) -> tuple[str, str]:
        """The resource and the operation to make again; raises if that is not safe any more, or not possible here."""
        if error.provider != self.provider.name or error.arguments is None or error.operation is None:
            raise ValidationError("this is not of a call that this client can make again", param="error")
        self._check_age(error)
        resource, _, name = error.operation.rpartition(".")
        return resource, name

    def _check_age(self, error: OutcomeUnknownError | Entry) -> None:
        window = self.provider.replay_window
        if error.idempotency_key is not None and (
            window is None or error.at is None or self.gateway.current_time() - error.at >= window - _MARGIN
        ):
            raise OutcomeUnknownError(
                f"{self.provider.name} may have forgotten the idempotency key by now: repeating the call could do it twice",
                provider=error.provider,
                operation=error.operation,
                idempotency_key=error.idempotency_key,
                hint="look for what it would have made, then decide",
            )

    def check_open(self) -> None:
        """Raises `ConfigurationError` after the client was closed."""
        if self.closed:
            raise ConfigurationError("this client is closed", hint="make a new one, or use it inside its `with` block")

    @property
    def over_http(self) -> bool:
        """Whether requests need an HTTP engine."""
        return self._in_process is None

    def answer_in_process(self, request: Request) -> Response:
        """The gateway's answer, without a socket."""
        if self._in_process is None:
            raise ConfigurationError(f"the gateway {self.gateway.name!r} answers over HTTP only")
        return self._in_process(self.route_of(request), request)

    def with_opening(self, flow: Flow[T], account: str | None) -> Flow[T]:
        """The flow, after what the gateway must ask first. A list of requests in several threads may ask twice; that does no harm.

        With an `account` it raises `IdempotencyConflictError` unless that is the one at the end of the route.
        """
        flow = flow if account is None else self._only_at(account, flow)
        opening = None if self._open else self.gateway.opening(self.provider)
        return flow if opening is None else self._after(opening, flow)

    def _after(self, opening: Flow[Route], flow: Flow[T]) -> Flow[T]:
        self.route = yield from opening
        self._open = True
        return (yield from flow)

    def _only_at(self, account: str, flow: Flow[T]) -> Flow[T]:
        if self._account_at(self.route) != account:
            raise IdempotencyConflictError(
                "this was sent to another account, or with other credentials; nothing was sent now",
                hint="resolve it with the client of its account",
            )
        return (yield from flow)

    def route_of(self, request: Request) -> Route:
        """Where this request goes."""
        return request.route or self.route

    def check_answer(self, request: Request, response: Response) -> Response:
        """The vendor's answer; raises the error that an answer of the gateway's own means."""
        if response.status == 429:  # the account's other requests wait as well
            advice = retry_after(response.headers)
            if advice is None or advice <= LONGEST_ADVICE:  # a longer wait is for the caller to decide
                self.limiter.hold(1.0 if advice is None else advice)
        refusal = self.gateway.refusal(request, response)
        if refusal is not None:
            raise refusal
        return response

    def notify_observers(self, operation: str, request: Request, response: Response | None, started: float) -> None:
        """Tells the observers, if there are any, of one request: how it went, not what it said."""
        if self._observers is None:
            return
        from billbridge.plugins.hookspecs import Exchange

        exchange = Exchange(
            provider=self.provider.name,
            gateway=self.gateway.name,
            operation=operation,
            method=request.method,
            path=request.path,
            status=response.status if response else None,
            seconds=time.perf_counter() - started,
            request_id=response.headers.get(self.provider.request_id_header) if response else None,
        )
        try:
            self._observers.hook.billbridge_exchange(exchange=exchange)
        except Exception as error:  # whoever watches must not turn a payment that went through into an exception
            import logging

            logging.getLogger("billbridge").warning("an observer of billbridge_exchange failed: %s", type(error).__name__)


@contextmanager
def settling(unsettled: OutcomeUnknownError | Entry) -> Iterator[None]:
    """Keep the time of the first attempt on a new `OutcomeUnknownError`: the vendor's idempotency window began then."""
    try:
        yield
    except OutcomeUnknownError as error:
        error.at = unsettled.at
        raise


def _observers(hooks: Iterable[object]) -> Any:
    if not hooks:
        return None
    from billbridge.plugins.registry import observers

    return observers(hooks)
