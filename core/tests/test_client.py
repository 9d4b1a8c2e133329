from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from billbridge import AsyncBilling, Billing, Gateway, Support
from billbridge.errors import (
    BillingError,
    ConfigurationError,
    OutcomeUnknownError,
    ProviderUnavailableError,
    RateLimitError,
    ValidationError,
)
from billbridge.flow import Flow, Request, Response, send
from billbridge.plugins.gateway import InProcess, Route
from billbridge.plugins.hookspecs import Exchange, hookimpl
from billbridge.plugins.provider import Provider
from billbridge.services.capability import Capabilities, Feature

DOWN = Response(status=503)


def test_importing_billbridge_loads_neither_httpx_nor_stevedore_nor_pluggy() -> None:
    """Case 81."""
    code = "import sys, billbridge; print([m for m in ('httpx', 'stevedore', 'pluggy', 'ssl') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_capabilities_are_read_off_the_classes_and_the_declared_features(toy: Provider, make_script: Any) -> None:
    billing = Billing(toy, gateway=make_script())
    assert billing.supports("customers.create") is Support.NATIVE
    assert billing.supports("customers.update") is Support.EMULATED
    assert billing.supports("customers.delete") is Support.ABSENT
    assert billing.supports("subscriptions.create.trial") is Support.NATIVE
    assert billing.supports("subscriptions.create.several_items") is Support.EMULATED
    assert not billing.supports(Feature.CUSTOMER_ID)
    assert not billing.supports("prices.create.id")
    assert [name for name, support in billing.capabilities.items() if support] == [
        "customers.create",
        "customers.get",
        "customers.update",
        "customers.list",
        "subscriptions.create",
        "subscriptions.create.several_items",
        "subscriptions.create.trial",
    ]
    assert repr(billing.capabilities) == f"<Capabilities of toy by script: 7 of {len(billing.capabilities)}>"
    with pytest.raises(
        ValidationError,
        match=r"no capability is named 'customers\.fly'\. Hint: did you mean 'customers\.list'\? customers has: customers\.create, ",
    ) as caught:
        billing.supports("customers.fly")
    assert "products" not in str(caught.value)
    with pytest.raises(ValidationError, match=r"no capability is named 'flights\.book'\. Hint: list\(billing\.capabilities\)"):
        billing.supports("flights.book")


def test_a_feature_of_an_absent_operation_is_absent(toy: Provider) -> None:
    toy.features = {Feature.PRICE_ID: Support.NATIVE}
    assert toy.capabilities()["prices.create.id"] is Support.ABSENT


def test_a_gateway_narrows_what_a_provider_can_do(toy: Provider, make_script: Any) -> None:
    class ReadOnly(make_script):  # type: ignore[misc]  # a fixture gives the class
        name = "readonly"

        def capabilities(self, provider: Provider) -> Capabilities:
            return provider.capabilities().narrowed(lambda name: name == "customers.get", route=self.name)

    script = ReadOnly()
    billing = Billing(toy, gateway=script)
    billing.customers.get("c1")
    with pytest.raises(Exception, match=r"toy \(gateway readonly\) does not support customers\.create"):
        billing.customers.create(email="a@example.com")
    assert len(script.sent) == 1


class Proxy(Gateway):
    """Asks which way to go before the first request, and refuses in its own words."""

    name = "proxy"

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.answers: list[Response] = []

    def opening(self, provider: Provider) -> Flow[Route]:
        control = Route(base_url="https://control.invalid", headers={})
        answer = yield from send(Request(method="GET", path="/ways", route=control))
        if answer.status != 200:
            raise ConfigurationError("there is no way")
        return Route(base_url="https://way.invalid", headers={})

    def refusal(self, request: Request, response: Response) -> BillingError | None:
        return RateLimitError("the proxy is busy", retryable=True) if response.body == b"proxy" else None

    def in_process(self) -> InProcess:
        def answer(route: Route, request: Request) -> Response:
            self.sent.append((route.base_url, request.path))
            return self.answers.pop(0) if self.answers else Response(status=200)

        return answer


def test_a_gateway_asks_for_its_way_once_before_the_first_request(toy: Provider) -> None:
    proxy = Proxy()
    billing = Billing(toy, gateway=proxy)
    assert proxy.sent == []
    billing.customers.get("c1")
    billing.customers.get("c2")
    assert proxy.sent == [
        ("https://control.invalid", "/ways"),
        ("https://way.invalid", "/customers/c1"),
        ("https://way.invalid", "/customers/c2"),
    ]


def test_a_gateway_that_finds_no_way_says_so_and_is_asked_again(toy: Provider) -> None:
    proxy = Proxy()
    proxy.answers = [Response(status=500)]
    billing = Billing(toy, gateway=proxy)
    with pytest.raises(ConfigurationError, match="there is no way"):
        billing.customers.get("c1")
    assert billing.customers.get("c1").id == "c1"
    assert len(proxy.sent) == 3


@pytest.mark.parametrize("surface", [Billing, AsyncBilling])
def test_a_gateways_own_refusal_is_told_from_the_vendors_and_retried_like_it(toy: Provider, surface: Any) -> None:
    proxy = Proxy()
    proxy.answers = [Response(status=200), Response(status=400, body=b"proxy"), Response(status=200)]
    billing = surface(toy, gateway=proxy)
    made = billing.customers.get("c1") if surface is Billing else asyncio.run(billing.customers.get("c1"))
    assert made.id == "c1"
    assert len(proxy.sent) == 3


def test_with_options_is_a_view_that_leaves_the_client_alone(toy: Provider, make_script: Any) -> None:
    script = make_script(DOWN, DOWN, DOWN)
    billing = Billing(toy, gateway=script)
    with pytest.raises(ProviderUnavailableError):
        billing.with_options(retries=0).customers.get("c1")
    assert len(script.sent) == 1
    with pytest.raises(OutcomeUnknownError):
        billing.with_options(retries=1).with_options(idempotency_key="k").customers.create(email="a@example.com")
    assert [request.headers.get("Toy-Key") for request in script.sent] == [None, "k:customers.create", "k:customers.create"]
    billing.customers.create(email="a@example.com")
    assert script.sent[-1].headers["Toy-Key"] != "k:customers.create"


@pytest.mark.parametrize(
    "options",
    [
        {"retries": -1},
        {"timeout": 0},
        {"idempotency_key": ""},
        {"idempotency_key": "a\nb"},
        {"idempotency_key": "é"},
        {"idempotency_key": " a"},
    ],
)
def test_options_that_cannot_be_are_refused(toy: Provider, make_script: Any, options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Billing(toy, gateway=make_script()).with_options(**options)


def test_info_says_who_is_there_without_asking(toy: Provider, make_script: Any) -> None:
    script = make_script()
    info = Billing(toy, gateway=script).info()
    assert (info.provider, info.gateway, info.live, info.api_version) == ("toy", "script", None, "1")
    assert script.sent == []


def test_a_closed_client_says_so(toy: Provider, make_script: Any) -> None:
    with Billing(toy, gateway=make_script()) as billing:
        view = billing.with_options(retries=0)
    for closed in (billing, view):
        with pytest.raises(ConfigurationError, match="this client is closed"):
            closed.customers.get("c1")

    async def main() -> None:
        async with AsyncBilling(toy, gateway=make_script()) as billing:
            pass
        with pytest.raises(ConfigurationError, match="this client is closed"):
            await billing.customers.get("c1")

    asyncio.run(main())


def test_reprs_hold_no_secret(toy: Provider, make_script: Any) -> None:
    billing = Billing(toy)
    shown = repr([billing, billing.customers, toy, Gateway().route(toy), billing.info(), billing.capabilities])
    assert "toy-secret" not in shown
    assert repr(billing) == "<Billing toy by direct>"
    assert repr(billing.customers) == "<Customers of toy>"


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://example.com", "must be https"),
        ("http://127.0.0.1.example.com", "must be https"),
        ("http://10.0.0.1", "must be https"),
        ("ftp://example.com", "absolute https URL"),
        ("example.com", "absolute https URL"),
        ("", "absolute https URL"),
        ("https://user:pw@example.com", "must not hold a user"),
        ("https://example.com?x=1", "must not hold a user"),
    ],
)
def test_a_base_url_that_would_leak_credentials_is_refused(url: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        Route(base_url=url, headers={})


@pytest.mark.parametrize(
    "url", ["https://api.example.com/", "http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:1/", "http://127.9.9.9"]
)
def test_https_and_this_machine_are_good_base_urls(url: str) -> None:
    assert Route(base_url=url, headers={}).base_url == url.rstrip("/")


def test_observers_see_each_request_but_nothing_of_what_it_says(toy: Provider, make_script: Any) -> None:
    class Watcher:
        def __init__(self) -> None:
            self.seen: list[Exchange] = []

        @hookimpl
        def billbridge_exchange(self, exchange: Exchange) -> None:
            self.seen.append(exchange)

    watcher = Watcher()
    script = make_script(DOWN, Response(status=200, headers={"request-id": "req_1"}))
    Billing(toy, gateway=script, hooks=[watcher]).customers.create(email="ada@example.com")
    assert [(e.operation, e.method, e.path, e.status, e.request_id) for e in watcher.seen] == [
        ("customers.create", "POST", "/customers", 503, None),
        ("customers.create", "POST", "/customers", 200, "req_1"),
    ]
    assert all(e.seconds >= 0 and (e.provider, e.gateway) == ("toy", "script") for e in watcher.seen)


def test_a_client_of_your_own_does_not_go_with_a_gateway_that_needs_none(toy: Provider, make_script: Any) -> None:
    with httpx.Client() as http, pytest.raises(ConfigurationError, match="it cannot use http="):
        Billing(toy, gateway=make_script(), http=http)


def test_from_env_needs_to_know_the_provider() -> None:
    with pytest.raises(ConfigurationError, match="BILLBRIDGE_PROVIDER is not set"):
        Billing.from_env({})


def environment_of(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    seen: list[Any] = []

    def connect(provider: str, gateway: Any, options: Mapping[str, str], *, text: bool = False) -> Any:
        seen.append((provider, gateway, dict(options), text))
        raise ConfigurationError("stop here")

    def gateway(name: str, options: Mapping[str, str], *, text: bool = False) -> str:
        seen.append((name, dict(options), text))
        return "made"

    monkeypatch.setattr("billbridge.plugins.registry.connect", connect)
    monkeypatch.setattr("billbridge.plugins.registry.gateway", gateway)
    return seen


@pytest.mark.parametrize("client", [Billing, AsyncBilling])
def test_from_env_gives_the_chosen_provider_and_gateway_their_own_options_only(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = environment_of(monkeypatch)
    environment = {
        "BILLBRIDGE_PROVIDER": "stripe",
        "BILLBRIDGE_GATEWAY": "maton",
        "BILLBRIDGE_STRIPE_API_KEY": "sk",
        "BILLBRIDGE_STRIPE_BASE_URL": "",
        "BILLBRIDGE_MATON_CONNECTION": "con",
        "BILLBRIDGE_CHARGEBEE_SITE": "other",
        "UNRELATED": "x",
    }
    with pytest.raises(ConfigurationError, match="stop here"):
        client.from_env(environment)
    assert seen == [("maton", {"connection": "con"}, True), ("stripe", "made", {"api_key": "sk"}, True)]


class Loud:
    """An observer that fails."""

    @hookimpl
    def billbridge_exchange(self, exchange: Exchange) -> None:
        raise RuntimeError("ada@example.com")


def test_an_observer_that_fails_does_not_turn_a_write_that_went_through_into_an_error(
    toy: Provider, make_script: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert Billing(toy, gateway=make_script(), hooks=[Loud()]).customers.create(email="a@example.com").id == "c1"
    assert caplog.messages == ["an observer of billbridge_exchange failed: RuntimeError"]


@pytest.mark.parametrize("hooks", [[object()], [Loud], "watcher"])
def test_an_observer_that_would_never_be_called_is_refused(toy: Provider, make_script: Any, hooks: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"would never be called|hooks must be a list"):
        Billing(toy, gateway=make_script(), hooks=hooks)


def test_leaving_a_view_closes_nothing(toy: Provider, make_script: Any) -> None:
    billing = Billing(toy, gateway=make_script())
    with billing.with_options(retries=0) as view:
        view.customers.get("c1")
    assert billing.customers.get("c1").id == "c1"


@pytest.mark.parametrize("options", [{"retries": 1.5}, {"retries": None}, {"retries": True}, {"timeout": "3"}, {"deadline": True}])
def test_options_of_the_wrong_type_are_named(toy: Provider, make_script: Any, options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        Billing(toy, gateway=make_script()).with_options(**options)
    assert caught.value.param in options


def test_a_capability_that_does_not_exist_is_none_to_get_and_an_error_to_ask(toy: Provider) -> None:
    assert toy.capabilities().get("customers.fly") is None
    with pytest.raises(KeyError):
        toy.capabilities()["customers.fly"]


@pytest.mark.parametrize(
    "url", ["https://:pw@host", "https://[bad", "https://h\n", "https://ho st", "https://h:99999", "https://h:0", "https://h/?"]
)
def test_a_base_url_that_could_hide_something_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Route(base_url=url, headers={})
    assert "pw" not in str(caught.value)


def test_other_tasks_run_while_the_sandbox_answers(toy: Provider, make_script: Any) -> None:
    ticks = 0

    async def main() -> int:
        nonlocal ticks

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        task = asyncio.create_task(tick())
        billing = AsyncBilling(toy, gateway=make_script())
        for _ in range(10):
            await billing.customers.get("c1")
        task.cancel()
        return ticks

    assert asyncio.run(main()) >= 10


def test_a_long_advice_to_wait_does_not_hold_back_other_calls(toy: Provider, make_script: Any) -> None:
    billing = Billing(toy, gateway=make_script(Response(status=429, headers={"retry-after": "3600"})))
    with pytest.raises(RateLimitError):
        billing.customers.get("c1")
    assert billing._session.limiter.admit() == 0
