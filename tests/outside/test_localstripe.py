"""localstripe, an imitation of Stripe by other authors, runs and keeps its basic promises over plain HTTP.

For tests of the Stripe plugin, use the fixture `localstripe_url` as its `base_url`. It accepts any `sk_` key. Its objects have an older API
version, so `law.check_exchange` does not check its answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest


@pytest.fixture
def http(localstripe_url: str) -> Iterator[httpx.Client]:
    """A plain HTTP client of localstripe."""
    with httpx.Client(base_url=localstripe_url, auth=("sk_test_law", "")) as client:
        yield client


def post(http: httpx.Client, path: str, **params: Any) -> Any:
    return http.post(path, data=params).raise_for_status().json()


def test_a_customer_is_created_read_listed_and_deleted(http: httpx.Client) -> None:
    made = post(http, "/v1/customers", email="ada@example.com", **{"metadata[tier]": "gold"})
    assert http.get(f"/v1/customers/{made['id']}").json()["metadata"] == {"tier": "gold"}
    assert [each["id"] for each in http.get("/v1/customers").json()["data"]] == [made["id"]]
    assert http.delete(f"/v1/customers/{made['id']}").json()["deleted"] is True


def test_every_test_begins_with_an_empty_store(http: httpx.Client) -> None:
    assert http.get("/v1/customers").json()["data"] == []


def test_a_good_card_is_attached(http: httpx.Client) -> None:
    customer = post(http, "/v1/customers", name="Ada")
    card = {"card[number]": "4242424242424242", "card[exp_month]": "12", "card[exp_year]": "2040", "card[cvc]": "123"}
    method = post(http, "/v1/payment_methods", type="card", **card)
    attached = post(http, f"/v1/payment_methods/{method['id']}/attach", customer=customer["id"])
    assert (attached["customer"], attached["card"]["last4"]) == (customer["id"], "4242")


def test_a_bad_card_is_declined_when_it_is_attached(http: httpx.Client) -> None:
    customer = post(http, "/v1/customers", name="Ada")
    refused = http.post("/v1/payment_methods/pm_card_visa_chargeDeclined/attach", data={"customer": customer["id"]})
    assert refused.status_code == 402
    assert refused.json()["error"]["code"] == "card_declined"


def test_an_unknown_customer_is_not_found(http: httpx.Client) -> None:
    refused = http.get("/v1/customers/cus_nobody")
    assert (refused.status_code, refused.json()["error"]["type"]) == (404, "invalid_request_error")


def test_a_request_without_a_key_is_refused(localstripe_url: str) -> None:
    assert httpx.get(f"{localstripe_url}/v1/customers").status_code == 401
