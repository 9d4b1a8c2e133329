"""Invoices of subscriptions: numbering and collecting them, and dunning. It does not know when a term begins or ends.

Choices where the vendor's documents are silent: net terms count only where nothing is collected automatically; dunning goes on when a
subscription is cancelled; without any payment source a renewal is in dunning too, with no attempt recorded until there is one to make.
Not simulated: pending invoices.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from billbridge_sandbox.chargebee.api.errors import no_payment_method
from billbridge_sandbox.chargebee.billing import crediting, discounting, unbilled, usages
from billbridge_sandbox.chargebee.billing.balances import refundable_notes
from billbridge_sandbox.chargebee.billing.drafts import draw_up
from billbridge_sandbox.chargebee.payments.payments import attempt, link, refusal, source_for
from billbridge_sandbox.chargebee.store.invoices import DunningAttempt, Invoice
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription

GiveUp: TypeAlias = Callable[[Invoice], None]

_DAY = 86400
DUE = ("payment_due", "not_paid")


def automatic(customer: Customer, subscription: Subscription) -> bool:
    """Whether invoices are collected automatically: the subscription's own setting, else the customer's."""
    return (subscription.auto_collection or customer.auto_collection) == "on"


def collect_first(site: Site, customer: Customer, subscription: Subscription, store: Callable[[], None]) -> Invoice | None:
    """Raise the first invoice of a subscription, which must be paid at once; see `collect_now`.

    There is no invoice when there is nothing to bill yet: usages are billed in arrears.
    """
    return collect_now(site, customer, subscription, draw_up(site, customer, subscription, first=True), store)


def collect_now(
    site: Site, customer: Customer, subscription: Subscription, invoice: Invoice, store: Callable[[], None], *, credits: int = 0
) -> Invoice | None:
    """Raise a draft as the invoice of a call that must be paid at once; None when it has no lines.

    Raises the refusal of a missing or declining source before anything is stored. `store` stores what the call does; it is called when
    nothing can fail any more. `credits` is how much more there will be to use then than the customer has now.
    """
    notes = refundable_notes(site, customer, invoice.currency_code)
    due = max(0, invoice.total - credits - sum(note.amount_available for note in notes))
    transaction = None
    if due and automatic(customer, subscription):
        source = source_for(site, customer, subscription)
        if source is None:
            raise no_payment_method()
        transaction = attempt(site, source, due, invoice.currency_code, subscription.id)
        if transaction.status != "success":
            raise refusal(source)
    store()
    if not invoice.line_items:
        return None
    _number(site, customer, invoice)
    if transaction is not None:
        link(site, invoice, transaction)
    else:
        _leave_open(site, customer, subscription, invoice)
    return invoice


def bill(
    site: Site, customer: Customer, subscription: Subscription, give_up: GiveUp, *, first: bool = False, closing: bool = False
) -> Invoice | None:
    """Raise the invoice of a renewal, and collect it; a failure starts dunning. `give_up` is called at dunning's end.

    A `closing` invoice bills only the usages so far; there is none when there is nothing to bill.
    """
    draft = draw_up(site, customer, subscription, first=first, closing=closing)
    if not draft.line_items:
        usages.settle(site, draft)
        return None
    return raise_invoice(site, customer, subscription, draft, give_up)


def raise_invoice(site: Site, customer: Customer, subscription: Subscription, draft: Invoice, give_up: GiveUp) -> Invoice:
    """Number a draft and collect it; a failure starts dunning."""
    invoice = _number(site, customer, draft)
    if invoice.amount_due and automatic(customer, subscription):
        _try(site, invoice, give_up)
    else:
        _leave_open(site, customer, subscription, invoice)
    return invoice


def dues(site: Site, subscription: Subscription) -> list[Invoice]:
    """The invoices of a subscription that should have been paid, oldest first."""
    return [invoice for invoice in site.invoices_of(subscription) if invoice.status in DUE and invoice.amount_due > 0]


def _number(site: Site, customer: Customer, invoice: Invoice) -> Invoice:
    site.invoice_count += 1
    invoice.id = str(site.invoice_count)
    site.add(site.invoices, invoice)
    discounting.settle(site, invoice)
    usages.settle(site, invoice)
    unbilled.settle(site, customer, invoice)
    crediting.apply(site, customer, invoice)
    return invoice


def _leave_open(site: Site, customer: Customer, subscription: Subscription, invoice: Invoice) -> None:
    """Set the status of an invoice without automatic collection: paid if it is zero, posted until its due date, then due."""
    if not invoice.amount_due:
        invoice.status, invoice.paid_at = "paid", site.now
    else:
        net = customer.net_term_days if subscription.net_term_days is None else subscription.net_term_days
        invoice.net_term_days, invoice.due_date = net, invoice.date + net * _DAY
        if net:
            invoice.status = "posted"
            invoice.job = site.clock.at(invoice.due_date, lambda: _fall_due(site, invoice))
    site.touch(invoice)


def _fall_due(site: Site, invoice: Invoice) -> None:
    invoice.status = "payment_due"
    site.touch(invoice)


def _try(site: Site, invoice: Invoice, give_up: GiveUp) -> None:
    """Try to collect an invoice once. A success ends dunning; a failure schedules the next retry or gives up."""
    subscription = site.subscriptions.get(invoice.subscription_id)
    customer = site.customers.get(invoice.customer_id)
    if subscription is None or customer is None:
        return
    source = source_for(site, customer, subscription)
    if source is not None:
        transaction = attempt(site, source, invoice.amount_due, invoice.currency_code, subscription.id)
        link(site, invoice, transaction)
        if invoice.status != "paid" or invoice.dunning_status:
            invoice.dunning_attempts.append(
                DunningAttempt(
                    attempt=invoice.retries,
                    transaction_id=transaction.id,
                    created_at=site.now,
                    txn_status=transaction.status,
                    txn_amount=transaction.amount,
                )
            )
    if invoice.status == "paid":
        invoice.dunning_status = "success" if invoice.dunning_status else None
        invoice.next_retry_at = None
    elif invoice.retries < len(site.settings.retry_days):
        invoice.dunning_status = "in_progress"
        invoice.next_retry_at = invoice.date + site.settings.retry_days[invoice.retries] * _DAY
        invoice.retries += 1
        invoice.job = site.clock.at(invoice.next_retry_at, lambda: _try(site, invoice, give_up))
    else:
        invoice.status, invoice.dunning_status, invoice.next_retry_at = "not_paid", "exhausted", None
        give_up(invoice)
    site.touch(invoice)
    site.touch(subscription)
