"""Checkout Sessions that set up a payment method: `mode=setup`, hosted by Stripe. Payments, subscriptions and embedded pages are refused.

There is no page at its URL: `complete` does what the customer would do there.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from billbridge_sandbox.kernel.cards import TEST_TOKENS
from billbridge_sandbox.stripe.api.errors import invalid, missing, no_such, not_simulated
from billbridge_sandbox.stripe.api.money import currency
from billbridge_sandbox.stripe.api.params import EXPAND, Params, choice, email, integer, many, metadata, patched, text
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import CREATED, matching, page
from billbridge_sandbox.stripe.payments import setup_intents
from billbridge_sandbox.stripe.payments.payment_method_object import from_token
from billbridge_sandbox.stripe.store.account import Account, Json

_HOUR = 60 * 60
_KIND = "checkout.session"
_INTENT_DATA = Params({"description": text, "metadata": metadata}, not_simulated="on_behalf_of")
_CREATE = Params(
    {
        **EXPAND,
        "allowed_payment_method_types": many(choice("card", "us_bank_account"), 2),
        "cancel_url": text,
        "client_reference_id": text,
        "currency": currency,
        "customer": text,
        "customer_creation": choice("always", "if_required"),
        "customer_email": email,
        "expires_at": integer,
        "locale": text,
        "metadata": metadata,
        "mode": choice("payment", "setup", "subscription"),
        "setup_intent_data": _INTENT_DATA,
        "success_url": text,
        "ui_mode": choice("elements", "embedded_page", "form", "hosted_page"),
    },
    not_simulated=(
        "adaptive_pricing after_expiration allow_promotion_codes automatic_tax billing_address_collection branding_settings"
        " consent_collection custom_fields custom_text customer_account customer_update discounts excluded_payment_method_types"
        " integration_identifier invoice_creation line_items managed_payments name_collection optional_items origin_context"
        " payment_intent_data payment_method_collection payment_method_configuration payment_method_data payment_method_options permissions"
        " phone_number_collection redirect_on_completion return_url saved_payment_method_options shipping_address_collection"
        " shipping_options submit_type subscription_data tax_id_collection wallet_options"
    ),
)
_LIST = Params(
    {**CREATED, "customer": text, "status": choice("complete", "expired", "open")},
    not_simulated="customer_account customer_details payment_intent payment_link subscription",
)
_NULLS = (
    "adaptive_pricing after_expiration allow_promotion_codes amount_subtotal amount_total billing_address_collection client_secret"
    " collected_information consent consent_collection currency_conversion customer_account customer_details discounts"
    " integration_identifier invoice invoice_creation managed_payments origin_context payment_intent payment_link"
    " payment_method_collection payment_method_configuration_details recovered_from saved_payment_method_options"
    " shipping_address_collection shipping_cost submit_type subscription total_details wallet_options permissions"
)
_GIVEN = "allowed_payment_method_types cancel_url client_reference_id currency customer customer_creation customer_email locale success_url"


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Create a session. It lasts 24 hours unless `expires_at` sets another time, at least half an hour ahead."""
    _check(account, args)
    data = args.get("setup_intent_data", {})
    chosen: Json = {name: args[name] for name in ("allowed_payment_method_types", "customer") if name in args}
    intent = setup_intents.new_intent(account, {**data, **chosen})
    id = account.ids.next("cs_test_", 58)
    session: Json = {
        "id": id,
        "object": _KIND,
        **dict.fromkeys(_NULLS.split()),
        **{name: args.get(name) for name in _GIVEN.split()},
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "created": account.now,
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "expires_at": args.get("expires_at", account.now + 24 * _HOUR),
        "livemode": False,
        "metadata": patched({}, args.get("metadata", {})),
        "mode": "setup",
        "payment_method_options": {},
        "payment_method_types": intent["payment_method_types"],
        "payment_status": "no_payment_required",
        "setup_intent": intent["id"],
        "shipping_options": [],
        "status": "open",
        "ui_mode": "hosted_page",
        "url": f"https://checkout.stripe.com/c/pay/{id}",
    }
    account.schedule(id, session["expires_at"], partial(_end, account, session))
    return account.put(session)


def _check(account: Account, args: Json) -> None:
    if args.get("mode", "payment") != "setup":
        raise not_simulated("Checkout Sessions in another mode than setup", "mode")
    if args.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_simulated("Checkout pages that are not hosted by Stripe", "ui_mode")
    if "success_url" not in args:
        raise missing("success_url")
    if "currency" not in args and "allowed_payment_method_types" not in args:
        raise missing("currency")
    if "customer" in args and {"customer_creation", "customer_email"} & set(args):
        raise invalid("You may only specify one of these parameters: customer, customer_creation, customer_email.", param="customer")
    if "customer" in args:
        account.find("customer", args["customer"], "customer")
    for name in ("cancel_url", "success_url"):
        if not args.get(name, "https://").startswith(("http://", "https://")):
            raise invalid("Not a valid URL", code="url_invalid", param=name)
    wait = args.get("expires_at", account.now + _HOUR) - account.now
    if not _HOUR // 2 <= wait <= 24 * _HOUR:
        raise invalid("`expires_at` must be between 30 minutes and 24 hours from now.", param="expires_at")


def complete(account: Account, id: str, token: str) -> Json:
    """What the customer does on the page: give a card, named by a test token, and finish whatever its bank asks.

    Raises StripeError for an unknown session or token, one that is not open, and a card that is declined (the page stays open then).
    """
    session = account.find(_KIND, id, "session")
    if session["status"] != "open":
        raise invalid(f"This session is {session['status']}.")
    if token not in TEST_TOKENS:
        raise no_such("token", token, "token")
    billing = {"email": session["customer_email"]} if session["customer_email"] else {}
    method = from_token(account, token, {"billing_details": billing})
    intent = setup_intents.confirm_on_page(account, account.find("setup_intent", session["setup_intent"]), method["id"])
    account.unschedule(id)
    session.update(status="complete", url=None, customer_details=_details(account, session, intent["payment_method"]))
    return session


def _details(account: Account, session: Json, method: str) -> dict[str, Any]:
    known = account.tables["customer"].get(session["customer"] or "") or {}
    billing = account.find("payment_method", method)["billing_details"]
    return {
        "address": billing["address"],
        "business_name": None,
        "email": known.get("email") or session["customer_email"],
        "individual_name": None,
        "name": billing["name"],
        "phone": None,
        "tax_exempt": known.get("tax_exempt", "none"),
        "tax_ids": [],
    }


def _end(account: Account, session: Json) -> None:
    """Expire a session, by time or on request, and cancel its intent."""
    account.unschedule(session["id"])
    session.update(status="expired", url=None)
    setup_intents.cancel(account, account.find("setup_intent", session["setup_intent"]), None)


def _expire(account: Account, args: Json, ids: dict[str, str]) -> Json:
    session = account.at_path(_KIND, ids, "session")
    if session["status"] != "open":
        raise invalid('Only Checkout Sessions with a status in ["open"] can be expired.', param="session")
    _end(account, session)
    return session


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path(_KIND, ids, "session")


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return page(matching(account.where(_KIND), args, "customer", "status"), args, "/v1/checkout/sessions", "checkout.session")


ENDPOINTS = [
    Endpoint("POST", "/v1/checkout/sessions", _CREATE, _create, _KIND),
    Endpoint("GET", "/v1/checkout/sessions", _LIST, _list, f"{_KIND}[]"),
    Endpoint("GET", "/v1/checkout/sessions/{id}", ONLY_EXPAND, _retrieve, _KIND),
    Endpoint("POST", "/v1/checkout/sessions/{id}/expire", ONLY_EXPAND, _expire, _KIND),
]
