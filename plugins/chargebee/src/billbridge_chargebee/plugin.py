"""The plugin "chargebee" (entry-point group `billbridge.providers`): the provider made from its options."""

from __future__ import annotations

import msgspec
from billbridge.plugins.hookspecs import hookimpl
from billbridge.plugins.provider import Provider

from billbridge_chargebee.options import ChargebeeOptions
from billbridge_chargebee.provider import ChargebeeProvider


@hookimpl
def billbridge_options() -> type[ChargebeeOptions]:
    """The options of `Billing.connect("chargebee", ...)`."""
    return ChargebeeOptions


@hookimpl
def billbridge_provider(options: ChargebeeOptions) -> Provider:
    """Make the provider. Raises `ConfigurationError` for an invalid key or site."""
    return ChargebeeProvider(**msgspec.structs.asdict(options))
