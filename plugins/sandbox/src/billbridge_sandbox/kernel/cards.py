"""The test cards, one list for every vendor. No card number is stored here and none is accepted anywhere in the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Outcome: TypeAlias = Literal["ok", "declined", "insufficient_funds", "expired", "authentication_required"]


@dataclass(frozen=True)
class TestCard:
    """A test card: what a vendor shows of it, and the outcome of every charge."""

    __test__ = False  # not a pytest class

    brand: str
    last4: str
    exp_month: int = 12
    exp_year: int = 2050
    funding: str = "credit"
    country: str = "US"
    outcome: Outcome = "ok"


# Last four digits as in Stripe's published test cards (docs.stripe.com/testing).
TEST_TOKENS: dict[str, TestCard] = {
    "tok_visa": TestCard("visa", "4242"),
    "tok_mastercard": TestCard("mastercard", "4444"),
    "tok_chargeDeclined": TestCard("visa", "0002", outcome="declined"),
    "tok_chargeDeclinedInsufficientFunds": TestCard("visa", "9995", outcome="insufficient_funds"),
    "tok_expired": TestCard("visa", "0069", exp_year=2020, outcome="expired"),
    "tok_authenticationRequired": TestCard("visa", "3184", country="IE", outcome="authentication_required"),
}
