"""Customers: every request exactly, every field of the translation, older shapes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from billbridge.errors import NotFoundError, TransportTimeoutError, ValidationError
from billbridge.flow import Response
from billbridge.model import Address, Customer, CustomerPatch, CustomerQuery, NewCustomer, Page
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
WIRE: dict[str, Any] = {
    "id": "cus_1",
    "object": "customer",
    "address": {"city": "London", "country": "GB", "line1": "1 St James's Sq", "line2": "Flat 2", "postal_code": "SW1Y", "state": "LND"},
    "balance": 0,
    "created": 1769860800,
    "currency": "gbp",
    "default_source": None,
    "delinquent": False,
    "email": "ada@example.com",
    "invoice_settings": {"custom_fields": None, "default_payment_method": "pm_1", "footer": None},
    "livemode": False,
    "metadata": {"plan": "ü"},
    "name": "Ada King Lovelace",
    "phone": "+44 20",
    "preferred_locales": ["en"],
    "tax_exempt": "none",
}
ADDRESS = Address(line1="1 St James's Sq", line2="Flat 2", city="London", state="LND", postal_code="SW1Y", country="GB")
RAW = json.dumps(WIRE).encode()
CUSTOMER = Customer(
    provider="stripe",
    id="cus_1",
    raw=msgspec.Raw(RAW),
    email="ada@example.com",
    name="Ada King Lovelace",
    phone="+44 20",
    address=ADDRESS,
    metadata={"plan": "ü"},
    default_payment_method_id="pm_1",
    created_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
)
MISSING = (404, {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such customer", "param": "id"}})


def test_create_sends_what_is_given(walk: Walk, stripe: StripeProvider) -> None:
    new = NewCustomer(email="ada@example.com", name="Ada", phone="+44 20", address=ADDRESS, metadata={"plan": "ü"})
    body = (
        "email=ada@example.com&name=Ada&phone=+44 20&address[line1]=1 St James's Sq&address[line2]=Flat 2&address[city]=London"
        "&address[state]=LND&address[postal_code]=SW1Y&address[country]=GB&metadata[plan]=ü"
    )
    assert walk(stripe.customers.create(new), ("POST /v1/customers", body, WIRE)) == CUSTOMER


def test_create_leaves_out_what_is_not_given(walk: Walk, stripe: StripeProvider) -> None:
    """Cases 2 and 19: None is omitted, and a POST without parameters still says its content type."""
    assert walk(stripe.customers.create(NewCustomer()), ("POST /v1/customers", "", WIRE)) == CUSTOMER
    new = NewCustomer(address=Address(city="Paris"))
    assert walk(stripe.customers.create(new), ("POST /v1/customers", "address[city]=Paris", WIRE)) == CUSTOMER


def test_get_reads_every_field(walk: Walk, stripe: StripeProvider) -> None:
    assert walk(stripe.customers.get("cus_1"), ("GET /v1/customers/cus_1", None, WIRE)) == CUSTOMER


def test_an_id_is_percent_encoded_and_an_empty_one_never_sent(walk: Walk, stripe: StripeProvider) -> None:
    """Case 5."""
    line = "GET /v1/customers/a%2Fb%20%25%C3%BC"
    assert walk(stripe.customers.get("a/b %ü"), (line, None, WIRE)) == CUSTOMER
    with pytest.raises(ValidationError):
        walk(stripe.customers.get(""))


def test_the_least_that_stripe_can_send_reads_too(walk: Walk, stripe: StripeProvider) -> None:
    """Nulls, absent fields, and an address of nulls only."""
    bare = Customer(provider="stripe", id="cus_1", raw=msgspec.Raw(b'{"id": "cus_1"}'))
    assert walk(stripe.customers.get("cus_1"), ("GET /v1/customers/cus_1", None, {"id": "cus_1"})) == bare
    nulls = {**dict.fromkeys(WIRE), "deleted": None, "id": "cus_1", "address": dict.fromkeys(WIRE["address"]) | {"line2": ""}}
    found = walk(stripe.customers.get("cus_1"), ("GET /v1/customers/cus_1", None, nulls))
    assert msgspec.structs.replace(found, raw=bare.raw) == bare


@pytest.mark.parametrize(
    "old",
    [
        {"invoice_settings": {"default_payment_method": {"id": "pm_1", "object": "payment_method", "type": "card"}}},
        {"invoice_settings": {"default_payment_method": None}, "default_source": "pm_1"},
        {"invoice_settings": None, "default_source": {"id": "pm_1", "object": "card", "brand": "Visa"}},
        {"default_source": "card_older"},
    ],
)
def test_every_way_of_naming_the_default_method_reads_the_same(walk: Walk, stripe: StripeProvider, old: dict[str, Any]) -> None:
    """Case 34: expanded, an older source as id or as card object, and a payment method before a source."""
    found = walk(stripe.customers.get("cus_1"), ("GET /v1/customers/cus_1", None, {**WIRE, **old}))
    assert msgspec.structs.replace(found, raw=CUSTOMER.raw) == CUSTOMER


@pytest.mark.parametrize("call", ["get", "update"])
def test_a_deleted_customer_is_not_found(walk: Walk, stripe: StripeProvider, call: str) -> None:
    """Case 65: Stripe answers 200 with the remains."""
    gone = {"id": "cus_1", "object": "customer", "deleted": True}
    flow = stripe.customers.get("cus_1") if call == "get" else stripe.customers.update("cus_1", CustomerPatch(name="A"))
    line = ("GET /v1/customers/cus_1", None, gone) if call == "get" else ("POST /v1/customers/cus_1", "name=A", gone)
    with pytest.raises(NotFoundError) as caught:
        walk(flow, line)
    assert (caught.value.deleted, caught.value.provider, caught.value.status) == (True, "stripe", 200)
    assert caught.value.raw == json.dumps(gone).encode()


@pytest.mark.parametrize(
    ("patch", "body"),
    [
        (CustomerPatch(), ""),
        (CustomerPatch(email="b@example.com", name="B", phone="1"), "email=b@example.com&name=B&phone=1"),
        (CustomerPatch(email=None, name=None, phone=None), "email=&name=&phone="),
        (CustomerPatch(metadata={"a": "1", "b": ""}), "metadata[a]=1&metadata[b]="),
        (CustomerPatch(metadata=None), "metadata="),
        (CustomerPatch(metadata={}), ""),
        (CustomerPatch(address=None), "address="),
        (
            CustomerPatch(address=Address(line1="1", country="GB")),
            "address[line1]=1&address[line2]=&address[city]=&address[state]=&address[postal_code]=&address[country]=GB",
        ),
    ],
)
def test_update_sends_changes_clears_with_nothing_and_replaces_the_address(
    walk: Walk, stripe: StripeProvider, patch: CustomerPatch, body: str
) -> None:
    """Case 2."""
    assert walk(stripe.customers.update("cus_1", patch), ("POST /v1/customers/cus_1", body, WIRE)) == CUSTOMER


@pytest.mark.parametrize("history", [True, False])
def test_delete_is_one_request(walk: Walk, stripe: StripeProvider, history: bool) -> None:
    gone = {"id": "cus_1", "object": "customer", "deleted": True}
    assert walk(stripe.customers.delete("cus_1", destroy_history=history), ("DELETE /v1/customers/cus_1", None, gone)) is None


def test_delete_of_an_unknown_customer_is_not_found(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(NotFoundError):
        walk(stripe.customers.delete("cus_1"), ("DELETE /v1/customers/cus_1", None, MISSING))


def test_delete_whose_answer_was_lost_is_done_when_the_customer_is_gone(
    walk: Walk, stripe: StripeProvider, lost: TransportTimeoutError
) -> None:
    line = "DELETE /v1/customers/cus_1"
    assert walk(stripe.customers.delete("cus_1"), (line, None, lost), (line, None, MISSING), retries=1) is None


def test_list_filters_and_reads_each_customer_with_its_own_bytes(walk: Walk, stripe: StripeProvider) -> None:
    first, second = RAW, b'{"id":"cus_2", "created":1769860800}'
    body = b'{"object":"list","data":[' + first + b" , " + second + b'],"has_more":true,"url":"/v1/customers"}'
    query = CustomerQuery(email="Ada@example.com", page_size=2, cursor="cus_0")
    line = "GET /v1/customers?email=Ada@example.com&limit=2&starting_after=cus_0"
    page = walk(stripe.customers.list(query), (line, None, Response(status=200, body=body)))
    other = Customer(provider="stripe", id="cus_2", raw=msgspec.Raw(second), created_at=CUSTOMER.created_at)
    assert page == Page(items=[CUSTOMER, other], next_cursor="cus_2")


@pytest.mark.parametrize("answer", [{"data": [WIRE], "has_more": False}, {"data": [WIRE]}])
def test_the_last_page_has_no_cursor(walk: Walk, stripe: StripeProvider, answer: dict[str, Any]) -> None:
    """Case 20."""
    page = walk(stripe.customers.list(CustomerQuery()), ("GET /v1/customers?limit=100", None, answer))
    assert page.next_cursor is None
    assert len(page.items) == 1


def test_an_empty_page_ends_the_list_whatever_it_says(walk: Walk, stripe: StripeProvider) -> None:
    """Case 20."""
    answer = {"data": [], "has_more": True}
    assert walk(stripe.customers.list(CustomerQuery()), ("GET /v1/customers?limit=100", None, answer)) == Page(items=[])
