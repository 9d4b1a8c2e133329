"""Customers: create, retrieve, update, billing information, list, payment roles. How they end is `erasure`, their credits are `credits`.

An id may hold any character up to 50 (our choice; which ones the vendor allows is not documented). Raw card numbers and bank accounts are
refused. Not simulated, and refused: hierarchy, exemption details, several brands or business entities; contacts and custom fields
(`cf_*`) have no endpoint here.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import duplicate
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, currency, flag, json_object, one_of, text, whole
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.billing import balances
from billbridge_sandbox.chargebee.customers import billing_info
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.payments import payment_sources, vault
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import Site

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
_DEFAULTED = ("auto_collection", "net_term_days", "taxability", "allow_direct_debit", "preferred_currency_code")
_REFUSED = (
    "card[",
    "bank_account[",
    "payment_method[",
    "payment_intent[",
    "relationship[",
    "tax_providers_fields",
    "exemption_details",
    "client_profile_id",
    "taxjar_exemption_category",
    "business_entity_id",
    "brand_id",
)
_FILTERS = filterable(
    text="id first_name last_name email company phone",
    enum="auto_collection taxability offline_payment_method channel",
    flag="auto_close_invoices",
    time="created_at updated_at",
)


def create(site: Site, ask: Ask) -> Json:
    """Create a customer; the id may be chosen by the caller. With `token_id` a payment source is attached in the same step."""
    chosen = ask.get("id", text(50))
    ask.refuse(*_REFUSED)
    if chosen is not None and chosen in site.customers:
        raise duplicate("id", chosen)
    customer = Customer(
        id=chosen or site.ids.next("", 17),
        created_at=site.now,
        preferred_currency_code=site.settings.currency,
    )
    _fill(site, customer, ask.fields(_PROFILE, _DEFAULTED))
    billing_info.read(site, ask, customer)
    token = ask.get("token_id", text(100))
    means = None if token is None else vault.behind("token_id", token)
    site.add(site.customers, customer)
    if means is not None and token is not None:
        payment_sources.attach(site, customer, token, means, primary=True)
    return shown(site, customer)


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve a customer; a deleted one too, until it is purged."""
    return shown(site, site.find(site.customers, "customer", ask.ids["id"]))


def update(site: Site, ask: Ask) -> Json:
    """Change the profile. The address and the VAT number have their own endpoint. `meta_data` is replaced as a whole."""
    customer = site.live_customer(ask.ids["id"])
    ask.refuse(*_REFUSED)
    _fill(site, customer, ask.fields({**_PROFILE, "fraud_flag": one_of("safe", "suspicious", "fraudulent")}, _DEFAULTED))
    site.touch(customer)
    return shown(site, customer)


def update_billing_info(site: Site, ask: Ask) -> Json:
    """Replace the billing address and the tax numbers, and change the identifiers that are sent."""
    customer = site.live_customer(ask.ids["id"])
    billing_info.read(site, ask, customer)
    site.touch(customer)
    return shown(site, customer)


def list_customers(site: Site, ask: Ask) -> Json:
    """List customers by time of creation."""
    ask.refuse(*_REFUSED)
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


def _fill(site: Site, customer: Customer, values: Json) -> None:
    site.currency(values.get("preferred_currency_code", site.settings.currency), "preferred_currency_code")
    for name, value in values.items():
        setattr(customer, name, value)
    balances.show(site, customer)


ROUTES: Routes = [
    ("POST", "/customers", create),
    ("GET", "/customers", list_customers),
    ("GET", "/customers/{id}", retrieve),
    ("POST", "/customers/{id}", update),
    ("POST", "/customers/{id}/update_billing_info", update_billing_info),
    ("POST", "/customers/{id}/assign_payment_role", assign_payment_role),
]
