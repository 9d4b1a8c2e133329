"""The Stripe provider: its services, its key, its API version and its capabilities. It sends nothing itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from billbridge.errors import ConfigurationError, ValidationError
from billbridge.flow.limiter import Limit
from billbridge.plugins.options import filled, missing
from billbridge.plugins.provider import Provider
from billbridge.services.capability import Support
from billbridge.toolkit.keys import checked_key

from billbridge_stripe.abilities import FEATURES, HINTS
from billbridge_stripe.api import StripeApi
from billbridge_stripe.coupons import StripeCoupons
from billbridge_stripe.customers import StripeCustomers
from billbridge_stripe.entitlements import StripeEntitlements
from billbridge_stripe.invoices import StripeInvoices
from billbridge_stripe.meters import StripeMeters
from billbridge_stripe.options import StripeOptions
from billbridge_stripe.payment_methods import StripePaymentMethods
from billbridge_stripe.prices import StripePrices
from billbridge_stripe.product_features import StripeProductFeatures
from billbridge_stripe.products import StripeProducts
from billbridge_stripe.promotion_codes import StripePromotionCodes
from billbridge_stripe.raw import StripeRaw
from billbridge_stripe.subscriptions import StripeSubscriptions

_KEY: Final = "a secret key, sk_…, or a restricted key, rk_…, from Developers > API keys in the Stripe dashboard"
_HINT: Final = f"pass {_KEY}"
_OTHER_KEYS: Final = {
    "pk_": "a publishable key (pk_…): a publishable key is for browsers and cannot manage billing",
    "whsec_": "the signing secret of a webhook (whsec_…): pass it to billbridge_stripe.webhooks.verify",
    "live_": "a key of Chargebee (live_…)",
    "test_": "a key of Chargebee (test_…)",
}
"""What other keys look like, by how they begin."""

_ACCOUNT: Final = re.compile(r"acct_[A-Za-z0-9]+")


class StripeProvider(Provider):
    """The Stripe provider.

    `api_key` is a secret or restricted key. It is not needed if a gateway has its own. `base_url` replaces https://api.stripe.com, for a
    test double on loopback. `connected_account` is the id of the connected account that the client acts for (`acct_…`).
    Raises `ConfigurationError` for an invalid key or account.
    """

    name = "stripe"
    api_version = "2026-10-28.endive"
    replay_header = "idempotent-replayed"
    replay_window = timedelta(hours=24)  # docs.stripe.com/api/idempotent_requests
    features = FEATURES
    hints = HINTS
    connected_accounts = Support.NATIVE

    def __init__(self, *, api_key: str = "", base_url: str = "", connected_account: str = "") -> None:
        filled(StripeOptions, {"api_key": api_key, "base_url": base_url, "connected_account": connected_account}, owner=self.name)
        if connected_account:
            _check_account(connected_account, ConfigurationError)
        self.connected_account = connected_account
        self._api_key = _checked(api_key)
        self._base_url = base_url
        api = StripeApi()
        self.customers = StripeCustomers(api)
        self.products = StripeProducts(api)
        self.prices = StripePrices(api)
        self.meters = StripeMeters(api)
        self.coupons = StripeCoupons(api)
        self.promotion_codes = StripePromotionCodes(api)
        self.product_features = StripeProductFeatures(api)
        self.payment_methods = StripePaymentMethods(api, self.customers)
        self.subscriptions = StripeSubscriptions(api)
        self.entitlements = StripeEntitlements(api)
        self.invoices = StripeInvoices(api)
        self.raw = StripeRaw(api)
        super().__init__()

    def base_url(self) -> str:
        """The address of the API: https://api.stripe.com, unless you passed another one."""
        return self._base_url or "https://api.stripe.com"

    def credentials(self) -> Mapping[str, str]:
        """The API key as a bearer token. Raises `ConfigurationError` without a key."""
        if not self._api_key:
            raise missing(self.name, "api_key", _KEY)
        return {"Authorization": f"Bearer {self._api_key}"}

    def sandbox_credentials(self) -> Mapping[str, str]:
        """An invented test key. A simulated vendor never gets a real key."""
        return {"Authorization": "Bearer sk_test_sandbox"}

    def headers(self) -> Mapping[str, str]:
        """The pinned API version. Without it, Stripe uses the account's default version, which Billbridge does not know."""
        return {"Stripe-Version": self.api_version}

    def account_headers(self, account: str) -> Mapping[str, str]:
        """The header that makes a request act for a connected account (docs.stripe.com/connect/authentication)."""
        _check_account(account, ValidationError)
        return {"Stripe-Account": account}

    def limits(self) -> tuple[Limit, ...]:
        """Stripe's published limits (docs.stripe.com/rate-limits): 100 requests a second in live mode, else 25.

        There is none if you pass a `base_url`.
        """
        return () if self._base_url else (Limit(100 if self.live() else 25, 1),)

    def live(self) -> bool | None:
        """Whether the key is a live key, by its prefix (`sk_live_`, `rk_test_`). None without a key, and for an organisation's key."""
        return {"live": True, "test": False}.get(self._api_key[3:].partition("_")[0])


def _check_account(account: str, error: type[ConfigurationError | ValidationError]) -> None:
    if not isinstance(account, str) or not _ACCOUNT.fullmatch(account):
        raise error(
            "connected_account is not the id of a Stripe account",
            param="connected_account",
            provider="stripe",
            hint="pass an id such as acct_1A2B3C; leave it out for the account of the API key",
        )


def _checked(key: str) -> str:
    """Return the key. Raises `ConfigurationError` if it cannot be Stripe's. The error shows no part of the key."""
    checked_key(key, provider=StripeProvider.name, hint=_HINT, refused=_OTHER_KEYS)
    if key and not key.startswith(("sk_", "rk_")):
        raise ConfigurationError("api_key must start with sk_ or rk_", param="api_key", provider=StripeProvider.name, hint=_HINT)
    return key
