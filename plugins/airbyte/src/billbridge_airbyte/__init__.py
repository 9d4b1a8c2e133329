"""A Billbridge provider that reads Stripe's customers through Airbyte.

`Billing.connect("airbyte-stripe", connector_id=..., client_id=..., client_secret=...)`.
"""

from __future__ import annotations

from billbridge_airbyte.generations import GENERATIONS, Generation
from billbridge_airbyte.provider import AirbyteStripeProvider

__all__ = ["GENERATIONS", "AirbyteStripeProvider", "Generation"]
