"""Charges at the simulated gateway, and Chargebee's errors for a failure. It decides nothing about invoices.

A failed collection is HTTP 400 with `type=payment`, not 402 as at Stripe. `error_cause_id`: `gateway.general.decline` and
`gateway.transaction_processing.low_balance` are the vendor's (support page on payment errors); the other two are ours. A card that asks
for authentication answers `payment_intent_action_required`: a choice, because the documents do not say what a charge without a payment
intent answers then.
"""

from __future__ import annotations

from collections.abc import Callable

from billbridge_sandbox.chargebee.api.errors import Refusal
from billbridge_sandbox.chargebee.api.params import Ask, Json, flag
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.payments.payment_sources import primary_of
from billbridge_sandbox.chargebee.store.invoices import Invoice, LinkedInvoice, LinkedPayment, Transaction
from billbridge_sandbox.chargebee.store.records import Customer, PaymentSource
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription

# outcome of the test card: (api_error_code, error_cause_id, the gateway's code, text)
_FAILURES = {
    "declined": ("payment_processing_failed", "gateway.general.decline", "card_declined", "the card was declined"),
    "insufficient_funds": (
        "payment_processing_failed",
        "gateway.transaction_processing.low_balance",
        "insufficient_funds",
        "the card has insufficient funds",
    ),
    "expired": ("payment_processing_failed", "gateway.payment_method.expired_card", "expired_card", "the card has expired"),
    "authentication_required": (
        "payment_intent_action_required",
        "gateway.payment_method.authentication_required",
        "authentication_required",
        "the card needs the customer's authentication",
    ),
}
_FILTERS = filterable(
    text="id customer_id subscription_id payment_source_id id_at_gateway gateway_account_id",
    enum="type status payment_method gateway",
    number="amount",
    time="date updated_at",
)


def source_for(site: Site, customer: Customer, subscription: Subscription) -> PaymentSource | None:
    """The source to charge: the subscription's own, else the customer's primary one; None when there is none or it was deleted."""
    own = site.payment_sources.get(subscription.payment_source_id or "")
    return own if own is not None and not own.deleted else primary_of(site, customer)


def attempt(site: Site, source: PaymentSource, amount: int, currency: str, subscription_id: str) -> Transaction:
    """Charge a source. The transaction is made but not stored; its status is `success` or `failure`."""
    failure = _FAILURES.get(source.outcome)
    return Transaction(
        id=site.ids.next("txn_", 16),
        customer_id=source.customer_id,
        subscription_id=subscription_id,
        payment_source_id=source.id,
        gateway=source.gateway,
        gateway_account_id=source.gateway_account_id,
        date=site.now,
        currency_code=currency,
        amount=amount,
        status="failure" if failure else "success",
        id_at_gateway=site.ids.next("cb_", 16),
        payment_method=source.type,
        masked_card_number=None if source.card is None else source.card.masked_number,
        last4=None if source.card is None else source.card.last4,
        iin=None if source.card is None else source.card.iin,
        error_code=failure[2] if failure else None,
        error_text=failure[3] if failure else None,
    )


def refusal(source: PaymentSource) -> Refusal:
    """The error of a call that could not collect from this source."""
    code, cause, _, problem = _FAILURES[source.outcome]
    return Refusal(400, code, f"Problem while collecting the payment: {problem}", type="payment", cause=cause)


def link(site: Site, invoice: Invoice, transaction: Transaction) -> None:
    """Store an attempt and tie it to its invoice; a successful one pays the invoice in full."""
    succeeded = transaction.status == "success"
    applied = transaction.amount if succeeded else 0
    if succeeded:
        invoice.status = "paid"
        invoice.paid_at = site.now
        invoice.amount_paid += applied
        invoice.amount_due -= applied
        invoice.amount_to_collect = invoice.amount_due
    invoice.linked_payments.append(
        LinkedPayment(
            txn_id=transaction.id,
            applied_amount=applied,
            applied_at=site.now,
            txn_status=transaction.status,
            txn_date=transaction.date,
            txn_amount=transaction.amount,
        )
    )
    transaction.linked_invoices.append(
        LinkedInvoice(
            invoice_id=invoice.id,
            applied_amount=applied,
            applied_at=site.now,
            invoice_date=invoice.date,
            invoice_total=invoice.total,
            invoice_status=invoice.status,
        )
    )
    site.add(site.transactions, transaction)
    site.touch(invoice)


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve a transaction."""
    return envelope(site.find(site.transactions, "transaction", ask.ids["id"]))


def list_transactions(site: Site, ask: Ask) -> Json:
    """List transactions by date."""
    ask.get("include_deleted", flag)
    return listing(ask, site.transactions.values(), _FILTERS, ("date", "updated_at"), _show)


_show: Callable[[Transaction], Json] = envelope

ROUTES: Routes = [
    ("GET", "/transactions", list_transactions),
    ("GET", "/transactions/{id}", retrieve),
]
