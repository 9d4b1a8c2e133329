"""A simulated Airbyte in front of the simulated Stripe."""

from .vendor import SimulatedAirbyte
from .wrapping import Envelope

__all__ = ["Envelope", "SimulatedAirbyte"]
