"""The way down: any path and parameters, exact decimals back, and no way off the host."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from billbridge.errors import ValidationError
from billbridge.flow import Response
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]


def test_each_method_sends_its_params_where_stripe_reads_them(walk: Walk, stripe: StripeProvider) -> None:
    """Case 19."""
    params = {"limit": 3, "expand": ["data.customer"]}
    text = "limit=3&expand[0]=data.customer"
    answer = {"ok": True}
    assert walk(stripe.raw.get("/v1/charges", params), (f"GET /v1/charges?{text}", None, answer)) == answer
    assert walk(stripe.raw.post("/v1/charges", params), ("POST /v1/charges", text, answer)) == answer
    assert walk(stripe.raw.delete("/v1/coupons/a%20b", params), (f"DELETE /v1/coupons/a%20b?{text}", None, answer)) == answer
    assert walk(stripe.raw.get("/v1/balance"), ("GET /v1/balance", None, answer)) == answer
    assert walk(stripe.raw.post("/v1/charges/ch_1/capture"), ("POST /v1/charges/ch_1/capture", "", answer)) == answer
    assert walk(stripe.raw.delete("/v1/coupons/a"), ("DELETE /v1/coupons/a", None, answer)) == answer


def test_fractions_come_back_exact(walk: Walk, stripe: StripeProvider) -> None:
    """Case 26."""
    answer = Response(status=200, body=b'{"percent_off": 25.10, "n": 3}')
    found = walk(stripe.raw.get("/v1/coupons/a"), ("GET /v1/coupons/a", None, answer))
    assert found == {"percent_off": Decimal("25.10"), "n": 3}
    assert isinstance(found["percent_off"], Decimal)


@pytest.mark.parametrize(
    "path",
    [
        "v1/charges",
        "",
        "/",
        "//evil.example/v1",
        "https://evil.example/v1",
        "/v1/../v2",
        "/v1/./charges",
        "/v1/%2e%2E/x",
        "/v1/a%2F..%2Fb",
        "/v1/charges/",
        "/v1//charges",
        "/v1/charges?limit=1",
        "/v1/charges#a",
        "/v1/a b",
        "/v1/a\r\nX: 1",
        "/v1/a%0d%0aX",
        "/v1/a\x00",
        "/v1/ü",
        "\\\\evil",
        "/v1/charges\n",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_a_path_that_leaves_the_api_is_never_sent(walk: Walk, stripe: StripeProvider, method: str, path: str) -> None:
    with pytest.raises(ValidationError) as caught:
        walk(getattr(stripe.raw, method)(path))
    assert caught.value.param == "path"
    assert "params" in (caught.value.hint or "")
