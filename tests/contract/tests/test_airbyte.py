"""The contract on Stripe's customers through Airbyte. It only reads, so most clauses prove an absent capability before any request.

Clauses that need a new customer cannot be proved here. The plugin's own tests read customers that were made at Stripe.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from billbridge_contract import contract_tests
from billbridge_contract.sandboxes import HttpBackend, InProcessBackend


class InProcess(InProcessBackend):
    """The simulated Airbyte in this process."""

    name = "airbyte-sandbox"
    provider = "airbyte-stripe"


class OverHttp(HttpBackend):
    """The simulated Airbyte on loopback, with tokens that are exchanged."""

    name = "airbyte-http"
    provider = "airbyte-stripe"
    options = {"connector_id": "con_1", "client_id": "client-1", "client_secret": "secret-1"}


@pytest.fixture(scope="module", autouse=True)
def served() -> Iterator[None]:
    """Serves while this module's tests run."""
    with OverHttp.served():
        yield


test_contract = contract_tests(InProcess, OverHttp)
