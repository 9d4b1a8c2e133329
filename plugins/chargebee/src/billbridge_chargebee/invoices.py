"""Invoices at Chargebee. A very long invoice comes with its first lines only; Billbridge reads the rest from the invoice itself."""

from __future__ import annotations

import msgspec
from billbridge.flow import Flow, path
from billbridge.model import Invoice, InvoiceQuery, Page
from billbridge.services import InvoiceService
from billbridge.toolkit.paging import SeenCursors
from billbridge.toolkit.timestamps import MOMENTS

from billbridge_chargebee import wire_invoices
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate.invoices import invoice
from billbridge_chargebee.translate.lists import chronological, within


class ChargebeeInvoices(InvoiceService):
    """Invoices at Chargebee: `/invoices`."""

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    def get(self, id: str) -> Flow[Invoice]:
        body = yield from self._api.get(path("/invoices/{}", id))
        found = self._read(self._api.one(body, "invoice"))
        if found is None:
            raise gone("invoice")
        return (yield from self._whole(*found))

    def list(self, query: InvoiceQuery) -> Flow[Page[Invoice]]:
        filters = {
            "customer_id": {"is": query.customer},
            "subscription_id": {"is": query.subscription},
            **chronological(query, "date"),
        }

        def listed(raw: msgspec.Raw) -> tuple[wire_invoices.Invoice, msgspec.Raw] | None:
            found = self._read(raw)
            return found if found is not None and within(query, MOMENTS[found[0].date]) else None

        owners = [("customer", "customers", query.customer), ("subscription", "subscriptions", query.subscription)]
        page = yield from self._api.page("/invoices", "invoice", query, filters, listed, owners)
        items: list[Invoice] = []
        for sent, raw in page.items:
            has_all = sent.line_items_next_offset is None
            items.append(invoice(sent, raw, sent.line_items or []) if has_all else (yield from self._whole(sent, raw)))
        return Page(items=items, next_cursor=page.next_cursor)

    def _read(self, raw: msgspec.Raw) -> tuple[wire_invoices.Invoice, msgspec.Raw] | None:
        sent = self._api.read(wire_invoices.INVOICE, raw)
        return None if sent.deleted else (sent, raw)

    def _whole(self, sent: wire_invoices.Invoice, raw: msgspec.Raw) -> Flow[Invoice]:
        """Read the remaining lines of an invoice, until Chargebee sends no further offset."""
        lines = list(sent.line_items or [])
        offset, seen = sent.line_items_next_offset, SeenCursors(self._api.provider)
        while offset is not None:
            body = yield from self._api.get(path("/invoices/{}", sent.id), {"line_items_offset": seen.next(offset)})
            more = self._api.read(wire_invoices.INVOICE, self._api.one(body, "invoice"))
            lines += more.line_items or []
            offset = more.line_items_next_offset
        return invoice(sent, raw, lines)
