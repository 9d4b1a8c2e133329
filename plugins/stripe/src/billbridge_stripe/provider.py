"""Stripe as a provider: its services, its key and version, and what it declares about their arguments. Sends nothing itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from billbridge.errors import ConfigurationError
from billbridge.flow.limiter import Limit
from billbridge.plugins.provider import Provider

from billbridge_stripe.abilities import FEATURES, HINTS
from billbridge_stripe.api import StripeApi
from billbridge_stripe.coupons import StripeCoupons
from billbridge_stripe.customers import StripeCustomers
from billbridge_stripe.invoices import StripeInvoices
from billbridge_stripe.meters import StripeMeters
from billbridge_stripe.payment_methods import StripePaymentMethods
from billbridge_stripe.prices import StripePrices
from billbridge_stripe.products import StripeProducts
from billbridge_stripe.promotion_codes import StripePromotionCodes
from billbridge_stripe.raw import StripeRaw
from billbridge_stripe.subscriptions import StripeSubscriptions

_KEY_HINT = "use a secret key (sk_…) or a restricted key (rk_…) of Developers > API keys in Stripe's dashboard"


class StripeProvider(Provider):
    """Stripe. `api_key` is a secret or restricted key; `base_url` replaces https://api.stripe.com, for a test double on loopback.

    Raises `ConfigurationError` for a key that cannot be one. No key is needed where a gateway has its own.
    """

    name = "stripe"
    api_version = "2026-10-28.endive"
    replay_header = "idempotent-replayed"
    replay_window = timedelta(hours=24)  # docs.stripe.com/api/idempotent_requests
    features = FEATURES
    hints = HINTS

    def __init__(self, *, api_key: str = "", base_url: str = "") -> None:
        _check_key(api_key)
        self._api_key = api_key
        self._base_url = base_url
        api = StripeApi()
        self.customers = StripeCustomers(api)
        self.products = StripeProducts(api)
        self.prices = StripePrices(api)
        self.meters = StripeMeters(api)
        self.coupons = StripeCoupons(api)
        self.promotion_codes = StripePromotionCodes(api)
        self.payment_methods = StripePaymentMethods(api, self.customers)
        self.subscriptions = StripeSubscriptions(api)
        self.invoices = StripeInvoices(api)
        self.raw = StripeRaw(api)
        super().__init__()

    def base_url(self) -> str:
        """https://api.stripe.com, unless another was given."""
        return self._base_url or "https://api.stripe.com"

    def credentials(self) -> Mapping[str, str]:
        """The key as a bearer token. Raises `ConfigurationError` if there is none."""
        if not self._api_key:
            raise ConfigurationError("stripe needs an API key", param="api_key", provider=self.name, hint=_KEY_HINT)
        return {"Authorization": f"Bearer {self._api_key}"}

    def sandbox_credentials(self) -> Mapping[str, str]:
        """A made-up test key; a real one is never shown to a simulated vendor."""
        return {"Authorization": "Bearer sk_test_sandbox"}

    def headers(self) -> Mapping[str, str]:
        """The pinned version: without it Stripe answers in the account's own, which is not known here."""
        return {"Stripe-Version": self.api_version}

    def limits(self) -> tuple[Limit, ...]:
        """Stripe's published limits (docs.stripe.com/rate-limits): 100 requests a second live, else 25; none for another `base_url`."""
        return () if self._base_url else (Limit(100 if self.live() else 25, 1),)

    def live(self) -> bool | None:
        """What the key's prefix says (`sk_live_`, `rk_test_`); None without a key, and for keys of an organisation."""
        return {"live": True, "test": False}.get(self._api_key[3:].partition("_")[0])


def _check_key(key: str) -> None:
    """Nothing of the key may reach the error's text, and no header may be smuggled in with it."""
    if not key:
        return
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ConfigurationError("the API key holds a space or a character that is not printable ASCII", param="api_key", provider="stripe")
    if key.startswith("pk_"):
        hint = f"a publishable key is for browsers and may not manage billing: {_KEY_HINT}"
        raise ConfigurationError("this is a publishable key (pk_…)", param="api_key", provider="stripe", hint=hint)
    if not key.startswith(("sk_", "rk_")):
        raise ConfigurationError("the API key must start with sk_ or rk_", param="api_key", provider="stripe", hint=_KEY_HINT)
