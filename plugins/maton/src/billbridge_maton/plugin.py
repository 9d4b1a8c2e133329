"""The plugin "maton" (entry-point group `billbridge.gateways`): its options, and the gateway made from them. Sends nothing."""

from __future__ import annotations

from billbridge.plugins.hookspecs import hookimpl
from billbridge.plugins.options import Options

from billbridge_maton.gateway import MatonGateway


class MatonOptions(Options, frozen=True, kw_only=True):
    """`api_key` is Maton's (default: MATON_API_KEY); `connection` the id to send by; `profile` "current" or "legacy"; `base_url` replaces
    the profile's hosts by one, for a test double."""

    api_key: str = ""
    connection: str = ""
    profile: str = "current"
    base_url: str = ""


@hookimpl
def billbridge_options() -> type[MatonOptions]:
    """The options of `Billing.connect(..., gateway="maton")`."""
    return MatonOptions


@hookimpl
def billbridge_gateway(options: MatonOptions) -> MatonGateway:
    """The gateway. Raises `ConfigurationError` for a key, connection or profile that cannot be right."""
    return MatonGateway(api_key=options.api_key, connection=options.connection, profile=options.profile, base_url=options.base_url)
