"""The provider: options, credentials, what it says it can do. Sends nothing."""

from __future__ import annotations

from typing import Any, cast

import pytest
from billbridge import AsyncBilling, Billing
from billbridge.errors import ConfigurationError, UnsupportedOperationError
from billbridge.flow import Call, path
from billbridge.flow.limiter import Limit
from billbridge.plugins.provider import INTERFACES
from billbridge.services.capability import Support
from billbridge_chargebee import ChargebeeProvider
from billbridge_chargebee.options import ChargebeeOptions
from billbridge_chargebee.plugin import billbridge_options, billbridge_provider

from .stepping import NOW

BASIC = "Basic bGl2ZV9rZXk6"  # base64 of "live_key:"


def test_the_key_is_the_user_and_the_password_is_empty() -> None:
    """Case 6."""
    provider = ChargebeeProvider(api_key="live_key", site="acme")
    assert provider.credentials() == {"authorization": BASIC}
    assert provider.sandbox_credentials() == {"authorization": "Basic dGVzdF9zYW5kYm94Og=="}
    assert provider.headers() == {"accept": "application/json"}


@pytest.mark.parametrize(
    ("options", "url"),
    [
        ({"site": "acme"}, "https://acme.chargebee.com"),
        ({"site": "Acme-2-test"}, "https://Acme-2-test.chargebee.com"),
        ({"base_url": "http://127.0.0.1:8080"}, "http://127.0.0.1:8080"),
        ({"site": "acme", "base_url": "https://proxy.example/x"}, "https://proxy.example/x"),
    ],
)
def test_a_site_or_a_base_url_says_where_to(options: dict[str, Any], url: str) -> None:
    assert ChargebeeProvider(**options).base_url() == url


@pytest.mark.parametrize("site", ["a.b", "a/b", "a@b", "-a", "a-", "a b", "ä", "a" * 64, "a\n", "evil.example/#"])
def test_a_site_that_is_more_than_a_name_is_refused(site: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        ChargebeeProvider(site=site)
    assert caught.value.param == "site"


@pytest.mark.parametrize("key", ["a b", "a\nb", "a\r\nX-Evil: 1", "ключ", "a:b", "a\x00"])
def test_a_key_that_could_forge_a_header_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        ChargebeeProvider(api_key=key)
    assert caught.value.param == "api_key"
    assert key not in str(caught.value)


def test_what_is_missing_only_matters_when_a_request_must_carry_it() -> None:
    provider = ChargebeeProvider()
    with pytest.raises(ConfigurationError) as caught:
        provider.base_url()
    assert (caught.value.param, caught.value.provider) == ("site", "chargebee")
    with pytest.raises(ConfigurationError) as caught:
        provider.credentials()
    assert (caught.value.param, caught.value.provider) == ("api_key", "chargebee")


@pytest.mark.parametrize("surface", [Billing, AsyncBilling])
@pytest.mark.parametrize(
    ("make", "says", "variable"),
    [
        (lambda surface: surface.connect("chargebee", site="acme-test"), "chargebee needs api_key, but it is missing or empty", "API_KEY"),
        (lambda surface: surface.connect("chargebee", api_key="test_1"), "chargebee needs site, but it is missing or empty", "SITE"),
        (
            lambda surface: surface.from_env({"BILLBRIDGE_PROVIDER": "chargebee"}),
            "chargebee needs site, but it is missing or empty",
            "SITE",
        ),
        (lambda surface: surface.connect("chargebee", site="acme", api_key=None), "api_key of chargebee is None", "API_KEY"),
        (lambda surface: surface(ChargebeeProvider(site=cast(Any, None))), "site of chargebee is None", "SITE"),
        (
            lambda surface: surface(ChargebeeProvider(multi_decimal=cast(Any, "no"))),
            "multi_decimal of chargebee must be bool, not str",
            None,
        ),
        (
            lambda surface: surface(ChargebeeProvider(plan=cast(Any, "free"))),
            "plan of chargebee must be one of starter, performance, enterprise",
            None,
        ),
    ],
)
def test_an_option_that_is_missing_or_wrong_is_named(
    surface: Any, make: Any, says: str, variable: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLBRIDGE_CHARGEBEE_API_KEY", "test_hush")  # set, but only from_env() without arguments reads it
    with pytest.raises(ConfigurationError) as caught:
        make(surface)
    assert caught.value.message == says
    if variable:
        assert f"set BILLBRIDGE_CHARGEBEE_{variable} and call from_env()" in (caught.value.hint or "")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("key", ["sk_live_hush", "rk_live_hush", "sk_test_hush", "pk_live_hush", "whsec_hush"])
@pytest.mark.parametrize("surface", [Billing, AsyncBilling])
def test_a_key_of_stripe_is_refused_before_anything_is_sent_and_not_shown(surface: Any, key: str) -> None:
    with pytest.raises(ConfigurationError, match=r"api_key looks like .* Stripe") as caught:
        surface.connect("chargebee", site="acme", api_key=key)
    assert caught.value.param == "api_key"
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("surface", [Billing, AsyncBilling])
def test_a_live_key_with_a_test_site_is_refused_before_anything_is_sent_and_not_shown(surface: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"key of a live site .* site is a test site") as caught:
        surface.connect("chargebee", site="acme-test", api_key="live_hush")
    assert "hush" not in str(caught.value)
    ChargebeeProvider(site="acme", api_key="live_hush")
    ChargebeeProvider(site="acme-test", api_key="test_hush")
    ChargebeeProvider(site="acme-test", api_key="older_form_hush")


def test_an_empty_item_family_is_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        ChargebeeProvider(item_family=" ")
    assert caught.value.param == "item_family"


@pytest.mark.parametrize(
    ("options", "live"), [({"site": "acme-test"}, False), ({"site": "acme"}, None), ({"base_url": "https://x.example"}, None)]
)
def test_only_a_test_site_is_known_for_what_it_is(options: dict[str, Any], live: bool | None) -> None:
    assert ChargebeeProvider(**options).live() is live


def test_no_text_shows_the_key() -> None:
    provider = ChargebeeProvider(api_key="live_key", site="acme")
    billing = Billing(provider)
    options = ChargebeeOptions(api_key="live_key", site="acme")
    for thing in (provider, billing, billing.customers, options, provider.customers, billing.info()):
        assert "live_key" not in repr(thing)
        assert BASIC not in repr(thing)


def test_the_plugin_passes_every_option_on() -> None:
    assert billbridge_options() is ChargebeeOptions
    options = ChargebeeOptions(
        api_key="test_key", site="acme-test", base_url="https://x.example", item_family="mine", plan="performance", multi_decimal=True
    )
    provider = billbridge_provider(options)
    assert isinstance(provider, ChargebeeProvider)
    assert vars(provider) | {name: None for name in vars(provider) if not name.startswith("_")} == {
        "_api_key": "test_key",
        "_site": "acme-test",
        "_base_url": "https://x.example",
        "_plan": "performance",
        **dict.fromkeys(interface.resource for interface in INTERFACES),
    }
    assert vars(provider.products)["_family"] == "mine"
    assert vars(ChargebeeProvider().products)["_family"] == "billbridge"
    assert vars(provider.prices)["_decimals"] is True
    assert vars(ChargebeeProvider().prices)["_decimals"] is False


ABSENT = {
    "customers.search": "list(email",
    "customers.create.description": "metadata",
    "customers.create.shipping": "subscriptions",
    "customers.create.several_tax_ids": "one VAT number",
    "customers.create.reverse_charge": "VAT number",
    "prices.create.package": "usage only",
    "prices.create.flat_amount_in_tiers": "one amount",
    "prices.create.currency_options": "each currency",
    "prices.create.meter": "metered=True",
    "prices.create.tax_behavior": "site",
    **dict.fromkeys(("meters.create", "meters.get", "meters.archive", "meters.unarchive", "meters.list"), "metered product"),
    "promotion_codes.update": "metadata of the coupon",
    "product_features.create.metadata": "metadata",
    "promotion_codes.create.reusable": "max_redemptions=1",
    "promotion_codes.create.limits": "coupon",
    "payment_methods.setup.client_side": "browser library",
    "subscriptions.create.several_items": "one plan",
    "subscriptions.create.allow_incomplete": "creates nothing",
    "raw.delete": "POST",
    "accounts.connected": "one client for each site",
}
"""What it cannot do, and a word of the hint: what to do instead."""
EMULATED = {
    "product_features.create",
    "product_features.unarchive",
    "product_features.attach",
    "product_features.detach",
    "entitlements.check",
    "entitlements.list",
    "customers.update",
    "customers.add_tax_id",
    "customers.remove_tax_id",
    "products.create",
    "products.update",
    "prices.create",
    "prices.update",
    "coupons.create.products",
    "coupons.update",
}


def test_it_can_do_what_the_table_says() -> None:
    for name, support in ChargebeeProvider().capabilities().items():
        expected = Support.ABSENT if name in ABSENT else Support.EMULATED if name in EMULATED else Support.NATIVE
        assert support is expected, name


@pytest.mark.parametrize(("name", "hint"), ABSENT.items())
def test_what_it_cannot_do_has_a_hint(name: str, hint: str) -> None:
    refusal: UnsupportedOperationError = ChargebeeProvider().capabilities().refusal(name)
    assert hint in (refusal.hint or "")


@pytest.mark.parametrize(("id", "encoded"), [("a/b", "a%2Fb"), ("a b%", "a%20b%25"), ("ü", "%C3%BC")])
def test_ids_are_percent_encoded_in_paths(id: str, encoded: str) -> None:
    """Case 5."""
    flow: Any = ChargebeeProvider().raw.get(path("/api/v2/customers/{}", id))
    next(flow)
    assert flow.send(Call(operation="raw.get", key="k", now=NOW)).path == f"/api/v2/customers/{encoded}"


@pytest.mark.parametrize(
    ("options", "requests"),
    [
        ({"site": "acme-test", "plan": "enterprise"}, 150),
        ({"site": "acme"}, 150),
        ({"site": "acme", "plan": "performance"}, 1000),
        ({"site": "acme", "plan": "enterprise"}, 3500),
    ],
)
def test_requests_are_limited_by_the_published_figure_of_the_plan(options: dict[str, Any], requests: int) -> None:
    assert ChargebeeProvider(**options).limits() == (Limit(requests, 60),)
    assert ChargebeeProvider(**options, base_url="https://proxy.example").limits() == ()


def test_an_unknown_plan_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="plan"):
        Billing.connect("chargebee", site="acme", api_key="k", plan="free")
