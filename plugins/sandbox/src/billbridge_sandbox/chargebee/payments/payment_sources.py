"""Payment sources: stored cards and bank accounts, made from the sandbox's test tokens. No card or account number is ever accepted.

Every test token attaches; what it does when charged is its `outcome`. `create_using_token` takes what Chargebee's browser library gives,
`create_using_temp_token` a gateway's token, `create_using_permanent_token` what the gateway already holds, `create_using_payment_intent` an
intent that the customer has authorized. `delete` also deletes at the gateway, after which its reference cannot be attached again;
`delete_local` leaves it there. When the primary one goes, the backup takes its place, else the newest of the others, and subscriptions that
named it fall back to the primary one (API reference). Choice where the documents are silent: a deleted source can still be retrieved, with
`deleted: true`. Not simulated, and refused: card details beside a permanent token, mandates, brands.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import not_found
from billbridge_sandbox.chargebee.api.params import Ask, Json, flag, one_of, text
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.payments import payment_intents, vault
from billbridge_sandbox.chargebee.store.records import CardView, Customer, PaymentMethod, PaymentSource
from billbridge_sandbox.chargebee.store.site import GATEWAY_ACCOUNT, Site

_FILTERS = filterable(text="customer_id", enum="type status", time="updated_at created_at")
_KIND = one_of("card", "direct_debit")
_REFUSED = (
    "brand_id",
    "card[",
    "billing_address[",
    "issuing_country",
    "network_transaction_id",
    "mandate_id",
    "skip_retrieval",
    "additional_information",
)


def attach(
    site: Site, customer: Customer, token: str, means: vault.Means, *, primary: bool, reference_id: str | None = None
) -> PaymentSource:
    """Store a card or bank account on a customer. The first one becomes primary in any case."""
    source = site.add(site.payment_sources, vault.stored(site, customer, token, means, reference_id))
    if primary or customer.primary_payment_source_id is None:
        assign(site, customer, source, "primary")
    return source


def assign(site: Site, customer: Customer, source: PaymentSource, role: str) -> None:
    """Give a source the role `primary`, `backup` or `none`; it loses the role that it had."""
    if customer.primary_payment_source_id == source.id:
        customer.primary_payment_source_id = None
    if customer.backup_payment_source_id == source.id:
        customer.backup_payment_source_id = None
    if role == "primary":
        customer.primary_payment_source_id = source.id
    elif role == "backup":
        customer.backup_payment_source_id = source.id
    primary = primary_of(site, customer)
    customer.card_status = primary.status if primary and primary.card else "no_card"
    customer.payment_method = (
        PaymentMethod(
            type=primary.type,
            gateway=primary.gateway,
            gateway_account_id=primary.gateway_account_id,
            status=primary.status,
            reference_id=primary.reference_id,
        )
        if primary
        else None
    )
    site.touch(customer)


def primary_of(site: Site, customer: Customer) -> PaymentSource | None:
    """The source that is charged by default."""
    return site.payment_sources.get(customer.primary_payment_source_id or "")


def usable(site: Site, customer: Customer, id: str, param: str) -> PaymentSource:
    """A source of this customer that is not deleted, or 404."""
    source = site.find(site.payment_sources, "payment_source", id, param)
    if source.deleted or source.customer_id != customer.id:
        raise not_found("payment_source", id, param)
    return source


def card_of(site: Site, customer: Customer) -> CardView | None:
    """The primary card as the sibling object `card` of a customer."""
    source = primary_of(site, customer)
    if source is None or source.card is None:
        return None
    card = source.card
    return CardView(
        payment_source_id=source.id,
        status=source.status,
        gateway=source.gateway,
        gateway_account_id=source.gateway_account_id,
        iin=card.iin,
        last4=card.last4,
        card_type=card.brand,
        funding_type=card.funding_type,
        expiry_month=card.expiry_month,
        expiry_year=card.expiry_year,
        issuing_country=source.issuing_country,
        created_at=source.created_at,
        resource_version=source.resource_version,
        updated_at=source.updated_at,
        customer_id=customer.id,
        masked_number=card.masked_number,
    )


def create_using_token(site: Site, ask: Ask) -> Json:
    """Attach the card or bank account behind a token of Chargebee's browser library."""
    return _create(site, ask, "token_id")


def create_using_temp_token(site: Site, ask: Ask) -> Json:
    """Attach the card or bank account behind a token of the gateway's browser library."""
    ask.get("gateway_account_id", one_of(GATEWAY_ACCOUNT))
    return _create(site, ask, "tmp_token", ask.need("type", _KIND))


def create_using_permanent_token(site: Site, ask: Ask) -> Json:
    """Attach a source that the gateway already holds: `payment_method_token`, or `reference_id` with the token behind its slash."""
    ask.get("gateway_account_id", one_of(GATEWAY_ACCOUNT))
    ask.get("customer_profile_token", text(100))
    return _create(site, ask, "payment_method_token" if ask.raw("payment_method_token") else "reference_id", ask.need("type", _KIND))


def create_using_payment_intent(site: Site, ask: Ask) -> Json:
    """Attach the card or bank account that authorized a payment intent. The intent is consumed."""
    ask.refuse("brand_id", "payment_intent[gw_token]", "payment_intent[additional_info")
    customer = site.live_customer(ask.need("customer_id", text(50)), "customer_id")
    ask.get("payment_intent[gateway_account_id]", one_of(GATEWAY_ACCOUNT))
    token = payment_intents.consume(site, customer, ask.need("payment_intent[id]", text(150)))
    primary = bool(ask.get("replace_primary_payment_source", flag))
    return envelope(customer, attach(site, customer, token, vault.behind("payment_intent[id]", token), primary=primary))


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve a payment source."""
    return envelope(site.find(site.payment_sources, "payment_source", ask.ids["id"]))


def list_sources(site: Site, ask: Ask) -> Json:
    """List payment sources by time of creation."""
    ask.refuse("subscription_id")
    with_deleted = ask.get("include_deleted", flag)
    rows = [source for source in site.payment_sources.values() if with_deleted or not source.deleted]
    return listing(ask, rows, _FILTERS, ("created_at", "updated_at"), envelope)


def delete(site: Site, ask: Ask) -> Json:
    """Delete a source here and at the gateway."""
    answer = delete_local(site, ask)
    site.shredded.add(answer["payment_source"]["reference_id"])
    return answer


def delete_local(site: Site, ask: Ask) -> Json:
    """Delete a source here; the gateway keeps it."""
    source = site.find(site.payment_sources, "payment_source", ask.ids["id"])
    customer = site.live_customer(source.customer_id)
    usable(site, customer, source.id, "payment_source_id")
    source.deleted = True
    site.touch(source)
    heir = _heir(site, customer) if customer.primary_payment_source_id == source.id else None
    assign(site, customer, source, "none")
    if heir is not None:
        assign(site, customer, heir, "primary")
    for subscription in site.subscriptions.values():
        if subscription.payment_source_id == source.id:
            subscription.payment_source_id = None
            site.touch(subscription)
    return envelope(customer, source)


def _heir(site: Site, customer: Customer) -> PaymentSource | None:
    """Choose the new primary source when the old one is deleted."""
    left = [source for source in site.payment_sources.values() if source.customer_id == customer.id and not source.deleted]
    backup = [source for source in left if source.id == customer.backup_payment_source_id]
    return max(backup or left, key=lambda source: source.seq, default=None)


def _create(site: Site, ask: Ask, token_param: str, kind: str | None = None) -> Json:
    ask.refuse(*_REFUSED)
    customer = site.live_customer(ask.need("customer_id", text(50)), "customer_id")
    reference = str(ask.need(token_param, text(200)))
    if reference in site.shredded:
        raise vault.unknown(token_param)
    token = reference.rpartition("/")[2]
    source = attach(
        site,
        customer,
        token,
        vault.behind(token_param, token, kind),
        primary=bool(ask.get("replace_primary_payment_source", flag)),
        reference_id=reference if "/" in reference else None,
    )
    return envelope(customer, source)


ROUTES: Routes = [
    ("POST", "/payment_sources/create_using_token", create_using_token),
    ("POST", "/payment_sources/create_using_temp_token", create_using_temp_token),
    ("POST", "/payment_sources/create_using_permanent_token", create_using_permanent_token),
    ("POST", "/payment_sources/create_using_payment_intent", create_using_payment_intent),
    ("GET", "/payment_sources", list_sources),
    ("GET", "/payment_sources/{id}", retrieve),
    ("POST", "/payment_sources/{id}/delete", delete),
    ("POST", "/payment_sources/{id}/delete_local", delete_local),
]
