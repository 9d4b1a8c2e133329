"""The options of the plugin "maton"."""

from __future__ import annotations

from billbridge.plugins.options import Options


class MatonOptions(Options, frozen=True, kw_only=True):
    """The options of `Billing.connect(..., gateway="maton")` and of `MatonGateway`, which explains them."""

    api_key: str = ""
    connection: str = ""
    profile: str = "current"
    base_url: str = ""
