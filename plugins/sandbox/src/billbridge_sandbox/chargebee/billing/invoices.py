"""Invoices: retrieve and list. They come from subscriptions (module `billing`); nothing here makes or changes one.

The line items are always sent whole: their paging (`line_items_limit`) begins at hundreds of lines and is not simulated.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.params import Ask, Json, flag
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.site import Site

_FILTERS = filterable(
    text="id subscription_id customer_id",
    enum="status price_type dunning_status",
    flag="recurring",
    number="total amount_paid amount_adjusted credits_applied amount_due",
    time="date paid_at updated_at",
)


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve an invoice by its number."""
    return envelope(site.find(site.invoices, "invoice", ask.ids["id"]))


def list_invoices(site: Site, ask: Ask) -> Json:
    """List invoices by date; those of one moment by number."""
    ask.get("include_deleted", flag)
    return listing(ask, site.invoices.values(), _FILTERS, ("date", "updated_at"), envelope)


ROUTES: Routes = [
    ("GET", "/invoices", list_invoices),
    ("GET", "/invoices/{id}", retrieve),
]
