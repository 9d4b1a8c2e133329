"""The contract on Stripe and Chargebee through Maton: the simulated Maton over HTTP, in front of the simulated vendors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from billbridge.flow.limiter import Limiter
from billbridge_contract import contract_tests
from billbridge_contract.backend import Client, SurfaceClass
from billbridge_contract.sandboxes import HttpBackend
from billbridge_sandbox.maton import SimulatedMaton


class ByMaton(HttpBackend):
    """One named connection, and no limit of ours: the contract asks more than ten times a second."""

    def __init__(self) -> None:
        super().__init__()
        self.connection = self.sandbox.part(SimulatedMaton).connect(self.provider)

    def connect(self, surface: SurfaceClass) -> Client:
        """A client that goes by Maton; the vendor's key is Maton's secret."""
        return surface.connect(
            self.provider,
            gateway="maton",
            api_key="maton_x",
            base_url=f"{self._url}/maton",
            connection=self.connection,
            limiter=Limiter(),
        )


class Stripe(ByMaton):
    """Stripe behind Maton."""

    name = "stripe-maton"
    provider = "stripe"


class Chargebee(ByMaton):
    """Chargebee behind Maton."""

    name = "chargebee-maton"
    provider = "chargebee"


@pytest.fixture(scope="module", autouse=True)
def served() -> Iterator[None]:
    """Serves while this module's tests run."""
    with ExitStack() as stack:
        for backend in (Stripe, Chargebee):
            stack.enter_context(backend.served())
        yield


test_contract = contract_tests(Stripe, Chargebee)
