"""Refusals of execute requests: Airbyte's own shapes, Stripe's error wherever it is inside, and what their texts may hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from billbridge.errors import (
    AuthenticationError,
    BillingError,
    ConfigurationError,
    ConnectionNotConfiguredError,
    NotFoundError,
    PermissionDeniedError,
    ProtocolError,
    ProviderUnavailableError,
    RateLimitError,
    ValidationError,
)
from billbridge.model import CustomerQuery
from billbridge.toolkit.failures import HINTS
from billbridge_airbyte import AirbyteStripeProvider

Walk = Callable[..., Any]
MISSING = {"type": "invalid_request_error", "code": "resource_missing", "message": "No such customer: 'cus_1'", "param": "id"}


def refusal(walk: Walk, provider: AirbyteStripeProvider, answer: Any, **options: Any) -> BillingError:
    with pytest.raises(BillingError) as caught:
        walk(provider.customers.get("cus_1"), answer, **options)
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "kind", "retryable"),
    [
        (400, {"message": "bad"}, ValidationError, False),
        (401, {"message": "Unauthorized"}, AuthenticationError, False),
        (403, {"message": "no subscription"}, PermissionDeniedError, False),
        (404, {"detail": "Not Found"}, ConnectionNotConfiguredError, False),
        (405, b"", ValidationError, False),
        (422, {"detail": [{"loc": ["body"], "msg": "field required"}]}, ValidationError, False),
        (429, {}, RateLimitError, True),
        (500, {"message": "oops"}, ProviderUnavailableError, True),
        (502, b"", ProviderUnavailableError, True),
        (503, b"<html>busy</html>", ProviderUnavailableError, True),
        (302, b"", ProtocolError, False),
        (400, {"errors": [{"message": "please specify target organization"}]}, ConfigurationError, False),
        (400, b"[1, 2", ValidationError, False),
        (400, [], ValidationError, False),
    ],
)
def test_airbytes_own_refusals(
    walk: Walk, airbyte: AirbyteStripeProvider, status: int, body: Any, kind: type[BillingError], retryable: bool
) -> None:
    error = refusal(walk, airbyte, (status, body, {"x-request-id": "r1"}))
    assert type(error) is kind
    assert (error.provider, error.operation, error.status, error.retryable) == ("airbyte-stripe", "tests.step", status, retryable)
    assert (error.request_id, error.code, error.type, error.idempotency_key) == ("r1", None, None, None)
    assert error.raw is not None


@pytest.mark.parametrize(
    ("stripes", "status", "kind"),
    [
        (MISSING, 400, NotFoundError),
        ({"type": "invalid_request_error", "message": "Invalid limit"}, 500, ValidationError),
        ({"type": "api_error", "message": "x"}, 400, ProviderUnavailableError),
        ({"type": "invalid_request_error", "code": "rate_limit", "message": "x"}, 400, RateLimitError),
        ({"type": "invalid_request_error", "code": "lock_timeout", "message": "x"}, 400, ProviderUnavailableError),
        ({"type": "invalid_request_error", "code": "api_key_expired", "message": "x"}, 400, AuthenticationError),
        ({"type": "invalid_request_error", "message": "Invalid API Key"}, 401, AuthenticationError),
        ({"type": "invalid_request_error", "message": "rak_customer_read is missing"}, 403, PermissionDeniedError),
        ({"type": "invalid_request_error", "message": "slow down"}, 429, RateLimitError),
        ({"type": "card_error", "code": "a_code_of_tomorrow", "message": "x"}, 402, ValidationError),
    ],
)
def test_an_error_of_stripes_decides_whatever_airbytes_status(
    walk: Walk, airbyte: AirbyteStripeProvider, stripes: dict[str, str], status: int, kind: type[BillingError]
) -> None:
    error = refusal(walk, airbyte, (status, {"error": stripes}))
    assert type(error) is kind
    assert (error.code, error.type, error.param) == (stripes.get("code"), stripes["type"], stripes.get("param"))
    assert error.retryable is (kind in (RateLimitError, ProviderUnavailableError))
    assert error.hint == HINTS.get(kind)  # none of those about airbyte


@pytest.mark.parametrize(
    "body",
    [
        {"error": MISSING},
        {"message": "upstream", "error": MISSING},
        {"detail": {"error": MISSING}},
        {"errors": [{"message": "failed", "response": {"error": MISSING}}]},
        {"message": json.dumps({"error": MISSING})},
        {"message": f"HTTP 404 error for GET https://api.stripe.com/v1/customers/cus_1: {json.dumps({'error': MISSING})} (end)"},
    ],
)
def test_stripes_error_is_found_wherever_it_is(walk: Walk, airbyte: AirbyteStripeProvider, body: Any) -> None:
    error = refusal(walk, airbyte, (404, body))
    assert type(error) is NotFoundError
    assert (error.code, error.param) == ("resource_missing", "id")
    assert not error.deleted
    assert "No such customer" in error.message


@pytest.mark.parametrize("status", [400, 404, 422, 500])
def test_stripes_words_alone_say_that_the_customer_is_missing(walk: Walk, airbyte: AirbyteStripeProvider, status: int) -> None:
    assert type(refusal(walk, airbyte, (status, {"message": "stripe said: No such customer: 'cus_1'"}))) is NotFoundError


def test_a_404_without_stripes_words_is_no_missing_customer(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    """It may be the connector that is missing, and a program may delete what it believes to be gone."""
    error = refusal(walk, airbyte, (404, {"message": "connector not found"}))
    assert isinstance(error, ConnectionNotConfiguredError)
    assert "connector_id" in str(error)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            {"errors": [{"userPresentableMessage": "one", "message": "x"}, {"message": "two"}, {"error": "three"}, "four"]},
            "one, two, three, four",
        ),
        ({"message": "five", "error": "x"}, "five"),
        ({"error": "six"}, "six"),
        ({"detail": "seven"}, "seven"),
        ({"errors": [], "message": "eight"}, "eight"),
        ({"errors": "x", "message": "nine"}, "nine"),
        ({"message": 7}, "refused the request"),
    ],
)
def test_airbytes_words_are_quoted(walk: Walk, airbyte: AirbyteStripeProvider, body: Any, words: str) -> None:
    assert refusal(walk, airbyte, (400, body)).message.endswith(words)


def test_the_advice_on_waiting_is_kept_and_followed(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    error = refusal(walk, airbyte, (429, {}, {"retry-after": "7"}))
    assert isinstance(error, RateLimitError)
    assert error.retry_after == 7
    found, sent = walk(airbyte.customers.get("cus_1"), (429, {}, {"retry-after": "7"}), {"result": {"id": "cus_1"}}, retries=1)
    assert found.id == "cus_1"
    assert len(sent) == 2


def test_texts_hold_neither_the_token_nor_personal_data(walk: Walk, client: AirbyteStripeProvider) -> None:
    words = "Bearer t0ken-value was sent by ada@example.com for not-an-address"
    with pytest.raises(ValidationError) as caught:
        walk(client.customers.list(CustomerQuery(email="not-an-address")), {"access_token": "t0ken-value"}, (400, {"message": words}))
    for private in ("t0ken-value", "ada@example.com", "not-an-address"):
        assert private not in str(caught.value)
    assert "was sent by" in str(caught.value)


def test_a_body_that_is_deep_or_strange_is_survived(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    deep: Any = {"error": MISSING | {"code": "deep", "message": "deep down"}}
    for _ in range(50):
        deep = {"inner": deep}
    bodies: list[Any] = [
        deep,
        {"message": "{"},
        {"message": "}{"},
        {"error": {"type": 7}},
        {"errors": [None, 7, [], {}]},
        b"\xff\xfe",
        b"nul",
    ]
    for body in bodies:
        assert type(refusal(walk, airbyte, (400, body))) is ValidationError
