"""The clients of connections, over HTTP, on both surfaces."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

import httpx
import pytest
from billbridge import Billing
from billbridge.errors import AuthenticationError, ConfigurationError, ConnectionNotConfiguredError, NotFoundError
from billbridge_chargebee import ChargebeeProvider
from billbridge_maton import AsyncConnections, Connections, ConnectionStatus
from billbridge_stripe import StripeProvider


def opened(url: str | None) -> None:
    """What the owner's browser does."""
    assert url is not None
    assert httpx.get(url, trust_env=False).status_code == 200


def test_a_connection_s_life(served: Any) -> None:
    with Connections(**served.options) as connections:
        assert connections.list() == ()
        made = connections.create(app="stripe")
        assert made.status is ConnectionStatus.PENDING
        assert connections.list(app="stripe", status="ACTIVE") == ()
        with pytest.raises(ConnectionNotConfiguredError, match="open its url"):
            connections.wait_until_active(made.id, timeout=0)
        opened(made.url)
        assert connections.wait_until_active(made.id).status is ConnectionStatus.ACTIVE
        assert [each.id for each in connections.list(app="stripe", status="ACTIVE")] == [made.id]
        connections.delete(made.id)
        with pytest.raises(NotFoundError):
            connections.get(made.id)


def test_the_same_awaited(served: Any) -> None:
    async def life() -> None:
        async with AsyncConnections(**served.options) as connections:
            made = await connections.create(app="chargebee", method="API_KEY")
            assert made.method == "API_KEY"
            opened(made.url)
            assert (await connections.wait_until_active(made.id, timeout=10)).status is ConnectionStatus.ACTIVE
            assert [each.id for each in await connections.list(app="chargebee")] == [made.id]
            await connections.delete(made.id)
            with pytest.raises(NotFoundError):
                await connections.get(made.id)

    asyncio.run(life())


def test_a_failed_sign_in_is_an_error(served: Any) -> None:
    with Connections(**served.options) as connections:
        made = connections.create(app="stripe")
        served.maton.fail(made.id)
        with pytest.raises(ConnectionNotConfiguredError, match="failed"):
            connections.wait_until_active(made.id)


def test_both_surfaces_have_the_same_operations_with_real_signatures(served: Any) -> None:
    names = ["list", "create", "get", "delete", "wait_until_active"]
    with Connections(**served.options) as connections:
        shown = {name: list(inspect.signature(getattr(connections, name)).parameters) for name in names}
    assert shown == {
        "list": ["app", "status"],
        "create": ["app", "method"],
        "get": ["id"],
        "delete": ["id"],
        "wait_until_active": ["id", "timeout"],
    }
    assert all(hasattr(AsyncConnections, name) for name in names)


def test_a_misspelt_argument_is_a_type_error(served: Any) -> None:
    with Connections(**served.options) as connections, pytest.raises(TypeError, match="did you mean 'app'"):
        connections.list(ap="stripe")  # type: ignore[call-arg]  # it is what this test is about


def test_a_refused_key(served: Any) -> None:
    with (
        Connections(api_key="hush_other", base_url=served.url) as connections,
        pytest.raises(AuthenticationError, match="maton did not accept the API key") as caught,
    ):
        connections.list()
    assert (caught.value.provider, caught.value.operation) == ("maton", "connections.list")
    assert "hush" not in str(caught.value)


def test_a_closed_client_is_closed(served: Any) -> None:
    with Connections(**served.options) as connections:
        pass
    with pytest.raises(ConfigurationError, match="closed"):
        connections.list()


def test_a_client_of_your_own_is_used_and_left_open(served: Any) -> None:
    with httpx.Client(trust_env=False) as http:
        with Connections(**served.options, http=http) as connections:
            connections.list()
        assert not http.is_closed


def test_the_gateway_gives_a_client_of_its_account(served: Any) -> None:
    with served.gateway().connections() as connections:
        assert connections.create(app="stripe").id in [each.id for each in served.maton.connections.find()]


def test_nothing_secret_is_shown(served: Any) -> None:
    with Connections(**served.options) as connections:
        assert repr(connections) == "<Connections of maton>"


def test_one_limiter_counts_the_requests_of_all_clients_of_the_account(served: Any) -> None:
    with (
        Billing(StripeProvider(), gateway=served.gateway("a")) as stripe,
        Billing(ChargebeeProvider(), gateway=served.gateway()) as chargebee,
        Connections(**served.options) as connections,
        Connections(api_key="maton_other", base_url=served.url) as others,
    ):
        limiter = connections._session.limiter
        assert stripe._session.limiter is chargebee._session.limiter is limiter
        assert others._session.limiter is not limiter
        assert repr(limiter) == "Limiter(10 in 1 s)"
