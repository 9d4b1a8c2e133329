"""Payloads that real sites, Product Catalog 1.0 and public bug reports showed, and that were once read wrong. Each by its right value."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from billbridge import Money
from billbridge.errors import NotFoundError, ProtocolError, SignatureVerificationError, ValidationError
from billbridge.flow import Response
from billbridge.model import Discount, DiscountScope, PriceQuery, ProductQuery, SubscriptionItem
from billbridge_chargebee import ChargebeeProvider
from billbridge_chargebee.webhooks import verify

from .stepping import get, walk

CHARGEBEE = ChargebeeProvider(api_key="test_x", site="acme-test")
DEEP = b"[" * 100_000


def subscription(**fields: Any) -> Any:
    sent = {"id": "s-1", "customer_id": "c-1", "status": "active", "currency_code": "USD", **fields}
    return walk(CHARGEBEE.subscriptions.get("s-1"), get("/subscriptions/s-1", {"subscription": sent}))


def test_every_addon_of_product_catalog_1_is_an_item() -> None:
    found = subscription(
        plan_id="base",
        plan_quantity=1,
        plan_unit_price=2000,
        addons=[
            {"id": "seat", "quantity": 5, "unit_price": 300},
            {"id": "hours", "quantity_in_decimal": "2.5", "unit_price_in_decimal": "0.005"},
        ],
        event_based_addons=[{"id": "setup", "quantity": 1, "unit_price": 9900, "on_event": "subscription_creation", "charge_once": True}],
    )
    assert found.items == [
        SubscriptionItem(id="base", price_id="base", quantity=Decimal(1), unit_amount=Money("20.00", "USD")),
        SubscriptionItem(id="seat", price_id="seat", quantity=Decimal(5), unit_amount=Money("3.00", "USD")),
        SubscriptionItem(id="hours", price_id="hours", quantity=Decimal("2.5"), unit_amount=Money("0.005", "USD")),
        SubscriptionItem(
            id="setup",
            price_id="setup",
            quantity=Decimal(1),
            unit_amount=Money("99.00", "USD"),
            one_time=True,
            charged_on="subscription_creation",
        ),
    ]
    assert [item.id for item in subscription(addons=[{"id": "seat", "quantity": 1}]).items] == ["seat"]


def test_a_decimal_quantity_is_not_cut_to_the_integer_beside_it() -> None:
    item = {"item_price_id": "hours", "item_type": "plan", "quantity": 2, "quantity_in_decimal": "2.5"}
    prices = {"unit_price": 10000, "unit_price_in_decimal": "100.00"}
    (read,) = subscription(subscription_items=[item | prices]).items
    assert (read.quantity, read.unit_amount, read.one_time) == (Decimal("2.5"), Money("100.00", "USD"), False)
    charge = subscription(subscription_items=[item | {"item_type": "charge", "charge_on_event": "on_demand"}]).items[0]
    assert (charge.one_time, charge.charged_on) == (True, "on_demand")


def test_a_discount_of_an_item_is_visible_with_the_items_id() -> None:
    whole, part = {"id": "d-1", "apply_on": "invoice_amount"}, {"id": "d-2", "apply_on": "specific_item_price", "item_price_id": "pro-USD"}
    found = subscription(discounts=[whole, part, {"id": "d-3", "apply_on": "something_new"}])
    assert found.discounts == [
        Discount(id="d-1"),
        Discount(id="d-2", scope=DiscountScope.ITEM, item_id="pro-USD"),
        Discount(id="d-3", scope=DiscountScope.UNKNOWN),
    ]


def test_a_package_has_no_amount_per_unit() -> None:
    tier = {"starting_unit": 1, "price": 500, "pricing_type": "package", "package_size": 10}
    sent = {"id": "p", "currency_code": "USD", "item_id": "calls", "pricing_model": "volume", "tiers": [tier]}
    price = walk(CHARGEBEE.prices.get("p"), get("/item_prices/p", {"item_price": sent}))
    assert (price.unit_amount, price.package_amount, price.package_size) == (None, Money("5.00", "USD"), 10)


INVOICE = {"id": "1", "status": "paid", "currency_code": "USD", "sub_total": 0, "total": 0, "amount_due": 0, "amount_paid": 0}


@pytest.mark.parametrize(("line", "proration"), [({}, None), ({"proration_mode": "delta"}, True)])
def test_a_site_that_does_not_say_whether_a_line_is_a_proration_leaves_it_unknown(line: dict[str, Any], proration: bool | None) -> None:
    sent = INVOICE | {"line_items": [{"id": "li", "amount": 5} | line]}
    assert walk(CHARGEBEE.invoices.get("1"), get("/invoices/1", {"invoice": sent})).lines[0].proration is proration


HALF = (
    rb'{"list": [{"item": {"id": "a", "name": "A"}}, {"item": {"id": "b", "name": "Zo\ud83d"}},'
    rb' {"item": {"id": "c", "name": "\ud83d\ude00"}}]}'
)


def test_half_an_emoji_spoils_neither_its_row_nor_the_page() -> None:
    sent = {"status[in]": '["active","archived"]', "sort_by[desc]": "updated_at", "limit": "100"}
    page = walk(CHARGEBEE.products.list(ProductQuery(active=None)), get("/items", Response(status=200, body=HALF), sent))
    assert [(each.id, each.name) for each in page.items] == [("a", "A"), ("b", "Zo\ufffd"), ("c", "\U0001f600")]
    raw = walk(CHARGEBEE.raw.get("/api/v2/items"), get("/items", Response(status=200, body=HALF)))
    assert raw["list"][1]["item"]["name"] == "Zo\ufffd"
    body = rb'{"id": "ev_1", "event_type": "x", "occurred_at": 1, "api_version": "v2", "content": {"n": "Zo\ud83d"}}'
    assert verify(body, basic("u", "p"), credentials=[("u", "p")]).raw_json()["content"]["n"] == "Zo\ufffd"


@pytest.mark.parametrize("currency", ["USDC", "", "US", "$"])
def test_a_currency_that_is_none_is_the_vendors_fault_everywhere(currency: str) -> None:
    price = {"id": "p", "currency_code": currency, "item_id": "pro", "pricing_model": "per_unit", "price": 5}
    sent = {"status[in]": '["active","archived"]', "sort_by[desc]": "updated_at", "limit": "100"}
    wrong: list[Callable[[], Any]] = [
        lambda: walk(CHARGEBEE.prices.list(PriceQuery(active=None)), get("/item_prices", {"list": [{"item_price": price}]}, sent)),
        lambda: walk(CHARGEBEE.invoices.get("1"), get("/invoices/1", {"invoice": INVOICE | {"currency_code": currency}})),
        lambda: subscription(currency_code=currency),
    ]
    for read in wrong:
        with pytest.raises(ProtocolError):
            read()


GETS: dict[str, tuple[Callable[[], Any], str, str]] = {
    "customer": (lambda: CHARGEBEE.customers.get("x"), "/customers/x", "customer"),
    "product": (lambda: CHARGEBEE.products.get("x"), "/items/x", "item"),
    "price": (lambda: CHARGEBEE.prices.get("x"), "/item_prices/x", "item_price"),
    "subscription": (lambda: CHARGEBEE.subscriptions.get("x"), "/subscriptions/x", "subscription"),
    "invoice": (lambda: CHARGEBEE.invoices.get("x"), "/invoices/x", "invoice"),
    "payment method": (lambda: CHARGEBEE.payment_methods.get("x"), "/payment_sources/x", "payment_source"),
}


@pytest.mark.parametrize("resource", GETS)
def test_the_remains_of_a_deleted_object_are_not_found(resource: str) -> None:
    start, path, kind = GETS[resource]
    with pytest.raises(NotFoundError) as caught:
        walk(start(), get(path, {kind: {"id": "x", "deleted": True}}))
    assert caught.value.deleted


def test_the_remains_of_a_deleted_object_do_not_spoil_a_list_and_an_empty_page_does_not_end_it() -> None:
    sent = {"status[in]": '["active","archived"]', "sort_by[desc]": "updated_at", "limit": "100"}
    price = {"id": "p", "currency_code": "USD", "item_id": "pro"}
    page = walk(
        CHARGEBEE.prices.list(PriceQuery(active=None)),
        get("/item_prices", {"list": [], "next_offset": "1"}, sent),
        get("/item_prices", {"list": [{"item_price": {"id": "x", "deleted": True}}], "next_offset": "2"}, sent | {"offset": "1"}),
        get("/item_prices", {"list": [{"item_price": price}]}, sent | {"offset": "2"}),
    )
    assert ([each.id for each in page.items], page.next_cursor) == (["p"], None)


def test_data_that_is_nested_too_deeply_is_a_protocol_error() -> None:
    for flow, path in ((CHARGEBEE.customers.get("x"), "/customers/x"), (CHARGEBEE.raw.get("/api/v2/x"), "/x")):
        with pytest.raises(ProtocolError):
            walk(flow, get(path, Response(status=200, body=DEEP)))
    body = b'{"id": "ev_1", "event_type": "x", "occurred_at": 1, "api_version": "v2", "content": ' + DEEP
    with pytest.raises(ProtocolError):
        verify(body, basic("u", "p"), credentials=[("u", "p")])


BODY = json.dumps({"id": "ev_1", "event_type": "x", "occurred_at": 1, "api_version": "v2"}).encode()


def basic(user: str, password: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"}


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"credentials": ("ab", "cd")}, "credentials"),
        ({"credentials": "ab"}, "credentials"),
        ({"credentials": b"ab"}, "credentials"),
        ({"credentials": None}, "credentials"),
        ({"credentials": [(b"u", b"p")]}, "credentials"),
        ({"credentials": [("u", "p", "x")]}, "credentials"),
        ({"headers": {"Authorization": b"Basic x"}}, "headers"),
        ({"headers": None}, "headers"),
        ({"body": "text"}, "body"),
    ],
    ids=str,
)
def test_a_wrong_argument_of_verify_is_the_callers_fault(wrong: dict[str, Any], param: str) -> None:
    given: dict[str, Any] = {"body": BODY, "headers": basic("a", "b"), "credentials": [("u", "p")], **wrong}
    with pytest.raises(ValidationError) as caught:
        verify(given.pop("body"), given.pop("headers"), **given)
    assert caught.value.param == param


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": None}, {"authorization": "Basic !"}, basic("a", "b")], ids=["none", "None", "odd", "wrong"]
)
def test_a_wrong_header_is_the_senders_fault(headers: Any) -> None:
    with pytest.raises(SignatureVerificationError):
        verify(BODY, headers, credentials=[("u", "p")])
