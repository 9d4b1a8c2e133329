"""Backends on the Billbridge sandbox, for vendors that it simulates: in the same process, and over HTTP.

Needs the distribution billbridge-sandbox. Every clause gets a fresh sandbox, so none sees what another left, and every clock starts
at the real time. One server answers for all clauses, each from its own sandbox.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar

from billbridge_sandbox import Sandbox
from billbridge_sandbox.kernel.http import Answer

from billbridge_contract.backend import Backend, Client, SurfaceClass


class InProcessBackend(Backend):
    """Answered in this process. A subclass names the `provider`, as it is installed."""

    provider: ClassVar[str]

    def __init__(self) -> None:
        self.sandbox = Sandbox()

    def connect(self, surface: SurfaceClass) -> Client:
        """A client whose gateway is the sandbox."""
        return surface.connect(self.provider, gateway=self.sandbox)

    def now(self) -> datetime:
        """The sandbox's time."""
        return self.sandbox.now

    def advance(self, days: int) -> None:
        """Moves the sandbox's clock."""
        self.sandbox.advance(days=days)


class HttpBackend(InProcessBackend):
    """Answered over HTTP on loopback, while `with TheBackend.served():` lasts. A subclass gives the provider's `options`."""

    options: ClassVar[Mapping[str, Any]]
    """What `connect` takes besides base_url, such as a made-up API key."""
    _url: ClassVar[str]
    _door: ClassVar[_Door]

    def __init__(self) -> None:
        super().__init__()
        self._door.behind = self.sandbox

    def connect(self, surface: SurfaceClass) -> Client:
        """A client that goes over HTTP."""
        return surface.connect(self.provider, base_url=self._url, **self.options)

    @classmethod
    @contextmanager
    def served(cls) -> Iterator[None]:
        """Serves, one clause at a time."""
        cls._door = _Door()
        with cls._door.serve() as server:
            cls._url = server.stripe_url
            yield


class _Door(Sandbox):
    """A sandbox that lets another one answer."""

    behind: Sandbox

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """What the other one answers."""
        return self.behind.handle(method, target, headers, body)
