"""The plugin: what `Billing.connect("chargebee", ...)` finds. Does nothing but pass the options on."""

from __future__ import annotations

import msgspec
from billbridge.plugins.hookspecs import hookimpl
from billbridge.plugins.options import Options
from billbridge.plugins.provider import Provider

from billbridge_chargebee.provider import ChargebeeProvider, Plan


class ChargebeeOptions(Options, frozen=True, kw_only=True):
    """The options of `Billing.connect("chargebee")`; `ChargebeeProvider` says what they are."""

    api_key: str = ""
    site: str = ""
    base_url: str = ""
    item_family: str = "billbridge"
    plan: Plan = "starter"
    multi_decimal: bool = False


@hookimpl
def billbridge_options() -> type[ChargebeeOptions]:
    """The options of the provider."""
    return ChargebeeOptions


@hookimpl
def billbridge_provider(options: ChargebeeOptions) -> Provider:
    """The provider."""
    return ChargebeeProvider(**msgspec.structs.asdict(options))
