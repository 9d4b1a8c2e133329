"""What clauses about subscriptions share: what it takes to sell one, and how long a month is."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

CATALOG: Final = "customers.create products.create prices.create"
"""The capabilities that it takes to have a customer and a price."""
SELL: Final = f"{CATALOG} payment_methods.attach subscriptions.create"
"""The capabilities that it takes to have a subscription that is paid for."""
A_MONTH: Final = (timedelta(days=28), timedelta(days=31))
"""The shortest and the longest month."""
