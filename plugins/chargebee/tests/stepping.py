"""Steps a flow by hand: every request is compared with the expected one exactly, and answered from the test. No client, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from billbridge.errors import TransportError
from billbridge.flow import Ask, Call, Flow, Pause, Request, Response

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY = "key"


def at(seconds: int) -> datetime:
    """The time that Unix seconds mean."""
    return datetime.fromtimestamp(seconds, UTC)


@dataclass
class Step:
    """One expected request and what answers it: JSON (200), a `Response`, or an exception that is thrown into the flow.

    `sent` is the whole query of a GET or the whole body of a POST; `key` the idempotency key of a POST.
    """

    method: str
    path: str
    sent: Mapping[str, str]
    answer: Any
    key: str = KEY


def raw(sent: object) -> msgspec.Raw:
    """The bytes in which `walk` answers with this object, alone."""
    return msgspec.Raw(msgspec.json.encode(sent))


def get(path: str, answer: Any, sent: Mapping[str, str] | None = None) -> Step:
    return Step("GET", f"/api/v2{path}", sent or {}, answer)


def post(path: str, answer: Any, sent: Mapping[str, str] | None = None, *, step: str = "") -> Step:
    return Step("POST", f"/api/v2{path}", sent or {}, answer, f"{KEY}:tests.step:{step}" if step else f"{KEY}:tests.step")


def refused(status: int, code: str, *, param: str | None = None, message: str = "no", type: str | None = "invalid_request") -> Response:
    """An error answer of Chargebee."""
    body = {"message": message, "type": type, "api_error_code": code, "param": param}
    return Response(status=status, body=msgspec.json.encode({name: value for name, value in body.items() if value}))


def lost() -> TransportError:
    """A write was sent and no answer came."""
    error = TransportError("no answer", retryable=True)
    error.sent = True
    return error


def walk(flow: Flow[Any], *steps: Step, retries: int = 0) -> Any:
    """The flow's result, or what it raises; every step must be asked for, in order, and nothing else."""
    left = list(steps)
    try:
        effect = next(flow)
        while True:
            if isinstance(effect, Request):
                assert left, f"one request too many: {effect.method} {effect.path}?{effect.query} {effect.body!r}"
                answer = _checked(effect, left.pop(0))
                effect = flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
            elif isinstance(effect, Ask):
                effect = flow.send(Call(operation="tests.step", key=KEY, now=NOW, retries=retries))
            else:
                assert isinstance(effect, Pause)
                effect = flow.send(None)
    except StopIteration as stop:
        assert not left, f"requests that were not sent: {left}"
        return stop.value


def _checked(request: Request, step: Step) -> Response | Exception:
    assert (request.method, request.path) == (step.method, step.path)
    if step.method == "GET":
        assert (request.body, request.headers) == (None, {})
        form = request.query
    else:
        assert request.query == ""
        assert request.headers == {"content-type": "application/x-www-form-urlencoded", "chargebee-idempotency-key": step.key}
        form = (request.body or b"").decode()
    pairs = parse_qsl(form, keep_blank_values=True, strict_parsing=bool(form))
    assert sorted(pairs) == sorted(step.sent.items())
    if isinstance(step.answer, Response | Exception):
        return step.answer
    return Response(status=200, body=msgspec.json.encode(step.answer))
