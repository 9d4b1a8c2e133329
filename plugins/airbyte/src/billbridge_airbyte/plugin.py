"""The plugin "airbyte-stripe" (entry-point group `billbridge.providers`): its options, and the provider made from them. Sends nothing."""

from __future__ import annotations

from billbridge.plugins.hookspecs import hookimpl
from billbridge.plugins.options import Options

from billbridge_airbyte.generations import LATEST
from billbridge_airbyte.provider import AirbyteStripeProvider


class AirbyteStripeOptions(Options, frozen=True, kw_only=True):
    """The arguments of `AirbyteStripeProvider`, of the same names."""

    connector_id: str = ""
    client_id: str = ""
    client_secret: str = ""
    token: str = ""
    organization_id: str = ""
    generation: str = LATEST
    base_url: str = ""


@hookimpl
def billbridge_options() -> type[AirbyteStripeOptions]:
    """The options of `Billing.connect("airbyte-stripe", ...)`."""
    return AirbyteStripeOptions


@hookimpl
def billbridge_provider(options: AirbyteStripeOptions) -> AirbyteStripeProvider:
    """The provider. Raises `ConfigurationError` for options that cannot be right."""
    return AirbyteStripeProvider(**{name: getattr(options, name) for name in options.__struct_fields__})
