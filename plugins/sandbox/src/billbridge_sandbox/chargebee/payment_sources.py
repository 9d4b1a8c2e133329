"""Payment sources: stored cards, made from the sandbox's test tokens. No card number is ever accepted.

Every test token attaches; what it does when charged is its `outcome` (kernel `cards`). Test tokens can be used again and again, real ones
once. `create_using_token` takes what Chargebee's browser library gives, `create_using_temp_token` a gateway's token; both know the same
names here. Choices where the documents are silent: an unknown token is 400 `payment_method_verification_failed`; a deleted source can
still be retrieved, with `deleted: true`, and its role falls vacant; a card counts as expired from the month after its last one.
"""

from __future__ import annotations

from billbridge_sandbox.kernel.cards import TEST_TOKENS, TestCard

from .errors import Refusal, not_found
from .listing import filterable, listing
from .params import Ask, Json, flag, one_of, text
from .records import CardView, Customer, PaymentMethod, PaymentSource, SourceCard
from .routes import Routes
from .site import GATEWAY, GATEWAY_ACCOUNT, Site
from .wire import envelope

_BRANDS = {"amex": "american_express", "diners": "diners_club"}
_IINS = {"visa": "411111", "mastercard": "555555", "american_express": "378282"}
_FILTERS = filterable(text="customer_id", enum="type status", time="updated_at created_at")


def card_behind(param: str, token: str) -> TestCard:
    """The test card behind a token; a refusal that names no token when there is none."""
    card = TEST_TOKENS.get(token)
    if card is None:
        message = "Problem while adding the card: the gateway does not know this token"
        raise Refusal(400, "payment_method_verification_failed", message, param=param, type="payment")
    return card


def attach(site: Site, customer: Customer, token: str, card: TestCard, *, primary: bool) -> PaymentSource:
    """Store a card on a customer. The first one becomes primary in any case."""
    brand = _BRANDS.get(card.brand, card.brand)
    year, month = site.clock.now.year, site.clock.now.month
    source = PaymentSource(
        id=site.ids.next("pm_", 16),
        created_at=site.now,
        customer_id=customer.id,
        type="card",
        reference_id=f"{site.ids.next('cb_', 12)}/{token}",
        status="expired" if (card.exp_year, card.exp_month) < (year, month) else "valid",
        gateway=GATEWAY,
        gateway_account_id=GATEWAY_ACCOUNT,
        issuing_country=card.country,
        card=SourceCard(
            iin=_IINS.get(brand, "000000"),
            last4=card.last4,
            brand=brand,
            funding_type=card.funding if card.funding in ("credit", "debit", "prepaid") else "not_known",
            expiry_month=card.exp_month,
            expiry_year=card.exp_year,
            masked_number=f"************{card.last4}",
        ),
        outcome=card.outcome,
    )
    site.add(site.payment_sources, source)
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
    customer.card_status = primary.status if primary else "no_card"
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
    if source is None:
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
    """Attach the card that Chargebee's browser library made a token of."""
    return _create(site, ask, "token_id")


def create_using_permanent_token(site: Site, ask: Ask) -> Json:
    """Take over a card that the gateway already holds: `payment_method_token`, or `reference_id` with the token behind its slash."""
    ask.need("type", one_of("card"))
    ask.get("gateway_account_id", one_of(GATEWAY_ACCOUNT))
    ask.get("customer_profile_token", text(100))
    return _create(site, ask, "payment_method_token" if ask.raw("payment_method_token") else "reference_id")


def create_using_temp_token(site: Site, ask: Ask) -> Json:
    """Attach the card that the gateway's browser library made a token of."""
    ask.need("type", one_of("card"))
    ask.get("gateway_account_id", one_of(GATEWAY_ACCOUNT))
    return _create(site, ask, "tmp_token")


def retrieve(site: Site, ask: Ask) -> Json:
    """One payment source."""
    return envelope(site.find(site.payment_sources, "payment_source", ask.ids["id"]))


def list_sources(site: Site, ask: Ask) -> Json:
    """Payment sources by time of creation."""
    with_deleted = ask.get("include_deleted", flag)
    rows = [source for source in site.payment_sources.values() if with_deleted or not source.deleted]
    return listing(ask, rows, _FILTERS, ("created_at", "updated_at"), envelope)


def delete(site: Site, ask: Ask) -> Json:
    """Forget a source. At the real vendor `delete` also removes it at the gateway and `delete_local` does not."""
    source = site.find(site.payment_sources, "payment_source", ask.ids["id"])
    customer = site.live_customer(source.customer_id)
    usable(site, customer, source.id, "payment_source_id")
    source.deleted = True
    site.touch(source)
    assign(site, customer, source, "none")
    return envelope(customer, source)


def _create(site: Site, ask: Ask, token_param: str) -> Json:
    customer = site.live_customer(ask.need("customer_id", text(50)), "customer_id")
    token = str(ask.need(token_param, text(200))).rpartition("/")[2]
    card = card_behind(token_param, token)
    source = attach(site, customer, token, card, primary=bool(ask.get("replace_primary_payment_source", flag)))
    return envelope(customer, source)


ROUTES: Routes = [
    ("POST", "/payment_sources/create_using_token", create_using_token),
    ("POST", "/payment_sources/create_using_temp_token", create_using_temp_token),
    ("POST", "/payment_sources/create_using_permanent_token", create_using_permanent_token),
    ("GET", "/payment_sources", list_sources),
    ("GET", "/payment_sources/{id}", retrieve),
    ("POST", "/payment_sources/{id}/delete", delete),
    ("POST", "/payment_sources/{id}/delete_local", delete),
]
