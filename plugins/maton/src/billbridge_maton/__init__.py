"""Maton for Billbridge: a gateway to Stripe and Chargebee, and its connections.

`Billing.connect("stripe", gateway="maton", api_key=..., connection=...)`, or typed: `Billing(StripeProvider(), gateway=MatonGateway(...))`.
`Connections` and `AsyncConnections` list, create and delete the connections that the gateway uses.
"""

from __future__ import annotations

from billbridge_maton.clients import AsyncConnections, Connections
from billbridge_maton.connections import Connection, ConnectionMethod, ConnectionQuery, ConnectionStatus, NewConnection
from billbridge_maton.gateway import MatonGateway

__all__ = [
    "AsyncConnections",
    "Connection",
    "ConnectionMethod",
    "ConnectionQuery",
    "ConnectionStatus",
    "Connections",
    "MatonGateway",
    "NewConnection",
]
