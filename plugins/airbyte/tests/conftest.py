"""Steps a flow by hand: every request is compared with the expected one exactly, and answered from the test. No client, no clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from billbridge.flow import Ask, Call, Flow, Pause, Request, Response
from billbridge_airbyte import AirbyteStripeProvider

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EXECUTE = "/api/v1/integrations/connectors/con_1/execute"
SIGN_IN = "/api/v1/account/applications/token"


def respond(answer: Any) -> Response:
    """A Response as it is; (status, body) or (status, body, headers); any other value is the body of a 200."""
    if isinstance(answer, Response):
        return answer
    status, body, headers = (*answer, {})[:3] if isinstance(answer, tuple) else (200, answer, {})
    return Response(status=status, headers=headers, body=body if isinstance(body, bytes) else json.dumps(body).encode())


def on_to_request(flow: Flow[Any], answer: Any = None) -> Request:
    """The next request of a flow, after the answer to the one before."""
    effect = next(flow) if answer is None else flow.send(respond(answer))
    while isinstance(effect, Ask):
        effect = flow.send(Call(operation="tests.step", key="key", now=NOW, retries=0))
    assert isinstance(effect, Request)
    return effect


def walk(flow: Flow[Any], *answers: Any, now: datetime = NOW, retries: int = 0) -> tuple[Any, list[Request]]:
    """The flow's result, or what it raises, and the requests that it sent, which `answers` answer; an exception is thrown into it."""
    left, sent = list(answers), list[Request]()
    answer: Any = None
    try:
        effect = next(flow)
        while True:
            if isinstance(effect, Ask):
                answer = Call(operation="tests.step", key="key", now=now, retries=retries)
            elif isinstance(effect, Pause):
                answer = None
            else:
                assert isinstance(effect, Request)
                sent.append(effect)
                assert left, f"one request too many: {effect}"
                answer = left.pop(0)
                if isinstance(answer, Exception):
                    effect = flow.throw(answer)
                    continue
                answer = respond(answer)
            effect = flow.send(answer)
    except StopIteration as stop:
        assert not left, f"answers that were not asked for: {left}"
        return stop.value, sent


@pytest.fixture(name="walk")
def _walk() -> Callable[..., Any]:
    return walk


@pytest.fixture
def airbyte() -> AirbyteStripeProvider:
    """Signs in with a ready token, so that a read is one request."""
    return AirbyteStripeProvider(connector_id="con_1", token="ready-token")


@pytest.fixture
def client() -> AirbyteStripeProvider:
    """Exchanges its id and secret for tokens."""
    return AirbyteStripeProvider(connector_id="con_1", client_id="client-1", client_secret="s3cret-value")
