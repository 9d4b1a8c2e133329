"""The filter of lists by time of creation. It runs in this process and fetches nothing.

The list of the oldest connector takes a limit, a cursor and an e-mail address, and nothing else (REFERENCE.md of
airbyte-agent-connectors, late 2025). Specifications of 2026 declare `created` too, but we do not know which connector answers. No source
says what a connector does with an unknown parameter. If it ignores the filter, the answer looks as if everything matched. So we send none.
"""

from __future__ import annotations

from datetime import datetime

from billbridge.errors import ProtocolError
from billbridge.model import Customer, CustomerQuery

from billbridge_airbyte.failures import NAME


def within(customer: Customer, query: CustomerQuery) -> bool:
    """Return whether the customer is inside the query's window of time, compared in whole seconds."""
    if query.created_gte is None and query.created_lt is None:
        return True
    return not before(customer, query) and (query.created_lt is None or _made(customer) < query.created_lt)


def before(customer: Customer, query: CustomerQuery) -> bool:
    """Return whether the customer is older than the window. All later ones are too: the newest come first (specs/stripe/connector.yaml)."""
    return query.created_gte is not None and _made(customer) < query.created_gte


def _made(customer: Customer) -> datetime:
    if customer.created_at is None:
        raise ProtocolError(
            "airbyte answered with a customer without a time of creation, so the list cannot be filtered by time", provider=NAME
        )
    return customer.created_at
