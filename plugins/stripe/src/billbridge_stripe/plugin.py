"""The plugin "stripe" (entry-point group `billbridge.providers`): the provider made from its options."""

from __future__ import annotations

import msgspec
from billbridge.plugins.hookspecs import hookimpl

from billbridge_stripe.options import StripeOptions
from billbridge_stripe.provider import StripeProvider


@hookimpl
def billbridge_options() -> type[StripeOptions]:
    """The options of `Billing.connect("stripe", ...)`."""
    return StripeOptions


@hookimpl
def billbridge_provider(options: StripeOptions) -> StripeProvider:
    """Make the provider. Raises `ConfigurationError` for an invalid key."""
    return StripeProvider(**msgspec.structs.asdict(options))
