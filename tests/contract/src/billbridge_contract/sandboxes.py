"""Backends on the Billbridge sandbox, for vendors that it simulates: in the same process, and over HTTP.

They need the distribution billbridge-sandbox. Each clause gets a new sandbox, so it sees nothing from another clause, and its clock starts
at the real time. Over HTTP, one server answers for all clauses, each from its own sandbox.
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
    """A backend that answers in this process. A subclass sets `provider`, the name of an installed provider."""

    provider: ClassVar[str]

    def __init__(self) -> None:
        self.sandbox = Sandbox()

    def connect(self, surface: SurfaceClass) -> Client:
        """Return a client with the sandbox as its gateway."""
        return surface.connect(self.provider, gateway=self.sandbox)

    def now(self) -> datetime:
        """Return the sandbox's time."""
        return self.sandbox.now

    def advance(self, days: int) -> None:
        """Move the sandbox's clock."""
        self.sandbox.advance(days=days)


class HttpBackend(InProcessBackend):
    """A backend that answers over HTTP on loopback, inside `with YourBackend.served():`. A subclass sets the provider's `options`."""

    options: ClassVar[Mapping[str, Any]]
    """The arguments of `connect` besides base_url, such as a made-up API key."""
    _url: ClassVar[str]
    _door: ClassVar[_Door]

    def __init__(self) -> None:
        super().__init__()
        self._door.behind = self.sandbox

    def connect(self, surface: SurfaceClass) -> Client:
        """Return a client that sends over HTTP."""
        return surface.connect(self.provider, base_url=self._url, **self.options)

    @classmethod
    @contextmanager
    def served(cls) -> Iterator[None]:
        """Serve one clause at a time."""
        cls._door = _Door()
        with cls._door.serve() as server:
            cls._url = server.stripe_url
            yield


class _Door(Sandbox):
    """A sandbox that forwards each request to another one."""

    behind: Sandbox

    def handle(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Return the answer of the other sandbox."""
        return self.behind.handle(method, target, headers, body)
