"""Payment methods: cards from the test tokens, and a bank account by its test name; numbers are refused.

Unlike Stripe, which refuses the test card 0002 already when it is attached, the sandbox attaches every test card, so that each
outcome can be seen when a subscription is charged. Test names such as `pm_card_visa` become a new payment method when attached.
"""

from __future__ import annotations

from billbridge_sandbox.kernel.cards import TEST_TOKENS
from billbridge_sandbox.stripe.api.errors import invalid, missing, no_such
from billbridge_sandbox.stripe.api.params import ADDRESS, EXPAND, Params, Parser, between, choice, clearable, email, metadata, patched, text
from billbridge_sandbox.stripe.endpoints.endpoint import ONLY_EXPAND, Endpoint
from billbridge_sandbox.stripe.endpoints.lists import LIST, envelope, matching, page
from billbridge_sandbox.stripe.payments.payment_method_object import TEST_NAMES, from_name, from_token
from billbridge_sandbox.stripe.store.account import Account, Json

_TYPES = (
    "acss_debit affirm afterpay_clearpay alipay alma amazon_pay au_becs_debit bacs_debit bancontact billie bizum blik boleto cashapp crypto"
    " custom customer_balance eps fpx giropay grabpay ideal interac_present kakao_pay klarna konbini kr_card link mb_way mobilepay"
    " multibanco naver_pay nz_bank_account oxxo p24 pay_by_bank payco paynow paypal paypay payto pix promptpay radar_options revolut_pay"
    " samsung_pay satispay scalapay sepa_debit sequra sofort sunbit swish twint upi us_bank_account wechat_pay zip"
)
_BILLING: dict[str, Parser] = {"address": clearable(ADDRESS), "email": clearable(email), "name": clearable(text), "phone": clearable(text)}
_REDISPLAY = choice("always", "limited", "unspecified")
_CHANGEABLE: dict[str, Parser] = {
    **EXPAND,
    "allow_redisplay": _REDISPLAY,
    "billing_details": Params({**_BILLING, "tax_id": text}),
    "metadata": metadata,
}
_CREATE = Params(
    {
        **_CHANGEABLE,
        "type": choice("card"),
        "card": Params({"token": text}, not_simulated="cvc exp_month exp_year networks number"),
    },
    not_simulated=f"customer payment_method {_TYPES}",
)
_UPDATE = Params(
    {**_CHANGEABLE, "card": Params({"exp_month": between(1, 12), "exp_year": between(2000, 2100)}, not_simulated="networks")},
    not_simulated="us_bank_account",
)
_ATTACH = Params({**EXPAND, "customer": text}, not_simulated="customer_account")
_OF_CUSTOMER = Params({**LIST, "type": text, "allow_redisplay": _REDISPLAY})
_LIST = Params({**_OF_CUSTOMER.fields, "customer": text}, not_simulated="customer_account")


def _create(account: Account, args: Json, ids: dict[str, str]) -> Json:
    if "type" not in args:
        raise missing("type")
    token = args.get("card", {}).get("token")
    if token is None:
        raise missing("card[token]")
    if token not in TEST_TOKENS:
        raise no_such("token", token, "card[token]")
    return from_token(account, token, args)


def attach(account: Account, id: str, customer: str, param: str, status: int = 400) -> Json:
    """Attach a payment method, or a new one for a test name, to a customer.

    Raises StripeError for an unknown one, for one that belongs to another customer, and for one that was ever detached.
    """
    method = from_name(account, id) if id in TEST_NAMES else account.find("payment_method", id, param, status)
    check_free(account, method, customer)
    method["customer"] = customer
    return method


def check_free(account: Account, method: Json, customer: str | None) -> None:
    """Refuse a payment method of another customer, and one that was ever detached. Raises StripeError."""
    if method["id"] in account.detached:
        raise invalid("This PaymentMethod was detached from a customer and may not be used again.")
    if method["customer"] not in (None, customer):
        raise invalid("The payment method you provided has already been attached to a customer.")


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
    """Detach a payment method for good: Stripe does not allow another use of it."""
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


def _retrieve_of_customer(account: Account, args: Json, ids: dict[str, str]) -> Json:
    account.find("customer", ids["id"], "customer", 404)
    method = account.find("payment_method", ids["method"], "payment_method", 404)
    if method["customer"] != ids["id"]:
        raise no_such("PaymentMethod", ids["method"], "payment_method", 404)
    return method


def _update(account: Account, args: Json, ids: dict[str, str]) -> Json:
    """Update a payment method while it is attached. A new expiry date does not change the outcome of a test card."""
    method = account.at_path("payment_method", ids)
    if method["customer"] is None:
        raise invalid("You must save this PaymentMethod to a customer before you can update it.")
    if "card" in args and method["type"] != "card":
        raise invalid(f"This PaymentMethod is of type {method['type']}.", param="card")
    method["metadata"] = patched(method["metadata"], args.get("metadata", {}))
    method.get("card", {}).update(args.get("card", {}))
    method["allow_redisplay"] = args.get("allow_redisplay", method["allow_redisplay"])
    billing = args.get("billing_details", {})
    address = {**method["billing_details"]["address"], **(billing.get("address") or {})}
    cleared = "address" in billing and billing["address"] is None
    method["billing_details"].update({**billing, "address": dict.fromkeys(ADDRESS.fields) if cleared else address})
    return method


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
    Endpoint("POST", "/v1/payment_methods/{id}", _UPDATE, _update, "payment_method"),
    Endpoint("POST", "/v1/payment_methods/{id}/attach", _ATTACH, _attach, "payment_method"),
    Endpoint("POST", "/v1/payment_methods/{id}/detach", ONLY_EXPAND, _detach, "payment_method"),
    Endpoint("GET", "/v1/customers/{id}/payment_methods", _OF_CUSTOMER, _list_of_customer, "payment_method[]"),
    Endpoint("GET", "/v1/customers/{id}/payment_methods/{method}", ONLY_EXPAND, _retrieve_of_customer, "payment_method"),
]
