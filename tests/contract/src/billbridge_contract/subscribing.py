"""Helpers of clauses about subscriptions: the capabilities to sell one, and the length of a month."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

CATALOG: Final = "customers.create products.create prices.create"
"""The capabilities to create a customer and a price."""
SELL: Final = f"{CATALOG} payment_methods.attach subscriptions.create"
"""The capabilities to create a paid subscription."""
A_MONTH: Final = (timedelta(days=28), timedelta(days=31))
"""The lengths of the shortest and of the longest month."""
