"""The plugin "maton" (entry-point group `billbridge.gateways`): the gateway made from its options. Sends nothing."""

from __future__ import annotations

import msgspec
from billbridge.plugins.hookspecs import hookimpl

from billbridge_maton.gateway import MatonGateway
from billbridge_maton.options import MatonOptions


@hookimpl
def billbridge_options() -> type[MatonOptions]:
    """The options of `Billing.connect(..., gateway="maton")`."""
    return MatonOptions


@hookimpl
def billbridge_gateway(options: MatonOptions) -> MatonGateway:
    """Make the gateway. Raises `ConfigurationError` for an invalid key, connection, profile or base URL."""
    return MatonGateway(**msgspec.structs.asdict(options))
