"""A new payment method as Stripe shows it, made from a test token or a test name. No card number or account number is ever taken."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from billbridge_sandbox.kernel.cards import TEST_TOKENS, TestCard
from billbridge_sandbox.stripe.api.params import ADDRESS, patched
from billbridge_sandbox.stripe.store.account import Account, Json

# pm_card_... names of docs.stripe.com/testing, and the token that behaves alike.
_CARDS = {
    "pm_card_visa": "tok_visa",
    "pm_card_mastercard": "tok_mastercard",
    "pm_card_chargeCustomerFail": "tok_chargeDeclined",
    "pm_card_visa_chargeDeclined": "tok_chargeDeclined",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "tok_chargeDeclinedInsufficientFunds",
    "pm_card_chargeDeclinedExpiredCard": "tok_expired",
    "pm_card_authenticationRequired": "tok_authenticationRequired",
}
# A bank account is charged like a card that works: its days in "processing" are not simulated.
_BANKS = {"pm_usBankAccount": TestCard("", "6789")}
TEST_NAMES = frozenset({*_CARDS, *_BANKS})


def from_name(account: Account, name: str) -> Json:
    """A new payment method for a test name such as `pm_card_visa`."""
    if name in _BANKS:
        return _new(account, _BANKS[name], "us_bank_account", _bank_account(_BANKS[name]), {})
    return from_token(account, _CARDS[name], {})


def from_token(account: Account, token: str, args: Json) -> Json:
    """A new card for a test token; `args` are those of `POST /v1/payment_methods`."""
    card = TEST_TOKENS[token]
    return _new(account, card, "card", _card(card), args)


def _new(account: Account, card: TestCard, type: str, details: Json, args: Json) -> Json:
    billing: Json = args.get("billing_details", {})
    address: Json = {**dict.fromkeys(ADDRESS.fields), **(billing.get("address") or {})}
    method: Json = {
        "id": account.ids.next("pm_", 24),
        "object": "payment_method",
        "allow_redisplay": args.get("allow_redisplay", "unspecified"),
        "billing_details": {**dict.fromkeys(("email", "name", "phone", "tax_id")), **billing, "address": address},
        "created": account.now,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": patched({}, args.get("metadata", {})),
        "type": type,
        type: details,
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


def _bank_account(account: TestCard) -> dict[str, Any]:
    return {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "financial_connections_account": None,
        "fingerprint": sha256(account.last4.encode()).hexdigest()[:16],
        "last4": account.last4,
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": "110000000",
        "status_details": {},
    }
