"""Signing in: the exchange, when a token is kept and when it is renewed, in every generation, and that no secret shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from billbridge.errors import (
    AuthenticationError,
    BillingError,
    ConnectionNotConfiguredError,
    ProtocolError,
    ProviderUnavailableError,
    RateLimitError,
    TransportTimeoutError,
)
from billbridge.flow import Request
from billbridge_airbyte import GENERATIONS, AirbyteStripeProvider

from .conftest import EXECUTE, NOW, SIGN_IN, on_to_request

Walk = Callable[..., Any]
FOUND = {"result": {"id": "cus_1"}}
UNAUTHORIZED = (401, {"message": "Unauthorized"})


def token(value: str, seconds: float | None = 900) -> dict[str, Any]:
    return {"access_token": value, "token_type": "bearer", "organization_id": "org"} | ({} if seconds is None else {"expires_in": seconds})


def steps(sent: list[Request]) -> list[str]:
    """What was sent, in short: "sign in", or the token of an execute request."""
    return ["sign in" if request.path == SIGN_IN else request.headers["Authorization"] for request in sent]


def test_the_id_and_the_secret_are_exchanged_and_the_token_carried(walk: Walk, client: AirbyteStripeProvider) -> None:
    found, (exchange, execute) = walk(client.customers.get("cus_1"), token("t1"), FOUND)
    assert found.id == "cus_1"
    assert (exchange.method, exchange.path, exchange.query) == ("POST", SIGN_IN, "")
    assert json.loads(exchange.body) == {"client_id": "client-1", "client_secret": "s3cret-value"}
    assert exchange.headers == {"Content-Type": "application/json"}
    assert (exchange.route.base_url, exchange.route.headers) == ("https://api.airbyte.ai", {})
    assert (execute.path, execute.route) == (EXECUTE, None)
    assert execute.headers == {"Content-Type": "application/json", "Authorization": "Bearer t1"}
    assert client.credentials() == {}


@pytest.mark.parametrize(
    ("generation", "sign_in", "execute"),
    [
        ("2025-12", "https://cloud.airbyte.com/api/v1/applications/token", "/api/v1/connectors/instances/con_1/execute"),
        ("2026-01", "https://cloud.airbyte.com/api/v1/applications/token", "/api/v1/connectors/sources/con_1/execute"),
        ("2026-02", "https://api.airbyte.ai/api/v1/account/applications/token", "/api/v1/integrations/connectors/con_1/execute"),
    ],
)
def test_every_generation_has_its_own_hosts_and_paths(walk: Walk, generation: str, sign_in: str, execute: str) -> None:
    options = {"connector_id": "con_1", "client_id": "i", "client_secret": "s", "generation": generation}
    provider = AirbyteStripeProvider(**options)
    _, (first, second) = walk(provider.customers.get("cus_1"), token("t1"), FOUND)
    assert f"{first.route.base_url}{first.path}" == sign_in
    assert f"{provider.base_url()}{second.path}" == f"https://api.airbyte.ai{execute}"
    assert json.loads(second.body)["skip_truncation"] is True
    here = AirbyteStripeProvider(**options, base_url="http://127.0.0.1:9")
    _, (first, _) = walk(here.customers.get("cus_1"), token("t1"), FOUND)
    assert first.route.base_url == here.base_url() == "http://127.0.0.1:9"


def test_there_are_these_generations() -> None:
    assert list(GENERATIONS) == ["2025-12", "2026-01", "2026-02"]


def test_the_organization_goes_along_with_both_requests(walk: Walk) -> None:
    provider = AirbyteStripeProvider(connector_id="con_1", client_id="i", client_secret="s", organization_id="org-1")
    _, (exchange, _) = walk(provider.customers.get("cus_1"), token("t1"), FOUND)
    assert exchange.route.headers == provider.headers() == {"X-Organization-Id": "org-1"}


@pytest.mark.parametrize(("seconds", "good"), [(900, 839), (None, 839), (61.5, 1), (3600, 3539)])
def test_a_token_is_kept_until_a_minute_before_it_expires(walk: Walk, client: AirbyteStripeProvider, seconds: float, good: int) -> None:
    walk(client.customers.get("cus_1"), token("t1", seconds), FOUND)
    _, sent = walk(client.customers.get("cus_1"), FOUND, now=NOW + timedelta(seconds=good))
    assert steps(sent) == ["Bearer t1"]
    _, sent = walk(client.customers.get("cus_1"), token("t2"), FOUND, now=NOW + timedelta(seconds=good + 1))
    assert steps(sent) == ["sign in", "Bearer t2"]


@pytest.mark.parametrize("seconds", [0, -5, 30, -1e300])
def test_a_token_that_hardly_lasts_is_used_once(walk: Walk, client: AirbyteStripeProvider, seconds: float) -> None:
    walk(client.customers.get("cus_1"), token("t1", seconds), FOUND)
    _, sent = walk(client.customers.get("cus_1"), token("t2"), FOUND)
    assert steps(sent) == ["sign in", "Bearer t2"]


def test_a_token_said_to_last_for_ever_is_renewed_after_a_day(walk: Walk, client: AirbyteStripeProvider) -> None:
    walk(client.customers.get("cus_1"), token("t1", 1e300), FOUND)
    _, sent = walk(client.customers.get("cus_1"), token("t2"), FOUND, now=NOW + timedelta(days=1))
    assert steps(sent) == ["sign in", "Bearer t2"]


def test_a_refused_token_is_renewed_once(walk: Walk, client: AirbyteStripeProvider) -> None:
    walk(client.customers.get("cus_1"), token("t1"), FOUND)
    found, sent = walk(client.customers.get("cus_1"), UNAUTHORIZED, token("t2"), FOUND)
    assert found.id == "cus_1"
    assert steps(sent) == ["Bearer t1", "sign in", "Bearer t2"]
    assert steps(walk(client.customers.get("cus_1"), FOUND)[1]) == ["Bearer t2"]


def test_a_second_refusal_is_an_authentication_error(walk: Walk, client: AirbyteStripeProvider) -> None:
    with pytest.raises(AuthenticationError) as caught:
        walk(client.customers.get("cus_1"), token("t1"), UNAUTHORIZED, token("t2"), UNAUTHORIZED)
    assert caught.value.status == 401


def test_a_token_that_another_thread_renewed_is_used(walk: Walk, client: AirbyteStripeProvider) -> None:
    walk(client.customers.get("cus_1"), token("t1"), FOUND)
    mine = client.customers.get("cus_1")
    assert steps([on_to_request(mine)]) == ["Bearer t1"]
    walk(client.customers.get("cus_1"), UNAUTHORIZED, token("t2"), FOUND)
    assert steps([on_to_request(mine, UNAUTHORIZED)]) == ["Bearer t2"]


def test_a_ready_token_is_not_renewed(walk: Walk, airbyte: AirbyteStripeProvider) -> None:
    assert airbyte.credentials() == {"Authorization": "Bearer ready-token"}
    with pytest.raises(AuthenticationError):
        walk(airbyte.customers.get("cus_1"), UNAUTHORIZED)


def test_a_key_that_stripe_refused_is_no_reason_for_a_new_token(walk: Walk, client: AirbyteStripeProvider) -> None:
    body = {"error": {"type": "invalid_request_error", "message": "Invalid API Key provided: sk_test_abc123"}}
    with pytest.raises(AuthenticationError, match="connector holds") as caught:
        walk(client.customers.get("cus_1"), token("t1"), (401, body))
    assert "sk_test_abc123" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "kind", "retryable"),
    [
        ((401, {"message": "no client client-1 with s3cret-value"}), AuthenticationError, False),
        ((400, {"message": "s3cret-value"}), AuthenticationError, False),
        ((403, b"s3cret-value"), AuthenticationError, False),
        ((422, {"detail": "s3cret-value"}), AuthenticationError, False),
        ((404, {"detail": "Not Found"}), ConnectionNotConfiguredError, False),
        ((429, {}, {"retry-after": "7"}), RateLimitError, True),
        ((503, b"<html>s3cret-value"), ProviderUnavailableError, True),
        ((307, b""), ProtocolError, False),
        ((200, {"token": "t1"}), ProtocolError, False),
        ((200, {"access_token": "a\r\nX-Evil: 1"}), ProtocolError, False),
        ((200, {"access_token": "s3cret-value t1"}), ProtocolError, False),
        ((200, {"access_token": ""}), ProtocolError, False),
        ((200, {"access_token": "s3cret-value", "expires_in": "soon"}), ProtocolError, False),
        ((200, b"\xff"), ProtocolError, False),
    ],
)
def test_a_refused_exchange_quotes_and_keeps_nothing(
    walk: Walk, client: AirbyteStripeProvider, answer: Any, kind: type[BillingError], retryable: bool
) -> None:
    with pytest.raises(kind) as caught:
        walk(client.customers.get("cus_1"), answer)
    error = caught.value
    assert type(error) is kind
    assert (error.provider, error.retryable, error.raw) == ("airbyte-stripe", retryable, None)
    told = "".join(map(repr, (error, error.args, error.hint, error.__cause__)))
    assert "s3cret-value" not in told
    assert "client-1" not in told
    if isinstance(error, RateLimitError):
        assert error.retry_after == 7


def test_an_exchange_is_repeated_like_any_read(walk: Walk, client: AirbyteStripeProvider) -> None:
    lost = TransportTimeoutError("late", retryable=True)
    lost.sent = True
    _, sent = walk(client.customers.get("cus_1"), lost, (500, b""), token("t1"), FOUND, retries=2)
    assert steps(sent) == ["sign in"] * 3 + ["Bearer t1"]
    with pytest.raises(TransportTimeoutError):
        walk(AirbyteStripeProvider(connector_id="c", client_id="i", client_secret="s").customers.get("cus_1"), lost)


def test_threads_may_share_a_provider(walk: Walk, client: AirbyteStripeProvider) -> None:
    tokens = token("t1"), token("t2")

    def read(number: int) -> str:
        flow = client.customers.get("cus_1")
        request = on_to_request(flow)
        if request.path == SIGN_IN:
            request = on_to_request(flow, tokens[number % 2])
        return request.headers["Authorization"]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(read, range(200))) <= {"Bearer t1", "Bearer t2"}
    _, (request,) = walk(client.customers.get("cus_1"), FOUND)
    assert request.headers["Authorization"].startswith("Bearer t")


def test_no_repr_shows_the_secret_or_the_token(walk: Walk, client: AirbyteStripeProvider, airbyte: AirbyteStripeProvider) -> None:
    _, sent = walk(client.customers.get("cus_1"), token("t0ken-value"), FOUND)
    shown = repr([client, airbyte, *sent, client.customers, vars(client), vars(vars(client.customers)["_api"])])
    kept = vars(vars(client.customers)["_api"])["_tokens"]
    shown += repr([kept, vars(kept)["_kept"], vars(kept)["_request"]])
    for secret in ("t0ken-value", "ready-token"):
        assert secret not in shown
    assert "s3cret-value" not in repr([client, airbyte, *sent, kept, vars(kept)])
