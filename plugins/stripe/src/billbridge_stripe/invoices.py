"""Invoices at Stripe. The requests only; `translate.invoices` says what the fields mean."""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.flow import Flow, path
from billbridge.model import Invoice, InvoiceQuery, Page
from billbridge.services import InvoiceService

from billbridge_stripe import wire_invoices
from billbridge_stripe.api import StripeApi
from billbridge_stripe.lists import created, rows
from billbridge_stripe.translate.invoices import invoice
from billbridge_stripe.wire import Rows

_INVOICE: Final = msgspec.json.Decoder(wire_invoices.Invoice)
_LINES: Final = msgspec.json.Decoder(Rows[wire_invoices.Line])


class StripeInvoices(InvoiceService):
    """Invoices at Stripe: `/v1/invoices` and their lines."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def get(self, id: str) -> Flow[Invoice]:
        body = yield from self._api.get(path("/v1/invoices/{}", id))
        return (yield from self._whole(self._api.read(_INVOICE, body), body))

    def list(self, query: InvoiceQuery) -> Flow[Page[Invoice]]:
        filters = {"customer": query.customer, "subscription": query.subscription, **created(query)}
        found, cursor = yield from rows(self._api, "/v1/invoices", query, filters)
        items: list[Invoice] = []
        for row in found:
            sent = self._api.read(_INVOICE, row)
            has_all = not sent.lines.has_more
            items.append(invoice(sent, sent.lines.data, row) if has_all else (yield from self._whole(sent, row)))
        return Page(items=items, next_cursor=cursor)

    def _whole(self, found: wire_invoices.Invoice, body: bytes | msgspec.Raw) -> Flow[Invoice]:
        """Read the remaining lines of an invoice, with as many requests as they take."""
        lines = yield from self._api.rest(path("/v1/invoices/{}/lines", found.id), found.lines, _LINES)
        return invoice(found, lines, body)
