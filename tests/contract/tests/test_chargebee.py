"""The contract on Chargebee: the sandbox in process, the sandbox over HTTP, and a real test site if its key is set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from billbridge_contract import contract_tests
from billbridge_contract.live import LiveBackend
from billbridge_contract.sandboxes import HttpBackend, InProcessBackend


class InProcess(InProcessBackend):
    """The sandbox as a gateway."""

    name = "chargebee-sandbox"
    provider = "chargebee"


class OverHttp(HttpBackend):
    """The sandbox on loopback."""

    name = "chargebee-http"
    provider = "chargebee"
    options = {"site": "x", "api_key": "test_x"}


class Live(LiveBackend):
    """A test site at Chargebee. Its tokens come from the client-side library only, so clauses that need cards stay unproven."""

    name = "chargebee-live"
    provider = "chargebee"
    tokens = None
    variables = {"site": "BILLBRIDGE_CHARGEBEE_SITE", "api_key": "BILLBRIDGE_CHARGEBEE_API_KEY"}

    @classmethod
    def refused(cls, options: Mapping[str, str]) -> str | None:
        """Test sites are named so, and so are their keys."""
        if options["site"].endswith("-test") and options["api_key"].startswith("test_"):
            return None
        return "BILLBRIDGE_CHARGEBEE_SITE must end with -test, and its key begin with test_: the contract makes customers and invoices"


@pytest.fixture(scope="module", autouse=True)
def served() -> Iterator[None]:
    """Serves while this module's tests run."""
    with OverHttp.served():
        yield


test_contract = contract_tests(InProcess, OverHttp, *Live.available())
