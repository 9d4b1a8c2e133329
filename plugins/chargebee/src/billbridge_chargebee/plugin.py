"""The plugin "chargebee" (entry-point group `billbridge.providers`): its options, and the provider made from them."""

from __future__ import annotations

import msgspec
from billbridge.plugins.hookspecs import hookimpl
from billbridge.plugins.options import Options
from billbridge.plugins.provider import Provider

from billbridge_chargebee.provider import ChargebeeProvider, Plan


class ChargebeeOptions(Options, frozen=True, kw_only=True):
    """The options of `Billing.connect("chargebee", ...)`. `ChargebeeProvider` explains them."""

    api_key: str = ""
    site: str = ""
    base_url: str = ""
    item_family: str = "billbridge"
    plan: Plan = "starter"
    multi_decimal: bool = False


@hookimpl
def billbridge_options() -> type[ChargebeeOptions]:
    """The options of `Billing.connect("chargebee", ...)`."""
    return ChargebeeOptions


@hookimpl
def billbridge_provider(options: ChargebeeOptions) -> Provider:
    """Make the provider. Raises `ConfigurationError` for an invalid key or site."""
    return ChargebeeProvider(**msgspec.structs.asdict(options))
