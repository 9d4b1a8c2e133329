"""The contract on Stripe: the sandbox in process, the sandbox over HTTP with two engines, and a real test account if its key is set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from billbridge_contract import contract_tests
from billbridge_contract.live import LiveBackend
from billbridge_contract.sandboxes import HttpBackend, InProcessBackend
from billbridge_sandbox.stripe.vendor import CONNECTED


class InProcess(InProcessBackend):
    """The sandbox as a gateway."""

    name = "stripe-sandbox"
    provider = "stripe"
    connected_account = CONNECTED


class OverHttp(HttpBackend):
    """The sandbox on loopback."""

    name = "stripe-http"
    provider = "stripe"
    connected_account = CONNECTED
    options = {"api_key": "sk_test_x"}


class OverFast(OverHttp):
    """The same server, asked by the engine of `billbridge[fast]`."""

    name = "stripe-fast"
    options = {"api_key": "sk_test_x", "http": "fast"}


class Live(LiveBackend):
    """A test account at Stripe. Products and prices stay there, archived: a price cannot be deleted."""

    name = "stripe-live"
    provider = "stripe"
    variables = {"api_key": "BILLBRIDGE_STRIPE_API_KEY"}

    @classmethod
    def refused(cls, options: Mapping[str, str]) -> str | None:
        """Only keys of test mode say so themselves."""
        if options["api_key"].startswith(("sk_test_", "rk_test_")):
            return None
        return "BILLBRIDGE_STRIPE_API_KEY must be a test key (sk_test_ or rk_test_): the contract makes customers and charges cards"


@pytest.fixture(scope="module", autouse=True)
def served() -> Iterator[None]:
    """Serves while this module's tests run."""
    with OverHttp.served():
        yield


test_contract = contract_tests(InProcess, OverHttp, OverFast, *Live.available())
