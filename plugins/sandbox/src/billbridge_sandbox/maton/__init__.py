"""A simulated Maton: connections, and a proxy to the simulated Stripe and Chargebee."""

from __future__ import annotations

from .vendor import SimulatedMaton

__all__ = ["SimulatedMaton"]
