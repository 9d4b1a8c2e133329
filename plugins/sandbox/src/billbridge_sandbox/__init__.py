"""Simulated Stripe and Chargebee on one clock, in-process and over HTTP on loopback.

`Simulation` answers raw HTTP requests and knows nothing of Billbridge. It stores nothing on disk and never reaches the internet.
"""

from billbridge_sandbox.simulation import Simulation

__all__ = ["Simulation"]
