"""Keys, hosts and routes: what may travel, and where to."""

from __future__ import annotations

from typing import Any

import pytest
from billbridge import Billing
from billbridge.errors import ConfigurationError
from billbridge.plugins.provider import Provider
from billbridge_chargebee import ChargebeeProvider
from billbridge_maton import AsyncConnections, Connections, MatonGateway
from billbridge_maton.account import Account
from billbridge_maton.options import MatonOptions
from billbridge_stripe import StripeProvider

KEY = "maton_secret_1"
STRIPE = {"Stripe-Version": StripeProvider.api_version}


@pytest.mark.parametrize(
    ("profile", "proxy", "control"),
    [
        ("current", "https://api.maton.ai", "https://api.maton.ai"),
        ("legacy", "https://gateway.maton.ai", "https://ctrl.maton.ai"),
    ],
)
@pytest.mark.parametrize(("provider", "app"), [(StripeProvider(), "stripe"), (ChargebeeProvider(), "chargebee")])
def test_each_profile_has_its_hosts(profile: str, proxy: str, control: str, provider: Provider, app: str) -> None:
    assert MatonGateway(api_key=KEY, profile=profile).route(provider).base_url == f"{proxy}/{app}"
    assert Account(KEY, profile, "").control().base_url == control


def test_a_base_url_replaces_both_hosts() -> None:
    account = Account(KEY, "legacy", "http://127.0.0.1:1/maton/")
    assert account.control().base_url == "http://127.0.0.1:1/maton"
    assert account.proxy(StripeProvider(), "c").base_url == "http://127.0.0.1:1/maton/stripe"


def test_the_vendor_s_key_is_not_in_the_route_and_its_version_is() -> None:
    route = MatonGateway(api_key=KEY, connection="con_1").route(StripeProvider(api_key="sk_test_hush"))
    assert route.headers == {**STRIPE, "Authorization": f"Bearer {KEY}", "Maton-Connection": "con_1"}
    route = MatonGateway(api_key=KEY).route(ChargebeeProvider(site="acme-test", api_key="test_hush"))
    assert route.headers == {"accept": "application/json", "Authorization": f"Bearer {KEY}"}


def test_no_site_and_no_vendor_key_are_needed() -> None:
    assert MatonGateway(api_key=KEY).route(ChargebeeProvider()).base_url.endswith("/chargebee")


@pytest.mark.parametrize("key", ["sk_live_1", "rk_test_1", "pk_live_1", "whsec_1", "live_1", "test_1"])
def test_a_vendor_s_key_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(ConfigurationError, match="must not be sent to Maton") as caught:
        MatonGateway(api_key=key)
    assert key not in str(caught.value)


@pytest.mark.parametrize("key", ["maton a", "maton\r\nX-Evil: 1", "mäton", "maton\x00", " "])
def test_a_key_that_would_smuggle_a_header_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(ConfigurationError, match="not printable ASCII") as caught:
        MatonGateway(api_key=key)
    assert key.strip() == "" or key not in str(caught.value)


@pytest.mark.parametrize("connection", ["a b", "a\r\nAuthorization: Bearer x", "ä", "a\n", "\t", " "])
def test_a_connection_that_would_smuggle_a_header_is_refused(connection: str) -> None:
    with pytest.raises(ConfigurationError, match="printable ASCII without spaces") as caught:
        MatonGateway(api_key=KEY, connection=connection)
    assert caught.value.param == "connection"


@pytest.mark.parametrize("make", [MatonGateway, Connections])
def test_the_key_may_come_from_the_environment_when_the_client_is_made(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="set MATON_API_KEY"):
        Billing(StripeProvider(), gateway=make()) if make is MatonGateway else make()
    monkeypatch.setenv("MATON_API_KEY", KEY)
    made = make()
    assert KEY not in repr(made)
    if isinstance(made, Connections):
        made.close()


def test_a_given_key_goes_before_the_environment_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATON_API_KEY", "maton_other")
    assert MatonGateway(api_key=KEY).route(StripeProvider()).headers["Authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("make", [MatonGateway, Connections, AsyncConnections])
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"api_key": None}, "api_key of maton is None"),
        ({"api_key": b"k"}, "api_key of maton must be str, not bytes"),
        ({"profile": 5}, "profile of maton must be str, not int"),
        ({"base_url": []}, "base_url of maton must be str, not list"),
    ],
)
def test_an_option_of_the_wrong_type_is_named(make: Any, options: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        make(**options)
    assert caught.value.message == says


def test_a_connection_is_text() -> None:
    with pytest.raises(ConfigurationError, match="connection of maton is None"):
        MatonGateway(api_key=KEY, connection=None)  # type: ignore[arg-type]  # the mistake


def test_an_unknown_profile_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="the profiles are current, legacy"):
        MatonGateway(api_key=KEY, profile="old")


@pytest.mark.parametrize("url", ["http://api.maton.ai", "ftp://127.0.0.1", "https://user@api.maton.ai"])
def test_a_base_url_that_would_show_the_key_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="base_url"):
        MatonGateway(api_key=KEY, base_url=url)


def test_a_provider_whose_answers_cannot_be_told_from_maton_s_is_refused() -> None:
    class Other(Provider):
        name = "other"

    with pytest.raises(ConfigurationError, match=r"does not support the provider other.*use it with stripe or chargebee"):
        MatonGateway(api_key=KEY).route(Other())


def test_nothing_that_people_look_at_shows_the_key() -> None:
    account = Account(KEY, "current", "")
    gateway = MatonGateway(api_key=KEY, connection="con_1")
    shown = [repr(account), repr(gateway), repr(gateway.route(StripeProvider())), repr(account.control()), repr(MatonOptions(api_key=KEY))]
    assert KEY not in "".join(shown)
    assert shown[0] == "<Maton account at https://api.maton.ai>"


def test_all_clients_of_an_account_share_its_ten_requests_a_second() -> None:
    stripe, chargebee = MatonGateway(api_key=KEY, connection="a"), MatonGateway(api_key=KEY)
    assert stripe.account(stripe.route(StripeProvider())) == chargebee.account(chargebee.route(ChargebeeProvider()))
    assert [(limit.requests, limit.seconds) for limit in stripe.limits(StripeProvider())] == [(10, 1.0)]
    assert KEY not in stripe.account(stripe.route(StripeProvider()))
    other = MatonGateway(api_key="maton_other")
    assert other.account(other.route(StripeProvider())) != stripe.account(stripe.route(StripeProvider()))
