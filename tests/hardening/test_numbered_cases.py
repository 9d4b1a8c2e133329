"""Each numbered conformance case (survival 6 to 19, customers, catalog, lists) has a test that names its number.

The cases of survival that hold on both vendors are tested here.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from billbridge.errors import (
    BillingError,
    ConcurrencyError,
    InvalidStateError,
    OutcomeUnknownError,
    ProtocolError,
    ProviderUnavailableError,
    RateLimitError,
)
from billbridge_sandbox import Sandbox

from .evidence import settled
from .line import line, says
from .surfaces import on_both_vendors, on_every_surface, tell

CASES = (*range(1, 31), 33, 34, *range(63, 69))
ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"\b[Cc]ases?[ _](\d+(?:(?:, | and | to )\d+)*)")

CONFLICT = {
    "stripe": b'{"error": {"type": "invalid_request_error", "code": "idempotency_key_in_use", "message": "Busy."}}',
    "chargebee": b'{"api_error_code": "invalid_state_for_request", "message": "Not now."}',
}


def named_in(text: str) -> Iterator[int]:
    for found in _NAMED.findall(text):
        yield from map(int, re.findall(r"\d+", found))
        for first, last in re.findall(r"(\d+) to (\d+)", found):
            yield from range(int(first), int(last) + 1)


def test_every_case_is_named_by_a_test() -> None:
    places: dict[int, list[str]] = {case: [] for case in CASES}
    for file in (path for part in ("core", "plugins", "tests") for path in (ROOT / part).rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                for case in named_in(f"{node.name} {ast.get_docstring(node) or ''}"):
                    places.setdefault(case, []).append(f"{file.stem}.{node.name}")
    assert [case for case in CASES if not places[case]] == []


@on_both_vendors
@on_every_surface
def test_rate_limits_without_end_end(sandbox: Sandbox, route: str, surface: str) -> None:
    """Case 12: by the retries, and by the deadline, whose pause is not begun."""

    async def story(billing: Any) -> None:
        far.script += [says(429, b"{}", retry_after="0")] * 50
        with pytest.raises(RateLimitError):
            await settled(billing.customers.create(email="ada@example.com"))
        assert len(far.calls) == 3
        far.script[:] = [says(429, b"{}", retry_after="7")] * 50
        started = time.monotonic()
        with pytest.raises(RateLimitError) as caught:
            await settled(billing.with_options(deadline=3).customers.create(email="ada@example.com"))
        assert (caught.value.retry_after, len(far.calls)) == (7, 4)
        assert time.monotonic() - started < 3

    with line(sandbox) as far:
        tell(story, surface, route, far)


@on_both_vendors
@on_every_surface
def test_a_conflict_is_a_lock_at_stripe_and_a_state_at_chargebee(sandbox: Sandbox, route: str, surface: str) -> None:
    """Case 13: only the lock is waited for. Case 7: every attempt has the same key, the next call another."""

    async def story(billing: Any) -> None:
        far.script += [says(409, CONFLICT[route], retry_after="0")] * 3
        with pytest.raises(ConcurrencyError if route == "stripe" else InvalidStateError):
            await settled(billing.customers.create(email="ada@example.com"))
        attempts = len(far.calls)
        far.script.clear()
        await settled(billing.customers.create(email="ada@example.com"))
        keys = [next(value for name, value in call.headers.items() if name.endswith("idempotency-key")) for call in far.calls]
        assert attempts == (3 if route == "stripe" else 1)
        assert (len(set(keys[:attempts])), len(set(keys))) == (1, 2)

    with line(sandbox) as far:
        tell(story, surface, route, far)


@pytest.mark.parametrize(
    ("status", "body", "read", "write"),
    [
        (503, b"<html>503</html>", ProviderUnavailableError, OutcomeUnknownError),
        (502, b"", ProviderUnavailableError, OutcomeUnknownError),
        (500, b'{"neither": "of the two"}', ProviderUnavailableError, OutcomeUnknownError),
        (200, b'{"id": "cus_1", "cust', ProtocolError, ProtocolError),
        (200, b"<html>hotel wifi</html>", ProtocolError, ProtocolError),
    ],
)
@on_both_vendors
@on_every_surface
def test_an_odd_answer_is_an_error_of_ours(
    sandbox: Sandbox, route: str, surface: str, status: int, body: bytes, read: type[BillingError], write: type[BillingError]
) -> None:
    """Cases 14 and 17."""

    async def story(billing: Any) -> None:
        view = billing.with_options(retries=0)
        far.script += [says(status, body)] * 2
        with pytest.raises(read):
            await settled(view.customers.get("cus_1"))
        with pytest.raises(write) as caught:
            await settled(view.customers.create(email="zoe@example.com"))
        assert "zoe" not in str(caught.value)  # no hexadecimal digits, of which keys are made

    with line(sandbox) as far:
        tell(story, surface, route, far)


@on_both_vendors
def test_only_a_gateway_sends_its_headers(sandbox: Sandbox, route: str) -> None:
    """Case 15: nothing of Maton's goes straight to a vendor."""

    async def story(billing: Any) -> None:
        await settled(billing.customers.create(email="ada@example.com"))

    with line(sandbox) as far:
        tell(story, "blocking", route, far)
    assert [name for call in far.calls for name in call.headers if "maton" in name] == []
    assert len(far.calls) == 1
