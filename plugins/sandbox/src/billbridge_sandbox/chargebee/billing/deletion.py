"""Deleting a subscription for good, with everything that belongs to it. It reads no request."""

from __future__ import annotations

from billbridge_sandbox.chargebee.billing import balances
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription


def erase(site: Site, subscription: Subscription) -> None:
    """Delete a subscription, its invoices, credit notes, unbilled charges, transactions and usages. Nothing more happens to it."""
    if subscription.job:
        subscription.job.cancel()
    subscription.job = None
    subscription.deleted = True
    for invoice in [*site.invoices_of(subscription)]:
        if invoice.job:
            invoice.job.cancel()
        site.invoices.delete(invoice.id)
    for note in [*site.credit_notes.among("subscription", subscription.id)]:
        site.credit_notes.delete(note.id)
    for charge in [*site.unbilled_charges.among("subscription", subscription.id)]:
        site.unbilled_charges.delete(charge.id)
    for usage in [*site.usages.among("subscription", subscription.id)]:
        site.usages.delete(usage.id)
    for transaction in site.transactions.values():
        if transaction.subscription_id == subscription.id:
            site.transactions.delete(transaction.id)
    site.subscriptions.delete(subscription.id)
    customer = site.customers.get(subscription.customer_id)
    if customer is not None:
        customer.refundable = [id for id in customer.refundable if id in site.credit_notes]
        customer.unbilled = [id for id in customer.unbilled if id in site.unbilled_charges]
        balances.show(site, customer)
