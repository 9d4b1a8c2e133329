"""Simulated Stripe and Chargebee on one clock, and a simulated Maton and Airbyte in front of them; in-process and over HTTP on loopback.

`Sandbox` is a Billbridge gateway. `Simulation`, behind it, answers raw HTTP requests and knows nothing of Billbridge. Nothing is
stored on disk and nothing reaches the internet. `faults` of either makes requests go wrong.
"""

from __future__ import annotations

from billbridge_sandbox.faults import Fault, Faults
from billbridge_sandbox.gateway import Sandbox
from billbridge_sandbox.simulation import Simulation

__all__ = ["Fault", "Faults", "Sandbox", "Simulation"]
