"""Serves a simulated Maton on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import pytest
from billbridge_maton import MatonGateway
from billbridge_sandbox import Sandbox
from billbridge_sandbox.maton import SimulatedMaton


@dataclass
class Served:
    """A sandbox on loopback, its Maton, and clients' options."""

    sandbox: Sandbox
    maton: SimulatedMaton
    url: str
    key: ClassVar[str] = "maton_hush"

    @property
    def options(self) -> dict[str, str]:
        return {"api_key": self.key, "base_url": self.url}

    def gateway(self, connection: str = "") -> MatonGateway:
        return MatonGateway(api_key=self.key, base_url=self.url, connection=connection)


@pytest.fixture
def served() -> Iterator[Served]:
    sandbox = Sandbox()
    with sandbox.serve() as server:
        yield Served(sandbox, sandbox.part(SimulatedMaton), server.maton_url)


@pytest.fixture(autouse=True)
def _no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MATON_API_KEY", raising=False)
