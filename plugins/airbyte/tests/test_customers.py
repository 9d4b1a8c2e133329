"""Customers: every request exactly, every field of the translation, records with less than Stripe's."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from billbridge.errors import NotFoundError, ProtocolError, TransportError, TransportTimeoutError, ValidationError
from billbridge.model import Address, Customer, CustomerQuery, Shipping, TaxExempt
from billbridge.model.raw import RawJson
from billbridge.money import Money
from billbridge_airbyte import AirbyteStripeProvider

Walk = Callable[..., Any]
WIRE: dict[str, Any] = {
    "id": "cus_1",
    "object": "customer",
    "email": "ada@example.com",
    "name": "Ada",
    "business_name": "Analytical Engines",
    "description": "Pays late",
    "phone": "+44 20",
    "address": {"city": "London", "country": "GB", "line1": "7 Lane", "line2": None, "postal_code": "SW1Y", "state": ""},
    "metadata": {"plan": "ü"},
    "created": 1769860800,
    "balance": -1250,
    "currency": "gbp",
    "default_currency": "gbp",
    "delinquent": False,
    "default_source": "card_1",
    "invoice_settings": {"default_payment_method": "pm_1"},
    "livemode": False,
    "preferred_locales": ["fr-CA", "en"],
    "shipping": {"name": "Dock 3", "phone": "", "address": {"city": "Hull", "country": "GB", "line1": None}},
    "tax_exempt": "reverse",
}
RAW = json.dumps(WIRE, ensure_ascii=False, indent=1).encode()
CUSTOMER = Customer(
    provider="airbyte-stripe",
    id="cus_1",
    raw=RawJson(RAW),
    email="ada@example.com",
    name="Ada",
    company="Analytical Engines",
    phone="+44 20",
    description="Pays late",
    locale="fr-CA",
    address=Address(line1="7 Lane", city="London", postal_code="SW1Y", country="GB"),
    shipping=Shipping(name="Dock 3", address=Address(city="Hull", country="GB")),
    tax_exempt=TaxExempt.REVERSE,
    vendor_tax_exempt="reverse",
    currency="GBP",
    credit_balance=[Money("12.50", "GBP")],
    delinquent=False,
    metadata={"plan": "ü"},
    default_payment_method_id="pm_1",
    created_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
)


def got(walk: Walk, airbyte: AirbyteStripeProvider, **changes: Any) -> Customer:
    found, _ = walk(airbyte.customers.get("cus_1"), {"status": "success", "result": {**WIRE, **changes}})
    assert isinstance(found, Customer)
    return found


def test_get_asks_the_connector_and_reads_every_field(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    found, sent = walk(airbyte.customers.get("cus_1"), (200, b'{"status": "success", "result":' + RAW + b', "warning": null}'))
    assert found == CUSTOMER
    assert bytes(found.raw) == RAW
    (request,) = sent
    assert (request.method, request.path, request.query, request.route) == (
        "POST",
        "/api/v1/integrations/connectors/con_1/execute",
        "",
        None,
    )
    assert json.loads(request.body) == {"entity": "customers", "action": "get", "params": {"id": "cus_1"}, "skip_truncation": True}
    assert request.headers == {"Content-Type": "application/json"}


def test_list_asks_for_the_filter_the_size_and_the_place(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    query = CustomerQuery(email="ada@example.com", page_size=2, cursor="cus_9")
    page, (request,) = walk(airbyte.customers.list(query), (200, b'{"result": [' + RAW + b'], "connector_metadata": {"has_more": true}}'))
    assert page.items == [CUSTOMER]
    assert bytes(page.items[0].raw) == RAW
    assert page.next_cursor == "cus_1"
    assert json.loads(request.body) == {
        "entity": "customers",
        "action": "list",
        "params": {"limit": 2, "starting_after": "cus_9", "email": "ada@example.com"},
        "skip_truncation": True,
    }


def test_list_leaves_out_what_is_not_given(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    _, (request,) = walk(airbyte.customers.list(CustomerQuery()), {"result": [], "connector_metadata": {"has_more": False}})
    assert json.loads(request.body)["params"] == {"limit": 100}


def test_a_record_may_hold_no_more_than_its_id(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    found, _ = walk(airbyte.customers.get("cus_1"), {"result": {"id": "cus_1"}})
    assert found == Customer(provider="airbyte-stripe", id="cus_1", raw=RawJson(b'{"id": "cus_1"}'))
    assert (found.tax_exempt, found.tax_ids, found.delinquent, found.credit_balance) == (TaxExempt.UNKNOWN, None, None, [])


@pytest.mark.parametrize(
    ("changes", "method"),
    [
        ({"invoice_settings": {"default_payment_method": {"id": "pm_2", "object": "payment_method"}}}, "pm_2"),
        ({"invoice_settings": None}, "card_1"),
        ({"invoice_settings": {}, "default_source": {"id": "src_1"}}, "src_1"),
        ({"invoice_settings": None, "default_source": None}, None),
    ],
)
def test_the_default_method_is_found_in_both_places(
    walk: Walk, airbyte: AirbyteStripeProvider, changes: dict[str, Any], method: str | None
) -> None:
    assert got(walk, airbyte, **changes).default_payment_method_id == method


def test_an_address_of_nulls_is_none(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    assert got(walk, airbyte, address={"city": None, "line1": ""}).address is None
    assert got(walk, airbyte, address=None).address is None


@pytest.mark.parametrize(
    ("changes", "credit"),
    [
        ({"balance": 0}, []),
        ({"balance": None}, []),
        ({"balance": 300}, [Money("-3.00", "GBP")]),
        ({"balance": -500, "currency": "jpy"}, [Money(500, "JPY")]),
        ({"balance": -1230, "currency": "kwd"}, [Money("1.23", "KWD")]),
        ({"balance": -500, "currency": None}, []),
        ({"invoice_credit_balance": {}}, [Money("12.50", "GBP")]),
        ({"invoice_credit_balance": {"gbp": 1250, "usd": -20, "eur": 0}}, [Money("12.50", "GBP"), Money("-0.20", "USD")]),
    ],
)
def test_a_negative_balance_is_credit(walk: Walk, airbyte: AirbyteStripeProvider, changes: dict[str, Any], credit: list[Money]) -> None:
    assert got(walk, airbyte, **changes).credit_balance == credit


@pytest.mark.parametrize(
    ("word", "exempt"),
    [
        ("none", TaxExempt.NONE),
        ("exempt", TaxExempt.EXEMPT),
        ("reverse", TaxExempt.REVERSE),
        ("tomorrow", TaxExempt.UNKNOWN),
        (None, TaxExempt.UNKNOWN),
    ],
)
def test_an_exemption_keeps_the_vendors_word(walk: Walk, airbyte: AirbyteStripeProvider, word: str | None, exempt: TaxExempt) -> None:
    found = got(walk, airbyte, tax_exempt=word)
    assert (found.tax_exempt, found.vendor_tax_exempt) == (exempt, word)


def test_what_is_empty_is_none(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    found = got(walk, airbyte, preferred_locales=[], shipping=None, currency=None, delinquent=True)
    assert (found.locale, found.shipping, found.currency, found.delinquent) == (None, None, None, True)
    found = got(walk, airbyte, preferred_locales=None, shipping={"name": None, "phone": "1", "address": None})
    assert (found.locale, found.shipping) == (None, Shipping(name="", phone="1", address=Address()))


def test_the_remains_of_a_deleted_customer_are_not_found(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    with pytest.raises(NotFoundError) as caught:
        walk(airbyte.customers.get("cus_1"), {"result": {"id": "cus_1", "object": "customer", "deleted": True}})
    assert caught.value.deleted


def test_another_customer_than_was_asked_for_is_not_believed(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    with pytest.raises(ProtocolError):
        walk(airbyte.customers.get("cus_2"), {"result": WIRE})


def test_a_filter_that_did_not_arrive_is_noticed(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    with pytest.raises(ProtocolError, match="filter"):
        walk(airbyte.customers.list(CustomerQuery(email="bob@example.com")), {"result": [WIRE]})
    page, _ = walk(airbyte.customers.list(CustomerQuery(email="ADA@example.com")), {"result": [WIRE]})
    assert len(page.items) == 1


@pytest.mark.parametrize("id", ["", " ", ".", "..", "a\nb", "a/b", "cus_1?x=1", "cus_1#x", "%2e%2e", "a\\b"])
def test_an_id_that_could_lead_elsewhere_is_never_sent(walk: Walk, airbyte: AirbyteStripeProvider, id: str) -> None:
    """Case 5, for an id that somebody else puts into a path."""
    with pytest.raises(ValidationError):
        walk(airbyte.customers.get(id))


def test_the_connectors_id_is_percent_encoded(walk: Walk) -> None:
    _, (request,) = walk(AirbyteStripeProvider(connector_id="a/b?c", token="t").customers.get("cus_1"), {"result": WIRE})
    assert request.path == "/api/v1/integrations/connectors/a%2Fb%3Fc/execute"


def test_a_read_that_got_no_answer_is_repeated_and_never_an_unknown_outcome(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    lost = TransportTimeoutError("late", retryable=True)
    lost.sent = True
    found, sent = walk(airbyte.customers.get("cus_1"), lost, (503, b"<html>"), {"result": WIRE}, retries=2)
    assert found.id == "cus_1"
    assert sent[0] == sent[1] == sent[2]
    with pytest.raises(TransportError) as caught:
        walk(airbyte.customers.get("cus_1"), lost)
    assert caught.value is lost
