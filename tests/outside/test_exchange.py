"""Whole exchanges are checked together: the request, the envelope of the answer, and the bodies of errors."""

from __future__ import annotations

import json
from typing import Any

import pytest
from law import check_exchange
from samples import CB_CUSTOMER, CUSTOMER, LIST

STRIPE_ERROR = {
    "error": {
        "type": "invalid_request_error",
        "code": "resource_missing",
        "message": "No such customer: 'cus_9'",
        "param": "id",
        "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
        "request_log_url": "https://dashboard.stripe.com/test/logs/req_1",
    }
}
CHARGEBEE_ERROR = {
    "message": "c_9 not found",
    "type": "invalid_request",
    "api_error_code": "resource_not_found",
    "error_code": "site_not_found",
    "error_msg": "c_9 not found",
    "http_status_code": 404,
}
LEGAL: dict[str, tuple[str, str, str, bytes, int, Any]] = {
    "stripe creates": ("stripe", "POST", "/v1/customers", b"name=Ada", 200, CUSTOMER),
    "stripe lists": ("stripe", "GET", "/v1/prices?limit=1", b"", 200, LIST),
    "stripe deletes": ("stripe", "DELETE", "/v1/customers/cus_1", b"", 200, {"id": "cus_1", "object": "customer", "deleted": True}),
    "stripe refuses": ("stripe", "GET", "/v1/customers/cus_9", b"", 404, STRIPE_ERROR),
    "stripe knows no such endpoint": ("stripe", "GET", "/v1/costumers", b"", 404, STRIPE_ERROR),
    "chargebee creates": ("chargebee", "POST", "/api/v2/customers", b"first_name=Ada", 200, {"customer": CB_CUSTOMER}),
    "chargebee lists": (
        "chargebee",
        "GET",
        "/api/v2/customers?limit=1",
        b"",
        200,
        {"list": [{"customer": CB_CUSTOMER}], "next_offset": "[]"},
    ),
    "chargebee lists the last page": ("chargebee", "GET", "/api/v2/customers", b"", 200, {"list": []}),
    "chargebee refuses": ("chargebee", "GET", "/api/v2/customers/c_9", b"", 404, CHARGEBEE_ERROR),
}
FAULTS: dict[str, tuple[str, str, str, bytes, int, Any, str]] = {
    "stripe request": ("stripe", "POST", "/v1/customers", b"nme=Ada", 200, CUSTOMER, "request: nme: unknown parameter"),
    "stripe query": ("stripe", "GET", "/v1/prices?limit=many", b"", 200, LIST, "request: limit: 'many' is not int"),
    "stripe answers with another object": (
        "stripe",
        "GET",
        "/v1/products/p",
        b"",
        200,
        CUSTOMER,
        "answer: object: 'customer' instead of 'product'",
    ),
    "stripe lists another object": (
        "stripe",
        "GET",
        "/v1/customers",
        b"",
        200,
        LIST,
        "answer: data[0].object: 'price' instead of 'customer'",
    ),
    "stripe answers 200 to nothing known": (
        "stripe",
        "GET",
        "/v1/costumers",
        b"",
        200,
        CUSTOMER,
        "request: GET /v1/costumers: no endpoint",
    ),
    "stripe error without envelope": ("stripe", "GET", "/v1/customers/c", b"", 404, {"message": "x"}, 'answer: error answer: not {"error"'),
    "stripe error of no type": ("stripe", "GET", "/v1/customers/c", b"", 404, {"error": {"message": "x"}}, "answer: error.type: missing"),
    "stripe error of a strange type": (
        "stripe",
        "GET",
        "/v1/customers/c",
        b"",
        404,
        {"error": {"message": "x", "type": "not_found"}},
        "answer: error.type: 'not_found' is not one of",
    ),
    "stripe error with a strange field": (
        "stripe",
        "GET",
        "/v1/customers/c",
        b"",
        404,
        {"error": {"message": "x", "type": "api_error", "reason": "y"}},
        "answer: error.reason: no field of ErrorObject",
    ),
    "chargebee request": (
        "chargebee",
        "POST",
        "/api/v2/customers",
        b"nme=Ada",
        200,
        {"customer": CB_CUSTOMER},
        "request: nme: unknown parameter",
    ),
    "chargebee without envelope": ("chargebee", "GET", "/api/v2/customers/c", b"", 200, CB_CUSTOMER, "answer: customer: missing"),
    "chargebee with a strange part": (
        "chargebee",
        "GET",
        "/api/v2/customers/c",
        b"",
        200,
        {"customer": CB_CUSTOMER, "invoice": {}},
        "answer: invoice: no part of the answer",
    ),
    "chargebee null on the last page": (
        "chargebee",
        "GET",
        "/api/v2/customers",
        b"",
        200,
        {"list": [], "next_offset": None},
        "answer: next_offset: None is not str",
    ),
    "chargebee object inside a list": (
        "chargebee",
        "GET",
        "/api/v2/customers",
        b"",
        200,
        {"list": [{"customer": {**CB_CUSTOMER, "deleted": 0}}]},
        "answer: list[0].customer.deleted: 0 is not bool",
    ),
    "chargebee error without code": (
        "chargebee",
        "GET",
        "/api/v2/customers/c",
        b"",
        404,
        {"message": "x"},
        "answer: error.api_error_code: missing",
    ),
    "chargebee error of a strange type": (
        "chargebee",
        "GET",
        "/api/v2/customers/c",
        b"",
        404,
        {**CHARGEBEE_ERROR, "type": "not_found"},
        "answer: error.type: 'not_found' is not one of",
    ),
    "chargebee error with a text as status": (
        "chargebee",
        "GET",
        "/api/v2/customers/c",
        b"",
        404,
        {**CHARGEBEE_ERROR, "http_status_code": "404"},
        "answer: error.http_status_code: '404' is not int",
    ),
    "chargebee error with a strange field": (
        "chargebee",
        "GET",
        "/api/v2/customers/c",
        b"",
        404,
        {**CHARGEBEE_ERROR, "hint": "x"},
        "answer: error.hint: no field of an error",
    ),
}


@pytest.mark.parametrize(("vendor", "method", "target", "body", "status", "answer"), LEGAL.values(), ids=LEGAL.keys())
def test_a_legal_exchange_passes(vendor: str, method: str, target: str, body: bytes, status: int, answer: Any) -> None:
    assert check_exchange(vendor, method, target, body, status, json.dumps(answer).encode()) == []


@pytest.mark.parametrize(("vendor", "method", "target", "body", "status", "answer", "line"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_reported(vendor: str, method: str, target: str, body: bytes, status: int, answer: Any, line: str) -> None:
    found = check_exchange(vendor, method, target, body, status, json.dumps(answer).encode())
    assert [each for each in found if each.startswith(line)], found


def test_an_answer_that_is_no_json_is_reported() -> None:
    assert check_exchange("stripe", "GET", "/v1/balance", b"", 502, b"<html>") == ["answer: 502 with a body that is not JSON"]
