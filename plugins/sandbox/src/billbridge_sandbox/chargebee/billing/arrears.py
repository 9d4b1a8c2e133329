"""Unpaid invoices of a subscription that is paused or resumed: one more attempt to collect them, and the end of their retries."""

from __future__ import annotations

from billbridge_sandbox.chargebee.billing.billing import automatic, dues
from billbridge_sandbox.chargebee.payments.payments import attempt, link, source_for
from billbridge_sandbox.chargebee.store.invoices import Invoice
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription


def collect_dues(site: Site, customer: Customer, subscription: Subscription) -> None:
    """Try once to collect every invoice that is due, where invoices are collected automatically. A failure changes nothing else."""
    source = source_for(site, customer, subscription)
    if source is None or not automatic(customer, subscription):
        return
    for invoice in dues(site, subscription):
        link(site, invoice, attempt(site, source, invoice.amount_due, invoice.currency_code, subscription.id))
        if invoice.status == "paid" and invoice.dunning_status == "in_progress":
            _end_retries(site, invoice, "success")


def stop_dunning(site: Site, subscription: Subscription) -> None:
    """Stop the retries of every invoice that is in dunning; the invoice is `not_paid` then."""
    for invoice in dues(site, subscription):
        if invoice.dunning_status == "in_progress":
            invoice.status = "not_paid"
            _end_retries(site, invoice, "stopped")


def _end_retries(site: Site, invoice: Invoice, outcome: str) -> None:
    if invoice.job is not None:
        invoice.job.cancel()
    invoice.job = invoice.next_retry_at = None
    invoice.dunning_status = outcome
    site.touch(invoice)
