"""The base class of providers: what a provider plugin implements. Sends nothing. `billbridge.plugins.registry` loads plugins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar, Final

import msgspec

from billbridge.flow.rate_limit import Limit
from billbridge.services import (
    CouponService,
    CustomerService,
    EntitlementService,
    InvoiceService,
    MeterService,
    PaymentMethodService,
    PriceService,
    ProductFeatureService,
    ProductService,
    PromotionCodeService,
    RawService,
    Service,
    SubscriptionService,
    operations,
)
from billbridge.services.capability import CONNECTED_ACCOUNTS, Capabilities, Feature, Support, support_of
from billbridge.services.feature import features_of

INTERFACES: Final[tuple[type[Service], ...]] = (
    CustomerService,
    ProductService,
    PriceService,
    MeterService,
    CouponService,
    PromotionCodeService,
    ProductFeatureService,
    PaymentMethodService,
    SubscriptionService,
    EntitlementService,
    InvoiceService,
    RawService,
)


class ProviderInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The provider, the gateway and the account of a client. `live` is False for a test account or the sandbox, None if unknown."""

    provider: str
    gateway: str
    live: bool | None
    api_version: str


class Provider:
    """One vendor. A plugin subclasses it, sets `name`, and sets a service for each resource that the vendor has.

    A resource without a service of the plugin refuses every operation. `features` declares what operations can do with their arguments.
    A feature that is not in it is absent: the client refuses it before it calls the provider. `hints` says what to do instead of an absent
    capability.
    """

    name: ClassVar[str]
    api_version: ClassVar[str]
    replay_window: ClassVar[timedelta | None] = None
    """How long the vendor remembers an idempotency key. None if that is not known."""
    replay_header: ClassVar[str | None] = None
    """The header (lower case) that is "true" if the vendor replayed an earlier answer for an idempotency key."""
    request_id_header: ClassVar[str] = "request-id"
    """The header (lower case) that holds the vendor's id of a request, for observers."""
    connected_accounts: ClassVar[Support] = Support.ABSENT
    """Whether requests can act for a connected account of the platform. A provider that supports this overrides `account_headers`."""
    connected_account: str = ""
    """The connected account that a client acts for, unless `with_options` names another. Empty means the account of the key."""
    features: Mapping[Feature, Support] = {}
    hints: Mapping[str, str] = {}

    customers: CustomerService
    products: ProductService
    prices: PriceService
    meters: MeterService
    coupons: CouponService
    promotion_codes: PromotionCodeService
    product_features: ProductFeatureService
    payment_methods: PaymentMethodService
    subscriptions: SubscriptionService
    entitlements: EntitlementService
    invoices: InvoiceService
    raw: RawService

    def __init__(self) -> None:
        for interface in INTERFACES:
            if not hasattr(self, interface.resource):
                setattr(self, interface.resource, interface())

    def base_url(self) -> str:
        """Return the address of the vendor, without a trailing slash. Raises `ConfigurationError` if an option that it needs is missing."""
        raise NotImplementedError(f"{type(self).__name__} must override base_url()")

    def credentials(self) -> Mapping[str, str]:
        """Return the headers that hold the secret. Raises `ConfigurationError` if the key is missing."""
        raise NotImplementedError(f"{type(self).__name__} must override credentials()")

    def sandbox_credentials(self) -> Mapping[str, str]:
        """Return headers of the same form with an invented test key, for a simulated vendor. It must never get a real key."""
        return self.credentials()

    def headers(self) -> Mapping[str, str]:
        """Return the headers of every request that are not secret, such as the version of the API."""
        return {}

    def account_headers(self, account: str) -> Mapping[str, str]:
        """Return the headers that make a request act for a connected account. Raises `ValidationError` for an invalid id."""
        raise NotImplementedError(f"{type(self).__name__} must override account_headers()")

    def limits(self) -> tuple[Limit, ...]:
        """Return the vendor's published rate limits for this account. None by default."""
        return ()

    def live(self) -> bool | None:
        """Return whether the key belongs to a live account, or None if the key does not show it."""
        return None

    def capabilities(self, *, route: str = "direct") -> Capabilities:
        """Return what this provider can do: the operations that its services override, and the declared features."""
        support: dict[str, Support] = {}
        for interface in INTERFACES:
            implementation = type(getattr(self, interface.resource))
            for name in operations(interface):
                operation = f"{interface.resource}.{name}"
                support[operation] = support_of(implementation, interface, name)
                for feature in features_of(operation):
                    support[feature.value] = self.features.get(feature, Support.ABSENT) if support[operation] else Support.ABSENT
        support[CONNECTED_ACCOUNTS] = self.connected_accounts
        return Capabilities(support, provider=self.name, route=route, hints=self.hints)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
