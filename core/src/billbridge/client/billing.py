"""The two clients, `Billing` and `AsyncBilling`. A client binds a provider, a gateway and an HTTP engine, and runs operations.

Both are safe to share between threads or tasks. A view made with `with_options` shares everything with its client.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Literal, Self

import msgspec
from msgspec import UNSET, UnsetType

from billbridge.client.call_options import CallOptions
from billbridge.client.executor import AsyncExecutor, BlockingExecutor, Executor
from billbridge.client.operation import Async, M, Operation, Sync
from billbridge.client.resources import (
    Coupons,
    Customers,
    Invoices,
    Meters,
    PaymentMethods,
    Prices,
    Products,
    PromotionCodes,
    Raw,
    Subscriptions,
)
from billbridge.client.session import Session, settling
from billbridge.errors import OutcomeUnknownError, ValidationError
from billbridge.http import async_engine, blocking_engine
from billbridge.plugins.environment import from_environment
from billbridge.plugins.gateway import Gateway
from billbridge.plugins.provider import Provider, ProviderInfo
from billbridge.services.capability import Capabilities, Support

if TYPE_CHECKING:
    import httpx

    from billbridge.flow.journal import Entry, Journal
    from billbridge.flow.limiter import Limiter


class _Client(Generic[M]):
    """What both surfaces share."""

    customers: Customers[M]
    products: Products[M]
    prices: Prices[M]
    meters: Meters[M]
    coupons: Coupons[M]
    promotion_codes: PromotionCodes[M]
    payment_methods: PaymentMethods[M]
    subscriptions: Subscriptions[M]
    invoices: Invoices[M]
    raw: Raw[M]

    def __init__(
        self,
        provider: Provider,
        *,
        gateway: Gateway | None,
        http: object,
        hooks: Iterable[object],
        limiter: Limiter | None,
        journal: Journal | None,
    ) -> None:
        self._is_view = False
        self._session = Session(provider, gateway or Gateway(), hooks, http, limiter, journal)

    def _executor(self, options: CallOptions) -> Executor:
        raise NotImplementedError("each surface runs flows its own way")

    def _bind(self, options: CallOptions) -> None:
        """Makes the resources, bound to these options."""
        self._options = options
        executor, provider = self._executor(options), self._session.provider
        self.customers = Customers(provider.customers, executor)
        self.products = Products(provider.products, executor)
        self.prices = Prices(provider.prices, executor)
        self.meters = Meters(provider.meters, executor)
        self.coupons = Coupons(provider.coupons, executor)
        self.promotion_codes = PromotionCodes(provider.promotion_codes, executor)
        self.payment_methods = PaymentMethods(provider.payment_methods, executor)
        self.subscriptions = Subscriptions(provider.subscriptions, executor)
        self.invoices = Invoices(provider.invoices, executor)
        self.raw = Raw(provider.raw, executor)

    @property
    def capabilities(self) -> Capabilities:
        """What the provider can do through this gateway: names such as "subscriptions.cancel", each native, emulated or absent."""
        return self._session.capabilities

    def supports(self, capability: str) -> Support:
        """Return how one capability is supported; falsy when it is absent. An unknown name raises `ValidationError`."""
        return self._session.capabilities[capability]

    def info(self) -> ProviderInfo:
        """Return the provider, the gateway, the API version, and whether the account is live. Sends nothing."""
        provider, gateway = self._session.provider, self._session.gateway
        return ProviderInfo(provider=provider.name, gateway=gateway.name, live=gateway.live(provider), api_version=provider.api_version)

    def with_options(
        self,
        *,
        idempotency_key: str | UnsetType | None = UNSET,
        timeout: float | UnsetType | None = UNSET,
        deadline: float | UnsetType | None = UNSET,
        retries: int | UnsetType = UNSET,
    ) -> Self:
        """A view on this client with other options; it opens no connection, and leaving a `with` block of the view closes none.

        `idempotency_key` covers one unit of work: each write of the view sends a key derived from it and the operation, such as
        "order-1:customers.create". The same operation twice is done once; with other arguments it raises `IdempotencyConflictError` or
        `ValidationError`. `timeout` is in seconds per request (None: 10 to connect and 80 to answer, or those of your own HTTP client).
        `deadline` is in seconds for the whole call: nothing is sent, and no pause begun, that would end after it, and each request's
        time-out is cut to what is left. `retries` is how often a request may be sent again (2).
        """
        given = {"idempotency_key": idempotency_key, "timeout": timeout, "deadline": deadline, "retries": retries}
        return self._view({name: value for name, value in given.items() if value is not UNSET})

    def _view(self, options: dict[str, Any]) -> Self:
        from copy import copy

        view = copy(self)
        view._is_view = True
        view._bind(msgspec.structs.replace(self._options, **options))
        return view

    def _again(self, unsettled: OutcomeUnknownError | Entry) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """The call to make again under its own key, and its arguments."""
        resource, name = self._session.check_repeatable(unsettled)
        view = self._view({"idempotency_key": unsettled.idempotency_key, "account": unsettled.account, "repeats": True})
        bound = getattr(view, resource, None)
        operation = getattr(type(bound), name, None)
        if not isinstance(operation, Operation):
            raise ValidationError(f"there is no operation {unsettled.operation!r} here", param="error")
        found = unsettled.arguments
        args, kwargs = operation.arguments_from_json(found) if isinstance(found, bytes) else found or ((), {})
        return getattr(bound, name), args, kwargs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._session.provider.name} by {self._session.gateway.name}>"


class Billing(_Client[Sync]):
    """The blocking client. `Billing.connect("stripe", api_key=...)`, or typed: `Billing(StripeProvider(api_key=...))`.

    A context manager. `http` is an `httpx.Client` of your own (hooks, proxies, certificates), which is not closed here, or "fast"
    for a client written in Rust (`pip install "billbridge[fast]"`; what differs is in its module). `limiter` keeps to the
    vendor's limit on requests: by default one per account in this process, by the vendor's published figures; make one with a file to
    share it between processes, or `Limiter()` to have none. `journal` notes each write before it is sent, so that `resolve` can settle it
    after a crash (see `billbridge.flow.journal`).
    """

    def __init__(
        self,
        provider: Provider,
        *,
        gateway: Gateway | None = None,
        http: httpx.Client | Literal["fast"] | None = None,
        hooks: Iterable[object] = (),
        limiter: Limiter | None = None,
        journal: Journal | None = None,
    ) -> None:
        super().__init__(provider, gateway=gateway, http=http, hooks=hooks, limiter=limiter, journal=journal)
        self._engine = blocking_engine(http) if self._session.over_http else None
        self._bind(CallOptions())

    def _executor(self, options: CallOptions) -> Executor:
        return BlockingExecutor(self._session, self._engine, options)

    @classmethod
    def connect(
        cls,
        provider: str,
        *,
        gateway: str | Gateway | None = None,
        http: httpx.Client | Literal["fast"] | None = None,
        hooks: Iterable[object] = (),
        limiter: Limiter | None = None,
        journal: Journal | None = None,
        **options: Any,
    ) -> Self:
        """A client for an installed provider, by name. Sends nothing yet.

        `gateway` is the name of an installed gateway, or one you made; None goes straight to the vendor. `options` are the plugin's
        (`api_key`, `base_url`, ...). Raises `PluginNotFoundError`, `PluginConflictError`, `BrokenPluginError`, and
        `ConfigurationError` for an option that does not exist or fit.
        """
        from billbridge.plugins.registry import connect

        made, via = connect(provider, gateway, options)
        return cls(made, gateway=via, http=http, hooks=hooks, limiter=limiter, journal=journal)

    @classmethod
    def from_env(
        cls,
        environment: Mapping[str, str] | None = None,
        *,
        http: httpx.Client | Literal["fast"] | None = None,
        hooks: Iterable[object] = (),
        limiter: Limiter | None = None,
        journal: Journal | None = None,
    ) -> Self:
        """A client from BILLBRIDGE_PROVIDER, BILLBRIDGE_GATEWAY and BILLBRIDGE_<PROVIDER>_<OPTION> (default: `os.environ`)."""
        made, via = from_environment(os.environ if environment is None else environment)
        return cls(made, gateway=via, http=http, hooks=hooks, limiter=limiter, journal=journal)

    def resolve(self, error: OutcomeUnknownError | Entry) -> Any:
        """Settles a write that may have happened, and returns what it returns: the same call is made again under the same key.

        Takes the error, or an entry of a journal (`journal.pending()`), which is then forgotten.

        When this returns, the write has happened exactly once. When it raises the vendor's refusal, the write has not happened. One
        exception: `raw.delete` carries no key, so `NotFoundError` can mean that the first attempt deleted the object.

        Raises `OutcomeUnknownError` again while no answer comes, and from five minutes before the vendor may have forgotten the key
        (Stripe: after 24 hours, Chargebee: after 30 minutes).
        """
        call, args, kwargs = self._again(error)
        with settling(error):
            return call(*args, **kwargs)

    def close(self) -> None:
        """Close the connections. Later calls, also on views, raise `ConfigurationError`."""
        self._session.closed = True
        if self._engine is not None:
            self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_view:
            self.close()


class AsyncBilling(_Client[Async]):
    """The client to await, on asyncio or trio: same names, same arguments. `http` is an `httpx.AsyncClient`, or on asyncio "fast"."""

    def __init__(
        self,
        provider: Provider,
        *,
        gateway: Gateway | None = None,
        http: httpx.AsyncClient | Literal["fast"] | None = None,
        hooks: Iterable[object] = (),
        limiter: Limiter | None = None,
        journal: Journal | None = None,
    ) -> None:
        super().__init__(provider, gateway=gateway, http=http, hooks=hooks, limiter=limiter, journal=journal)
        self._engine = async_engine(http) if self._session.over_http else None
        self._bind(CallOptions())

    def _executor(self, options: CallOptions) -> Executor:
        return AsyncExecutor(self._session, self._engine, options)

    @classmethod
    def connect(
        cls,
        provider: str,
        *,
        gateway: str | Gateway | None = None,
        http: httpx.AsyncClient | Literal["fast"] | None = None,
        hooks: Iterable[object] = (),
        limiter: Limiter | None = None,
        journal: Journal | None = None,
        **options: Any,
    ) -> Self:
        """A client for an installed provider, by name; see `Billing.connect`. Not awaited itself."""
        from billbridge.plugins.registry import connect

        made, via = connect(provider, gateway, options)
        return cls(made, gateway=via, http=http, hooks=hooks, limiter=limiter, journal=journal)

    @classmethod
    def from_env(
        cls,
        environment: Mapping[str, str] | None = None,
        *,
        http: httpx.AsyncClient | Literal["fast"] | None = None,
        hooks: Iterable[object] = (),
        limiter: Limiter | None = None,
        journal: Journal | None = None,
    ) -> Self:
        """A client from the environment; see `Billing.from_env`."""
        made, via = from_environment(os.environ if environment is None else environment)
        return cls(made, gateway=via, http=http, hooks=hooks, limiter=limiter, journal=journal)

    async def resolve(self, error: OutcomeUnknownError | Entry) -> Any:
        """Settles a write that may have happened; see `Billing.resolve`."""
        call, args, kwargs = self._again(error)
        with settling(error):
            return await call(*args, **kwargs)

    async def close(self) -> None:
        """Close the connections. Later calls, also on views, raise `ConfigurationError`."""
        self._session.closed = True
        if self._engine is not None:
            await self._engine.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self._is_view:
            await self.close()
