"""The base of the two clients: how a client is made, its resources, its options and what it says about itself. Runs nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from billbridge.client.call_options import CallOptions
from billbridge.client.executor import Executor
from billbridge.client.operation import M, Operation
from billbridge.client.repeating import check_repeatable
from billbridge.client.resources import (
    Coupons,
    Customers,
    Entitlements,
    Invoices,
    Meters,
    PaymentMethods,
    Prices,
    ProductFeatures,
    Products,
    PromotionCodes,
    Raw,
    Subscriptions,
)
from billbridge.client.session import Session
from billbridge.errors import BillingError, OutcomeUnknownError, ValidationError
from billbridge.plugins.arguments import check_parts
from billbridge.plugins.gateway import Gateway
from billbridge.plugins.provider import Provider, ProviderInfo
from billbridge.services.capability import Capabilities, Support

if TYPE_CHECKING:
    from billbridge.flow.journal import Entry, Journal
    from billbridge.flow.limiter import Limiter

H = TypeVar("H")
"""The type of the user's own HTTP client: `httpx.Client` or `httpx.AsyncClient`."""


class Client(Generic[M, H]):
    """What `Billing` and `AsyncBilling` share."""

    customers: Customers[M]
    products: Products[M]
    prices: Prices[M]
    meters: Meters[M]
    coupons: Coupons[M]
    promotion_codes: PromotionCodes[M]
    product_features: ProductFeatures[M]
    payment_methods: PaymentMethods[M]
    subscriptions: Subscriptions[M]
    entitlements: Entitlements[M]
    invoices: Invoices[M]
    raw: Raw[M]

    def __init__(
        self,
        provider: Provider,
        *,
        gateway: Gateway | None = None,
        http: H | Literal["fast"] | None = None,
        hooks: Iterable[object] = (),
        limiter: Limiter | None = None,
        journal: Journal | None = None,
    ) -> None:
        check_parts(type(self).__name__, provider=provider, gateway=gateway, limiter=limiter, journal=journal)
        self._is_view = False
        self._session = Session(provider, Gateway() if gateway is None else gateway, hooks, http, limiter, journal)
        if self._session.over_http:
            self._open_engine(http)
        self._bind(CallOptions())

    @classmethod
    def connect(
        cls,
        provider: str,
        *,
        gateway: str | Gateway | None = None,
        http: H | Literal["fast"] | None = None,
        hooks: Iterable[object] = (),
        limiter: Limiter | None = None,
        journal: Journal | None = None,
        **options: Any,
    ) -> Self:
        """Create a client for an installed provider, by name. It sends nothing, so you do not await it on `AsyncBilling` either.

        `options` are those of the provider's plugin, such as `api_key` and `base_url`. `gateway` is the name of an installed gateway, or
        a `Gateway` that you made. None sends requests straight to the vendor. Environment variables are not read: use `from_env`.

        Raises `PluginNotFoundError` for an unknown name, `ConfigurationError` for a wrong or missing option, and `PluginConflictError` or
        `BrokenPluginError` for a plugin that cannot be used.
        """
        from billbridge.plugins.registry import connect

        made, via = connect(provider, gateway, options)
        return cls(made, gateway=via, http=http, hooks=hooks, limiter=limiter, journal=journal)

    @classmethod
    def from_env(
        cls,
        environment: Mapping[str, str] | None = None,
        *,
        http: H | Literal["fast"] | None = None,
        hooks: Iterable[object] = (),
        limiter: Limiter | None = None,
        journal: Journal | None = None,
    ) -> Self:
        """Create a client from environment variables: BILLBRIDGE_PROVIDER, BILLBRIDGE_GATEWAY and BILLBRIDGE_<PROVIDER>_<OPTION>.

        It sends nothing. Pass `environment` to read another mapping instead of `os.environ`. Raises the same errors as `connect`, and
        `ConfigurationError` if BILLBRIDGE_PROVIDER is not set.
        """
        from billbridge.plugins.environment import from_environment

        made, via = from_environment(os.environ if environment is None else environment)
        return cls(made, gateway=via, http=http, hooks=hooks, limiter=limiter, journal=journal)

    def _open_engine(self, http: H | Literal["fast"] | None) -> None:
        raise NotImplementedError("each surface has its own HTTP engines")

    def _executor(self, options: CallOptions) -> Executor:
        raise NotImplementedError("each surface runs flows its own way")

    def _bind(self, options: CallOptions) -> None:
        """Make the resources, bound to these options."""
        self._options = options
        executor, provider = self._executor(options), self._session.provider
        self.customers = Customers(provider.customers, executor)
        self.products = Products(provider.products, executor)
        self.prices = Prices(provider.prices, executor)
        self.meters = Meters(provider.meters, executor)
        self.coupons = Coupons(provider.coupons, executor)
        self.promotion_codes = PromotionCodes(provider.promotion_codes, executor)
        self.product_features = ProductFeatures(provider.product_features, executor)
        self.payment_methods = PaymentMethods(provider.payment_methods, executor)
        self.subscriptions = Subscriptions(provider.subscriptions, executor)
        self.entitlements = Entitlements(provider.entitlements, executor)
        self.invoices = Invoices(provider.invoices, executor)
        self.raw = Raw(provider.raw, executor)

    @property
    def capabilities(self) -> Capabilities:
        """The capabilities of the provider through this gateway: for names such as "subscriptions.cancel", native, emulated or absent."""
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
        connected_account: str | UnsetType | None = UNSET,
    ) -> Self:
        """Return a view of this client with other options. Options that you leave out are unchanged.

        - `idempotency_key` covers one unit of work. Each write of the view sends a key made of it and the operation, such as
          "order-1:customers.create". The vendor does the same operation once, however often you call it. Other arguments with the same key
          raise `IdempotencyConflictError` or `ValidationError`.
        - `timeout` is in seconds for each request. None means 10 to connect and 80 to answer, or the time-outs of your own HTTP client.
        - `deadline` is in seconds for the whole call, with its retries and pauses. The time-out of each request is cut to the seconds left.
          No pause begins that would end after the deadline.
        - `retries` is how often a request may be sent again. The default is 2.
        - `connected_account` is the id of an account that is connected to yours, such as `acct_…` at Stripe Connect. The view acts for it.
          None means the account of the key. Needs the capability `accounts.connected`. `resolve` errors of the view with the same view.

        The view shares the connections of the client. Leaving a `with` block of the view does not close them.
        """
        given = {"idempotency_key": idempotency_key, "timeout": timeout, "deadline": deadline, "retries": retries}
        session = self._session if connected_account is UNSET else self._session.for_account(connected_account)
        return self._view({name: value for name, value in given.items() if value is not UNSET}, session)

    def _view(self, options: dict[str, Any], session: Session) -> Self:
        from copy import copy

        view = copy(self)
        view._is_view = True
        view._session = session
        view._bind(msgspec.structs.replace(self._options, **options))
        return view

    def _again(self, unsettled: OutcomeUnknownError | Entry) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
        """Return the call to make again under its own key, and its arguments."""
        _check_unsettled(unsettled)
        resource, name = check_repeatable(unsettled, self._session.provider, self._session.gateway)
        view = self._view({"idempotency_key": unsettled.idempotency_key, "account": unsettled.account, "repeats": True}, self._session)
        bound = getattr(view, resource, None)
        operation = getattr(type(bound), name, None)
        if not isinstance(operation, Operation):
            raise ValidationError(f"there is no operation {unsettled.operation!r} here", param="error")
        found = unsettled.arguments
        args, kwargs = operation.arguments_from_json(found) if isinstance(found, bytes) else found or ((), {})
        return getattr(bound, name), args, kwargs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._session.provider.name} by {self._session.gateway.name}>"


def _check_unsettled(error: object) -> None:
    """Raise `ValidationError` for what cannot be resolved."""
    if isinstance(error, OutcomeUnknownError):
        return
    from billbridge.flow.journal import Entry  # imported here: it loads sqlite3

    if not isinstance(error, Entry):
        resolvable = isinstance(error, BillingError) and isinstance(error.__cause__, OutcomeUnknownError)
        line = "resolve(error) after `except OutcomeUnknownError as error`, or resolve(entry) for each entry of journal.pending()"
        raise ValidationError(
            f"resolve() takes an OutcomeUnknownError or an entry of a journal, not {type(error).__name__}",
            param="error",
            hint="resolve(error.__cause__)" if resolvable else line,
        )
