"""Cards as payment methods, made from the test tokens only: card numbers are refused.

Unlike Stripe, which refuses the test card 0002 already when it is attached, the sandbox attaches every test card, so that each
outcome can be seen when a subscription is charged. Test names such as `pm_card_visa` become a new payment method when attached.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from billbridge_sandbox.kernel.cards import TEST_TOKENS, TestCard

from .account import Account, Json
from .endpoint import ONLY_EXPAND, Endpoint
from .errors import invalid, missing, no_such
from .lists import LIST, envelope, matching, page
from .params import ADDRESS, EXPAND, Params, Parser, choice, clearable, email, metadata, patched, text

# pm_card_... names of docs.stripe.com/testing, and the token that behaves alike.
TEST_NAMES = {
    "pm_card_visa": "tok_visa",
    "pm_card_mastercard": "tok_mastercard",
    "pm_card_chargeCustomerFail": "tok_chargeDeclined",
    "pm_card_visa_chargeDeclined": "tok_chargeDeclined",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "tok_chargeDeclinedInsufficientFunds",
    "pm_card_chargeDeclinedExpiredCard": "tok_expired",
    "pm_card_authenticationRequired": "tok_authenticationRequired",
}
_TYPES = (
    "acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit bancontact billie bizum blik boleto cashapp crypto"
    " custom customer_balance eps fpx giropay grabpay ideal interac_present kakao_pay klarna konbini kr_card link mb_way mobilepay"
    " multibanco naver_pay nz_bank_account oxxo p24 pay_by_bank payco paynow paypal paypay payto pix promptpay radar_options revolut_pay"
    " samsung_pay satispay scalapay sepa_debit sequra sofort sunbit swish twint upi us_bank_account wechat_pay zip"
)
_BILLING: dict[str, Parser] = {"address": clearable(ADDRESS), "email": clearable(email), "name": clearable(text), "phone": clearable(text)}
_CREATE = Params(
    {
        **EXPAND,
        "type": choice("card"),
        "card": Params({"token": text}, not_simulated="cvc exp_month exp_year networks number"),
        "billing_details": Params({**_BILLING, "tax_id": text}),
        "metadata": metadata,
        "allow_redisplay": choice("always", "limited", "unspecified"),
    },
    not_simulated=f"customer payment_method {_TYPES}",
)
_ATTACH = Params({**EXPAND, "customer": text}, not_simulated="customer_account")
_OF_CUSTOMER = Params({**LIST, "type": text, "allow_redisplay": choice("always", "limited", "unspecified")})
_LIST = Params({**_OF_CUSTOMER.fields, "customer": text}, not_simulated="customer_account")


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    if "type" not in args:
        raise missing("type")
    token = args.get("card", {}).get("token")
    if token is None:
        raise missing("card[token]")
    if token not in TEST_TOKENS:
        raise no_such("token", token, "card[token]")
    return _new(account, TEST_TOKENS[token], args)


def _new(account: Account, card: TestCard, args: Json) -> Json:
    billing: Json = args.get("billing_details", {})
    address: Json = {**dict.fromkeys(ADDRESS.fields), **(billing.get("address") or {})}
    method: Json = {
        "id": account.ids.next("pm_", 24),
        "object": "payment_method",
        "allow_redisplay": args.get("allow_redisplay", "unspecified"),
        "billing_details": {**dict.fromkeys(("email", "name", "phone", "tax_id")), **billing, "address": address},
        "card": _card(card),
        "created": account.now,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": patched({}, args.get("metadata", {})),
        "type": "card",
    }
    account.cards[method["id"]] = card
    return account.put(method)


def _card(card: TestCard) -> dict[str, Any]:
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "display_brand": card.brand,
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "fingerprint": sha256(card.last4.encode()).hexdigest()[:16],
        "funding": card.funding,
        "generated_from": None,
        "last4": card.last4,
        "networks": {"available": [card.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def attach(account: Account, id: str, customer: str, param: str, status: int = 400) -> Json:
    """Attach a payment method, or a new one for a test name, to a customer.

    Raises StripeError for an unknown one, for one that belongs to another customer, and for one that was ever detached.
    """
    method = _new(account, TEST_TOKENS[TEST_NAMES[id]], {}) if id in TEST_NAMES else account.find("payment_method", id, param, status)
    if id in account.detached:
        raise invalid("This PaymentMethod was detached from a customer and may not be used again.")
    if method["customer"] not in (None, customer):
        raise invalid("The payment method you provided has already been attached to a customer.")
    method["customer"] = customer
    return method


def attached(account: Account, id: str, customer: str, param: str) -> Json:
    """The payment method, when it is attached to the customer. Raises StripeError `resource_missing` otherwise."""
    method = account.tables["payment_method"].get(id)
    if method is None or method["customer"] != customer:
        raise no_such("PaymentMethod", id, param)
    return method


def _attach(account: Account, args: Json, ids: dict[str, str]) -> Json:
    if "customer" not in args:
        raise missing("customer")
    account.find("customer", args["customer"], "customer")
    return attach(account, ids["id"], args["customer"], "payment_method", 404)


def _detach(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """For good: Stripe lets no detached payment method be used again."""
    method = account.at_path("payment_method", ids)
    if method["customer"] is None:
        raise invalid("The payment method you provided is not attached to a customer so detachment is impossible.")
    settings = account.find("customer", method["customer"])["invoice_settings"]
    holders = [settings, *account.where("subscription", default_payment_method=method["id"])]
    for holder in holders:
        if holder["default_payment_method"] == method["id"]:
            holder["default_payment_method"] = None
    method["customer"] = None
    account.detached.add(method["id"])
    return method


def _retrieve(account: Account, args: Json, ids: dict[str, str]) -> Json:
    return account.at_path("payment_method", ids)


def _list(account: Account, args: Json, ids: dict[str, str]) -> Json:
    if "customer" not in args:
        return envelope([], "/v1/payment_methods")
    account.find("customer", args["customer"], "customer")
    rows = matching(account.where("payment_method"), args, "customer", "type", "allow_redisplay")
    return page(rows, args, "/v1/payment_methods", "PaymentMethod")


def _list_of_customer(account: Account, args: Json, ids: dict[str, str]) -> Json:
    customer = account.find("customer", ids["id"], "customer", 404)
    rows = matching(account.where("payment_method", customer=customer["id"]), args, "type", "allow_redisplay")
    return page(rows, args, f"/v1/customers/{customer['id']}/payment_methods", "PaymentMethod")


ENDPOINTS = [
    Endpoint("POST", "/v1/payment_methods", _CREATE, _create, "payment_method"),
    Endpoint("GET", "/v1/payment_methods", _LIST, _list, "payment_method[]"),
    Endpoint("GET", "/v1/payment_methods/{id}", ONLY_EXPAND, _retrieve, "payment_method"),
    Endpoint("POST", "/v1/payment_methods/{id}/attach", _ATTACH, _attach, "payment_method"),
    Endpoint("POST", "/v1/payment_methods/{id}/detach", ONLY_EXPAND, _detach, "payment_method"),
    Endpoint("GET", "/v1/customers/{id}/payment_methods", _OF_CUSTOMER, _list_of_customer, "payment_method[]"),
]
