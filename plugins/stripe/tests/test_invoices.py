"""Invoices: every field in every API version's shape, all lines, collection and credits."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from billbridge.errors import ProtocolError
from billbridge.model import CollectionState, Invoice, InvoiceLine, InvoiceQuery, InvoiceStatus, Page
from billbridge.model.raw import RawJson
from billbridge.money import Money
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
T0 = 1769860800
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
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
NEW: dict[str, Any] = {
    "parent": {"type": "subscription_details", "subscription_details": {"subscription": "sub_1", "metadata": {}}, "quote_details": None},
    "total_taxes": [{"amount": 400, "tax_behavior": "exclusive"}, {"amount": 56, "tax_behavior": "exclusive"}],
}
WIRE: dict[str, Any] = {
    "id": "in_1",
    "object": "invoice",
    "amount_due": 5000,
    "amount_overpaid": 0,
    "amount_paid": 1200,
    "amount_remaining": 3800,
    "attempt_count": 1,
    "attempted": True,
    "auto_advance": True,
    "billing_reason": "subscription_cycle",
    "collection_method": "charge_automatically",
    "created": T0,
    "currency": "usd",
    "customer": "cus_1",
    "due_date": T0 + 3,
    "effective_at": T0 + 1,
    "ending_balance": 0,
    "hosted_invoice_url": "https://invoice.example",
    "lines": {"object": "list", "data": [LINE], "has_more": False, "url": "/v1/invoices/in_1/lines"},
    "next_payment_attempt": T0 + 99,
    "number": "A-0001",
    "post_payment_credit_notes_amount": 7,
    "pre_payment_credit_notes_amount": 86,
    "starting_balance": -500,
    "status": "open",
    "status_transitions": {"finalized_at": T0 + 2, "marked_uncollectible_at": None, "paid_at": T0 + 4, "voided_at": T0 + 5},
    "subtotal": 5700,
    "total": 5586,
    "total_discount_amounts": [{"amount": 500, "discount": "di_1"}, {"amount": 70, "discount": "di_2"}],
    **NEW,
}


def second(number: int) -> datetime:
    return AT + timedelta(seconds=number)


def usd(amount: str) -> Money:
    return Money(amount, "USD")


def raw(wire: dict[str, Any]) -> msgspec.Raw:
    return msgspec.Raw(json.dumps(wire).encode())


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
INVOICE = Invoice(
    provider="stripe",
    id="in_1",
    raw=RawJson(raw(WIRE)),
    number="A-0001",
    customer_id="cus_1",
    subscription_id="sub_1",
    status=InvoiceStatus.OPEN,
    vendor_status="open",
    collection_state=CollectionState.IN_DUNNING,
    currency="USD",
    subtotal=usd("57.00"),
    discount_total=usd("5.70"),
    tax=usd("4.56"),
    total=usd("55.86"),
    amount_paid=usd("12.00"),
    amount_due=usd("38.00"),
    credits_applied=usd("5.86"),
    lines=[EXPECTED_LINE],
    issued_at=second(1),
    due_at=second(3),
    paid_at=second(4),
    voided_at=second(5),
    created_at=AT,
)
GET = "GET /v1/invoices/in_1"


def without(wire: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in wire.items() if name not in names}


def rows(*items: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": list(items), "has_more": more}


def read(walk: Walk, stripe: StripeProvider, **changes: Any) -> Invoice:
    """The invoice with some fields sent otherwise (... for absent); `raw` put aside."""
    wire = {name: value for name, value in {**WIRE, **changes}.items() if value is not ...}
    found: Invoice = walk(stripe.invoices.get("in_1"), (GET, None, wire))
    assert found.raw == RawJson(raw(wire))
    return msgspec.structs.replace(found, raw=INVOICE.raw)


def expect(**changes: Any) -> Invoice:
    return msgspec.structs.replace(INVOICE, **changes)


def test_get_reads_every_field(walk: Walk, stripe: StripeProvider) -> None:
    """Case 29: what is due is what remains. Total = paid + due + credits."""
    found = read(walk, stripe)
    assert found == INVOICE
    assert found.total == found.amount_paid + found.amount_due + found.credits_applied


OLD_PRICE = {"id": "price_m", "object": "price", "unit_amount": None, "unit_amount_decimal": "1900.5", "product": "pro"}
OLD_PLAN = {"id": "price_m", "object": "plan", "amount": None, "amount_decimal": "1900.5", "product": "pro"}
OLD_LINE = {
    **without(LINE, {**NEW_LINE, "quantity_decimal": None}),
    "price": OLD_PRICE,
    "plan": OLD_PLAN,
    "proration": True,
    "tax_amounts": NEW_LINE["taxes"],
    "type": "subscription",
}
OLD = {"subscription": "sub_1", "parent": ..., "total_taxes": ..., "tax": 456}


@pytest.mark.parametrize(
    "old",
    [
        {**OLD, "lines": rows(OLD_LINE), "total_tax_amounts": NEW["total_taxes"]},
        {**OLD, "lines": rows({**OLD_LINE, "price": None}), "payment_intent": "pi_1", "charge": "ch_1", "paid": False},
        {**OLD, "lines": rows(OLD_LINE), "subscription": {"id": "sub_1", "object": "subscription"}, "discount": None},
        {**OLD, "lines": rows(OLD_LINE), "effective_at": ..., "status_transitions": {**WIRE["status_transitions"], "finalized_at": T0 + 1}},
        {"subscription": None, "tax": 1, "total_tax_amounts": [{"amount": 2}]},
        {"customer": {"id": "cus_1", "object": "customer"}},
        {"parent": {"subscription_details": {"subscription": {"id": "sub_1", "object": "subscription"}}}},
        {"lines": rows({**LINE, "pricing": {**LINE["pricing"], "price_details": {"price": {"id": "price_m", "object": "price"}}}})},
        {"lines": rows({**LINE, "parent": {"invoice_item_details": {"proration": True}, "subscription_item_details": None}})},
        {"lines": rows({**LINE, "price": {"id": "other", "unit_amount": 1}, "proration": False, "tax_amounts": []})},
        {"lines": rows(without(LINE, {"quantity_decimal": None}))},
    ],
)
def test_every_api_version_reads_as_the_same_invoice(walk: Walk, stripe: StripeProvider, old: dict[str, Any]) -> None:
    """Cases 31, 32 and 34."""
    assert read(walk, stripe, **old) == INVOICE


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("draft", InvoiceStatus.DRAFT),
        ("open", InvoiceStatus.OPEN),
        ("paid", InvoiceStatus.PAID),
        ("uncollectible", InvoiceStatus.UNCOLLECTIBLE),
        ("on_the_moon", InvoiceStatus.UNKNOWN),
    ],
)
def test_every_status_has_its_neutral_name_and_keeps_stripes(walk: Walk, stripe: StripeProvider, word: str, status: InvoiceStatus) -> None:
    """Case 17. Only an open invoice is in dunning."""
    state = CollectionState.IN_DUNNING if word == "open" else CollectionState.NONE
    assert read(walk, stripe, status=word) == expect(status=status, vendor_status=word, collection_state=state)


@pytest.mark.parametrize("changes", [{"currency": "dollar"}, {"lines": {"data": [LINE | NEW_LINE | {"currency": "dollar"}]}}])
def test_a_currency_that_is_none_is_a_protocol_error(walk: Walk, stripe: StripeProvider, changes: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError, match="a currency that is not a three-letter code"):
        read(walk, stripe, **changes)


def test_an_invoice_without_a_status_is_unknown(walk: Walk, stripe: StripeProvider) -> None:
    assert read(walk, stripe, status=None) == expect(status=InvoiceStatus.UNKNOWN, vendor_status="", collection_state=CollectionState.NONE)


def test_nothing_is_due_on_a_void_invoice_though_stripe_leaves_the_amount(walk: Walk, stripe: StripeProvider) -> None:
    assert read(walk, stripe, status="void") == expect(
        status=InvoiceStatus.VOID, vendor_status="void", collection_state=CollectionState.NONE, amount_due=usd("0")
    )


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        ({}, CollectionState.IN_DUNNING),
        ({"next_payment_attempt": None}, CollectionState.EXHAUSTED),
        ({"attempted": False}, CollectionState.NONE),
        ({"attempted": False, "next_payment_attempt": None}, CollectionState.NONE),
        ({"collection_method": "send_invoice", "next_payment_attempt": None}, CollectionState.NONE),
        ({"collection_method": None, "next_payment_attempt": None}, CollectionState.EXHAUSTED),
    ],
)
def test_the_collection_state_is_read_off_the_attempts(
    walk: Walk, stripe: StripeProvider, sent: dict[str, Any], state: CollectionState
) -> None:
    """Case 53."""
    assert read(walk, stripe, **sent) == expect(collection_state=state)


def test_the_least_of_an_invoice_reads_too(walk: Walk, stripe: StripeProvider) -> None:
    wire = {
        "id": "in_1",
        "currency": "jpy",
        "subtotal": 500,
        "total": 500,
        "amount_paid": 0,
        "amount_remaining": 500,
        "lines": {"data": []},
    }
    zero, all_of_it = Money(0, "JPY"), Money(500, "JPY")
    bare = Invoice(
        provider="stripe",
        id="in_1",
        raw=RawJson(raw(wire)),
        number=None,
        customer_id=None,
        subscription_id=None,
        status=InvoiceStatus.UNKNOWN,
        vendor_status="",
        collection_state=CollectionState.NONE,
        currency="JPY",
        subtotal=all_of_it,
        discount_total=zero,
        tax=zero,
        total=all_of_it,
        amount_paid=zero,
        amount_due=all_of_it,
        credits_applied=zero,
    )
    assert walk(stripe.invoices.get("in_1"), (GET, None, wire)) == bare
    assert read(walk, stripe, status_transitions=None, effective_at=None, due_date=None, created=None, number=None) == expect(
        issued_at=None, paid_at=None, voided_at=None, due_at=None, created_at=None, number=None
    )
    assert read(walk, stripe, parent={"type": "quote_details", "subscription_details": None}) == expect(subscription_id=None)


def test_lines_beyond_the_first_page_are_fetched(walk: Walk, stripe: StripeProvider) -> None:
    """Case 57."""
    wire = {**WIRE, "lines": rows(LINE, more=True)}
    found = walk(
        stripe.invoices.get("in_1"),
        (GET, None, wire),
        ("GET /v1/invoices/in_1/lines?limit=100&starting_after=il_1", None, rows({**LINE, "id": "il_2"}, more=True)),
        ("GET /v1/invoices/in_1/lines?limit=100&starting_after=il_2", None, rows({**LINE, "id": "il_3"})),
    )
    lines = [EXPECTED_LINE, *(msgspec.structs.replace(EXPECTED_LINE, id=id) for id in ("il_2", "il_3"))]
    assert found == expect(raw=RawJson(raw(wire)), lines=lines)


def test_list_filters_and_fetches_every_line(walk: Walk, stripe: StripeProvider) -> None:
    """Case 57."""
    long = {**WIRE, "id": "in_2", "lines": rows(LINE, more=True)}
    query = InvoiceQuery(customer="cus_1", subscription="sub_1", page_size=2, cursor="in_0")
    page = walk(
        stripe.invoices.list(query),
        ("GET /v1/invoices?customer=cus_1&subscription=sub_1&limit=2&starting_after=in_0", None, rows(WIRE, long, more=True)),
        ("GET /v1/invoices/in_2/lines?limit=100&starting_after=il_1", None, rows({**LINE, "id": "il_2"})),
    )
    lines = [EXPECTED_LINE, msgspec.structs.replace(EXPECTED_LINE, id="il_2")]
    assert page == Page(items=[INVOICE, expect(id="in_2", raw=RawJson(raw(long)), lines=lines)], next_cursor="in_2")
    assert walk(stripe.invoices.list(InvoiceQuery()), ("GET /v1/invoices?limit=100", None, rows())) == Page(items=[])
