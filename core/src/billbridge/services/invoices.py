"""The promise about invoices."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import Invoice, InvoiceQuery, Page
from billbridge.services.base import Service


class InvoiceService(Service):
    """Invoices: what was charged, and what of it is paid."""

    resource = "invoices"

    def get(self, id: str) -> Flow[Invoice]:
        """One invoice with all its lines, however many requests they take. Raises `NotFoundError`."""
        self._refuse("get")

    def list(self, query: InvoiceQuery) -> Flow[Page[Invoice]]:
        """All invoices that match, newest first, each with all its lines."""
        self._refuse("list")
