"""A client with a journal, for tests on both simulated vendors."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from billbridge import Billing
from billbridge.flow.journal import Journal
from billbridge_sandbox import Sandbox

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
VENDORS = ("stripe", "chargebee")
OPTIONS: dict[str, dict[str, Any]] = {"stripe": {"api_key": "sk_test_x"}, "chargebee": {"api_key": "test_x", "site": "acme"}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "billing.journal"


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(start=START)


def client(vendor: str, sandbox: Sandbox, path: Path) -> Billing:
    """As a process that has just started makes it; nothing is sent again by itself."""
    return Billing.connect(vendor, gateway=sandbox, journal=Journal(path)).with_options(retries=0)
