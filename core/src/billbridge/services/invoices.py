"""The operations on invoices."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import Invoice, InvoiceQuery, Page
from billbridge.services.base import Service


class InvoiceService(Service):
    """Invoices: what was charged, and how much of it is paid."""

    resource = "invoices"

    def get(self, id: str) -> Flow[Invoice]:
        """Get one invoice with all its lines. A long invoice takes several requests. Raises `NotFoundError`."""
        self._refuse("get")

    def list(self, query: InvoiceQuery) -> Flow[Page[Invoice]]:
        """List invoices, newest first, each with all its lines.

        Raises `NotFoundError` for an unknown `customer` or `subscription`. Chargebee answers with an empty list for these, so Billbridge
        then reads the object once.
        """
        self._refuse("list")
