"""The options of the plugin "airbyte-stripe"."""

from __future__ import annotations

from billbridge.plugins.options import Options

from billbridge_airbyte.generations import LATEST


class AirbyteStripeOptions(Options, frozen=True, kw_only=True):
    """The options of `Billing.connect("airbyte-stripe", ...)` and of `AirbyteStripeProvider`, which explains them."""

    connector_id: str = ""
    client_id: str = ""
    client_secret: str = ""
    token: str = ""
    organization_id: str = ""
    generation: str = LATEST
    base_url: str = ""
