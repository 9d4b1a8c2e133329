"""Authentication, paths, methods, idempotency, unknown parameters."""

from __future__ import annotations

from base64 import b64encode

import pytest
from billbridge_sandbox import Simulation

from .conftest import Client


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Basic %%%",
        "Basic " + b64encode(b":").decode(),
        "Basic " + b64encode(b"key").decode(),
        "Basic " + b64encode(b"key:password").decode(),
        "Bearer key",
    ],
)
def test_a_missing_or_malformed_key_is_401(client: Client, authorization: str) -> None:
    refused = client.get("/customers", Authorization=authorization)
    assert refused.code == (401, "api_authentication_failed")
    assert "type" not in refused.body


def test_an_error_names_its_code_under_both_generations_of_names(client: Client) -> None:
    refused = client.get("/customers/nobody")
    assert refused.code == (404, "resource_not_found")
    assert refused["type"] == "invalid_request"
    assert refused["error_code"] == "resource_not_found"


def test_an_unknown_path_is_404_and_an_unknown_method_405(client: Client) -> None:
    assert client.get("/unicorns").code == (404, "resource_not_found")
    assert client("DELETE", "/customers/ada").code == (405, "http_method_not_supported")


def test_an_id_with_a_slash_travels_percent_encoded(client: Client) -> None:
    client.customer("a/b c", None)
    assert client.get("/customers/a%2Fb%20c")["customer"]["id"] == "a/b c"


def test_endpoints_of_the_first_catalog_are_refused(client: Client) -> None:
    assert client.post("/subscriptions", {"plan_id": "basic"}).code == (400, "configuration_incompatible")
    assert client.post("/subscriptions/x/cancel").code == (400, "configuration_incompatible")


def test_the_site_says_that_it_uses_the_second_catalog(client: Client) -> None:
    assert client.get("/configurations")["configurations"][0]["product_catalog_version"] == "v2"


def test_a_json_body_is_refused_because_chargebee_takes_forms(client: Client) -> None:
    assert client.post("/customers", {"id": "ada"}, content_type="application/json").code == (400, "invalid_request")


def test_unknown_parameters_are_ignored_and_put_down_once(client: Client) -> None:
    client.customer("ada", None, emial="ada@example.com")
    client.post("/customers/ada", {"emial": "ada@example.com"})
    client.get("/customers", {"email": "no operator"})
    client.get("/customers", {"email": "no operator"})
    assert client.vendor.ignored_params == ["POST /customers emial", "POST /customers/{id} emial", "GET /customers email"]


def test_a_repeated_key_replays_the_answer_and_does_nothing_again(client: Client) -> None:
    first = client.post("/customers", {"email": "ada@example.com"}, chargebee_idempotency_key="k1")
    again = client.post("/customers", {"email": "ada@example.com"}, chargebee_idempotency_key="k1")
    assert "chargebee-idempotency-replayed" not in first.headers
    assert again.headers["chargebee-idempotency-replayed"] == "true"
    assert again.body == first.body
    assert len(client.get("/customers")["list"]) == 1


def test_a_key_is_forgotten_after_30_minutes(client: Client, simulation: Simulation) -> None:
    first = client.post("/customers", {"email": "ada@example.com"}, chargebee_idempotency_key="k1")
    simulation.advance(minutes=29)
    assert client.post("/customers", {"email": "ada@example.com"}, chargebee_idempotency_key="k1").body == first.body
    simulation.advance(minutes=1)
    again = client.post("/customers", {"email": "ada@example.com"}, chargebee_idempotency_key="k1")
    assert again["customer"]["id"] != first["customer"]["id"]


def test_a_key_used_for_another_request_is_400(client: Client) -> None:
    client.post("/customers", {"email": "ada@example.com"}, chargebee_idempotency_key="k1")
    assert client.post("/customers", {"email": "bob@example.com"}, chargebee_idempotency_key="k1").code == (400, "invalid_request")


def test_a_failed_request_may_be_repeated_with_its_key(client: Client) -> None:
    assert client.post("/customers", {"locale": "x" * 51}, chargebee_idempotency_key="k1").status == 400
    assert client.post("/customers", {"locale": "fr-CA"}, chargebee_idempotency_key="k1").status == 200


def test_a_key_of_more_than_100_characters_is_refused(client: Client) -> None:
    assert client.post("/customers", {}, chargebee_idempotency_key="k" * 101).code == (400, "param_wrong_value")
    assert client.post("/customers", {}, chargebee_idempotency_key="k" * 100).status == 200


def test_a_key_means_nothing_on_a_get(client: Client) -> None:
    client.customer("ada", None)
    assert client.get("/customers/ada", chargebee_idempotency_key="k1").status == 200
    client.post("/customers/ada", {"company": "Analytical Engines"})
    assert client.get("/customers/ada", chargebee_idempotency_key="k1")["customer"]["company"] == "Analytical Engines"
