"""No text shows a secret or a personal value: logs, warnings, what observers receive, exceptions with their tracebacks, and every `repr`.

`test_leaks_of_options` proves that the search can fail, by planting leaks.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from billbridge import AsyncBilling, Billing
from billbridge.errors import AuthenticationError, BillingError, ConfigurationError, NotFoundError, UnsupportedOperationError
from billbridge.flow.limiter import Limiter
from billbridge.model import NewCustomer
from billbridge_contract.surfaces import Surface, complete
from billbridge_maton import AsyncConnections, Connections
from billbridge_sandbox import Fault, Sandbox
from billbridge_sandbox.maton import SimulatedMaton

from .evidence import Evidence, settled
from .stories import (
    BAD_TOKEN,
    EMAIL,
    HIDDEN,
    KEYS,
    MATON,
    NAME,
    REFUSED,
    SECRET,
    TOKEN,
    a_bad_line,
    customer_s_life,
    insides,
    personal,
    what_the_vendor_refuses,
    what_we_refuse,
)

CONNECT: dict[Surface, Any] = {Surface.BLOCKING: Billing, Surface.ASYNC: AsyncBilling}


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
        assert "httpcore.http11" in evidence.loggers, "the HTTP client's own logs were searched too"
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
        session = client._session
        evidence.show(client, made, listed, await settled(client.get(made.id)), session, session.provider, session.route)
        evidence.show(session.gateway, client._executor, client._service)
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
        evidence.show(*insides(billing), billing._session.provider.customers)
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
