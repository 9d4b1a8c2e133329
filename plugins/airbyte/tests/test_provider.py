"""The provider: its options, and that it can do two things and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from billbridge import Billing
from billbridge.errors import ConfigurationError, UnsupportedOperationError
from billbridge.plugins.options import filled
from billbridge.plugins.provider import INTERFACES
from billbridge.services import operations
from billbridge_airbyte import GENERATIONS, AirbyteStripeProvider
from billbridge_airbyte.options import AirbyteStripeOptions
from billbridge_airbyte.plugin import billbridge_provider

READS = {"customers.get", "customers.list", "customers.list.created"}
OPERATIONS = [(interface, name) for interface in INTERFACES for name in operations(interface)]


def test_it_can_read_customers_and_nothing_else() -> None:
    capabilities = AirbyteStripeProvider().capabilities()
    assert {name for name, support in capabilities.items() if support} == READS


@pytest.mark.parametrize(("interface", "name"), [pair for pair in OPERATIONS if f"{pair[0].resource}.{pair[1]}" not in READS])
def test_the_provider_itself_refuses_everything_else_before_there_is_a_flow(interface: Any, name: str) -> None:
    """Read-only by construction: no method but the two is there to be called."""
    service = getattr(AirbyteStripeProvider(), interface.resource)
    method = getattr(service, name)
    arguments = [None] * (method.__func__.__code__.co_argcount - 1)
    with pytest.raises(UnsupportedOperationError) as caught:
        method(*arguments)
    assert caught.value.capability == f"{interface.resource}.{name}"


def test_a_refusal_says_where_to_go() -> None:
    with Billing(AirbyteStripeProvider(connector_id="c", token="t")) as billing, pytest.raises(UnsupportedOperationError, match="'stripe'"):
        billing.products.create(name="Pro")


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({"generation": "2024-01"}, "generation"),
        ({"token": "t", "client_id": "i"}, "token"),
        ({"token": "t", "client_secret": "hush-hush"}, "token"),
        ({"token": "hush\r\nX-Evil: 1"}, "token"),
        ({"token": "hush hush"}, "token"),
        ({"organization_id": "ö"}, "organization_id"),
        ({"connector_id": "a\nb"}, "connector_id"),
        ({"client_id": "hush hush"}, "client_id"),
        ({"client_secret": "sk_live_hush"}, "client_secret"),
        ({"token": "rk_live_hush"}, "token"),
        ({"token": None}, "token"),
        ({"connector_id": 5}, "connector_id"),
    ],
)
def test_options_that_cannot_be_right_are_refused(options: dict[str, Any], param: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        AirbyteStripeProvider(**options)
    assert caught.value.param == param
    assert "hush" not in repr(caught.value)


@pytest.mark.parametrize(
    ("options", "param"),
    [
        ({}, "connector_id"),
        ({"client_id": "i", "client_secret": "s"}, "connector_id"),
        ({"connector_id": "c"}, "client_id"),
        ({"connector_id": "c", "client_secret": "s"}, "client_id"),
        ({"connector_id": "c", "client_id": "i"}, "client_secret"),
    ],
)
def test_a_missing_option_is_named_with_a_hint_before_anything_is_sent(options: dict[str, Any], param: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Billing.connect("airbyte-stripe", **options)
    assert caught.value.param == param
    assert caught.value.hint


def test_a_base_url_that_is_not_safe_is_refused() -> None:
    with pytest.raises(ConfigurationError):
        Billing.connect("airbyte-stripe", connector_id="c", client_id="i", client_secret="s", base_url="http://example.com")


def test_the_plugin_passes_every_option_on() -> None:
    given = {"connector_id": "c", "client_id": "i", "client_secret": "hush", "organization_id": "o", "generation": "2025-12"}
    options = filled(AirbyteStripeOptions, given, owner="airbyte-stripe")
    assert "hush" not in repr(options)
    provider = billbridge_provider(options)
    assert provider.base_url() == "https://api.airbyte.ai"
    assert provider.headers() == {"X-Organization-Id": "o"}
    assert billbridge_provider(AirbyteStripeOptions(connector_id="c", base_url="http://localhost:1/")).base_url() == "http://localhost:1/"
    assert AirbyteStripeOptions().generation == list(GENERATIONS)[-1]


def test_the_environment_configures_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PROVIDER", "airbyte-stripe"), ("AIRBYTE_STRIPE_CONNECTOR_ID", "c"), ("AIRBYTE_STRIPE_TOKEN", "t")):
        monkeypatch.setenv(f"BILLBRIDGE_{name}", value)
    with Billing.from_env() as billing:
        info = billing.info()
    assert (info.provider, info.gateway, info.live, info.api_version) == ("airbyte-stripe", "direct", None, "v1")
