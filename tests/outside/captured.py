"""The requests of the official SDK clients. Each client gets an HTTP client that stores the request, opens no socket and never answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import stripe
from law.chargebee.sdk import chargebee


@dataclass(frozen=True)
class Sent:
    """One request as it would have gone over the wire."""

    method: str
    path: str
    query: str
    body: bytes


Capture = Callable[[Callable[[Any], object]], Sent]  # takes a call on the official client, gives what it would have sent


class _Captured(Exception):
    """Ends a call as soon as its request is known."""


class _StripeHttp(stripe.HTTPClient):
    name = "captured"
    sent: Sent

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **options: Any
    ) -> tuple[str, int, dict[str, str]]:
        path, _, query = httpx.URL(url).raw_path.decode().partition("?")
        self.sent = Sent(method.upper(), path, query, (post_data or "").encode())
        raise _Captured


@pytest.fixture
def from_stripe() -> Capture:
    """What a call on the official `StripeClient` sends."""
    http = _StripeHttp()
    client = stripe.StripeClient("sk_test_law", http_client=http, max_network_retries=0)

    def capture(call: Callable[[Any], object]) -> Sent:
        with suppress(_Captured):
            call(client.v1)
        return http.sent

    return capture


@pytest.fixture
def from_chargebee(monkeypatch: pytest.MonkeyPatch) -> Capture:
    """What a call on the official `Chargebee` client sends. It takes no HTTP client, so the `httpx` that its module sees is replaced."""
    sent: list[Sent] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        path, _, query = request.url.raw_path.decode().partition("?")
        sent.append(Sent(request.method, path, query, request.content))
        raise _Captured

    def http_client(verify: object) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(refuse))

    monkeypatch.setattr(chargebee.http_request, "httpx", SimpleNamespace(Client=http_client, Timeout=httpx.Timeout))
    client = chargebee.Chargebee(api_key="test_law", site="law")

    def capture(call: Callable[[Any], object]) -> Sent:
        with suppress(_Captured):
            call(client)
        return sent[-1]

    return capture
