"""No secret and no personal value may be read in any text: logs of every logger from DEBUG on, warnings, what observers are told, every
exception as `str`, `repr` and traceback, and the `repr` and `rich` form of everything that a client is made of or gives out.

Proves first that the search can fail, by planting leaks.
"""

from __future__ import annotations

import logging
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, quote

import httpx
import msgspec
import pytest
from billbridge import AsyncBilling, Billing
from billbridge.errors import AuthenticationError, BillingError, ConfigurationError, NotFoundError, UnsupportedOperationError
from billbridge.hookspecs import hookimpl
from billbridge.limits import Limiter
from billbridge.model import NewCustomer
from billbridge_airbyte.plugin import AirbyteStripeOptions
from billbridge_chargebee.plugin import ChargebeeOptions
from billbridge_contract.surfaces import Surface, complete
from billbridge_maton import AsyncConnections, Connections
from billbridge_maton.plugin import MatonOptions
from billbridge_sandbox import Fault, Sandbox
from billbridge_sandbox.maton import SimulatedMaton
from billbridge_stripe import StripeProvider
from billbridge_stripe.plugin import StripeOptions

from .evidence import Evidence, settled
from .stories import (
    BAD_TOKEN,
    EMAIL,
    NAME,
    NOTE,
    PERSONAL,
    PHONE,
    a_bad_line,
    customer_s_life,
    insides,
    personal,
    what_the_vendor_refuses,
    what_we_refuse,
)

KEYS = {"stripe": "sk_test_hushStripe0001", "chargebee": "test_hushChargebee0002"}
REFUSED = {"stripe": "sk_test_hush.refused.0003", "maton": "hush-refused-maton-0004"}
MATON, SECRET, TOKEN = "maton_hushGateway0005", "hush-client-secret-0006", "hush-ready-token-0007"
SECRETS = {name: name for name in (*KEYS.values(), *REFUSED.values(), MATON, SECRET, TOKEN)}
HIDDEN = {**SECRETS, **PERSONAL}
CONNECT: dict[Surface, Any] = {Surface.BLOCKING: Billing, Surface.ASYNC: AsyncBilling}


@pytest.fixture
def evidence(caplog: pytest.LogCaptureFixture) -> Iterator[Evidence]:
    collected = Evidence(caplog)
    with collected.watching():
        yield collected


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


def own(vendor: str, url: str) -> dict[str, Any]:
    """The options of a client that goes straight to a vendor."""
    site = {"site": "acme-test"} if vendor == "chargebee" else {}
    return {"api_key": KEYS[vendor], "base_url": url, **site}


async def closed(client: Any) -> None:
    await settled(client.close())


@pytest.mark.parametrize("way", ["in-process", "http", "maton"])
@pytest.mark.parametrize("surface", Surface)
@pytest.mark.parametrize("vendor", KEYS)
def test_nothing_shows_a_secret_or_a_person(evidence: Evidence, sandbox: Sandbox, vendor: str, surface: Surface, way: str) -> None:
    async def story(options: dict[str, Any]) -> None:
        billing = CONNECT[surface].connect(vendor, hooks=[evidence], limiter=Limiter(), **options)
        await customer_s_life(billing, evidence)
        await what_the_vendor_refuses(billing, evidence)
        await what_we_refuse(billing, evidence)
        await a_bad_line(billing, sandbox, evidence)
        evidence.show(*insides(billing), billing.customers.list(email=EMAIL), NewCustomer(**personal()))
        await closed(billing)
        await evidence.awaited(lambda: billing.customers.create(**personal()), ConfigurationError)

    with ExitStack() as stack:
        options: dict[str, Any] = {"gateway": sandbox, "api_key": KEYS[vendor]}
        if way != "in-process":
            server = stack.enter_context(sandbox.serve())
            options = own(vendor, server.stripe_url)
        if way == "maton":
            connection = sandbox.part(SimulatedMaton).connect(vendor)
            options = {"gateway": "maton", "api_key": MATON, "base_url": server.maton_url, "connection": connection}
        complete(surface, story(options))
    assert len(evidence.caught) > 35
    assert {where for where, _ in evidence.texts} > {
        "exchange",
        "Customer repr",
        "Page rich",
        "Route repr",
        "Limiter str",
        "NewCustomer rich",
    }
    if way != "in-process":
        assert {"httpx", "httpcore.http11"} <= evidence.loggers, "the HTTP client's own logs were searched too"
    assert evidence.leaks(HIDDEN) == []


@pytest.mark.parametrize("surface", Surface)
def test_refused_keys_are_not_shown(evidence: Evidence, sandbox: Sandbox, surface: Surface) -> None:
    async def story(url: str, maton_url: str) -> None:
        clients = [
            CONNECT[surface].connect("stripe", api_key=REFUSED["stripe"], base_url=url, hooks=[evidence]),
            CONNECT[surface].connect("stripe", gateway="maton", api_key=REFUSED["maton"], base_url=maton_url, connection="c"),
            CONNECT[surface].connect("airbyte-stripe", connector_id="c", token=TOKEN, base_url=url, hooks=[evidence]),
        ]
        for client in clients:
            await evidence.awaited(partial(client.customers.list, email=EMAIL), AuthenticationError)
            evidence.show(*insides(client))
            await closed(client)

    with sandbox.serve() as server:
        complete(surface, story(server.stripe_url, server.maton_url))
    assert len(evidence.caught) == 3
    assert evidence.leaks(HIDDEN) == []


@pytest.mark.parametrize("surface", Surface)
def test_a_connection_s_url_is_not_shown(evidence: Evidence, sandbox: Sandbox, surface: Surface) -> None:
    kinds: dict[Surface, Any] = {Surface.BLOCKING: Connections, Surface.ASYNC: AsyncConnections}
    sessions: list[str] = []

    async def story(url: str) -> None:
        client = kinds[surface](api_key=MATON, base_url=url)
        made = await settled(client.create(app="stripe"))
        sessions.append(made.url.partition("session_token=")[2])
        listed = await settled(client.list())
        await evidence.awaited(lambda: client.get("nothing"), NotFoundError)
        await evidence.awaited(lambda: client.create(app=NAME), BillingError)
        evidence.show(client, made, listed, await settled(client.get(made.id)), client._link, client._link.provider, client._link.route)
        evidence.show(client._link.gateway, client._port, client._service)
        await settled(client.delete(made.id))
        await closed(client)

    with sandbox.serve() as server:
        complete(surface, story(server.maton_url))
    assert len(sessions[0]) > 8
    assert evidence.leaks({**HIDDEN, "session": sessions[0], "link": "session_token"}) == []


@pytest.mark.parametrize("surface", Surface)
def test_reading_through_airbyte_shows_nothing(evidence: Evidence, sandbox: Sandbox, surface: Surface) -> None:
    with Billing.connect("stripe", gateway=sandbox) as stripe:
        made = stripe.customers.create(**personal())

    async def story(url: str) -> None:
        options = {"connector_id": "con_1", "client_id": "client", "client_secret": SECRET, "base_url": url}
        billing = CONNECT[surface].connect("airbyte-stripe", hooks=[evidence], **options)
        evidence.show(await settled(billing.customers.get(made.id)), *await settled(billing.customers.list(email=EMAIL)))
        evidence.show(*insides(billing), billing._link.provider.customers)
        await evidence.awaited(lambda: billing.customers.get("nobody"), NotFoundError)
        await evidence.awaited(lambda: billing.customers.create(**personal()), UnsupportedOperationError)
        await what_we_refuse_here(billing)
        await a_read_on_a_bad_line(billing)
        await closed(billing)

    async def what_we_refuse_here(billing: Any) -> None:
        await evidence.awaited(lambda: billing.customers.get(NAME + "\r"), BillingError)
        await evidence.awaited(lambda: billing.customers.list(email=EMAIL, cursor=NAME), BillingError)

    async def a_read_on_a_bad_line(billing: Any) -> None:
        for fault in (Fault.DROP_AFTER, Fault.TRUNCATED, Fault.UNAVAILABLE):
            sandbox.faults.next(fault)
            await evidence.awaited(lambda: billing.with_options(retries=0).customers.list(email=EMAIL), BillingError)

    with sandbox.serve() as server:
        complete(surface, story(server.stripe_url))
    assert evidence.leaks(HIDDEN) == []


def echoing(request: httpx.Request, status: int, vendor: str) -> httpx.Response:
    """A vendor that quotes all that it was sent in its refusal: its parameters, decoded, and Stripe's key."""
    text = request.content.decode() or request.url.query.decode()
    said = f"wrong: {parse_qsl(text)} for {request.headers['authorization'] if vendor == 'stripe' else 'you'}"
    ours = {"type": "card_error" if status == 402 else "invalid_request_error", "message": said, "param": "email", "code": "odd"}
    theirs = {
        "message": said,
        "error_msg": said,
        "api_error_code": "odd",
        "error_code": "odd",
        "type": "invalid_request",
        "error_detail": said,
    }
    return httpx.Response(status, headers={"retry-after": "0"}, json={"error": ours} if vendor == "stripe" else theirs)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 418, 429, 500, 503])
@pytest.mark.parametrize("vendor", KEYS)
def test_a_vendor_that_quotes_everything_is_not_quoted(evidence: Evidence, vendor: str, status: int) -> None:
    transport = httpx.MockTransport(lambda request: echoing(request, status, vendor))
    options = {
        **own(vendor, "https://vendor.example"),
        "http": httpx.Client(transport=transport),
        "limiter": Limiter(),
        "hooks": [evidence],
    }
    with Billing.connect(vendor, **options) as client:
        billing = client.with_options(retries=0)
        for call in (
            lambda: billing.customers.create(**personal()),
            lambda: billing.customers.update("c", name=NAME, metadata=None),
            lambda: list(billing.customers.list(email=EMAIL)),
            lambda: billing.payment_methods.attach("c", token=BAD_TOKEN),
        ):
            with evidence.provoked(BillingError):
                call()
    assert len(evidence.caught) == 4
    assert evidence.leaks(HIDDEN) == []


@pytest.mark.parametrize(
    "options",
    [
        {"provider": "stripe", "api_key": f"{KEYS['stripe']} x"},
        {"provider": "stripe", "api_key": f"pk_{KEYS['stripe']}"},
        {"provider": "stripe", "api_key": SECRET},
        {"provider": "stripe", "api_key": f"{KEYS['stripe']}\r\nX: 1"},
        {"provider": "stripe", "api_key": [KEYS["stripe"]]},
        {"provider": "stripe", "api_keys": KEYS["stripe"]},
        {"provider": "stripe", "api_key": KEYS["stripe"], "base_url": f"https://u:{SECRET}@vendor.example"},
        {"provider": "stripe", "api_key": KEYS["stripe"], "base_url": f"https://vendor.example/?key={SECRET}"},
        {"provider": "stripe", "api_key": KEYS["stripe"], "base_url": f"http://u:{SECRET}@vendor.example"},
        {"provider": "stripe", "api_key": KEYS["stripe"], "base_url": f"https://[{SECRET}"},
        {"provider": "stripe", "api_key": KEYS["stripe"], "base_url": SECRET},
        {"provider": "chargebee", "api_key": KEYS["chargebee"]},
        {"provider": "chargebee", "api_key": f"{KEYS['chargebee']}:", "site": "acme"},
        {"provider": "chargebee", "api_key": KEYS["chargebee"], "site": f"{SECRET}.chargebee.com"},
        {"provider": "chargebee", "api_key": KEYS["chargebee"].encode(), "site": "acme"},
        {"provider": "airbyte-stripe", "connector_id": "c", "token": TOKEN, "client_secret": SECRET},
        {"provider": "airbyte-stripe", "connector_id": "c", "token": f"{TOKEN}\n"},
        {"provider": "airbyte-stripe", "connector_id": "c", "client_secret": SECRET},
        {"provider": "stripe", "gateway": "maton", "api_key": f"{MATON} x"},
        {"provider": "stripe", "gateway": "maton", "api_key": MATON, "connection": f"{SECRET}\r\n"},
        {"provider": "stripe", "gateway": "sandbox", "start": SECRET},
    ],
)
def test_options_that_are_refused_are_not_shown(evidence: Evidence, options: dict[str, Any]) -> None:
    with evidence.provoked(ConfigurationError, TypeError):
        Billing.connect(**options)
    environment = {"BILLBRIDGE_PROVIDER": options["provider"], "BILLBRIDGE_GATEWAY": options.get("gateway", "")}
    prefix = f"BILLBRIDGE_{options['provider'].upper().replace('-', '_')}_"
    texts = {
        f"{prefix}{name.upper()}": value
        for name, value in options.items()
        if isinstance(value, str) and name not in ("provider", "gateway")
    }
    try:
        Billing.from_env({**environment, **texts}).close()
    except BillingError as error:
        evidence.keep(error)
    assert evidence.leaks(HIDDEN) == []


def test_options_are_not_shown(evidence: Evidence) -> None:
    evidence.show(
        StripeOptions(api_key=KEYS["stripe"], base_url=f"https://{SECRET}"),
        ChargebeeOptions(api_key=KEYS["chargebee"]),
        MatonOptions(api_key=MATON),
        AirbyteStripeOptions(token=TOKEN, client_secret=SECRET),
    )
    assert evidence.leaks(HIDDEN) == []


class _Leaky(StripeProvider):
    """A provider that puts its key into an error."""

    def credentials(self) -> Any:
        raise ConfigurationError(f"the key {self._api_key} is not good")


def _chained() -> None:
    try:
        raise ValueError(KEYS["chargebee"])
    except ValueError as error:
        raise BillingError("no") from error


def _noted() -> None:
    error = BillingError("no")
    error.add_note(NAME)
    raise error


def _leaks() -> dict[str, tuple[str, Callable[[Evidence], object]]]:
    basic = b64encode(f"{KEYS['chargebee']}:".encode()).decode()
    return {
        "a provider's error": (KEYS["stripe"], lambda _: Billing(_Leaky(api_key=KEYS["stripe"]))),
        "a chained cause": (KEYS["chargebee"], lambda _: _chained()),
        "a note": ("first name", lambda _: _noted()),
        "a header in a log": (KEYS["chargebee"], lambda _: logging.getLogger("any").debug("authorization: Basic %s", basic)),
        "a query in a log": ("e-mail", lambda _: logging.getLogger("any").info("GET /v1/customers?email=%s", quote(EMAIL, safe=""))),
        "a warning": ("metadata value", lambda _: warnings.warn(NOTE.upper(), UserWarning, stacklevel=1)),
        "a phone number in other groups": ("phone", lambda seen: seen.show(PHONE.replace(" ", "").replace("1239", "1.23-9"))),
        "a struct without discretion": ("last name", lambda seen: seen.show(msgspec.defstruct("Bare", [("name", str)])(NAME))),
    }


@pytest.mark.parametrize("place", _leaks())
def test_the_search_finds_a_planted_leak(evidence: Evidence, place: str) -> None:
    name, plant = _leaks()[place]
    with evidence.watching():
        try:
            plant(evidence)
        except BillingError as error:
            evidence.keep(error)
    found = evidence.leaks(HIDDEN)
    assert any(line.startswith(f"{name} in ") for line in found)


def test_an_observer_that_fails_with_a_secret_is_logged_without_it(evidence: Evidence, sandbox: Sandbox) -> None:
    class Failing:
        @hookimpl
        def billbridge_exchange(self, exchange: object) -> None:
            raise RuntimeError(SECRET)

    with Billing.connect("stripe", gateway=sandbox, hooks=[Failing()]) as billing:
        billing.customers.create(**personal())
    assert "billbridge" in evidence.loggers
    assert evidence.leaks(HIDDEN) == []
