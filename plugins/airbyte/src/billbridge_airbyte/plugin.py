"""The plugin "airbyte-stripe" (entry-point group `billbridge.providers`): the provider made from its options. Sends nothing."""

from __future__ import annotations

import msgspec
from billbridge.plugins.hookspecs import hookimpl

from billbridge_airbyte.options import AirbyteStripeOptions
from billbridge_airbyte.provider import AirbyteStripeProvider


@hookimpl
def billbridge_options() -> type[AirbyteStripeOptions]:
    """The options of `Billing.connect("airbyte-stripe", ...)`."""
    return AirbyteStripeOptions


@hookimpl
def billbridge_provider(options: AirbyteStripeOptions) -> AirbyteStripeProvider:
    """Make the provider. Raises `ConfigurationError` for an invalid option."""
    return AirbyteStripeProvider(**msgspec.structs.asdict(options))
