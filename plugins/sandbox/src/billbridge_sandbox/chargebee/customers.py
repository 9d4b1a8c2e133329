"""Customers: create, retrieve, update, billing address, delete, list, payment roles.

Choices where the vendor's documents are silent. Deleting removes the customer's subscriptions and invoices at once; the customer can be
retrieved with `deleted: true` for `Settings.purge_minutes`, is hidden from lists unless `include_deleted=true`, answers 404 to every
write, and is then gone. `update_billing_info` replaces the whole address. An id may hold any character up to 50.
Not simulated: contacts, hierarchy, credits, custom fields (`cf_*`).
"""

from __future__ import annotations

from datetime import timedelta

from . import payment_sources
from .errors import duplicate, wrong_value
from .listing import filterable, listing
from .params import Ask, Json, Reader, currency, flag, json_object, one_of, text, whole
from .records import Address, Customer
from .routes import Routes
from .site import Site
from .wire import envelope

_PROFILE: dict[str, Reader] = {
    "first_name": text(150),
    "last_name": text(150),
    "email": text(70),
    "phone": text(50),
    "company": text(250),
    "auto_collection": one_of("on", "off"),
    "offline_payment_method": text(50),
    "net_term_days": whole(),
    "allow_direct_debit": flag,
    "taxability": one_of("taxable", "exempt", "zero_rated"),
    "exempt_number": text(100),
    "entity_code": text(10),
    "customer_type": one_of("residential", "business", "senior_citizen", "industrial"),
    "locale": text(50),
    "preferred_currency_code": currency,
    "auto_close_invoices": flag,
    "consolidated_invoicing": flag,
    "invoice_notes": text(2000),
    "meta_data": json_object,
}
_TAX: dict[str, Reader] = {
    "vat_number": text(20),
    "vat_number_prefix": text(10),
    "registered_for_gst": flag,
    "business_customer_without_vat_number": flag,
}
_ADDRESS: dict[str, Reader] = {
    "first_name": text(150),
    "last_name": text(150),
    "email": text(70),
    "company": text(250),
    "phone": text(50),
    "line1": text(150),
    "line2": text(150),
    "line3": text(150),
    "city": text(50),
    "state_code": text(50),
    "state": text(50),
    "country": text(50),
    "zip": text(20),
}
_DEFAULTED = ("auto_collection", "net_term_days", "taxability", "allow_direct_debit", "preferred_currency_code")
_FILTERS = filterable(
    text="id first_name last_name email company phone",
    enum="auto_collection taxability offline_payment_method",
    flag="auto_close_invoices",
    time="created_at updated_at",
)


def create(site: Site, ask: Ask) -> Json:
    """A new customer; the id may be chosen by the caller. With `token_id` a payment source is attached in the same step."""
    chosen = ask.get("id", text(50))
    if chosen is not None and chosen in site.customers:
        raise duplicate("id", chosen)
    customer = Customer(
        id=chosen or site.ids.next("", 17),
        created_at=site.now,
        preferred_currency_code=site.settings.currency,
    )
    _fill(customer, ask.fields({**_PROFILE, **_TAX}, _DEFAULTED))
    _place(customer, ask.group("billing_address", _ADDRESS))
    token = ask.get("token_id", text(100))
    card = None if token is None else payment_sources.card_behind("token_id", token)
    site.add(site.customers, customer)
    if card is not None and token is not None:
        payment_sources.attach(site, customer, token, card, primary=True)
    return shown(site, customer)


def retrieve(site: Site, ask: Ask) -> Json:
    """The customer, deleted ones included until they are purged."""
    return shown(site, site.find(site.customers, "customer", ask.ids["id"]))


def update(site: Site, ask: Ask) -> Json:
    """Change the profile. The address and the VAT number have their own endpoint. `meta_data` is replaced as a whole."""
    customer = site.live_customer(ask.ids["id"])
    _fill(customer, ask.fields({**_PROFILE, "fraud_flag": one_of("safe", "suspicious", "fraudulent")}, _DEFAULTED))
    site.touch(customer)
    return shown(site, customer)


def update_billing_info(site: Site, ask: Ask) -> Json:
    """Replace the billing address when one is sent, and set the tax numbers that are sent."""
    customer = site.live_customer(ask.ids["id"])
    _fill(customer, ask.fields(_TAX))
    _place(customer, ask.group("billing_address", _ADDRESS))
    site.touch(customer)
    return shown(site, customer)


def delete(site: Site, ask: Ask) -> Json:
    """Delete the customer and, for good, everything that belongs to it. `delete_payment_method` makes no difference here."""
    customer = site.live_customer(ask.ids["id"])
    ask.get("delete_payment_method", flag)
    answer_card = payment_sources.card_of(site, customer)
    customer.deleted = True
    customer.primary_payment_source_id = customer.backup_payment_source_id = customer.payment_method = None
    for subscription in site.subscriptions.values():
        if subscription.customer_id == customer.id:
            if subscription.job:
                subscription.job.cancel()
            site.subscriptions.delete(subscription.id)
    for invoice in site.invoices.values():
        if invoice.customer_id == customer.id:
            if invoice.job:
                invoice.job.cancel()
            site.invoices.delete(invoice.id)
    for table in (site.transactions, site.payment_sources):
        for record in table.values():
            if record.customer_id == customer.id:
                table.delete(record.id)
    site.touch(customer)
    site.clock.at(site.clock.now + timedelta(minutes=site.settings.purge_minutes), lambda: _purge(site, customer))
    return envelope(customer, answer_card)


def list_customers(site: Site, ask: Ask) -> Json:
    """Customers by time of creation."""
    with_deleted = ask.get("include_deleted", flag)
    rows = [customer for customer in site.customers.values() if with_deleted or not customer.deleted]
    return listing(ask, rows, _FILTERS, ("created_at", "updated_at"), lambda customer: shown(site, customer))


def assign_payment_role(site: Site, ask: Ask) -> Json:
    """Make a payment source the primary one, the backup, or neither."""
    customer = site.live_customer(ask.ids["id"])
    source = payment_sources.usable(site, customer, ask.need("payment_source_id", text(40)), "payment_source_id")
    role = ask.need("role", one_of("primary", "backup", "none"))
    payment_sources.assign(site, customer, source, role)
    return envelope(customer, source)


def shown(site: Site, customer: Customer) -> Json:
    """A customer as every endpoint sends it: with the card of its primary payment source beside it."""
    return envelope(customer, payment_sources.card_of(site, customer))


def _fill(customer: Customer, values: Json) -> None:
    for name, value in values.items():
        setattr(customer, name, value)
    if "vat_number" in values:
        customer.vat_number_status = "not_validated" if customer.vat_number else None


def _place(customer: Customer, address: Json) -> None:
    if address:
        if len(address.get("country") or "US") != 2:
            raise wrong_value("billing_address[country]", "should be a two-letter country code")
        customer.billing_address = Address(**address) if any(address.values()) else None


def _purge(site: Site, customer: Customer) -> None:
    site.customers.delete(customer.id)


ROUTES: Routes = [
    ("POST", "/customers", create),
    ("GET", "/customers", list_customers),
    ("GET", "/customers/{id}", retrieve),
    ("POST", "/customers/{id}", update),
    ("POST", "/customers/{id}/update_billing_info", update_billing_info),
    ("POST", "/customers/{id}/delete", delete),
    ("POST", "/customers/{id}/assign_payment_role", assign_payment_role),
]
