"""Steps a flow by hand: every request is compared with the expected one exactly, and answered from the test. No client, no clock."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import unquote_plus

import pytest
from billbridge.errors import TransportTimeoutError
from billbridge.flow import Ask, Call, Flow, Pause, Request, Response
from billbridge_stripe import StripeProvider

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"
Exchange: TypeAlias = tuple[str, str | None, Any]
"""A request line, the decoded body (None for none), and the answer: a dict (200), (status, dict), a Response, or an exception to throw."""


def respond(answer: Any) -> Response:
    if isinstance(answer, Response):
        return answer
    status, body = answer if isinstance(answer, tuple) else (200, answer)
    return Response(status=status, headers={"request-id": "req_1"}, body=json.dumps(body).encode())


def check(request: Request, line: str, body: str | None, key: str) -> None:
    """`key` is the call's, or the call's and a step: "key:default". What is sent has the operation in between."""
    sent = request.body
    assert f"{request.method} {request.path}{'?' if request.query else ''}{unquote_plus(request.query)}" == line
    assert (None if sent is None else unquote_plus(sent.decode())) == body
    assert request.headers == ({} if body is None else {"Content-Type": FORM, "Idempotency-Key": key.replace("key", "key:tests.step", 1)})


def walk(flow: Flow[Any], *exchanges: Exchange, keys: Sequence[str] = ("key",), retries: int = 0) -> Any:
    """The flow's result, or what it raises. `keys` are the idempotency keys of its POSTs, in order; the last one repeats."""
    left = list(exchanges)
    wanted = list(keys)
    answer: Any = None
    try:
        effect = next(flow)
        while True:
            if isinstance(effect, Ask):
                answer = Call(operation="tests.step", key="key", now=NOW, retries=retries)
            elif isinstance(effect, Pause):
                answer = None
            else:
                assert isinstance(effect, Request)
                assert left, f"one request too many: {effect.method} {effect.path}?{effect.query} {effect.body!r}"
                line, body, answer = left.pop(0)
                check(effect, line, body, wanted[0])
                if body is not None and len(wanted) > 1:
                    wanted.pop(0)
                if isinstance(answer, Exception):
                    effect = flow.throw(answer)
                    continue
                answer = respond(answer)
            effect = flow.send(answer)
    except StopIteration as stop:
        assert not left, f"requests that were not sent: {left}"
        return stop.value


@pytest.fixture(name="walk")
def _walk() -> Callable[..., Any]:
    return walk


@pytest.fixture
def lost() -> TransportTimeoutError:
    """What a runner throws when a request was sent and no answer came in time."""
    error = TransportTimeoutError("late", retryable=True)
    error.sent = True
    return error


@pytest.fixture
def stripe() -> StripeProvider:
    return StripeProvider(api_key="sk_test_123")
