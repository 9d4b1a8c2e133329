"""Invoices, request by request. (Vendor map, cases 20, 25, 26, 29, 52, 53 and 57.)"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from billbridge.errors import NotFoundError, ProtocolError
from billbridge.model import CollectionState, Invoice, InvoiceLine, InvoiceQuery, InvoiceStatus, Page
from billbridge.model.raw import RawJson
from billbridge.money import Money
from billbridge_chargebee import ChargebeeProvider

from .stepping import at, get, raw, refused, walk

INVOICES = ChargebeeProvider().invoices


def usd(text: str) -> Money:
    return Money(text, "USD")


LINE: dict[str, Any] = {
    "id": "li_1",
    "object": "line_item",
    "subscription_id": "s1",
    "description": "Pro",
    "amount": 5700,
    "quantity": 3,
    "unit_amount": 1900,
    "entity_type": "plan_item_price",
    "entity_id": "pro-monthly",
    "date_from": 1767225600,
    "date_to": 1769904000,
    "discount_amount": 700,
    "item_level_discount_amount": 200,
    "tax_amount": 500,
    "pricing_model": "per_unit",
}
LINE_READ = InvoiceLine(
    id="li_1",
    description="Pro",
    amount=usd("57.00"),
    quantity=Decimal(3),
    unit_amount=usd("19.00"),
    price_id="pro-monthly",
    proration=None,
    period_start=at(1767225600),
    period_end=at(1769904000),
    discount=usd("7.00"),
    tax=usd("5.00"),
)
SENT: dict[str, Any] = {
    "id": "INV-1",
    "object": "invoice",
    "customer_id": "ada",
    "subscription_id": "s1",
    "status": "payment_due",
    "currency_code": "usd",
    "sub_total": 5700,
    "tax": 500,
    "total": 5500,
    "amount_due": 1000,
    "amount_paid": 2000,
    "credits_applied": 1500,
    "amount_adjusted": 1000,
    "write_off_amount": 0,
    "discounts": [
        {"object": "discount", "entity_type": "document_level_coupon", "amount": 500},
        {"entity_type": "item_level_coupon", "amount": 200},
    ],
    "dunning_status": "in_progress",
    "line_items": [LINE],
    "date": 1767225600,
    "due_date": 1767225601,
    "paid_at": 1767225602,
    "voided_at": 1767225603,
    "generated_at": 1767225604,
    "updated_at": 1767225605,
    "deleted": False,
}
READ = Invoice(
    provider="chargebee",
    id="INV-1",
    raw=RawJson(raw(SENT)),
    number="INV-1",
    customer_id="ada",
    subscription_id="s1",
    status=InvoiceStatus.OPEN,
    vendor_status="payment_due",
    collection_state=CollectionState.IN_DUNNING,
    currency="USD",
    subtotal=usd("57.00"),
    discount_total=usd("7.00"),
    tax=usd("5.00"),
    total=usd("55.00"),
    amount_paid=usd("20.00"),
    amount_due=usd("10.00"),
    credits_applied=usd("25.00"),
    lines=[LINE_READ],
    issued_at=at(1767225600),
    due_at=at(1767225601),
    paid_at=at(1767225602),
    voided_at=at(1767225603),
    created_at=at(1767225604),
    updated_at=at(1767225605),
)
BARE = {"id": "1", "status": "paid", "currency_code": "JPY", "sub_total": 500, "total": 500, "amount_due": 0, "amount_paid": 500}
BARE_READ = Invoice(
    provider="chargebee",
    id="1",
    raw=RawJson(raw(BARE)),
    number="1",
    customer_id=None,
    subscription_id=None,
    status=InvoiceStatus.PAID,
    vendor_status="paid",
    collection_state=CollectionState.NONE,
    currency="JPY",
    subtotal=Money(500, "JPY"),
    discount_total=Money(0, "JPY"),
    tax=Money(0, "JPY"),
    total=Money(500, "JPY"),
    amount_paid=Money(500, "JPY"),
    amount_due=Money(0, "JPY"),
    credits_applied=Money(0, "JPY"),
)


def read(sent: dict[str, Any]) -> Invoice:
    invoice = walk(INVOICES.get("INV/1"), get("/invoices/INV%2F1", {"invoice": sent}))
    assert isinstance(invoice, Invoice)
    return invoice


@pytest.mark.parametrize(("sent", "expected"), [(SENT, READ), (BARE, BARE_READ)])
def test_every_field_is_read(sent: dict[str, Any], expected: Invoice) -> None:
    """Case 29: what is due is what is outstanding now."""
    assert read(sent) == expected


@pytest.mark.parametrize(
    ("more", "status", "number"),
    [
        ({"status": "pending"}, InvoiceStatus.DRAFT, None),
        ({"status": "posted"}, InvoiceStatus.OPEN, "INV-1"),
        ({"status": "payment_due"}, InvoiceStatus.OPEN, "INV-1"),
        ({"status": "not_paid"}, InvoiceStatus.OPEN, "INV-1"),
        ({"status": "not_paid", "write_off_amount": 5}, InvoiceStatus.OPEN, "INV-1"),
        ({"status": "paid"}, InvoiceStatus.PAID, "INV-1"),
        ({"status": "paid", "write_off_amount": 1}, InvoiceStatus.UNCOLLECTIBLE, "INV-1"),
        ({"status": "voided"}, InvoiceStatus.VOID, "INV-1"),
        ({"status": "new_word"}, InvoiceStatus.UNKNOWN, "INV-1"),
    ],
)
def test_statuses_become_ours_and_bad_debt_is_not_paid(more: dict[str, Any], status: InvoiceStatus, number: str | None) -> None:
    """Cases 17 and 52."""
    found = read(SENT | more)
    assert (found.status, found.vendor_status, found.number) == (status, more["status"], number)


@pytest.mark.parametrize(
    ("status", "dunning", "state"),
    [
        ("payment_due", "in_progress", CollectionState.IN_DUNNING),
        ("not_paid", "exhausted", CollectionState.EXHAUSTED),
        ("payment_due", "stopped", CollectionState.EXHAUSTED),
        ("payment_due", "success", CollectionState.NONE),
        ("payment_due", "new_word", CollectionState.UNKNOWN),
        ("new_word", "in_progress", CollectionState.IN_DUNNING),
        ("payment_due", None, CollectionState.NONE),
        ("posted", None, CollectionState.NONE),
        ("not_paid", None, CollectionState.EXHAUSTED),
        ("paid", "stopped", CollectionState.NONE),
        ("voided", "in_progress", CollectionState.NONE),
        ("pending", "in_progress", CollectionState.NONE),
    ],
)
def test_only_open_invoices_are_in_collection(status: str, dunning: str | None, state: CollectionState) -> None:
    """Case 53."""
    assert read(SENT | {"status": status, "dunning_status": dunning}).collection_state is state


@pytest.mark.parametrize(
    ("more", "field", "value"),
    [
        ({"id": None}, "id", ""),
        ({"description": None}, "description", None),
        ({"amount": None, "amount_in_decimal": "57.005"}, "amount", usd("57.005")),
        ({"amount_in_decimal": "57.005"}, "amount", usd("57.005")),
        ({"quantity": None}, "quantity", None),
        ({"quantity_in_decimal": "2.5"}, "quantity", Decimal("2.5")),
        ({"unit_amount": None}, "unit_amount", None),
        ({"unit_amount_in_decimal": "0.005"}, "unit_amount", usd("0.005")),
        ({"entity_type": "addon_item_price"}, "price_id", "pro-monthly"),
        ({"entity_type": "charge_item_price"}, "price_id", "pro-monthly"),
        ({"entity_type": "plan"}, "price_id", "pro-monthly"),
        ({"entity_type": "addon"}, "price_id", "pro-monthly"),
        ({"entity_type": "adhoc"}, "price_id", None),
        ({"entity_type": "plan_setup"}, "price_id", None),
        ({"entity_type": None}, "price_id", None),
        ({"proration_mode": "delta"}, "proration", True),
        ({"discount_amount": None}, "discount", None),
        ({"tax_amount": None}, "tax", None),
        ({"tax_amount": 0}, "tax", usd("0")),
    ],
)
def test_lines_become_ours(more: dict[str, Any], field: str, value: object) -> None:
    """Case 26."""
    (line,) = read(SENT | {"line_items": [LINE | more]}).lines
    assert getattr(line, field) == value


@pytest.mark.parametrize("name", ["id", "status", "currency_code", "sub_total", "total", "amount_due", "amount_paid"])
def test_an_invoice_without_its_amounts_is_a_protocol_error_and_not_zero(name: str) -> None:
    with pytest.raises(ProtocolError):
        read({key: value for key, value in SENT.items() if key != name})
    with pytest.raises(ProtocolError):
        read(SENT | {"line_items": [{"id": "li_1"}]})


def test_a_currency_that_is_none_is_a_protocol_error() -> None:
    with pytest.raises(ProtocolError, match="a currency that is not a three-letter code"):
        read(SENT | {"currency_code": "dollar"})


def line(number: int) -> dict[str, Any]:
    return {"id": f"li_{number}", "amount": number}


@pytest.mark.parametrize("name", ["amount_in_decimal", "unit_amount_in_decimal"])
def test_an_amount_of_a_line_that_is_no_number_is_a_protocol_error(name: str) -> None:
    with pytest.raises(ProtocolError, match="an invalid amount"):
        read(SENT | {"line_items": [LINE | {name: "NaN"}]})


def test_all_lines_are_fetched_however_many_requests_they_take() -> None:
    """Case 57. `raw` is the first answer's."""
    first = SENT | {"line_items": [line(1)], "line_items_next_offset": "o1"}
    found = walk(
        INVOICES.get("INV-1"),
        get("/invoices/INV-1", {"invoice": first}),
        get("/invoices/INV-1", {"invoice": SENT | {"line_items": [line(2)], "line_items_next_offset": "o2"}}, {"line_items_offset": "o1"}),
        get("/invoices/INV-1", {"invoice": SENT | {"line_items": [line(3)]}}, {"line_items_offset": "o2"}),
    )
    assert [each.id for each in found.lines] == ["li_1", "li_2", "li_3"]
    assert found.raw == RawJson(raw(first))


def test_lines_that_never_end_are_a_protocol_error() -> None:
    """Case 20."""
    again = SENT | {"line_items_next_offset": "o1"}
    with pytest.raises(ProtocolError, match="same cursor of a list twice"):
        walk(
            INVOICES.get("INV-1"),
            get("/invoices/INV-1", {"invoice": again}),
            get("/invoices/INV-1", {"invoice": again}, {"line_items_offset": "o1"}),
        )


@pytest.mark.parametrize(
    ("query", "filter"),
    [
        (InvoiceQuery(), {"limit": "100"}),
        (InvoiceQuery(customer="ada"), {"limit": "100", "customer_id[is]": "ada"}),
        (InvoiceQuery(subscription="s1", page_size=2, cursor="o"), {"limit": "2", "offset": "o", "subscription_id[is]": "s1"}),
    ],
)
def test_the_list_is_newest_first_with_all_lines_of_each(query: InvoiceQuery, filter: dict[str, str]) -> None:
    long = BARE | {"line_items": [line(1)], "line_items_next_offset": "l"}
    entries = [{"invoice": each} for each in (SENT, long, SENT | {"deleted": True}, BARE)]
    page = walk(
        INVOICES.list(query),
        get("/invoices", {"list": entries, "next_offset": "n"}, filter | {"sort_by[desc]": "date"}),
        get("/invoices/1", {"invoice": BARE | {"line_items": [line(2)]}}, {"line_items_offset": "l"}),
    )
    assert isinstance(page, Page)
    assert (page.items[0], page.items[2], page.next_cursor) == (READ, BARE_READ, "n")
    assert [each.amount for each in page.items[1].lines] == [Money(1, "JPY"), Money(2, "JPY")]
    assert len(page.items) == 3


def test_a_deleted_or_unknown_invoice_is_not_found() -> None:
    with pytest.raises(NotFoundError) as caught:
        read(SENT | {"deleted": True})
    assert caught.value.deleted
    with pytest.raises(NotFoundError) as caught:
        walk(INVOICES.get("x"), get("/invoices/x", refused(404, "resource_not_found")))
    assert not caught.value.deleted


def test_invoices_of_a_time_go_by_their_date_from_the_oldest_on() -> None:
    """Case 23."""
    sent = {"date[after]": "99", "date[before]": "200", "sort_by[asc]": "date", "limit": "100"}
    query = InvoiceQuery(created_gte=at(100), created_lt=at(200), order="oldest_first")
    entries = [{"invoice": SENT | {"id": str(second), "date": second}} for second in (99, 100, 199, 200)]
    page = walk(INVOICES.list(query), get("/invoices", {"list": entries}, sent))
    assert [each.id for each in page.items] == ["100", "199"]
