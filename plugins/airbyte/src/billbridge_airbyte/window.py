"""Lists by time of creation, filtered on this side. Fetches nothing.

The oldest connector's list takes a limit, a place and an e-mail address, and nothing else (REFERENCE.md of airbyte-agent-connectors, late
2025). Specifications of 2026 declare `created` too, but which one answers is not known here, and nowhere is it said what becomes of a
parameter that a connector does not know. A filter that got lost cannot be told from one that matched everything, so none is sent.
"""

from __future__ import annotations

from datetime import datetime

from billbridge.errors import ProtocolError
from billbridge.model import Customer, CustomerQuery

from billbridge_airbyte.failures import NAME


def within(customer: Customer, query: CustomerQuery) -> bool:
    """Whether the query's window holds the customer, by whole seconds, which is what a query holds."""
    if query.created_gte is None and query.created_lt is None:
        return True
    return not before(customer, query) and (query.created_lt is None or _made(customer) < query.created_lt)


def before(customer: Customer, query: CustomerQuery) -> bool:
    """Whether the customer is older than the window: so are all that follow, as the newest come first (specs/stripe/connector.yaml)."""
    return query.created_gte is not None and _made(customer) < query.created_gte


def _made(customer: Customer) -> datetime:
    if customer.created_at is None:
        raise ProtocolError("airbyte left out when a customer was created: the list cannot be filtered by that", provider=NAME)
    return customer.created_at
