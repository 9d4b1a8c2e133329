"""Payloads that real accounts, old API versions and public bug reports showed, and that were once read wrong. Each by its right value."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from billbridge import Money
from billbridge.errors import NotFoundError, ProtocolError, SignatureVerificationError, ValidationError
from billbridge.flow import Call, Request, Response
from billbridge.model import CollectionMethod, CustomerQuery, CustomerSearch, Discount, DiscountScope, InvoiceStatus, PriceQuery
from billbridge_stripe import StripeProvider
from billbridge_stripe.webhooks import verify

Walk = Callable[..., Any]
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
DEEP = b"[" * 100_000


def subscription(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "sub_1",
        "customer": "cus_1",
        "status": "active",
        "currency": "usd",
        "items": {"data": [*items], "has_more": False},
        **more,
    }


def price(**more: Any) -> dict[str, Any]:
    return {"id": "price_1", "currency": "usd", "product": "prod_1", "unit_amount": 500, "unit_amount_decimal": "500", **more}


def signed(body: bytes, time: str = str(int(NOW.timestamp()))) -> dict[str, str]:
    signature = hmac.digest(b"whsec_x", time.encode() + b"." + body, hashlib.sha256).hex()
    return {"Stripe-Signature": f"t={time},v1={signature}"}


def read_subscription(walk: Walk, stripe: StripeProvider, found: dict[str, Any]) -> Any:
    return walk(stripe.subscriptions.get("sub_1"), ("GET /v1/subscriptions/sub_1", None, found))


def test_a_discount_of_an_item_is_visible_with_the_items_id(walk: Walk, stripe: StripeProvider) -> None:
    whole = {"id": "di_2", "source": {"coupon": "TEN"}, "promotion_code": "promo_1", "start": 1788220800}
    items = [
        {"id": "si_1", "quantity": 1, "discounts": ["di_1"], "price": price()},
        {"id": "si_2", "quantity": 1, "discounts": [whole], "price": price()},
    ]
    found = read_subscription(walk, stripe, subscription(*items, discounts=["di_0"]))
    assert found.discounts == [
        Discount(id="di_0"),
        Discount(id="di_1", scope=DiscountScope.ITEM, item_id="si_1"),
        Discount(
            id="di_2", scope=DiscountScope.ITEM, item_id="si_2", coupon_id="TEN", promotion_code_id="promo_1", starts_at=NOW.replace(hour=0)
        ),
    ]
    assert read_subscription(walk, stripe, subscription(*items[:1], discounts=[])).discounts == [found.discounts[1]]


def test_an_amount_per_package_is_not_an_amount_per_unit(walk: Walk, stripe: StripeProvider) -> None:
    packages = price(billing_scheme="per_unit", transform_quantity={"divide_by": 10, "round": "up"})
    found = read_subscription(walk, stripe, subscription({"id": "si_1", "quantity": 25, "price": packages}))
    (item,) = found.items
    assert (item.quantity, item.unit_amount) == (Decimal(25), None)
    assert (item.package_amount, item.package_size) == (Money("5.00", "USD"), 10)
    read = walk(stripe.prices.get("price_1"), ("GET /v1/prices/price_1?expand[0]=tiers&expand[1]=currency_options", None, packages))
    assert (read.unit_amount, read.package_amount, read.package_size) == (None, Money("5.00", "USD"), 10)


LINE = {"id": "il_1", "amount": 1500, "currency": "usd", "quantity": 25}


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ({"pricing": {"unit_amount_decimal": "500", "price_details": {"price": "price_1"}}}, None),
        ({"price": price(transform_quantity={"divide_by": 10, "round": "up"})}, None),
        ({"quantity": 3, "pricing": {"unit_amount_decimal": "500"}}, Money("5.00", "USD")),
        ({"quantity": 3000, "pricing": {"unit_amount_decimal": "0.5"}}, Money("0.005", "USD")),
        ({"quantity": 1, "amount": 900, "pricing": {"unit_amount_decimal": "1900"}, "proration": True}, Money("19.00", "USD")),
        ({"quantity": 1, "amount": 0, "pricing": {"unit_amount_decimal": "1900"}}, Money("19.00", "USD")),
    ],
    ids=["package", "package of an old version", "unit", "fraction", "proration", "trial"],
)
def test_a_lines_unit_amount_is_of_one_unit_or_none(walk: Walk, stripe: StripeProvider, line: dict[str, Any], unit: Money | None) -> None:
    assert (
        walk(stripe.invoices.get("in_1"), ("GET /v1/invoices/in_1", None, invoice(lines={"data": [LINE | line]}))).lines[0].unit_amount
        == unit
    )


def invoice(**more: Any) -> dict[str, Any]:
    amounts = dict.fromkeys(("amount_paid", "amount_remaining", "subtotal", "total"), 0)
    return {"id": "in_1", "currency": "usd", "status": "open", "lines": {"data": []}, **amounts, **more}


def test_names_of_old_versions_are_read(walk: Walk, stripe: StripeProvider) -> None:
    """The names before 2019-10-17 (`account_balance`, `billing`) and before 2019-03-14 (`date`, `finalized_at`)."""
    found = walk(stripe.customers.get("cus_1"), (CUSTOMER, None, {"id": "cus_1", "currency": "usd", "account_balance": -1500}))
    assert found.credit_balance == [Money("15.00", "USD")]
    old = subscription(
        billing="send_invoice", start=1788264000, current_period_start=1788220800, discount={"id": "di_1", "coupon": {"id": "TEN"}}
    )
    read = read_subscription(walk, stripe, old)
    assert read.collection_method is CollectionMethod.SEND_INVOICE
    assert read.start_date == NOW
    assert read.current_period_start == NOW.replace(hour=0)
    assert read.discounts == [Discount(id="di_1", coupon_id="TEN")]
    paper = invoice(billing="send_invoice", attempted=True, date=1788220800, finalized_at=1788264000, subscription="sub_1", tax=5)
    bill = walk(stripe.invoices.get("in_1"), ("GET /v1/invoices/in_1", None, paper))
    assert (bill.created_at, bill.issued_at, bill.subscription_id) == (NOW.replace(hour=0), NOW, "sub_1")
    assert (bill.status, bill.collection_state, bill.tax) == (InvoiceStatus.OPEN, "none", Money("0.05", "USD"))


CUSTOMER = "GET /v1/customers/cus_1?expand[0]=tax_ids&expand[1]=invoice_credit_balance"
CUSTOMERS = "GET /v1/customers?expand[0]=data.tax_ids&expand[1]=data.invoice_credit_balance&limit=100"
HALF = (
    rb'{"has_more": false, "data": [{"id": "cus_1", "name": "A"}, {"id": "cus_2", "name": "Zo\ud83d", "email": "z@example.com"},'
    rb' {"id": "cus_3", "name": "\ud83d\ude00 \\ud83d", "metadata": {"\ude00": "x"}}]}'
)


def test_half_an_emoji_spoils_neither_its_row_nor_the_page(walk: Walk, stripe: StripeProvider) -> None:
    page = walk(stripe.customers.list(CustomerQuery()), (CUSTOMERS, None, Response(status=200, body=HALF)))
    assert [(each.id, each.name, each.email) for each in page.items] == [
        ("cus_1", "A", None),
        ("cus_2", "Zo\ufffd", "z@example.com"),
        ("cus_3", "\U0001f600 \\ud83d", None),
    ]
    assert page.items[2].metadata == {"\ufffd": "x"}
    assert page.items[1].raw_json()["name"] == "Zo\ufffd"
    raw = walk(stripe.raw.get("/v1/customers"), ("GET /v1/customers", None, Response(status=200, body=HALF)))
    assert raw["data"][1] == {"id": "cus_2", "name": "Zo\ufffd", "email": "z@example.com"}
    body = b'{"id": "evt_1", "type": "customer.updated", "created": 1788264000, "data": {"object": {"name": "Zo\\ud83d"}}}'
    assert verify(body, signed(body), secrets="whsec_x", now=NOW).raw_json()["data"]["object"]["name"] == "Zo\ufffd"


@pytest.mark.parametrize("currency", ["usdc", "", "us", "$", "usd "])
def test_a_currency_that_is_none_is_the_vendors_fault_everywhere(walk: Walk, stripe: StripeProvider, currency: str) -> None:
    rows = {"data": [price(), price(id="price_2", currency=currency)], "has_more": False}
    listed = "GET /v1/prices?expand[0]=data.tiers&expand[1]=data.currency_options&limit=100"
    customer = {"id": "cus_1", "currency": currency or "x", "balance": -5}
    wrong: list[Callable[[], Any]] = [
        lambda: walk(stripe.prices.list(PriceQuery(active=None)), (listed, None, rows)),
        lambda: walk(stripe.customers.get("cus_1"), (CUSTOMER, None, customer)),
        lambda: walk(stripe.invoices.get("in_1"), ("GET /v1/invoices/in_1", None, invoice(currency=currency))),
        lambda: read_subscription(walk, stripe, subscription({"id": "si_1", "price": price(currency=currency)}, currency=currency or "x")),
    ]
    for read in wrong:
        with pytest.raises(ProtocolError):
            read()


GETS: dict[str, tuple[Callable[[StripeProvider], Any], str]] = {
    "customer": (lambda stripe: stripe.customers.get("x"), "customers"),
    "product": (lambda stripe: stripe.products.get("x"), "products"),
    "price": (lambda stripe: stripe.prices.get("x"), "prices"),
    "meter": (lambda stripe: stripe.meters.get("x"), "billing/meters"),
    "coupon": (lambda stripe: stripe.coupons.get("x"), "coupons"),
    "promotion code": (lambda stripe: stripe.promotion_codes.get("x"), "promotion_codes"),
    "payment method": (lambda stripe: stripe.payment_methods.get("x"), "payment_methods"),
    "subscription": (lambda stripe: stripe.subscriptions.get("x"), "subscriptions"),
    "invoice": (lambda stripe: stripe.invoices.get("x"), "invoices"),
}


@pytest.mark.parametrize("resource", GETS)
def test_the_remains_of_a_deleted_object_are_not_found(stripe: StripeProvider, resource: str) -> None:
    get, path = GETS[resource]
    with pytest.raises(NotFoundError) as caught:
        answered(get(stripe), path)
    assert caught.value.deleted


def answered(flow: Any, path: str) -> None:
    """Runs a flow whose every request is answered with the remains of an object."""
    effect = next(flow)
    while True:
        if isinstance(effect, Request):
            assert effect.path == f"/v1/{path}/x"
            effect = flow.send(Response(status=200, body=b'{"id": "x", "deleted": true}'))
        else:
            effect = flow.send(Call(operation="tests.step", key="key", now=NOW))


def test_a_deleted_price_inside_an_object_does_not_fail_the_object(walk: Walk, stripe: StripeProvider) -> None:
    gone = {"id": "price_gone", "object": "price", "deleted": True}
    found = read_subscription(
        walk, stripe, subscription({"id": "si_1", "quantity": 1, "price": gone}, customer={"id": "cus_1", "deleted": True})
    )
    assert (found.customer_id, found.items[0].price_id, found.items[0].unit_amount) == ("cus_1", "price_gone", None)


def test_a_deleted_item_or_discount_is_no_part_of_the_subscription(walk: Walk, stripe: StripeProvider) -> None:
    items = [{"id": "si_1", "quantity": 1, "price": price()}, {"id": "si_2", "object": "subscription_item", "deleted": True}]
    found = read_subscription(walk, stripe, subscription(*items, discounts=["di_1", {"id": "di_2", "deleted": True, "source": {}}]))
    assert [item.id for item in found.items] == ["si_1"]
    assert found.discounts == [Discount(id="di_1")]


def test_lines_that_did_not_come_with_the_invoice_are_read(walk: Walk, stripe: StripeProvider) -> None:
    """An empty page of lines that says there are more: the list goes on, from its beginning."""
    bill = walk(
        stripe.invoices.get("in_1"),
        ("GET /v1/invoices/in_1", None, invoice(lines={"data": [], "has_more": True})),
        ("GET /v1/invoices/in_1/lines?limit=100", None, {"data": [LINE], "has_more": True}),
        ("GET /v1/invoices/in_1/lines?limit=100&starting_after=il_1", None, {"data": [{**LINE, "id": "il_2"}], "has_more": False}),
    )
    assert [line.id for line in bill.lines] == ["il_1", "il_2"]


def test_a_search_goes_on_after_an_empty_page(walk: Walk, stripe: StripeProvider) -> None:
    query = 'GET /v1/customers/search?query=email:"a@example.com"&expand[0]=data.tax_ids&expand[1]=data.invoice_credit_balance&limit=100'
    page = walk(
        stripe.customers.search(CustomerSearch(email="a@example.com")), (query, None, {"data": [], "has_more": True, "next_page": "p2"})
    )
    assert (page.items, page.next_cursor) == ([], "p2")  # the pager of the client goes on: core/tests/test_surface.py


def test_an_event_notification_is_a_delivery(walk: Walk) -> None:
    related = {"id": "mtr_1", "type": "billing.meter", "url": "/v1/billing/meters/mtr_1"}
    event = {
        "id": "evt_1",
        "object": "v2.core.event",
        "type": "v1.billing.meter.error_report_triggered",
        "created": "2026-09-01T11:59:59.000Z",
    }
    body = json.dumps({**event, "livemode": False, "related_object": related}).encode()
    delivery = verify(body, signed(body), secrets="whsec_x", now=NOW)
    assert (delivery.id, delivery.type, delivery.is_notification) == ("evt_1", "v1.billing.meter.error_report_triggered", True)
    assert (delivery.object_id, delivery.occurred_at) == ("mtr_1", datetime(2026, 9, 1, 11, 59, 59, tzinfo=UTC))
    for created in ("soon", "2026-09-01T11:59:59"):
        body = json.dumps({**event, "created": created}).encode()
        with pytest.raises(ProtocolError):
            verify(body, signed(body), secrets="whsec_x", now=NOW)


def test_data_that_is_nested_too_deeply_is_a_protocol_error(walk: Walk, stripe: StripeProvider) -> None:
    for flow, line in ((stripe.customers.get("cus_1"), CUSTOMER), (stripe.raw.get("/v1/x"), "GET /v1/x")):
        with pytest.raises(ProtocolError):
            walk(flow, (line, None, Response(status=200, body=DEEP)))
    body = b'{"id": "evt_1", "type": "x", "created": 1, "data": ' + DEEP
    with pytest.raises(ProtocolError):
        verify(body, signed(body), secrets="whsec_x", now=NOW)


BODY = b'{"id": "evt_1", "type": "x", "created": 1788264000}'


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"secrets": b"whsec_x"}, "secrets"),
        ({"secrets": [b"whsec_x"]}, "secrets"),
        ({"secrets": None}, "secrets"),
        ({"secrets": 5}, "secrets"),
        ({"now": NOW.replace(tzinfo=None)}, "now"),
        ({"now": 1788264000}, "now"),
        ({"headers": {"Stripe-Signature": b"t=1,v1=x"}}, "headers"),
        ({"headers": None}, "headers"),
        ({"headers": [("Stripe-Signature", "x")]}, "headers"),
        ({"body": "text"}, "body"),
    ],
    ids=str,
)
def test_a_wrong_argument_of_verify_is_the_callers_fault(wrong: dict[str, Any], param: str) -> None:
    given: dict[str, Any] = {"body": BODY, "headers": signed(BODY), "secrets": "whsec_x", "now": NOW, **wrong}
    with pytest.raises(ValidationError) as caught:
        verify(given.pop("body"), given.pop("headers"), **given)
    assert caught.value.param == param


@pytest.mark.parametrize(
    "headers",
    [{}, {"Stripe-Signature": None}, {"stripe-signature": ""}, signed(BODY, "9" * 400), signed(BODY, "0")],
    ids=["none", "None", "empty", "400 digits", "1970"],
)
def test_a_wrong_header_is_the_senders_fault(headers: Any) -> None:
    with pytest.raises(SignatureVerificationError):
        verify(BODY, headers, secrets="whsec_x", now=NOW)
