"""What the simulated gateway holds: the cards and bank accounts behind test tokens. It charges nobody.

Test tokens can be used again and again, real ones once. The cards are the sandbox's own (kernel `cards`); the bank accounts are known to
the simulated Chargebee only. Choices where the documents are silent: an unknown token, and a reference to what was deleted at the gateway,
are 400 `payment_method_verification_failed`; a card counts as expired from the month after its last one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from billbridge_sandbox.chargebee.api.errors import Refusal, wrong_value
from billbridge_sandbox.chargebee.store.records import BankAccount, Customer, PaymentSource, SourceCard
from billbridge_sandbox.chargebee.store.site import GATEWAY, GATEWAY_ACCOUNT, Site
from billbridge_sandbox.kernel.cards import TEST_TOKENS, TestCard


@dataclass(frozen=True)
class TestBank:
    """A test bank account: what is shown of it, and the outcome of every debit."""

    __test__ = False  # not a pytest class

    last4: str
    bank_name: str = "Simulated Bank"
    account_type: str = "checking"
    country: str = "US"
    outcome: str = "ok"


Means: TypeAlias = TestCard | TestBank

BANK_TOKENS: dict[str, TestBank] = {
    "tok_bank": TestBank("6789"),
    "tok_bankInsufficientFunds": TestBank("2222", outcome="insufficient_funds"),
}
_BRANDS = {"amex": "american_express", "diners": "diners_club"}
_IINS = {"visa": "411111", "mastercard": "555555", "american_express": "378282"}


def unknown(param: str) -> Refusal:
    """The error for a wrong token. It does not show the token."""
    message = "Problem while adding the payment method: the gateway does not know it"
    return Refusal(400, "payment_method_verification_failed", message, param=param, type="payment")


def behind(param: str, token: str, kind: str | None = None) -> Means:
    """The card or bank account behind a token, or the refusal; `kind` is "card" or "direct_debit" when the caller said so."""
    means = TEST_TOKENS.get(token) or BANK_TOKENS.get(token)
    if means is None:
        raise unknown(param)
    if kind not in (None, kind_of(means)):
        raise wrong_value("type", f"should be {kind_of(means)} for what the gateway holds")
    return means


def kind_of(means: Means) -> str:
    """Chargebee's type of payment source."""
    return "card" if isinstance(means, TestCard) else "direct_debit"


def stored(site: Site, customer: Customer, token: str, means: Means, reference_id: str | None = None) -> PaymentSource:
    """A new payment source, not stored yet; a `reference_id` is one that the gateway already gave."""
    card = _card(means) if isinstance(means, TestCard) else None
    year, month = site.clock.now.year, site.clock.now.month
    expired = card is not None and (card.expiry_year, card.expiry_month) < (year, month)
    bank = (
        None if isinstance(means, TestCard) else BankAccount(last4=means.last4, bank_name=means.bank_name, account_type=means.account_type)
    )
    return PaymentSource(
        id=site.ids.next("pm_", 16),
        created_at=site.now,
        customer_id=customer.id,
        type=kind_of(means),
        reference_id=reference_id or f"{site.ids.next('cb_', 12)}/{token}",
        status="expired" if expired else "valid",
        gateway=GATEWAY,
        gateway_account_id=GATEWAY_ACCOUNT,
        issuing_country=means.country,
        card=card,
        bank_account=bank,
        outcome=means.outcome,
    )


def _card(card: TestCard) -> SourceCard:
    brand = _BRANDS.get(card.brand, card.brand)
    return SourceCard(
        iin=_IINS.get(brand, "000000"),
        last4=card.last4,
        brand=brand,
        funding_type=card.funding if card.funding in ("credit", "debit", "prepaid") else "not_known",
        expiry_month=card.exp_month,
        expiry_year=card.exp_year,
        masked_number=f"************{card.last4}",
    )
