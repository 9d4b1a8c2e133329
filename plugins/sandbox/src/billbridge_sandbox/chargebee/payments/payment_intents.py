"""Payment intents: created by the server, authorized by the customer's browser, consumed when a payment source is made of them.

What the browser does is `authorize`, which a test calls. Choices where the documents are silent: an intent expires after 30 minutes, an
expired one refuses everything, only an unauthorized one can be updated, and consuming one that is not authorized, or is another customer's,
is 400 `payment_intent_invalid`. The amount may be 0, which asks for authorization only. Only cards and direct debits are known.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import Refusal, invalid_state
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, currency, one_of, text, whole
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.payments import vault
from billbridge_sandbox.chargebee.store.pages import PaymentAttempt, PaymentIntent
from billbridge_sandbox.chargebee.store.records import Customer
from billbridge_sandbox.chargebee.store.site import GATEWAY, GATEWAY_ACCOUNT, Site

_FIELDS: dict[str, Reader] = {
    "amount": whole(),
    "currency_code": currency,
    "gateway_account_id": one_of(GATEWAY_ACCOUNT),
    "payment_method_type": one_of("card", "direct_debit"),
    "success_url": text(250),
    "failure_url": text(250),
}
_REQUIRED = ("amount", "currency_code", "gateway_account_id", "payment_method_type")
_REFUSED = ("business_entity_id", "brand_id", "defer_payment_method_type", "payment_method_options")
_MINUTES = 30


def create(site: Site, ask: Ask) -> Json:
    """Create an intent; amount (minor units) and currency are required."""
    amount, code = ask.need("amount", whole()), ask.need("currency_code", currency)
    ask.refuse(*_REFUSED)
    site.currency(code, "currency_code")
    whose = ask.get("customer_id", text(50))
    if whose is not None:
        site.live_customer(whose, "customer_id")
    values: Json = {"gateway_account_id": GATEWAY_ACCOUNT, **ask.fields(_FIELDS, _REQUIRED), "amount": amount, "currency_code": code}
    intent = PaymentIntent(
        id=site.ids.next("", 40),
        gateway=GATEWAY,
        customer_id=whose,
        reference_id=ask.get("reference_id", text(200)),
        expires_at=site.now + _MINUTES * 60,
        created_at=site.now,
        modified_at=site.now,
        **values,
    )
    return envelope(site.add(site.payment_intents, intent))


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve an intent."""
    return envelope(_current(site, ask.ids["id"]))


def update(site: Site, ask: Ask) -> Json:
    """Update what an intent authorizes, such as its amount and currency."""
    intent = _current(site, ask.ids["id"])
    ask.refuse(*_REFUSED)
    if intent.status not in ("inited", "in_progress"):
        raise invalid_state(f"The payment intent is {intent.status}")
    values = ask.fields(_FIELDS, _REQUIRED)
    site.currency(values.get("currency_code", intent.currency_code), "currency_code")
    for name, value in values.items():
        setattr(intent, name, value)
    _touch(site, intent)
    return envelope(intent)


def authorize(site: Site, id: str, token: str) -> None:
    """Authorize an intent, as the customer would in the browser, with a card or bank account by a test token.

    A token that would be declined is refused: the intent stays in progress. Raises Refusal.
    """
    intent = _current(site, id)
    if intent.status not in ("inited", "in_progress"):
        raise invalid_state(f"The payment intent is {intent.status}")
    means = vault.behind("token", token, intent.payment_method_type)
    good = means.outcome in ("ok", "authentication_required")  # the customer authenticates
    intent.status = "authorized" if good else "in_progress"
    intent.token = token if good else None
    intent.active_payment_attempt = PaymentAttempt(
        id=site.ids.next("", 17),
        status="authorized" if good else "refused",
        payment_method_type=intent.payment_method_type,
        id_at_gateway=site.ids.next("cb_", 16),
        created_at=site.now,
        modified_at=site.now,
    )
    intent.payment_attempts = [*(intent.payment_attempts or []), intent.active_payment_attempt]
    _touch(site, intent)


def consume(site: Site, customer: Customer, id: str) -> str:
    """Use up an authorized intent of this customer; returns the token that it was authorized with."""
    intent = _current(site, id)
    if intent.status != "authorized" or intent.token is None or intent.customer_id not in (None, customer.id):
        raise Refusal(400, "payment_intent_invalid", "The payment intent cannot be used", param="payment_intent[id]", type="payment")
    intent.status = "consumed"
    _touch(site, intent)
    return intent.token


def _current(site: Site, id: str) -> PaymentIntent:
    intent = site.find(site.payment_intents, "payment_intent", id)
    if intent.expires_at <= site.now and intent.status != "consumed":
        intent.status = "expired"
    return intent


def _touch(site: Site, intent: PaymentIntent) -> None:
    intent.modified_at = site.now
    site.touch(intent)


ROUTES: Routes = [
    ("POST", "/payment_intents", create),
    ("GET", "/payment_intents/{id}", retrieve),
    ("POST", "/payment_intents/{id}", update),
]
