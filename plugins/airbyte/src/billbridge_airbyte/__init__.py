"""Stripe's customers, read through Airbyte, for Billbridge: `Billing.connect("airbyte-stripe", connector_id=..., client_id=..., ...)`."""

from __future__ import annotations

from billbridge_airbyte.generations import GENERATIONS, Generation
from billbridge_airbyte.provider import AirbyteStripeProvider

__all__ = ["GENERATIONS", "AirbyteStripeProvider", "Generation"]
