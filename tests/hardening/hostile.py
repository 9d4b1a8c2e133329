"""Texts with a special meaning for HTTP, URLs, form encodings or templates."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from billbridge_sandbox import Sandbox
from billbridge_sandbox.kernel.http import Answer

TEXTS = {
    "nothing": "",
    "line break": "a\r\nX-Evil: 1",
    "carriage return": "a\rX-Evil: 1",
    "encoded line break": "a%0d%0aX-Evil:%201",
    "null": "a\x00b",
    "delete": "a\x7fb",
    "right to left": "a\u202eb",
    "half a surrogate pair": "a\ud800b",
    "inner space": "a b",
    "outer spaces": " a ",
    "slash": "a/b",
    "two slashes": "//evil.example",
    "dot": ".",
    "two dots": "..",
    "up": "../../v1/charges",
    "encoded up": "%2e%2e%2fcharges",
    "backslash": "a\\b",
    "fragment": "a#b",
    "query": "a?limit=1",
    "another parameter": "a&email=evil@example.com",
    "bracket": "a[b]",
    "closing bracket": "a][email",
    "plus": "a+b",
    "percent": "100%",
    "quotes": "\"a'b`",
    "json": '"},"email":"evil@example.com',
    "braces": "{}{0}{a}",
    "colon": "a:b",
    "umlaut": "zoë",
    "emoji": "🎉",
    "very long": "x" * 4000,
}

_GROUPS = 6


def hostile(test: Callable[..., None]) -> Callable[..., None]:
    """Runs a test, whose last parameter is `text`, with every text: a few groups of them instead of a thousand tests."""
    signature = inspect.signature(test)

    @wraps(test)
    def over_all(group: int, **fixtures: Any) -> None:
        for name, text in list(TEXTS.items())[group::_GROUPS]:
            try:
                test(**fixtures, text=text)
            except BaseException as error:
                error.add_note(f"the text is: {name}")
                raise

    others = [each for name, each in signature.parameters.items() if name != "text"]
    group = inspect.Parameter("group", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    vars(over_all)["__signature__"] = signature.replace(parameters=[*others, group])
    grouped: Callable[..., None] = pytest.mark.parametrize("group", range(_GROUPS))(over_all)
    return grouped


class Arrived:
    """One request as the vendor got it."""

    def __init__(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> None:
        self.method = method
        self.path, _, query = target.partition("?")
        self.segments = [unquote(part) for part in self.path.split("/")]
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.query = parse_qsl(query, keep_blank_values=True)
        self.form = [] if body[:1] == b"{" else parse_qsl(body.decode(), keep_blank_values=True)


class Witness(Sandbox):
    """A sandbox that remembers what arrived."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.arrived: list[Arrived] = []

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        self.arrived.append(Arrived(method, target, headers, body))
        return super().handle(method, target, headers, body)

    def taken(self) -> list[Arrived]:
        """What arrived since the last time."""
        found, self.arrived = self.arrived, []
        return found
