"""What the end of a subscription bills: credits for its current term, a closing invoice, and what becomes of unpaid invoices.

The closing invoice bills usages and the charges that wait, unless these are deleted. Choices where the documents are silent: credits come
first, so they pay the closing invoice; charges that are billed once are not credited, not even with `full`; what is written off or
collected is what is due after that.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.billing import crediting, unbilled
from billbridge_sandbox.chargebee.billing.arrears import collect_dues
from billbridge_sandbox.chargebee.billing.billing import GiveUp, bill, dues
from billbridge_sandbox.chargebee.billing.changes import Effect, billed_ahead
from billbridge_sandbox.chargebee.billing.proration import credits_for
from billbridge_sandbox.chargebee.store.credit_notes import CreditNote
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Ending, Subscription


def end_billing(site: Site, customer: Customer, subscription: Subscription, give_up: GiveUp) -> Effect:
    """Credit and bill what the end of a subscription at this moment needs, as its `ending` says."""
    ending = subscription.ending or Ending()
    notes: list[CreditNote] = []
    if ending.credit != "none":
        ids = [item.item_price_id for item in subscription.subscription_items if billed_ahead(item)]
        credits = credits_for(site, subscription, ids, site.now, full=ending.credit == "full")
        notes += crediting.issue(site, customer, credits, "subscription_cancellation")
        unbilled.take_back(site, customer, credits)
    if ending.unbilled == "delete":
        for charge in unbilled.waiting(site, customer, subscription):
            unbilled.delete(site, customer, charge)
    invoice = bill(site, customer, subscription, give_up, closing=True)
    if ending.receivables == "write_off":
        notes += [crediting.write_off(site, customer, due) for due in dues(site, subscription)]
    elif ending.receivables == "schedule_payment_collection":
        collect_dues(site, customer, subscription)
    return Effect(invoice, tuple(notes))
