"""The way down: any request, with our errors and exact numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from billbridge.errors import NotFoundError, ProtocolError, UnsupportedOperationError, ValidationError
from billbridge.flow import Response
from billbridge_chargebee import ChargebeeProvider

from .stepping import get, post, refused, walk

RAW = ChargebeeProvider().raw


def test_answers_are_json_with_exact_fractions() -> None:
    answer = Response(status=200, body=b'{"mrr": 1.10, "list": []}')
    assert walk(RAW.get("/api/v2/orders", {"limit": 10}), get("/orders", answer, {"limit": "10"})) == {"mrr": Decimal("1.10"), "list": []}
    assert walk(RAW.get("/api/v2/orders"), get("/orders", {})) == {}


def test_posts_are_encoded_chargebees_way_and_have_a_key() -> None:
    """Case 19: also without parameters."""
    params = {"charges": [{"amount": 100}, {"amount": 200}], "meta_data": {"a": 1}}
    sent = {"charges[amount][0]": "100", "charges[amount][1]": "200", "meta_data": '{"a":1}'}
    assert walk(RAW.post("/api/v2/invoices", params), post("/invoices", {"ok": True}, sent)) == {"ok": True}
    assert walk(RAW.post("/api/v2/invoices/1/close"), post("/invoices/1/close", {})) == {}


def test_errors_are_ours_and_an_answer_that_is_no_json_is_one() -> None:
    with pytest.raises(NotFoundError):
        walk(RAW.get("/api/v2/x"), get("/x", refused(404, "resource_not_found")))
    with pytest.raises(ProtocolError):
        walk(RAW.get("/api/v2/x"), get("/x", Response(status=200, body=b"")))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/api/v2",
        "/api/v2x/customers",
        "/v1/customers",
        "customers",
        "https://evil.example/api/v2/",
        "/api/v2/../x",
        "/api/v2/./x",
        "/api/v2/x?limit=1",
        "/api/v2/x#y",
        "/api/v2/a b",
        "/api/v2/a\\b",
        "/api/v2/ü",
        "/api/v2/x\n",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    for flow in (RAW.get(path), RAW.post(path)):
        with pytest.raises(ValidationError) as caught:
            walk(flow)
        assert caught.value.param == "path"


def test_there_is_no_delete() -> None:
    with pytest.raises(UnsupportedOperationError):
        RAW.delete("/api/v2/customers/ada")
