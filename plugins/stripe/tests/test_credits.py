"""What credits paid of an invoice."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from billbridge.money import Money
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
WIRE = {"id": "in_1", "currency": "usd", "subtotal": 0, "amount_paid": 0, "amount_remaining": 0, "lines": {"data": []}}


@pytest.mark.parametrize(
    ("start", "end", "total", "notes", "credits"),
    [
        (0, 0, 5000, 0, 0),
        (-500, 0, 5000, 0, 500),
        (-500, -200, 300, 0, 300),
        (-500, 0, 5000, 86, 586),
        (0, 0, 5000, 86, 86),
        (300, 0, 5000, 0, 0),
        (0, 30, 30, 0, 0),
        (-100, 20, 120, 0, 100),
        (0, -700, -700, 0, 0),
        (-500, -700, -200, 0, 0),
        (-500, None, 5000, 0, 500),
        (-500, None, 300, 0, 300),
        (-500, None, 0, 0, 0),
        (0, None, 300, 0, 0),
        (300, None, 300, 0, 0),
        (-500, None, -200, 0, 0),
    ],
)
def test_credits_are_what_the_balance_and_credit_notes_paid(
    walk: Walk, stripe: StripeProvider, start: int, end: int | None, total: int, notes: int, credits: int
) -> None:
    """Case 28: a negative balance is a credit. One too small to charge is carried over, a negative invoice adds credit: neither pays."""
    balance = {"starting_balance": start, "ending_balance": end, "total": total, "pre_payment_credit_notes_amount": notes}
    found = walk(stripe.invoices.get("in_1"), ("GET /v1/invoices/in_1", None, {**WIRE, **balance}))
    assert found.credits_applied == Money(Decimal(credits) / 100, "USD")
