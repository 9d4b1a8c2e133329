"""Chargebee's requests: those of the official client are legal, except for two known faults, and each kind of fault is reported by name."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from captured import Capture
from law import chargebee as law

CALLS: dict[str, Any] = {
    "create a customer": lambda site: site.Customer.create(
        {
            "first_name": "Ada",
            "email": "ada@example.com",
            "auto_collection": "on",
            "meta_data": '{"tier": "gold"}',
            "billing_address": {"line1": "1 Main St", "city": "London", "country": "GB"},
            "card": {"gateway_account_id": "gw_1", "additional_information": '{"a": 1}'},
        }
    ),
    "clear fields of a customer": lambda site: site.Customer.update("cust_1", {"first_name": "", "company": None}),
    "list customers": lambda site: site.Customer.list(
        {"limit": 3, "email": {"is": "ada@example.com"}, "created_at": {"after": 1_700_000_000}, "sort_by": {"asc": "created_at"}}
    ),
    "list by a group's filter": lambda site: site.Customer.list({"relationship": {"parent_id": {"is": "cust_1"}}, "include_deleted": True}),
    "list in": lambda site: site.Subscription.list({"status": {"in": '["active","in_trial"]'}, "cancelled_at": {"is_present": True}}),
    "list between": lambda site: site.Invoice.list({"date": {"between": "[1700000000,1800000000]"}, "total": {"between": '["1","9"]'}}),
    "retrieve": lambda site: site.Customer.retrieve("cust_1"),
    "an id with a space": lambda site: site.Customer.retrieve("cust 1"),
    "create an item": lambda site: site.Item.create({"id": "pro", "name": "Pro", "type": "plan", "item_family_id": "f", "metadata": "{}"}),
    "create a tiered price": lambda site: site.ItemPrice.create(
        {
            "id": "pro-usd",
            "name": "Pro USD",
            "item_id": "pro",
            "currency_code": "USD",
            "pricing_model": "tiered",
            "period": 1,
            "period_unit": "month",
            "tiers": [{"starting_unit": 1, "ending_unit": 10, "price": 500}, {"starting_unit": 11, "price": 300}],
        }
    ),
    "create a coupon": lambda site: site.Coupon.create_for_items(
        {
            "id": "ten",
            "name": "Ten",
            "apply_on": "each_specified_item",
            "item_constraints": [{"constraint": "specific", "item_type": "plan", "item_price_ids": '["pro-usd"]'}],
        }
    ),
    "attach a card": lambda site: site.PaymentSource.create_using_token({"customer_id": "cust_1", "token_id": "tok_visa"}),
    "subscribe": lambda site: site.Subscription.create_with_items(
        "cust_1",
        {
            "subscription_items": [
                {"item_price_id": "pro-usd", "quantity": 3},
                {"item_price_id": "seat"},
                {"item_price_id": "x", "quantity": 1},
            ],
            "coupon_ids": ["TEN", "FIVE"],
            "trial_end": 0,
            "invoice_immediately": True,
        },
    ),
    "cancel at the end": lambda site: site.Subscription.cancel_for_items("sub_1", {"cancel_option": "end_of_term"}),
    "assign a role": lambda site: site.Customer.assign_payment_role("cust_1", {"payment_source_id": "pm_1", "role": "primary"}),
    "ingest usage as JSON": lambda site: site.UsageEvent.batch_ingest(
        {"events": [{"deduplication_id": "d", "subscription_id": "s", "usage_timestamp": 1, "properties": {"n": 1}}]}
    ),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_what_the_official_client_sends_is_legal(from_chargebee: Capture, call: Any) -> None:
    sent = from_chargebee(call)
    assert law.check_request(sent.method, sent.path, sent.query, sent.body) == []


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda site: site.Customer.create({"meta_data": {"tier": "gold"}}), "meta_data: not JSON, but a JSON object is wanted"),
        (lambda site: site.Customer.list({"email": {"in": ["x"]}}), "email[in]: \"['x']\" is not a JSON array with double quotes"),
    ],
    ids=["a dict", "an in filter"],
)
def test_python_repr_that_the_official_client_sends_is_reported(from_chargebee: Capture, call: Any, line: str) -> None:
    sent = from_chargebee(call)
    assert law.check_request(sent.method, sent.path, sent.query, sent.body) == [line]


def test_the_body_of_the_capture_is_column_major(from_chargebee: Capture) -> None:
    sent = from_chargebee(CALLS["subscribe"])
    assert (sent.method, sent.path) == ("POST", "/api/v2/customers/cust_1/subscription_for_items")
    assert urlencode({"subscription_items[quantity][2]": "1"}).encode() in sent.body


SUBSCRIBE = ("POST", "/api/v2/customers/c/subscription_for_items")
CREATE = ("POST", "/api/v2/customers")
LIST = ("GET", "/api/v2/customers")
PRICE = ("POST", "/api/v2/item_prices")
COUPON = ("POST", "/api/v2/coupons/create_for_items")
FAULTS: dict[str, tuple[tuple[str, str], dict[str, str], str]] = {
    "unknown parameter": (CREATE, {"emial": "x"}, "emial: unknown parameter"),
    "unknown parameter in a group": (CREATE, {"billing_address[town]": "x"}, "billing_address[town]: unknown parameter"),
    "unknown column": (SUBSCRIBE, {"subscription_items[price][0]": "x"}, "subscription_items[price][0]: unknown parameter"),
    "row-major items": (
        SUBSCRIBE,
        {"subscription_items[0][item_price_id]": "x"},
        "subscription_items[0][item_price_id]: unknown parameter",
    ),
    "a column without index": (SUBSCRIBE, {"subscription_items[quantity]": "1"}, "subscription_items[quantity]: a column of a list"),
    "required column missing": (
        SUBSCRIBE,
        {"subscription_items[item_price_id][0]": "x", "subscription_items[quantity][1]": "2"},
        "subscription_items[item_price_id][1]: missing, but required",
    ),
    "required column empty": (
        SUBSCRIBE,
        {"subscription_items[item_price_id][0]": ""},
        "subscription_items[item_price_id][0]: missing, but required",
    ),
    "a gap in the indexes": (
        SUBSCRIBE,
        {"subscription_items[item_price_id][0]": "x", "subscription_items[item_price_id][2]": "y"},
        "subscription_items: indexes 0, 2 instead of 0, 1, 2...",
    ),
    "a list without index": (SUBSCRIBE, {"coupon_ids": "TEN"}, "coupon_ids: a list is written as name[index]"),
    "not a whole number": (SUBSCRIBE, {"trial_end": "2026-01-01"}, "trial_end: '2026-01-01' is not int"),
    "not a whole number in a column": (PRICE, {"tiers[price][0]": "5.00"}, "tiers[price][0]: '5.00' is not int"),
    "boolean in Python's spelling": (CREATE, {"allow_direct_debit": "True"}, "allow_direct_debit: 'True' is not bool"),
    "a word outside the enum": (CREATE, {"auto_collection": "true"}, "auto_collection: 'true' is not one of on, off"),
    "JSON of another kind": (CREATE, {"meta_data": "[1]"}, "meta_data: a JSON list, but a JSON object is wanted"),
    "a group where JSON is wanted": (CREATE, {"meta_data[tier]": "gold"}, "meta_data[tier]: unknown parameter"),
    "no JSON inside a group": (CREATE, {"card[additional_information]": "x"}, "card[additional_information]: not JSON"),
    "objects where a coupon names ids": (
        COUPON,
        {"item_constraints[item_price_ids][0]": '[{"id": "p"}]'},
        "item_constraints[item_price_ids][0]: a JSON array of texts is wanted",
    ),
    "missing parameter": (PRICE, {"id": "x"}, "name: missing, but required"),
    "required but empty": (PRICE, {"id": "x", "name": ""}, "name: missing, but required"),
    "missing in a group": (
        ("POST", "/api/v2/customers/c/add_contact"),
        {"contact[first_name]": "x"},
        "contact[email]: missing, but required",
    ),
    "a filter without operator": (LIST, {"email": "x"}, "email: a filter is written as name[operator]; operators here: is, is_not"),
    "an operator of another kind of field": (LIST, {"created_at[is]": "1"}, "created_at[is]: a filter is written as name[operator]"),
    "an operator in the SDK's capitals": (LIST, {"email[IS]": "x"}, "email[IS]: a filter is written as name[operator]"),
    "an empty filter": (LIST, {"email[is]": ""}, "email[is]: empty"),
    "a date in a time filter": (LIST, {"created_at[after]": "2026-01-01"}, "created_at[after]: '2026-01-01' is not int"),
    "in, comma separated": (LIST, {"email[in]": "a,b"}, "email[in]: 'a,b' is not a JSON array with double quotes"),
    "in, of nothing": (LIST, {"email[in]": "[]"}, "email[in]: '[]' is not a filled JSON array"),
    "in, of numbers": (LIST, {"email[in]": "[1]"}, "email[in]: '[1]' holds something that is not str"),
    "between one": (LIST, {"created_at[between]": "[1]"}, "created_at[between]: 1 values instead of 2"),
    "is_present as a word": (LIST, {"email[is_present]": "yes"}, "email[is_present]: 'yes' is not bool"),
    "sorting up and by a phrase": (LIST, {"sort_by[asc]": "created at"}, "sort_by[asc]: 'created at' is no field name"),
    "a filter's group without its name": (LIST, {"relationship[is]": "x"}, "relationship[is]: unknown parameter"),
    "unknown endpoint": (("POST", "/api/v2/costumers"), {}, "POST /api/v2/costumers: no endpoint of the SDK"),
    "outside the API": (("GET", "/customers"), {}, "GET /customers: no endpoint of the SDK"),
}


def ask(method: str, path: str, params: dict[str, str]) -> list[str]:
    form = urlencode(params)
    return law.check_request(method, path, "", form.encode()) if method == "POST" else law.check_request(method, path, form)


@pytest.mark.parametrize(("request_line", "params", "line"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_in_a_request_is_reported(request_line: tuple[str, str], params: dict[str, str], line: str) -> None:
    found = ask(*request_line, params)
    assert [each for each in found if each.startswith(line)], found


def test_only_the_fault_is_reported() -> None:
    assert ask(*CREATE, {"emial": "x", "first_name": "Ada", "meta_data": "{}"}) == ["emial: unknown parameter"]


def test_columns_may_skip_items() -> None:
    sent = {
        "subscription_items[item_price_id][0]": "a",
        "subscription_items[item_price_id][1]": "b",
        "subscription_items[quantity][1]": "2",
    }
    assert ask(*SUBSCRIBE, sent) == []


def test_a_parameter_sent_twice_is_reported() -> None:
    assert law.check_request(*CREATE, "", b"first_name=a&first_name=b") == ["first_name: sent twice"]


def test_parameters_in_the_wrong_place_are_reported() -> None:
    assert law.check_request(*CREATE, "first_name=Ada", b"") == ["parameters in the query string of a POST"]
    assert law.check_request(*LIST, "", b"limit=1") == ["a body on a GET"]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"events=1", "the body is not JSON"),
        (
            b'{"events": [{"subscription_id": "s", "usage_timestamp": 1, "properties": {}}]}',
            "events[0].deduplication_id: missing, but required",
        ),
        (b'{"events": [], "evnts": []}', "evnts: unknown parameter"),
    ],
)
def test_a_fault_in_a_json_body_is_reported(body: bytes, line: str) -> None:
    assert law.check_request("POST", "/api/v2/batch/usage_events", "", body) == [line]
