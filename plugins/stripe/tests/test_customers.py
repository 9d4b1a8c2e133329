"""Customers: every request exactly, every field of the translation, older shapes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from billbridge.errors import NotFoundError, TransportTimeoutError, ValidationError
from billbridge.model import (
    Address,
    Customer,
    CustomerPatch,
    NewCustomer,
    NewTaxId,
    Shipping,
    TaxExempt,
    TaxId,
    TaxIdStatus,
)
from billbridge.model.raw import RawJson
from billbridge.money import Money
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
WIRE: dict[str, Any] = {
    "id": "cus_1",
    "object": "customer",
    "address": {"city": "London", "country": "GB", "line1": "1 St James's Sq", "line2": "Flat 2", "postal_code": "SW1Y", "state": "LND"},
    "balance": -500,
    "created": 1769860800,
    "currency": "gbp",
    "business_name": "Analytical Engines",
    "default_source": None,
    "delinquent": False,
    "description": "Pays late",
    "discount": None,
    "email": "ada@example.com",
    "invoice_settings": {"custom_fields": None, "default_payment_method": "pm_1", "footer": None},
    "livemode": False,
    "metadata": {"plan": "ü"},
    "name": "Ada King Lovelace",
    "phone": "+44 20",
    "preferred_locales": ["en", "fr"],
    "shipping": {
        "address": {"city": "Paris", "country": "FR", "line1": "2 Rue", "line2": None, "postal_code": "75001", "state": ""},
        "carrier": None,
        "name": "Ada's aunt",
        "phone": "+33 1",
        "tracking_number": None,
    },
    "tax_exempt": "reverse",
    "tax_ids": {
        "object": "list",
        "data": [
            {
                "id": "txi_1",
                "object": "tax_id",
                "country": "DE",
                "created": 1769860800,
                "customer": "cus_1",
                "livemode": False,
                "type": "eu_vat",
                "value": "DE123456789",
                "verification": {"status": "pending", "verified_address": None, "verified_name": None},
            }
        ],
        "has_more": False,
        "url": "/v1/customers/cus_1/tax_ids",
    },
}
ADDRESS = Address(line1="1 St James's Sq", line2="Flat 2", city="London", state="LND", postal_code="SW1Y", country="GB")
SHIPPING = Shipping(name="Ada's aunt", phone="+33 1", address=Address(line1="2 Rue", city="Paris", postal_code="75001", country="FR"))
TAX_ID = TaxId(id="txi_1", type="eu_vat", value="DE123456789", status=TaxIdStatus.PENDING, vendor_status="pending", country="DE")
GET = "GET /v1/customers/cus_1?expand[0]=tax_ids&expand[1]=invoice_credit_balance"
RAW = json.dumps(WIRE).encode()
CUSTOMER = Customer(
    provider="stripe",
    id="cus_1",
    raw=RawJson(RAW),
    email="ada@example.com",
    name="Ada King Lovelace",
    company="Analytical Engines",
    phone="+44 20",
    description="Pays late",
    locale="en",
    address=ADDRESS,
    shipping=SHIPPING,
    tax_exempt=TaxExempt.REVERSE,
    vendor_tax_exempt="reverse",
    tax_ids=[TAX_ID],
    currency="GBP",
    credit_balance=[Money("5.00", "GBP")],
    delinquent=False,
    metadata={"plan": "ü"},
    default_payment_method_id="pm_1",
    created_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
)
MISSING = (404, {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such customer", "param": "id"}})


def test_create_sends_what_is_given(walk: Walk, stripe: StripeProvider) -> None:
    """Case 1: the elements of a list are numbered, each with all its parts."""
    new = NewCustomer(
        email="ada@example.com",
        name="Ada",
        company="Engines",
        phone="+44 20",
        description="D",
        locale="fr-CA",
        address=ADDRESS,
        shipping=SHIPPING,
        tax_exempt="reverse",
        tax_ids=[NewTaxId(type="eu_vat", value="DE123456789"), NewTaxId(type="us_ein", value="12-3456789")],
        metadata={"plan": "ü"},
    )
    body = (
        "email=ada@example.com&name=Ada&business_name=Engines&phone=+44 20&description=D&preferred_locales[0]=fr-CA"
        "&address[line1]=1 St James's Sq&address[line2]=Flat 2&address[city]=London"
        "&address[state]=LND&address[postal_code]=SW1Y&address[country]=GB"
        "&shipping[name]=Ada's aunt&shipping[phone]=+33 1&shipping[address][line1]=2 Rue&shipping[address][city]=Paris"
        "&shipping[address][postal_code]=75001&shipping[address][country]=FR&tax_exempt=reverse"
        "&tax_id_data[0][type]=eu_vat&tax_id_data[0][value]=DE123456789&tax_id_data[1][type]=us_ein&tax_id_data[1][value]=12-3456789"
        "&metadata[plan]=ü&expand[0]=tax_ids&expand[1]=invoice_credit_balance"
    )
    assert walk(stripe.customers.create(new), ("POST /v1/customers", body, WIRE)) == CUSTOMER


def test_create_leaves_out_what_is_not_given(walk: Walk, stripe: StripeProvider) -> None:
    """Cases 2 and 19: None is omitted, and a POST without parameters still says its content type."""
    assert (
        walk(stripe.customers.create(NewCustomer()), ("POST /v1/customers", "expand[0]=tax_ids&expand[1]=invoice_credit_balance", WIRE))
        == CUSTOMER
    )
    new = NewCustomer(address=Address(city="Paris"))
    assert (
        walk(
            stripe.customers.create(new),
            ("POST /v1/customers", "address[city]=Paris&expand[0]=tax_ids&expand[1]=invoice_credit_balance", WIRE),
        )
        == CUSTOMER
    )


def test_get_reads_every_field(walk: Walk, stripe: StripeProvider) -> None:
    assert walk(stripe.customers.get("cus_1"), (GET, None, WIRE)) == CUSTOMER


def test_an_id_is_percent_encoded_and_an_empty_one_never_sent(walk: Walk, stripe: StripeProvider) -> None:
    """Case 5."""
    line = "GET /v1/customers/a%2Fb%20%25%C3%BC?expand[0]=tax_ids&expand[1]=invoice_credit_balance"
    assert walk(stripe.customers.get("a/b %ü"), (line, None, WIRE)) == CUSTOMER
    with pytest.raises(ValidationError):
        walk(stripe.customers.get(""))


def test_the_least_that_stripe_can_send_reads_too(walk: Walk, stripe: StripeProvider) -> None:
    """Nulls, absent fields, and an address of nulls only."""
    bare = Customer(provider="stripe", id="cus_1", raw=RawJson(b'{"id": "cus_1"}'))
    assert walk(stripe.customers.get("cus_1"), (GET, None, {"id": "cus_1"})) == bare
    nulls = {**dict.fromkeys(WIRE), "deleted": None, "id": "cus_1", "address": dict.fromkeys(WIRE["address"]) | {"line2": ""}}
    found = walk(stripe.customers.get("cus_1"), (GET, None, nulls))
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
    found = walk(stripe.customers.get("cus_1"), (GET, None, {**WIRE, **old}))
    assert msgspec.structs.replace(found, raw=CUSTOMER.raw) == CUSTOMER


@pytest.mark.parametrize("call", ["get", "update"])
def test_a_deleted_customer_is_not_found(walk: Walk, stripe: StripeProvider, call: str) -> None:
    """Case 65: Stripe answers 200 with the remains."""
    gone = {"id": "cus_1", "object": "customer", "deleted": True}
    flow = stripe.customers.get("cus_1") if call == "get" else stripe.customers.update("cus_1", CustomerPatch(name="A"))
    line = (
        (GET, None, gone)
        if call == "get"
        else ("POST /v1/customers/cus_1", "name=A&expand[0]=tax_ids&expand[1]=invoice_credit_balance", gone)
    )
    with pytest.raises(NotFoundError) as caught:
        walk(flow, line)
    assert (caught.value.deleted, caught.value.provider, caught.value.status) == (True, "stripe", 200)
    assert caught.value.raw == json.dumps(gone).encode()


@pytest.mark.parametrize(
    ("patch", "body"),
    [
        (CustomerPatch(), ""),
        (CustomerPatch(email="b@example.com", name="B", phone="1"), "email=b@example.com&name=B&phone=1&"),
        (CustomerPatch(email=None, name=None, phone=None), "email=&name=&phone=&"),
        (CustomerPatch(company="C", description="D", locale="de"), "business_name=C&description=D&preferred_locales[0]=de&"),
        (CustomerPatch(company=None, description=None), "business_name=&description=&"),
        (CustomerPatch(tax_exempt="exempt"), "tax_exempt=exempt&"),
        (CustomerPatch(tax_exempt=None), "tax_exempt=none&"),
        (CustomerPatch(metadata={"a": "1", "b": ""}), "metadata[a]=1&metadata[b]=&"),
        (CustomerPatch(metadata=None), "metadata=&"),
        (CustomerPatch(metadata={}), ""),
        (CustomerPatch(address=None, shipping=None), "address=&shipping=&"),
        (CustomerPatch(given_name=None, family_name=None), ""),
        (
            CustomerPatch(address=Address(line1="1", country="GB")),
            "address[line1]=1&address[line2]=&address[city]=&address[state]=&address[postal_code]=&address[country]=GB&",
        ),
        (
            CustomerPatch(shipping=Shipping(name="A", address=Address(city="Bonn"))),
            "shipping[name]=A&shipping[phone]=&shipping[address][line1]=&shipping[address][line2]=&shipping[address][city]=Bonn"
            "&shipping[address][state]=&shipping[address][postal_code]=&shipping[address][country]=&",
        ),
        (
            CustomerPatch(shipping=Shipping(name="A", phone="1", address=Address(city="Bonn", line1="1"))),
            "shipping[name]=A&shipping[phone]=1&shipping[address][line1]=1&shipping[address][line2]=&shipping[address][city]=Bonn"
            "&shipping[address][state]=&shipping[address][postal_code]=&shipping[address][country]=&",
        ),
    ],
)
def test_update_sends_changes_clears_with_nothing_and_replaces_addresses(
    walk: Walk, stripe: StripeProvider, patch: CustomerPatch, body: str
) -> None:
    """Case 2."""
    line = ("POST /v1/customers/cus_1", f"{body}expand[0]=tax_ids&expand[1]=invoice_credit_balance", WIRE)
    assert walk(stripe.customers.update("cus_1", patch), line) == CUSTOMER


def test_a_locale_that_stripe_cannot_clear_is_refused_before_anything_is_sent(walk: Walk, stripe: StripeProvider) -> None:
    with pytest.raises(ValidationError) as caught:
        walk(stripe.customers.update("cus_1", CustomerPatch(locale=None, name="A")))
    assert (caught.value.param, caught.value.provider) == ("locale", "stripe")


def read(walk: Walk, stripe: StripeProvider, **changes: Any) -> Customer:
    found: Customer = walk(stripe.customers.get("cus_1"), (GET, None, {**WIRE, **changes}))
    return msgspec.structs.replace(found, raw=CUSTOMER.raw)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"tax_exempt": "none"}, {"tax_exempt": TaxExempt.NONE, "vendor_tax_exempt": "none"}),
        ({"tax_exempt": "exempt"}, {"tax_exempt": TaxExempt.EXEMPT, "vendor_tax_exempt": "exempt"}),
        ({"tax_exempt": "sometimes"}, {"tax_exempt": TaxExempt.UNKNOWN, "vendor_tax_exempt": "sometimes"}),
        ({"preferred_locales": []}, {"locale": None}),
        ({"preferred_locales": None}, {"locale": None}),
        ({"tax_ids": None}, {"tax_ids": None}),
        ({"tax_ids": {"data": []}}, {"tax_ids": []}),
        ({"tax_ids": {"data": [{"id": "txi_1"}]}}, {"tax_ids": [TaxId(id="txi_1", type=None, value="")]}),
        ({"delinquent": True}, {"delinquent": True}),
        ({"shipping": {"name": None}}, {"shipping": Shipping(name="", address=Address())}),
        ({"shipping": {"name": "A", "phone": "", "address": None}}, {"shipping": Shipping(name="A", address=Address())}),
        ({"balance": 0}, {"credit_balance": []}),
        ({"balance": 700}, {"credit_balance": [Money("-7.00", "GBP")]}),
        ({"balance": -500, "currency": None}, {"credit_balance": [], "currency": None}),
        ({"invoice_credit_balance": {}}, {}),
        (
            {"invoice_credit_balance": {"gbp": 500, "jpy": -500, "eur": 0}},
            {"credit_balance": [Money("5.00", "GBP"), Money(-500, "JPY")]},
        ),
    ],
)
def test_each_shape_of_a_customer_reads_right(walk: Walk, stripe: StripeProvider, sent: dict[str, Any], expected: dict[str, Any]) -> None:
    """Cases 17 and 28: Stripe's balance of -500 is credit of 5.00."""
    assert read(walk, stripe, **sent) == msgspec.structs.replace(CUSTOMER, **expected)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("verified", TaxIdStatus.VERIFIED),
        ("pending", TaxIdStatus.PENDING),
        ("unverified", TaxIdStatus.INVALID),
        ("unavailable", TaxIdStatus.UNCHECKED),
        ("doubtful", TaxIdStatus.UNKNOWN),
    ],
)
def test_every_status_of_a_tax_id_has_its_neutral_word(walk: Walk, stripe: StripeProvider, word: str, status: TaxIdStatus) -> None:
    wire = {"data": [{**WIRE["tax_ids"]["data"][0], "verification": {"status": word}}]}
    tax_id = TaxId(id="txi_1", type="eu_vat", value="DE123456789", status=status, vendor_status=word, country="DE")
    assert read(walk, stripe, tax_ids=wire) == msgspec.structs.replace(CUSTOMER, tax_ids=[tax_id])


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
