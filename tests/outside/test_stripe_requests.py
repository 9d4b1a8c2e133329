"""Stripe's requests: those of the official client are legal, and each kind of fault is reported by name."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from captured import Capture
from law import stripe as law

CALLS: dict[str, Any] = {
    "create a customer": lambda v1: v1.customers.create(
        {
            "email": "ada@example.com",
            "name": "Ada",
            "metadata": {"tier": "gold"},
            "address": {"city": "London"},
            "expand": ["tax", "sources"],
        }
    ),
    "clear fields of a customer": lambda v1: v1.customers.update("cus_1", {"name": "", "shipping": "", "metadata": {"tier": ""}}),
    "list customers": lambda v1: v1.customers.list({"limit": 3, "created": {"gte": 1_700_000_000}, "email": "ada@example.com"}),
    "search customers": lambda v1: v1.customers.search({"query": "email:'ada@example.com'"}),
    "delete a customer": lambda v1: v1.customers.delete("cus_1"),
    "attach a test card": lambda v1: v1.payment_methods.attach("pm_card_visa", {"customer": "cus_1"}),
    "a card from a token": lambda v1: v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}}),
    "create a price": lambda v1: v1.prices.create(
        {"currency": "usd", "unit_amount": 1900, "recurring": {"interval": "month", "interval_count": 3}, "product": "prod_1"}
    ),
    "create a tiered price": lambda v1: v1.prices.create(
        {
            "currency": "usd",
            "billing_scheme": "tiered",
            "tiers_mode": "graduated",
            "tiers": [{"up_to": 10, "unit_amount_decimal": "0.5"}, {"up_to": "inf", "flat_amount": 7}],
            "product_data": {"name": "Pro"},
            "currency_options": {"eur": {"unit_amount": 5}},
        }
    ),
    "subscribe": lambda v1: v1.subscriptions.create(
        {
            "customer": "cus_1",
            "items": [{"price": "price_1", "quantity": 3, "metadata": {"seat": "a"}}, {"price": "price_2"}],
            "payment_behavior": "error_if_incomplete",
            "trial_end": "now",
            "off_session": True,
            "default_tax_rates": "",
        }
    ),
    "cancel at the end": lambda v1: v1.subscriptions.update("sub_1", {"cancel_at_period_end": True}),
    "cancel now": lambda v1: v1.subscriptions.cancel("sub_1", {"prorate": False, "cancellation_details": {"comment": "bye"}}),
    "list invoices": lambda v1: v1.invoices.list({"subscription": "sub_1", "status": "open", "expand": ["data.payments"]}),
    "refund": lambda v1: v1.refunds.create({"payment_intent": "pi_1", "amount": 5, "reason": "requested_by_customer"}),
    "an id with a slash": lambda v1: v1.products.retrieve("plans/pro +1"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_what_the_official_client_sends_is_legal(from_stripe: Capture, call: Any) -> None:
    sent = from_stripe(call)
    assert law.check_request(sent.method, sent.path, sent.query, sent.body) == []


def post(path: str, **params: str) -> list[str]:
    return law.check_request("POST", path, "", urlencode(params).encode())


def test_the_body_of_the_capture_holds_the_parameters(from_stripe: Capture) -> None:
    sent = from_stripe(CALLS["subscribe"])
    assert (sent.method, sent.path, sent.query) == ("POST", "/v1/subscriptions", "")
    assert b"items[0][metadata][seat]=a" in sent.body


FAULTS: dict[str, tuple[str, dict[str, str], str]] = {
    "unknown parameter": ("/v1/customers", {"emial": "x"}, "emial: unknown parameter"),
    "unknown parameter in a group": ("/v1/customers", {"address[town]": "x"}, "address[town]: unknown parameter"),
    "unknown parameter in a list": ("/v1/subscriptions", {"items[0][pice]": "x"}, "items[0][pice]: unknown parameter"),
    "an option of the SDK's call": ("/v1/customers", {"idempotency_key": "x"}, "idempotency_key: unknown parameter"),
    "not a whole number": ("/v1/prices", {"currency": "usd", "unit_amount": "19.00"}, "unit_amount: '19.00' is not int"),
    "a number in words of Python": ("/v1/prices", {"currency": "usd", "unit_amount": "1_900"}, "unit_amount: '1_900' is not int"),
    "not a decimal": ("/v1/prices", {"currency": "usd", "unit_amount_decimal": "1e3"}, "unit_amount_decimal: '1e3' is not Decimal"),
    "boolean in Python's spelling": ("/v1/products", {"name": "n", "active": "True"}, "active: 'True' is not bool"),
    "boolean as a number": ("/v1/subscriptions/sub_1", {"cancel_at_period_end": "1"}, "cancel_at_period_end: '1' is not bool"),
    "a word the SDK does not list": (
        "/v1/subscriptions",
        {"payment_behavior": "fail"},
        "payment_behavior: 'fail' is not 'allow_incomplete'",
    ),
    "a word of a closed list": ("/v1/subscriptions", {"trial_end": "later"}, "trial_end: 'later' is not 'now' or int"),
    "a word deep inside": (
        "/v1/prices",
        {"currency": "usd", "recurring[interval]": "monthly"},
        "recurring[interval]: 'monthly' is not 'day'",
    ),
    "a text for a group": ("/v1/customers", {"invoice_settings": "pm_1"}, "invoice_settings: 'pm_1' is not a group of named values"),
    "a text for a list": ("/v1/customers", {"expand": "tax"}, "expand: 'tax' is not a list"),
    "a group for a text": ("/v1/customers", {"email[is]": "x"}, "email: a group of values, but str is wanted"),
    "a group for a list": ("/v1/customers", {"expand[first]": "tax"}, "expand: list indexes first instead of 0, 1, 2..."),
    "a gap in a list": ("/v1/customers", {"expand[0]": "tax", "expand[2]": "sources"}, "expand: list indexes 0, 2 instead of 0, 1, 2..."),
    "missing parameter": ("/v1/prices", {"unit_amount": "1"}, "currency: missing, but required"),
    "missing in a group": (
        "/v1/prices",
        {"currency": "usd", "recurring[interval_count]": "1"},
        "recurring[interval]: missing, but required",
    ),
    "missing in a list": ("/v1/prices", {"currency": "usd", "tiers[0][flat_amount]": "1"}, "tiers[0][up_to]: missing, but required"),
    "clearing what cannot be cleared": ("/v1/subscriptions/sub_1", {"cancel_at_period_end": ""}, "cancel_at_period_end: '' is not bool"),
    "clearing a text while creating": ("/v1/customers", {"name": ""}, "name: '' is not str"),
    "a value and a group": ("/v1/customers", {"address": "", "address[city]": "x"}, "address[city]: sent twice"),
    "malformed brackets": ("/v1/customers", {"address[city": "x"}, "address[city: malformed brackets"),
    "unknown endpoint": ("/v1/costumers", {}, "POST /v1/costumers: no endpoint of the SDK"),
    "endpoint of another method": ("/v1/balance", {}, "POST /v1/balance: no endpoint of the SDK"),
}


@pytest.mark.parametrize(("path", "params", "line"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_in_a_request_is_reported(path: str, params: dict[str, str], line: str) -> None:
    assert [found for found in post(path, **params) if found.startswith(line)], post(path, **params)


def test_only_the_fault_is_reported() -> None:
    assert post("/v1/customers", **{"emial": "x", "name": "Ada", "metadata[k]": "v", "expand[]": "tax"}) == ["emial: unknown parameter"]


def test_a_parameter_sent_twice_is_reported() -> None:
    assert law.check_request("POST", "/v1/customers", "", b"name=a&name=b") == ["name: sent twice, or both as a value and as a group"]


def test_parameters_in_the_wrong_place_are_reported() -> None:
    assert law.check_request("POST", "/v1/customers", "name=Ada", b"") == ["parameters in the query string of a POST"]
    assert law.check_request("GET", "/v1/customers", "", b"limit=1") == ["a body on a GET"]


def test_a_json_body_is_not_legal() -> None:
    assert law.check_request("POST", "/v1/customers", "", b'{"name": "Ada"}') != []


def test_bytes_that_are_no_text_are_reported() -> None:
    assert law.check_request("POST", "/v1/customers", "", b"name=%ff") == ["the parameters are not UTF-8"]
