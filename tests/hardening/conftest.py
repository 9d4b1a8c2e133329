"""Fixtures of the hardening tests: a sandbox, and the texts that a test showed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from billbridge_sandbox import Sandbox

from .evidence import Evidence


@pytest.fixture
def evidence(caplog: pytest.LogCaptureFixture) -> Iterator[Evidence]:
    collected = Evidence(caplog)
    with collected.watching():
        yield collected


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()
