"""Deleting subscriptions, whatever their status, with what belongs to them.

Credits that went from one subscription to another's invoice forbid it (API reference). The real vendor deletes within a few minutes.
Choices: here everything is gone with the answer, and the refusal is 409 `invalid_state_for_request`.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import invalid_state
from billbridge_sandbox.chargebee.api.params import Ask, Json
from billbridge_sandbox.chargebee.billing.deletion import erase
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription
from billbridge_sandbox.chargebee.subscriptions.subscriptions import shown


def delete(site: Site, ask: Ask) -> Json:
    """Delete a subscription and everything that belongs to it. The answer shows it for the last time, with `deleted: true`."""
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    if _linked(site, subscription):
        raise invalid_state("Credits of this subscription were allocated to another one's invoices, or the other way round")
    erase(site, subscription)
    return shown(site, subscription)


def _linked(site: Site, subscription: Subscription) -> bool:
    notes = {note.id: note for note in site.credit_notes.among("subscription", subscription.id)}
    invoices = {invoice.id: invoice for invoice in site.invoices_of(subscription)}
    given = {allocation.invoice_id for note in notes.values() for allocation in note.allocations}
    taken = {credit.cn_id for invoice in invoices.values() for credit in invoice.applied_credits}
    return not (given <= set(invoices) and taken <= set(notes))


ROUTES: Routes = [("POST", "/subscriptions/{id}/delete", delete)]
