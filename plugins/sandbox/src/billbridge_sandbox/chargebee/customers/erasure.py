"""Deletion of a customer with everything that belongs to it, and clearing of the personal data of a customer who stays.

Choices where the vendor's documents are silent. Deleting removes the customer's subscriptions and invoices at once; the customer can be
retrieved with `deleted: true` for `Settings.purge_minutes`, is hidden from lists unless `include_deleted=true`, answers 404 to every
write, and is then gone. Personal data can be cleared only when every subscription is cancelled (product documentation, "Personal data
management"); names, email, phone, company, billing address, tax numbers, identifiers, notes and `meta_data` go, invoices keep what they
were addressed to, and doing it twice is allowed. The real vendor lets the site's owner choose the fields and a delay.
"""

from __future__ import annotations

from datetime import timedelta

from billbridge_sandbox.chargebee.api.errors import invalid_state
from billbridge_sandbox.chargebee.api.params import Ask, Json, flag
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.billing.deletion import erase
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.payments.payment_sources import card_of
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site

_PERSONAL = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "company",
    "vat_number",
    "vat_number_prefix",
    "vat_number_status",
    "billing_address",
    "entity_identifiers",
    "exempt_number",
    "invoice_notes",
    "meta_data",
)


def clear_personal_data(site: Site, ask: Ask) -> Json:
    """Clear the personal data of a customer. Subscriptions and invoices stay."""
    customer = site.live_customer(ask.ids["id"])
    if any(each.customer_id == customer.id and each.status != "cancelled" for each in site.subscriptions.values()):
        raise invalid_state("Personal data can be cleared when all subscriptions of the customer are cancelled")
    for name in _PERSONAL:
        setattr(customer, name, None)
    customer.pii_cleared = "cleared"
    site.touch(customer)
    return envelope(customer)


def delete(site: Site, ask: Ask) -> Json:
    """Delete the customer and, for good, everything that belongs to it; at the gateway too unless `delete_payment_method=false`."""
    customer = site.live_customer(ask.ids["id"])
    if ask.get("delete_payment_method", flag) is not False:
        site.shredded |= {source.reference_id for source in site.payment_sources.values() if source.customer_id == customer.id}
    answer_card = card_of(site, customer)
    customer.deleted = True
    customer.primary_payment_source_id = customer.backup_payment_source_id = customer.payment_method = None
    for subscription in site.subscriptions.values():
        if subscription.customer_id == customer.id:
            erase(site, subscription)
    for table in (site.transactions, site.payment_sources, site.promotional_credits, site.hosted_pages, site.payment_intents):
        for record in table.values():
            if record.customer_id == customer.id:
                table.delete(record.id)
    site.touch(customer)
    site.clock.at(site.clock.now + timedelta(minutes=site.settings.purge_minutes), lambda: _purge(site, customer))
    return envelope(customer, answer_card)


def _purge(site: Site, customer: Customer) -> None:
    site.customers.delete(customer.id)


ROUTES: Routes = [
    ("POST", "/customers/{id}/delete", delete),
    ("POST", "/customers/{id}/clear_personal_data", clear_personal_data),
]
