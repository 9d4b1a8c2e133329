"""The contract on Stripe: in-process sandbox, and the sandbox over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from billbridge_contract import Backend, Client, SurfaceClass, contract_tests
from billbridge_sandbox import Sandbox


class InProcess(Backend):
    """A fresh sandbox for every clause."""

    name = "stripe-sandbox"

    def __init__(self) -> None:
        self.sandbox = Sandbox()

    def connect(self, surface: SurfaceClass) -> Client:
        return surface.connect("stripe", gateway=self.sandbox)

    def advance(self, days: int) -> None:
        self.sandbox.advance(days=days)


class OverHttp(Backend):
    """One server for the module: every clause makes things of its own."""

    name = "stripe-http"
    sandbox: Sandbox
    url: str

    def connect(self, surface: SurfaceClass) -> Client:
        return surface.connect("stripe", api_key="sk_test_x", base_url=self.url)

    def advance(self, days: int) -> None:
        self.sandbox.advance(days=days)


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    """Serves while this module's tests run."""
    OverHttp.sandbox = Sandbox()
    with OverHttp.sandbox.serve() as server:
        OverHttp.url = server.stripe_url
        yield


test_contract = contract_tests(InProcess, OverHttp)
