"""Credit notes: retrieve and list. They come from changes and cancellations (module `crediting`); nothing here makes one.

Not simulated: creating, refunding, recording a refund, voiding and deleting them, PDF.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.params import Ask, Json, flag
from billbridge_sandbox.chargebee.api.wire import render
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.credit_notes import CreditNote
from billbridge_sandbox.chargebee.store.site import Site

_FILTERS = filterable(
    text="id customer_id subscription_id reference_invoice_id",
    enum="type reason_code status price_type channel",
    number="total amount_allocated amount_refunded amount_available",
    time="date voided_at updated_at",
)


def shown(site: Site, note: CreditNote) -> Json:
    """A credit note as every endpoint sends it: with the present status of the invoices that it was used for."""
    body = render(note)
    for allocation in body["allocations"]:
        allocation["invoice_status"] = site.find(site.invoices, "invoice", allocation["invoice_id"]).status
    return body


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve a credit note."""
    return {"credit_note": shown(site, site.find(site.credit_notes, "credit_note", ask.ids["id"]))}


def list_notes(site: Site, ask: Ask) -> Json:
    """List credit notes by date; those of one moment by number."""
    ask.get("include_deleted", flag)
    return listing(ask, site.credit_notes.values(), _FILTERS, ("date",), lambda note: {"credit_note": shown(site, note)})


ROUTES: Routes = [
    ("GET", "/credit_notes", list_notes),
    ("GET", "/credit_notes/{id}", retrieve),
]
