"""The vendors' own clients take the faults for what they are meant to be."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
import stripe
from billbridge_sandbox import Fault, Sandbox

ADA = "ada@example.com"


@pytest.mark.parametrize("fault", [Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.UNAVAILABLE_AFTER, Fault.DUPLICATE])
def test_stripes_client_survives_with_one_customer(fault: Fault) -> None:
    sandbox = Sandbox()
    with sandbox.serve() as server:
        client = stripe.StripeClient("sk_test_x", base_addresses={"api": server.stripe_url}, max_network_retries=2)
        sandbox.faults.next(fault)
        client.v1.customers.create({"email": ADA})
        assert [customer.email for customer in client.v1.customers.list().data] == [ADA]


def test_stripes_client_knows_the_rate_limit() -> None:
    sandbox = Sandbox()
    with sandbox.serve() as server:
        client = stripe.StripeClient("sk_test_x", base_addresses={"api": server.stripe_url}, max_network_retries=0)
        sandbox.faults.next(Fault.RATE_LIMITED, retry_after=3)
        with pytest.raises(stripe.RateLimitError) as caught:
            client.v1.customers.create({"email": ADA})
    assert caught.value.error is not None
    assert (caught.value.error.code, caught.value.http_status) == ("rate_limit", 429)


def test_chargebees_client_knows_the_rate_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    chargebee: Any = import_module("chargebee")  # typed inside, but without py.typed
    monkeypatch.setattr(chargebee.Chargebee, "verify_ca_certs", False)
    sandbox = Sandbox()
    with sandbox.serve() as server:
        port = server.chargebee_url.rsplit(":", 1)[1]
        client = chargebee.Chargebee(api_key="test_x", site="127", chargebee_domain=f"0.0.1:{port}", protocol="http")
        sandbox.faults.next(Fault.RATE_LIMITED, retry_after=3)
        with pytest.raises(chargebee.OperationFailedError) as caught:
            client.Customer.create({"email": ADA})
    assert (caught.value.api_error_code, caught.value.http_status_code) == ("api_request_limit_exceeded", 429)
