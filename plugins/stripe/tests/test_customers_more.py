"""What belongs to customers: credit, tax ids, the search."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from billbridge.errors import NotFoundError, PrecisionError, TransportTimeoutError, ValidationError
from billbridge.flow import path
from billbridge.model import (
    CreditAdjustment,
    Customer,
    CustomerSearch,
    NewCreditAdjustment,
    NewCustomer,
    NewTaxId,
    Page,
    TaxId,
    TaxIdStatus,
)
from billbridge.model.raw import RawJson
from billbridge.money import Money
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
AT = datetime(2026, 1, 31, 12, tzinfo=UTC)
MISSING = (404, {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such tax id", "param": "id"}})
TRANSACTION: dict[str, Any] = {
    "id": "cbtxn_1",
    "object": "customer_balance_transaction",
    "amount": -500,
    "created": 1769860800,
    "credit_note": None,
    "currency": "usd",
    "customer": "cus_1",
    "description": "Sorry",
    "ending_balance": -1500,
    "invoice": None,
    "livemode": False,
    "metadata": {},
    "type": "adjustment",
}
ADJUSTMENT = CreditAdjustment(
    provider="stripe",
    id="cbtxn_1",
    raw=RawJson(json.dumps(TRANSACTION).encode()),
    customer_id="cus_1",
    amount=Money("5.00", "USD"),
    balance=Money("15.00", "USD"),
    reason="Sorry",
    created_at=AT,
)
TRANSACTIONS = "POST /v1/customers/cus%2F1/balance_transactions"


@pytest.mark.parametrize(
    ("amount", "body"),
    [
        (Money("5.00", "USD"), "amount=-500&currency=usd&description=Sorry"),
        (Money("-5.00", "USD"), "amount=500&currency=usd&description=Sorry"),
        (Money(500, "JPY"), "amount=-500&currency=jpy&description=Sorry"),
        (Money("1.230", "KWD"), "amount=-1230&currency=kwd&description=Sorry"),
        (Money("5", "ISK"), "amount=-500&currency=isk&description=Sorry"),
    ],
)
def test_credit_is_negative_on_the_wire_and_positive_here(walk: Walk, stripe: StripeProvider, amount: Money, body: str) -> None:
    """Cases 25 and 28."""
    flow = stripe.customers.adjust_credit("cus/1", NewCreditAdjustment(amount=amount, reason="Sorry"))
    assert walk(flow, (TRANSACTIONS, body, TRANSACTION)) == ADJUSTMENT


def test_credit_that_is_not_exact_is_never_sent(walk: Walk, stripe: StripeProvider) -> None:
    """Case 25."""
    with pytest.raises(PrecisionError):
        walk(stripe.customers.adjust_credit("cus_1", NewCreditAdjustment(amount=Money("1.234", "KWD"), reason="Sorry")))


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"customer": {"id": "cus_1", "object": "customer"}}, {}),
        ({"amount": 500, "ending_balance": 0}, {"amount": Money("-5.00", "USD"), "balance": Money(0, "USD")}),
        ({"customer": None, "description": None, "created": None}, {"customer_id": "", "reason": None, "created_at": None}),
        ({"ending_balance": None}, {"balance": None}),
        ({"ending_balance": 300}, {"balance": Money("-3.00", "USD")}),
    ],
)
def test_each_shape_of_an_adjustment_reads_right(walk: Walk, stripe: StripeProvider, sent: dict[str, Any], expected: Any) -> None:
    """Case 34."""
    flow = stripe.customers.adjust_credit("cus/1", NewCreditAdjustment(amount=Money(1, "USD"), reason="x"))
    found = walk(flow, (TRANSACTIONS, "amount=-100&currency=usd&description=x", {**TRANSACTION, **sent}))
    assert msgspec.structs.replace(found, raw=ADJUSTMENT.raw) == msgspec.structs.replace(ADJUSTMENT, **expected)


def test_a_tax_id_is_added(walk: Walk, stripe: StripeProvider) -> None:
    wire = {"id": "txi_1", "type": "gb_vat", "value": "GB1", "country": "GB", "verification": {"status": "verified"}}
    line = ("POST /v1/customers/cus_1/tax_ids", "type=gb_vat&value=GB1", wire)
    found = walk(stripe.customers.add_tax_id("cus_1", NewTaxId(type="gb_vat", value="GB1")), line)
    assert found == TaxId(id="txi_1", type="gb_vat", value="GB1", status=TaxIdStatus.VERIFIED, vendor_status="verified", country="GB")


def test_a_number_that_cannot_be_one_is_a_validation_error(walk: Walk, stripe: StripeProvider) -> None:
    refusal = (400, {"error": {"type": "invalid_request_error", "code": "tax_id_invalid", "param": "value", "message": "Invalid value"}})
    flow = stripe.customers.add_tax_id("cus_1", NewTaxId(type="eu_vat", value="1"))
    with pytest.raises(ValidationError) as caught:
        walk(flow, ("POST /v1/customers/cus_1/tax_ids", "type=eu_vat&value=1", refusal))
    assert (caught.value.code, caught.value.param) == ("tax_id_invalid", "value")


def test_a_tax_id_is_removed_once(walk: Walk, stripe: StripeProvider, lost: TransportTimeoutError) -> None:
    line = f"DELETE {path('/v1/customers/{}/tax_ids/{}', 'cus_1', 'txi/1')}"
    gone = {"id": "txi/1", "object": "tax_id", "deleted": True}
    assert walk(stripe.customers.remove_tax_id("cus_1", "txi/1"), (line, None, gone)) is None
    with pytest.raises(NotFoundError):
        walk(stripe.customers.remove_tax_id("cus_1", "txi/1"), (line, None, MISSING))
    assert walk(stripe.customers.remove_tax_id("cus_1", "txi/1"), (line, None, lost), (line, None, MISSING), retries=1) is None


SEARCH = "GET /v1/customers/search?query={}&expand[0]=data.tax_ids&expand[1]=data.invoice_credit_balance&limit={}"


@pytest.mark.parametrize(
    ("search", "query"),
    [
        (CustomerSearch(email="a@example.com"), 'email:"a@example.com"'),
        (CustomerSearch(phone="1 2"), 'phone:"1 2"'),
        (CustomerSearch(name="Ada"), 'name~"Ada"'),
        (CustomerSearch(metadata={"k": "v"}), 'metadata["k"]:"v"'),
        (
            CustomerSearch(email="e@x", name="Ada", phone="1", metadata={"a": "1", "b": "2"}),
            'email:"e@x" AND phone:"1" AND name~"Ada" AND metadata["a"]:"1" AND metadata["b"]:"2"',
        ),
        (CustomerSearch(email='" OR email:"x'), r'email:"\" OR email:\"x"'),
        (CustomerSearch(email='\\" OR created>0'), r'email:"\\\" OR created>0"'),
        (CustomerSearch(metadata={'k"]:"v\\': "it's"}), r'''metadata["k\"]:\"v\\"]:"it's"'''),
    ],
)
def test_a_search_is_a_query_in_which_no_value_can_become_a_clause(
    walk: Walk, stripe: StripeProvider, search: CustomerSearch, query: str
) -> None:
    answer = {"object": "search_result", "data": [], "has_more": False, "next_page": None, "url": "/v1/customers/search"}
    assert walk(stripe.customers.search(search), (SEARCH.format(query, 100), None, answer)) == Page(items=[])


def test_a_search_goes_on_with_its_own_cursor(walk: Walk, stripe: StripeProvider) -> None:
    answer = {"data": [{"id": "cus_1"}], "has_more": True, "next_page": "next"}
    line = SEARCH.format('email:"e@x"', 7) + "&page=this"
    found = walk(stripe.customers.search(CustomerSearch(email="e@x", page_size=7, cursor="this")), (line, None, answer))
    assert found == Page(items=[bare("cus_1")], next_cursor="next")


@pytest.mark.parametrize("search", [CustomerSearch(name="Al"), CustomerSearch(metadata={str(number): "v" for number in range(11)})])
def test_what_the_query_language_has_no_place_for_is_not_sent(walk: Walk, stripe: StripeProvider, search: CustomerSearch) -> None:
    with pytest.raises(ValidationError):
        walk(stripe.customers.search(search))


def bare(id: str) -> Customer:
    return Customer(provider="stripe", id=id, raw=RawJson(json.dumps({"id": id}).encode()))


def test_neither_a_tax_number_nor_what_was_searched_for_is_in_an_errors_text(walk: Walk, stripe: StripeProvider) -> None:
    said = {"type": "invalid_request_error", "message": "Invalid value DE123456789 of eu_vat."}
    body = "type=eu_vat&value=DE123456789"
    adding = stripe.customers.add_tax_id("cus_1", NewTaxId(type="eu_vat", value="DE123456789"))
    with pytest.raises(ValidationError) as caught:
        walk(adding, ("POST /v1/customers/cus_1/tax_ids", body, (400, {"error": said})))
    assert caught.value.message == "stripe refused the request: Invalid value [redacted] of eu_vat."
    creating = stripe.customers.create(NewCustomer(tax_ids=[NewTaxId(type="eu_vat", value="DE123456789")]))
    body = "tax_id_data[0][type]=eu_vat&tax_id_data[0][value]=DE123456789&expand[0]=tax_ids&expand[1]=invoice_credit_balance"
    with pytest.raises(ValidationError) as caught:
        walk(creating, ("POST /v1/customers", body, (400, {"error": said})))
    assert "DE123" not in str(caught.value)
    query = 'name~"Ada" AND metadata["team"]:"Engines"'
    unparsed = (400, {"error": {"type": "invalid_request_error", "message": f"We could not parse {query}: no Ada."}})
    with pytest.raises(ValidationError) as caught:
        walk(stripe.customers.search(CustomerSearch(name="Ada", metadata={"team": "Engines"})), (SEARCH.format(query, 100), None, unparsed))
    hidden = "[redacted]"
    assert caught.value.message.endswith(f'We could not parse name~"{hidden}" AND metadata["{hidden}"]:"{hidden}": no {hidden}.')
