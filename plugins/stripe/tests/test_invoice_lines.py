"""Lines of invoices: each field, each absence. Where older API versions had them is tested with the invoices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from billbridge.errors import ProtocolError
from billbridge.model import InvoiceLine
from billbridge.money import Money
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
T0 = 1769860800
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
INVOICE = {"id": "in_1", "currency": "usd", "subtotal": 0, "total": 0, "amount_paid": 0, "amount_remaining": 0}
NEW_LINE: dict[str, Any] = {
    "pricing": {"price_details": {"price": "price_m", "product": "pro"}, "type": "price_details", "unit_amount_decimal": "1900.5"},
    "parent": {
        "type": "subscription_item_details",
        "subscription_item_details": {"proration": True, "subscription": "sub_1", "subscription_item": "si_1"},
        "invoice_item_details": None,
    },
    "taxes": [{"amount": 400, "tax_behavior": "exclusive"}, {"amount": 56, "tax_behavior": "exclusive"}],
}
LINE: dict[str, Any] = {
    "id": "il_1",
    "object": "line_item",
    "amount": 5700,
    "currency": "usd",
    "description": "3 × Pro",  # noqa: RUF001  # Stripe's own sign
    "discount_amounts": [{"amount": 500, "discount": "di_1"}, {"amount": 70, "discount": {"id": "di_2", "object": "discount"}}],
    "metadata": {},
    "period": {"start": T0 + 20, "end": T0 + 21},
    "quantity": 3,
    "quantity_decimal": "3",
    **NEW_LINE,
}


def second(number: int) -> datetime:
    return AT + timedelta(seconds=number)


def usd(amount: str) -> Money:
    return Money(amount, "USD")


EXPECTED_LINE = InvoiceLine(
    id="il_1",
    description="3 × Pro",  # noqa: RUF001  # Stripe's own sign
    amount=usd("57.00"),
    quantity=Decimal(3),
    unit_amount=usd("19.005"),
    price_id="price_m",
    proration=True,
    period_start=second(20),
    period_end=second(21),
    discount=usd("5.70"),
    tax=usd("4.56"),
)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, {}),
        ({"quantity": None, "quantity_decimal": None}, {"quantity": None}),
        ({"quantity": 2, "quantity_decimal": "2.5"}, {"quantity": Decimal("2.5")}),
        ({"discount_amounts": None}, {"discount": None}),
        ({"discount_amounts": []}, {"discount": usd("0")}),
        ({"taxes": None}, {"tax": None}),
        ({"taxes": []}, {"tax": usd("0")}),
        ({"period": None}, {"period_start": None, "period_end": None}),
        ({"description": None}, {"description": None}),
        ({"pricing": None}, {"unit_amount": None, "price_id": None}),
        ({"pricing": {"price_details": None, "unit_amount_decimal": None}}, {"unit_amount": None, "price_id": None}),
        ({"pricing": None, "price": {"id": "p", "unit_amount": 50}}, {"unit_amount": usd("0.5"), "price_id": "p"}),
        ({"pricing": None, "plan": {"id": "p", "amount": 50}}, {"unit_amount": usd("0.5"), "price_id": "p"}),
        (
            {"pricing": None, "price": {"id": "p", "unit_amount": None, "unit_amount_decimal": "0.5"}},
            {"unit_amount": usd("0.005"), "price_id": "p"},
        ),
        ({"pricing": None, "plan": {"id": "p", "amount": 1, "amount_decimal": "0.5"}}, {"unit_amount": usd("0.005"), "price_id": "p"}),
        ({"pricing": None, "price": {"id": "p"}, "plan": {"id": "q", "amount": 1}}, {"unit_amount": None, "price_id": "p"}),
        ({"parent": None}, {"proration": False}),
        ({"parent": None, "proration": True}, {"proration": True}),
        ({"parent": {"subscription_item_details": None, "invoice_item_details": None}}, {"proration": False}),
        ({"amount": -100, "currency": "jpy"}, None),
    ],
)
def test_each_shape_of_a_line_reads_right(
    walk: Walk, stripe: StripeProvider, sent: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    """Case 26, and money in the line's own currency."""
    if expected is None:
        jpy = {"unit_amount": "1900.5", "discount": "570", "tax": "456", "amount": "-100"}
        expected = {name: Money(amount, "JPY") for name, amount in jpy.items()}
    wire = {**INVOICE, "lines": {"data": [{**LINE, **sent}]}}
    found = walk(stripe.invoices.get("in_1"), ("GET /v1/invoices/in_1", None, wire))
    assert found.lines == [msgspec.structs.replace(EXPECTED_LINE, **expected)]


@pytest.mark.parametrize(
    "line",
    [
        {"quantity_decimal": "three"},
        {"pricing": {"unit_amount_decimal": ""}},
        {"pricing": None, "price": {"id": "p", "unit_amount_decimal": "1,5"}},
    ],
)
def test_a_decimal_number_that_is_none_is_a_protocol_error(walk: Walk, stripe: StripeProvider, line: dict[str, Any]) -> None:
    wire = {**INVOICE, "lines": {"data": [{**LINE, **line}]}}
    with pytest.raises(ProtocolError):
        walk(stripe.invoices.get("in_1"), ("GET /v1/invoices/in_1", None, wire))
