"""The client session: the provider, gateway, route, limiter, journal and observers that a client and its views share. It sends nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from billbridge.client.call_options import CallOptions
from billbridge.client.repeating import check_age
from billbridge.errors import (
    BillingError,
    ConfigurationError,
    IdempotencyConflictError,
    OutcomeUnknownError,
    PartialFailureError,
)
from billbridge.flow import Call, Flow, Request, Response
from billbridge.flow.retry import LONGEST_ADVICE
from billbridge.flow.route import Route
from billbridge.plugins.gateway import Gateway
from billbridge.plugins.provider import Provider
from billbridge.services.capability import CONNECTED_ACCOUNTS, Capabilities
from billbridge.toolkit.digest import digest
from billbridge.toolkit.failures import retry_after

if TYPE_CHECKING:
    from billbridge.flow.journal import Journal
    from billbridge.flow.limiter import Limiter

T = TypeVar("T")


class _Lifetime:
    """Whether a client is closed. All its views share this object, also views of another connected account."""

    closed = False


class Session:
    """The shared state of one client and its views. A view of another connected account has a session of its own (`for_account`)."""

    def __init__(
        self,
        provider: Provider,
        gateway: Gateway,
        hooks: Iterable[object],
        http: object,
        limiter: Limiter | None,
        journal: Journal | None = None,
    ) -> None:
        self.provider = provider
        self.gateway = gateway
        self._in_process = gateway.in_process()
        if self._in_process is not None and http is not None:
            raise ConfigurationError(
                f"the gateway {gateway.name!r} answers in this process and sends nothing over HTTP, so it cannot use http=",
                param="http",
                hint="leave http= out",
            )
        self._observers = _observers(hooks)
        self.journal = journal
        self._given_limiter = limiter
        self._lifetime = _Lifetime()
        self._open = False
        self._act_for(provider.connected_account or None, gateway.route(provider))

    def for_account(self, account: str | None) -> Session:
        """Return a session like this one that acts for a connected account. None means the account of the key itself.

        Raises `UnsupportedOperationError` if the provider has no connected accounts, and `ValidationError` for an id that cannot be one.
        """
        from copy import copy  # imported here: `import billbridge` does not need it

        other = copy(self)
        other._act_for(account, self._own_route)
        return other

    def _act_for(self, account: str | None, own_route: Route) -> None:
        if account is not None and not self.capabilities[CONNECTED_ACCOUNTS]:
            raise self.capabilities.refusal(CONNECTED_ACCOUNTS)
        self._account_headers = {} if account is None else self.provider.account_headers(account)
        self._take(own_route)
        self.limiter = self._given_limiter or self._shared_limiter()

    def _take(self, route: Route) -> None:
        """Send requests by this route, and name the connected account in each."""
        self._own_route = route
        headers = self._account_headers
        self.route: Route = Route(base_url=route.base_url, headers={**route.headers, **headers}) if headers else route

    def _shared_limiter(self) -> Limiter:
        from billbridge.flow.limiter import shared  # imported here: `import billbridge` does not need it

        return shared(self.gateway.account(self.route), self.gateway.limits(self.provider))

    @property
    def closed(self) -> bool:
        """Whether the client was closed."""
        return self._lifetime.closed

    @closed.setter
    def closed(self, closed: bool) -> None:
        self._lifetime.closed = closed

    @cached_property
    def capabilities(self) -> Capabilities:
        """The capabilities of the provider through this gateway."""
        return self.gateway.capabilities(self.provider)

    def new_call(self, operation: str, options: CallOptions) -> Call:
        """Return one call as its flow sees it. Its key is the caller's, or empty until a request needs one (see `new_key`)."""
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
            check_age=lambda entry: check_age(entry, self.provider, self.gateway),
        )

    def _account_at(self, route: Route) -> str:
        """Return a digest of the address and the credentials of requests. It tells two accounts apart and is no credential.

        It leaves out the provider's public headers, because they change with the version of the plugin.
        """
        public = self.provider.headers()
        secret = sorted(header for header in route.headers.items() if header[0] not in public)
        return digest(f"billbridge journal {route.base_url} {secret}")[:32]

    def check_open(self) -> None:
        """Raise `ConfigurationError` if the client was closed."""
        if self.closed:
            raise ConfigurationError("this client is closed", hint="connect again, or make the call inside the `with` block of the client")

    @property
    def over_http(self) -> bool:
        """Whether requests need an HTTP engine."""
        return self._in_process is None

    def answer_in_process(self, request: Request) -> Response:
        """Return the gateway's answer, without a socket."""
        if self._in_process is None:
            raise ConfigurationError(f"the gateway {self.gateway.name!r} answers over HTTP only")
        return self._in_process(self.route_of(request), request)

    def with_opening(self, flow: Flow[T], account: str | None) -> Flow[T]:
        """Return the flow, with the gateway's own first requests before it. Two threads can send those twice, which does no harm.

        With `account`, the flow raises `IdempotencyConflictError` if the route leads to another account.
        """
        flow = flow if account is None else self._only_at(account, flow)
        opening = None if self._open else self.gateway.opening(self.provider)
        return flow if opening is None else self._after(opening, flow)

    def _after(self, opening: Flow[Route], flow: Flow[T]) -> Flow[T]:
        self._take((yield from opening))
        self._open = True
        return (yield from flow)

    def _only_at(self, account: str, flow: Flow[T]) -> Flow[T]:
        if self._account_at(self.route) != account:
            raise IdempotencyConflictError(
                "the call was first made to another account, or with other credentials; nothing was sent now",
                hint="resolve it with a client of the same account and credentials",
            )
        return (yield from flow)

    def route_of(self, request: Request) -> Route:
        """Return the route of this request."""
        return request.route or self.route

    def check_answer(self, request: Request, response: Response) -> Response:
        """Return the vendor's answer. Raises the error that it means if the gateway answered itself."""
        if response.status == 429:  # the other requests of the account must wait too
            advice = retry_after(response.headers)
            if advice is None or advice <= LONGEST_ADVICE:  # the caller decides about a longer wait
                self.limiter.hold(1.0 if advice is None else advice)
        refusal = self.gateway.refusal(request, response)
        if refusal is not None:
            raise refusal
        return response

    def notify_observers(self, operation: str, request: Request, response: Response | None, started: float) -> None:
        """Tell the observers about one request: its path, status and time, never its contents."""
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
        except Exception as error:  # an observer must not turn a successful payment into an exception
            import logging

            logging.getLogger("billbridge").warning("an observer of billbridge_exchange failed: %s", type(error).__name__)


def _observers(hooks: Iterable[object]) -> Any:
    if isinstance(hooks, tuple | list) and not hooks:
        return None
    from billbridge.plugins.registry import observers

    return observers(hooks)
