"""The plugin "stripe" (entry-point group `billbridge.providers`): its options, and the provider made from them."""

from __future__ import annotations

from billbridge.plugins.hookspecs import hookimpl
from billbridge.plugins.options import Options

from billbridge_stripe.provider import StripeProvider


class StripeOptions(Options, frozen=True, kw_only=True):
    """The options of `Billing.connect("stripe", ...)`.

    `api_key` is a secret key (`sk_…`) or a restricted key (`rk_…`). `base_url` replaces https://api.stripe.com, for a test double.
    """

    api_key: str = ""
    base_url: str = ""


@hookimpl
def billbridge_options() -> type[StripeOptions]:
    """The options of `Billing.connect("stripe", ...)`."""
    return StripeOptions


@hookimpl
def billbridge_provider(options: StripeOptions) -> StripeProvider:
    """Make the provider. Raises `ConfigurationError` for an invalid key."""
    return StripeProvider(api_key=options.api_key, base_url=options.base_url)
