"""The provider: its keys, headers, capabilities, and that no secret shows."""

from __future__ import annotations

from typing import Any, cast

import pytest
from billbridge import AsyncBilling, Billing
from billbridge.errors import ConfigurationError
from billbridge.flow.limiter import Limit
from billbridge.services.capability import Support
from billbridge_stripe import StripeProvider
from billbridge_stripe.options import StripeOptions
from billbridge_stripe.plugin import billbridge_options, billbridge_provider

ABSENT = {
    "customers.create.id",
    "customers.create.name_parts",
    "customers.create.currency",
    "customers.create.auto_collection",
    "customers.create.zero_rated",
    "customers.anonymise",
    "products.create.family",
    "prices.create.trial",
    "prices.delete",
    "product_features.create.kind",
    "product_features.attach.value",
    "product_features.unarchive",
    "entitlements.override",
    "entitlements.remove_override",
}
EMULATED = {
    "customers.list.oldest_first",
    "products.create.kind",
    "products.create.metered",
    "prices.create.id",
    "prices.create.stairstep",
    "coupons.list.oldest_first",
    "promotion_codes.find",
    "product_features.find",
    "product_features.detach",
    "entitlements.list.subscription",
    "payment_methods.attach",
    "payment_methods.list.created",
    "payment_methods.list.oldest_first",
    "subscriptions.list.oldest_first",
    "invoices.list.oldest_first",
}


def test_every_request_names_the_pinned_version_and_the_key() -> None:
    """Case 6."""
    stripe = StripeProvider(api_key="sk_test_123")
    assert stripe.headers() == {"Stripe-Version": "2026-10-28.endive"}
    assert stripe.credentials() == {"Authorization": "Bearer sk_test_123"}
    assert stripe.base_url() == "https://api.stripe.com"
    assert stripe.sandbox_credentials() == {"Authorization": "Bearer sk_test_sandbox"}


def test_another_base_url_replaces_stripes() -> None:
    assert StripeProvider(base_url="http://127.0.0.1:8420").base_url() == "http://127.0.0.1:8420"


@pytest.mark.parametrize(
    ("key", "live"),
    [("sk_live_a", True), ("rk_live_a", True), ("sk_test_a", False), ("rk_test_a", False), ("sk_org_a", None), ("", None)],
)
def test_the_key_tells_whether_money_is_real(key: str, live: bool | None) -> None:
    assert StripeProvider(api_key=key).live() is live


@pytest.mark.parametrize("key", ["sk_test_a b", "sk_test_a\r\nX-Evil: 1", "sk_tést", "sk_test_\x7f", "live_abc", "Bearer sk_test_a"])
def test_a_key_that_cannot_be_one_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        StripeProvider(api_key=key)
    assert key not in str(caught.value)
    assert caught.value.param == "api_key"


def test_a_publishable_key_gets_its_own_hint() -> None:
    with pytest.raises(ConfigurationError, match="publishable key is for browsers"):
        StripeProvider(api_key="pk_live_abc")


def test_a_missing_key_is_an_error_only_where_it_is_needed() -> None:
    stripe = StripeProvider()
    with pytest.raises(ConfigurationError, match="needs api_key"):
        stripe.credentials()
    with pytest.raises(ConfigurationError, match="needs api_key"):
        Billing(stripe)


@pytest.mark.parametrize("surface", [Billing, AsyncBilling])
@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda surface: surface.connect("stripe"), "stripe needs api_key, but it is missing or empty"),
        (lambda surface: surface.connect("stripe", api_key=""), "stripe needs api_key, but it is missing or empty"),
        (lambda surface: surface.from_env({"BILLBRIDGE_PROVIDER": "stripe"}), "stripe needs api_key, but it is missing or empty"),
        (lambda surface: surface.connect("stripe", api_key=None), "api_key of stripe is None"),
        (lambda surface: surface(StripeProvider(api_key=cast(Any, None))), "api_key of stripe is None"),
        (lambda surface: surface(StripeProvider(api_key=cast(Any, b"sk_test_1"))), "api_key of stripe must be str, not bytes"),
        (lambda surface: surface(StripeProvider(base_url=cast(Any, 5))), "base_url of stripe must be str, not int"),
    ],
)
def test_an_option_that_is_missing_or_wrong_is_named(surface: Any, make: Any, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BILLBRIDGE_STRIPE_API_KEY", "sk_test_hush")  # set, but only from_env() without arguments reads it
    with pytest.raises(ConfigurationError) as caught:
        make(surface)
    assert caught.value.message == says
    if "must be" not in says:
        assert "set BILLBRIDGE_STRIPE_API_KEY and call from_env()" in (caught.value.hint or "")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("key", "says"),
    [("live_hush", "a key of Chargebee"), ("test_hush", "a key of Chargebee"), ("whsec_hush", "the signing secret of a webhook")],
)
def test_a_key_of_something_else_is_named_and_not_shown(key: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=f"api_key looks like {says}") as caught:
        Billing.connect("stripe", api_key=key)
    assert "hush" not in str(caught.value)


def test_no_secret_shows() -> None:
    """Case 6."""
    stripe = StripeProvider(api_key="sk_live_secret")
    with Billing(stripe) as billing:
        assert "secret" not in repr(stripe) + repr(billing) + repr(StripeOptions(api_key="sk_live_secret"))


def test_the_plugin_makes_the_provider_of_its_options() -> None:
    assert billbridge_options() is StripeOptions
    stripe = billbridge_provider(StripeOptions(api_key="rk_live_1", base_url="http://localhost:1"))
    assert (stripe.name, stripe.live(), stripe.base_url()) == ("stripe", True, "http://localhost:1")


def test_what_it_cannot_do_and_what_it_does_in_several_steps_is_known() -> None:
    capabilities = StripeProvider().capabilities()
    assert {name for name, support in capabilities.items() if not support} == ABSENT
    assert {name for name, support in capabilities.items() if support is Support.EMULATED} == EMULATED


@pytest.mark.parametrize("name", sorted(ABSENT))
def test_each_refusal_says_what_to_do(name: str) -> None:
    assert StripeProvider().capabilities().refusal(name).hint


def test_the_refusal_of_customer_ids_says_what_to_do() -> None:
    assert "metadata" in str(StripeProvider().capabilities().refusal("customers.create.id"))


def test_requests_are_limited_by_the_published_figure_of_the_account() -> None:
    assert StripeProvider(api_key="sk_test_1").limits() == (Limit(25, 1),)
    assert StripeProvider(api_key="rk_live_1").limits() == (Limit(100, 1),)
    assert StripeProvider().limits() == (Limit(25, 1),)
    assert StripeProvider(api_key="sk_live_1", base_url="https://proxy.example").limits() == ()
