"""The seam for vendors: what a provider plugin implements. Does not load plugins (see `billbridge.plugins.registry`) and sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar, Final

import msgspec

from billbridge.flow.rate_limit import Limit
from billbridge.services import (
    CouponService,
    CustomerService,
    InvoiceService,
    MeterService,
    PaymentMethodService,
    PriceService,
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
    PaymentMethodService,
    SubscriptionService,
    InvoiceService,
    RawService,
)


class ProviderInfo(msgspec.Struct, frozen=True, kw_only=True):
    """Who is at the other end. `live` is False for a test account or the sandbox, None where the key does not tell."""

    provider: str
    gateway: str
    live: bool | None
    api_version: str


class Provider:
    """One vendor. A plugin subclasses it, sets `name`, and gives each resource that the vendor has a service of its own.

    A resource that is left alone refuses every operation. `features` declares what operations can do with their arguments; what is
    not in it is absent, and refused before the provider is asked. `hints` says, per capability that is absent, what to do instead.
    """

    name: ClassVar[str]
    api_version: ClassVar[str]
    replay_window: ClassVar[timedelta | None] = None
    """How long the vendor remembers an idempotency key; None if it is not known to do so."""
    replay_header: ClassVar[str | None] = None
    """The header (lower case) whose value "true" says that an answer is replayed for an idempotency key."""
    request_id_header: ClassVar[str] = "request-id"
    """The header (lower case) under which the vendor names a request, for observers."""
    connected_accounts: ClassVar[Support] = Support.ABSENT
    """Whether requests can act for an account that is connected to the platform's own. A provider that can implements `account_headers`."""
    connected_account: str = ""
    """The connected account that a client acts for, unless `with_options` names another. Empty for the account of the key itself."""
    features: Mapping[Feature, Support] = {}
    hints: Mapping[str, str] = {}

    customers: CustomerService
    products: ProductService
    prices: PriceService
    meters: MeterService
    coupons: CouponService
    promotion_codes: PromotionCodeService
    payment_methods: PaymentMethodService
    subscriptions: SubscriptionService
    invoices: InvoiceService
    raw: RawService

    def __init__(self) -> None:
        for interface in INTERFACES:
            if not hasattr(self, interface.resource):
                setattr(self, interface.resource, interface())

    def base_url(self) -> str:
        """Where the vendor is, without a trailing slash. Raises `ConfigurationError` if an option that it needs is missing."""
        raise NotImplementedError(f"{type(self).__name__} must say where its vendor is")

    def credentials(self) -> Mapping[str, str]:
        """The headers that hold the secret. Raises `ConfigurationError` if the key is missing."""
        raise NotImplementedError(f"{type(self).__name__} must say how it signs in")

    def sandbox_credentials(self) -> Mapping[str, str]:
        """Headers in the same form with a made-up test key, for a simulated vendor."""
        return self.credentials()

    def headers(self) -> Mapping[str, str]:
        """The headers that every request carries and that are no secret, such as the version of the API."""
        return {}

    def account_headers(self, account: str) -> Mapping[str, str]:
        """The headers that make a request act for a connected account. Raises `ValidationError` for an id that cannot be one."""
        raise NotImplementedError(f"{type(self).__name__} must say how requests name a connected account")

    def limits(self) -> tuple[Limit, ...]:
        """How often the vendor lets this account be asked, as far as it is published. None by default."""
        return ()

    def live(self) -> bool | None:
        """Whether the key belongs to a live account, where the key tells."""
        return None

    def capabilities(self, *, route: str = "direct") -> Capabilities:
        """What this provider can do: operations read off its services' classes, features as declared."""
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
