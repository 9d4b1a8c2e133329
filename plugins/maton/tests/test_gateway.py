"""The gateway through the public API, over HTTP: which connection is used, whose keys travel where, whose errors come back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import pytest
from billbridge import AsyncBilling, Billing, Item, Money
from billbridge.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectionNotConfiguredError,
    NotFoundError,
    OutcomeUnknownError,
    PaymentDeclinedError,
    ProviderUnavailableError,
    RateLimitError,
    ValidationError,
)
from billbridge.flow.limiter import Limiter
from billbridge.plugins.hookspecs import Exchange, hookimpl
from billbridge.services.capability import CONNECTED_ACCOUNTS, Support
from billbridge_chargebee import ChargebeeProvider
from billbridge_maton import MatonGateway
from billbridge_sandbox import Fault
from billbridge_stripe import StripeProvider

PROVIDERS: dict[str, Callable[[], Any]] = {
    "stripe": lambda: StripeProvider(api_key="sk_test_vendor"),
    "chargebee": lambda: ChargebeeProvider(site="acme-test", api_key="test_vendor"),
}


class Watcher:
    def __init__(self) -> None:
        self.seen: list[str] = []

    @hookimpl
    def billbridge_exchange(self, exchange: Exchange) -> None:
        self.seen.append(f"{exchange.method} {exchange.path} {exchange.status}")


@pytest.mark.parametrize("vendor", PROVIDERS)
def test_a_vendor_is_billed_by_maton_with_maton_s_key_only(served: Any, vendor: str) -> None:
    connection = served.maton.connect(vendor)
    with Billing.connect(vendor, gateway="maton", connection=connection, **served.options) as billing:
        made = billing.customers.create(email="ada@example.com")
        assert billing.customers.get(made.id).email == "ada@example.com"
        assert billing.info().gateway == "maton"
        assert billing.info().live is None
    with Billing.connect(vendor, gateway=served.sandbox) as direct:
        assert direct.customers.get(made.id).id == made.id


@pytest.mark.parametrize("vendor", PROVIDERS)
def test_no_key_reaches_the_other_side(served: Any, vendor: str) -> None:
    """Case 6."""
    arrived: list[Any] = []
    handle = served.maton.handle

    def watched(call: Any) -> Any:
        arrived.append(call)
        return handle(call)

    served.maton.handle = watched
    served.maton.connect(vendor)
    with Billing(PROVIDERS[vendor](), gateway=served.gateway()) as billing:
        billing.customers.create(email="ada@example.com")
    assert len(arrived) == 2
    assert all(call.headers["authorization"] == "Bearer maton_hush" for call in arrived)
    assert not any("vendor" in f"{call.headers}{call.body!r}" for call in arrived)
    (passed,) = served.maton.seen
    assert "maton_hush" not in str(passed.headers)
    assert passed.headers["authorization"].split()[0] == {"stripe": "Bearer", "chargebee": "Basic"}[vendor]


@pytest.mark.parametrize("vendor", PROVIDERS)
def test_the_idempotency_key_and_the_version_pass(served: Any, vendor: str) -> None:
    served.maton.connect(vendor)
    with Billing(PROVIDERS[vendor](), gateway=served.gateway()) as billing:
        first = billing.with_options(idempotency_key="once").customers.create(email="ada@example.com")
        again = billing.with_options(idempotency_key="once").customers.create(email="ada@example.com")
        assert first.id == again.id
    assert {call.headers.get("stripe-version") for call in served.maton.seen} == {
        StripeProvider.api_version if vendor == "stripe" else None
    }


class TestWhichConnection:
    def test_the_only_active_one_is_found_once_and_named(self, served: Any) -> None:
        """Case 15."""
        served.maton.connect("chargebee")
        served.maton.connections.create("stripe", "OAUTH2")
        connection = served.maton.connect("stripe")
        watcher = Watcher()
        with Billing(StripeProvider(), gateway=served.gateway(), hooks=[watcher]) as billing:
            assert watcher.seen == []
            for _ in range(2):
                with pytest.raises(NotFoundError):
                    billing.customers.get("cus_1")
            assert billing._session.route.headers["Maton-Connection"] == connection
        assert watcher.seen == ["GET /connections 200", "GET /v1/customers/cus_1 404", "GET /v1/customers/cus_1 404"]

    @pytest.mark.parametrize("surface", [Billing, AsyncBilling])
    def test_two_active_ones_and_none_named_are_refused_with_nothing_sent_to_the_vendor(self, served: Any, surface: Any) -> None:
        ids = [served.maton.connect("stripe"), served.maton.connect("stripe")]

        async def awaited() -> None:
            async with AsyncBilling(StripeProvider(), gateway=served.gateway()) as billing:
                await billing.customers.create(email="ada@example.com")

        def blocking() -> None:
            with Billing(StripeProvider(), gateway=served.gateway()) as billing:
                billing.customers.create(email="ada@example.com")

        with pytest.raises(ConfigurationError, match="2 active connections") as caught:
            blocking() if surface is Billing else asyncio.run(awaited())
        assert all(id in str(caught.value) for id in ids)
        assert caught.value.param == "connection"
        assert served.maton.seen == []

    def test_naming_one_of_two_settles_it(self, served: Any) -> None:
        _, second = served.maton.connect("stripe"), served.maton.connect("stripe")
        with Billing(StripeProvider(), gateway=served.gateway(second)) as billing:
            billing.customers.create(email="ada@example.com")

    def test_none_active_is_refused_and_asked_again_later(self, served: Any) -> None:
        """Case 15."""
        pending = served.maton.connections.create("stripe", "OAUTH2").id
        with Billing(StripeProvider(), gateway=served.gateway()) as billing:
            with pytest.raises(ConnectionNotConfiguredError, match="billbridge connections create stripe"):
                billing.customers.create(email="ada@example.com")
            assert served.maton.seen == []
            served.maton.activate(pending)
            billing.customers.create(email="ada@example.com")

    def test_one_gateway_may_serve_two_vendors(self, served: Any) -> None:
        gateway = served.gateway()
        for vendor, provider in PROVIDERS.items():
            served.maton.connect(vendor)
            with Billing(provider(), gateway=gateway) as billing:
                assert billing.customers.create(email="ada@example.com").provider == vendor

    @pytest.mark.parametrize("named", ["con_unknown", "of another app", "pending"])
    def test_a_named_one_that_does_not_fit_is_maton_s_refusal(self, served: Any, named: str) -> None:
        """Case 15: the gateway's 400."""
        others = {"of another app": served.maton.connect("chargebee"), "pending": served.maton.connections.create("stripe", "OAUTH2").id}
        with (
            Billing(StripeProvider(), gateway=served.gateway(others.get(named, named))) as billing,
            pytest.raises(ConnectionNotConfiguredError) as caught,
        ):
            billing.customers.create(email="ada@example.com")
        assert (caught.value.status, caught.value.provider, caught.value.operation) == (400, "maton", "customers.create")


class TestErrors:
    @pytest.mark.parametrize("vendor", PROVIDERS)
    def test_the_vendor_s_own_refusals_pass_untouched(self, served: Any, vendor: str) -> None:
        """Case 15: the vendor's 400."""
        connection = served.maton.connect(vendor)
        with Billing(PROVIDERS[vendor](), gateway=served.gateway(connection)) as billing:
            with pytest.raises(NotFoundError) as missing:
                billing.customers.get("nobody")
            customer = billing.customers.create(email="ada@example.com")
            billing.payment_methods.attach(customer.id, token="tok_chargeDeclined")
            product = billing.products.create(name="Pro")
            price = billing.prices.create(product=product.id, amount=Money("19.00", "USD"), every="month")
            with pytest.raises(PaymentDeclinedError) as declined:
                billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
        assert (missing.value.provider, declined.value.provider) == (vendor, vendor)
        assert declined.value.status == {"stripe": 402, "chargebee": 400}[vendor]

    @pytest.mark.parametrize("connection", ["", "con_1"])
    def test_a_refused_key_is_maton_s(self, served: Any, connection: str) -> None:
        gateway = MatonGateway(api_key="hush_other", base_url=served.url, connection=connection)
        with (
            Billing(StripeProvider(), gateway=gateway) as billing,
            pytest.raises(AuthenticationError, match="maton did not accept the API key") as caught,
        ):
            billing.customers.get("cus_1")
        assert not isinstance(caught.value, ConnectionNotConfiguredError)
        assert "hush" not in f"{caught.value}{caught.value!r}"

    def test_an_expired_sign_in_says_what_to_do(self, served: Any) -> None:
        connection = served.maton.connect("stripe")
        served.maton.expire(connection)
        with (
            Billing(StripeProvider(), gateway=served.gateway(connection)) as billing,
            pytest.raises(ProviderUnavailableError, match="create a new connection") as caught,
        ):
            billing.with_options(retries=0).customers.get("cus_1")
        assert caught.value.status == 500

    def test_maton_s_limit_is_a_rate_limit_with_its_advice(self, served: Any) -> None:
        served.maton.limited = True
        connection = served.maton.connect("stripe")
        with Billing(StripeProvider(), gateway=served.gateway(connection), limiter=Limiter()) as billing:
            view = billing.with_options(retries=0)
            for _ in range(10):
                list(view.customers.list())
            with pytest.raises(RateLimitError, match="too many requests to maton") as caught:
                view.customers.list().pages().__next__()
        assert caught.value.retry_after == 1.0

    def test_a_vendor_s_key_in_the_environment_does_not_go_to_maton(self, served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        served.maton.connect("chargebee")
        monkeypatch.setenv("MATON_API_KEY", "maton_hush")
        environment = {
            "BILLBRIDGE_PROVIDER": "chargebee",
            "BILLBRIDGE_GATEWAY": "maton",
            "BILLBRIDGE_CHARGEBEE_API_KEY": "unusual_vendor_key",
            "BILLBRIDGE_MATON_BASE_URL": served.url,
        }
        with Billing.from_env(environment) as billing:
            billing.customers.create(email="ada@example.com")

    def test_nothing_secret_is_logged(self, served: Any, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        connection = served.maton.connect("stripe")
        with Billing(StripeProvider(), gateway=served.gateway(connection)) as billing:
            billing.customers.create(email="ada@example.com")
        assert "hush" not in caplog.text


class TestFaults:
    @pytest.mark.parametrize("vendor", PROVIDERS)
    @pytest.mark.parametrize(
        ("fault", "details"),
        [
            (Fault.DROP_BEFORE, {}),
            (Fault.DROP_AFTER, {}),
            (Fault.DUPLICATE, {}),
            (Fault.RATE_LIMITED, {"retry_after": 0}),
            (Fault.UNAVAILABLE, {"status": 503}),
            (Fault.UNAVAILABLE_AFTER, {"status": 500}),
            (Fault.UNAVAILABLE_AFTER, {"status": 502}),
            (Fault.UNAVAILABLE_AFTER, {"status": 504}),
        ],
    )
    def test_a_write_that_meets_one_at_maton_happens_once(self, served: Any, vendor: str, fault: Fault, details: Any) -> None:
        connection = served.maton.connect(vendor)
        served.sandbox.faults.next(fault, method="POST", path="/maton/*", **details)
        with Billing(PROVIDERS[vendor](), gateway=served.gateway(connection)) as billing:
            made = billing.customers.create(email="ada@example.com")
            assert [each.id for each in billing.customers.list()] == [made.id]
        assert len(served.sandbox.faults.log) == 1

    @pytest.mark.parametrize("status", [500, 502, 504])
    def test_a_write_that_was_passed_on_and_never_answered_may_have_happened(self, served: Any, status: int) -> None:
        connection = served.maton.connect("stripe")
        served.sandbox.faults.next(Fault.UNAVAILABLE_AFTER, method="POST", path="/maton/*", status=status)
        with Billing(StripeProvider(), gateway=served.gateway(connection)) as billing:
            with pytest.raises(OutcomeUnknownError) as caught:
                billing.with_options(retries=0, idempotency_key="mine").customers.create(email="ada@example.com")
            assert len(list(billing.customers.list())) == 1
        assert caught.value.idempotency_key == "mine"

    def test_a_list_of_connections_that_is_lost_is_asked_for_again(self, served: Any) -> None:
        served.maton.connect("stripe")
        served.sandbox.faults.next(Fault.DROP_AFTER, path="/maton/connections")
        with Billing(StripeProvider(), gateway=served.gateway()) as billing:
            billing.customers.create(email="ada@example.com")


@pytest.mark.parametrize("path", ["/v1/../../connections", "/v1/%2e%2e/%2e%2e/connections", "/../connections"])
def test_a_raw_path_does_not_climb_out_of_the_vendor_s(served: Any, path: str) -> None:
    connection = served.maton.connect("stripe")
    with Billing(StripeProvider(), gateway=served.gateway(connection)) as billing, pytest.raises((ValidationError, NotFoundError)):
        billing.raw.delete(f"{path}/{connection}")
    assert served.maton.connections.get(connection) is not None


@pytest.mark.parametrize("vendor", PROVIDERS)
def test_maton_carries_all_that_the_provider_can_do_but_connected_accounts(served: Any, vendor: str) -> None:
    with Billing(PROVIDERS[vendor](), gateway=served.gateway("c")) as billing, Billing(PROVIDERS[vendor]()) as direct:
        assert dict(billing.capabilities) == {**direct.capabilities, CONNECTED_ACCOUNTS: Support.ABSENT}
