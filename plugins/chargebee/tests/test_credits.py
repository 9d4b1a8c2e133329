"""Credit, request by request. (Vendor map, case 28.)"""

from __future__ import annotations

from typing import Any

import pytest
from billbridge.errors import InvalidStateError, PrecisionError, ProtocolError
from billbridge.model import CreditAdjustment, NewCreditAdjustment
from billbridge.model.raw import RawJson
from billbridge.money import Money
from billbridge_chargebee import ChargebeeProvider

from .stepping import at, get, post, raw, refused, walk

CUSTOMERS = ChargebeeProvider().customers
SENT: dict[str, Any] = {
    "id": "pc_1",
    "object": "promotional_credit",
    "customer_id": "ada",
    "type": "increment",
    "amount": 500,
    "currency_code": "USD",
    "description": "sorry",
    "credit_type": "general",
    "closing_balance": 700,
    "done_by": "full_access_key_v1",
    "created_at": 1767225600,
}
READ = CreditAdjustment(
    provider="chargebee",
    id="pc_1",
    raw=RawJson(raw(SENT)),
    customer_id="ada",
    amount=Money(5, "USD"),
    balance=Money(7, "USD"),
    reason="sorry",
    created_at=at(1767225600),
)


def changed(amount: Money, path: str, sent: dict[str, str], answer: Any) -> CreditAdjustment:
    body = answer if not isinstance(answer, dict) else {"customer": {"id": "ada"}, "promotional_credit": answer}
    wanted = {"customer_id": "ada", "description": "sorry", **sent}
    found = walk(CUSTOMERS.adjust_credit("ada", NewCreditAdjustment(amount=amount, reason="sorry")), post(path, body, wanted))
    assert isinstance(found, CreditAdjustment)
    return found


def test_credit_is_given() -> None:
    """Case 28: positive is in the customer's favour."""
    assert changed(Money(5, "USD"), "/promotional_credits/add", {"amount": "500", "currency_code": "USD"}, SENT) == READ


def test_credit_is_taken_and_reads_as_negative() -> None:
    sent = SENT | {"type": "decrement", "amount": None, "amount_in_decimal": "0.5", "closing_balance": None, "currency_code": "jpy"}
    found = changed(Money(-500, "JPY"), "/promotional_credits/deduct", {"amount": "500", "currency_code": "JPY"}, sent)
    assert (found.amount, found.balance) == (Money("-0.5", "JPY"), None)


@pytest.mark.parametrize("more", [{"type": "new_word"}, {"amount": None}])
def test_a_change_without_direction_or_amount_is_a_protocol_error(more: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        changed(Money(5, "USD"), "/promotional_credits/add", {"amount": "500", "currency_code": "USD"}, SENT | more)


def test_what_chargebee_refuses_or_cannot_hold_is_an_error() -> None:
    refusal = refused(409, "invalid_state_for_request")
    with pytest.raises(InvalidStateError):
        changed(Money(-5, "USD"), "/promotional_credits/deduct", {"amount": "500", "currency_code": "USD"}, refusal)
    with pytest.raises(PrecisionError):
        walk(CUSTOMERS.adjust_credit("ada", NewCreditAdjustment(amount=Money("0.001", "USD"), reason="sorry")))


@pytest.mark.parametrize(
    ("sent", "balance"),
    [
        ({"promotional_credits": 500, "preferred_currency_code": "usd"}, [Money(5, "USD")]),
        ({"promotional_credits": 0, "preferred_currency_code": "USD"}, []),
        ({"promotional_credits": 500}, []),  # of which currency is not said
        (
            {"promotional_credits": 1, "refundable_credits": 20, "excess_payments": 300, "preferred_currency_code": "USD"},
            [Money("3.21", "USD")],
        ),
        (
            {
                "promotional_credits": 999,
                "preferred_currency_code": "USD",
                "balances": [
                    {"currency_code": "USD", "promotional_credits": 500, "unbilled_charges": 7},
                    {"balance_currency_code": "JPY", "refundable_credits": 300},
                    {"currency_code": "USD", "excess_payments": 1, "business_entity_id": "b"},
                    {"currency_code": "EUR"},
                    {"promotional_credits": 5},
                ],
            },
            [Money("5.01", "USD"), Money(300, "JPY")],
        ),
    ],
)
def test_the_balance_is_all_that_the_next_invoices_use(sent: dict[str, Any], balance: list[Money]) -> None:
    """Case 28."""
    assert walk(CUSTOMERS.get("ada"), get("/customers/ada", {"customer": {"id": "ada"} | sent})).credit_balance == balance
