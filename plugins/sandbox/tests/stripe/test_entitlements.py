"""Features and entitlements: keys, archived features, and when a subscription brings its entitlements up to date."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from .shop import Shop


def feature(shop: Shop, key: str = "sso") -> str:
    return shop.client.v1.entitlements.features.create({"lookup_key": key, "name": key}).id


def attach(shop: Shop, product: Any, feature: str) -> str:
    return shop.client.v1.products.features.create(product, {"entitlement_feature": feature}).id


def entitled(shop: Shop, customer: Any) -> list[str]:
    found = shop.client.v1.entitlements.active_entitlements.list({"customer": customer}).data
    return sorted(str(each.lookup_key) for each in found)


def test_a_lookup_key_is_free_again_when_its_feature_is_archived(shop: Shop) -> None:
    features = shop.client.v1.entitlements.features
    first = feature(shop)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        feature(shop)
    assert (caught.value.param, caught.value.code) == ("lookup_key", "resource_already_exists")
    features.update(first, {"active": False})
    second = feature(shop)
    assert [each.id for each in features.list({"lookup_key": "sso"}).data] == [second]
    assert [each.id for each in features.list({"archived": True}).data] == [first]
    for change in ({"active": True}, {"name": "x"}):
        with pytest.raises(stripe.InvalidRequestError, match="archived"):
            features.update(first, change)  # type: ignore[arg-type]


def test_a_feature_is_attached_once_and_not_when_it_is_archived(shop: Shop) -> None:
    price, sso = shop.price(), feature(shop)
    attach(shop, price.product, sso)
    with pytest.raises(stripe.InvalidRequestError, match="already attached"):
        attach(shop, price.product, sso)
    other = feature(shop, "audit")
    shop.client.v1.entitlements.features.update(other, {"active": False})
    with pytest.raises(stripe.InvalidRequestError, match="archived"):
        attach(shop, price.product, other)


def test_a_change_of_a_product_counts_from_the_next_period(shop: Shop) -> None:
    subscription = shop.subscribe()
    product, customer = subscription["items"]["data"][0]["price"]["product"], subscription.customer
    before = attach(shop, product, feature(shop, "early"))
    assert entitled(shop, customer) == ["early"]  # attached in the same second
    shop.simulation.advance(days=1)
    attach(shop, product, feature(shop, "late"))
    shop.client.v1.products.features.delete(product, before)
    assert entitled(shop, customer) == ["early"]
    shop.simulation.advance(days=32)
    assert entitled(shop, customer) == ["late"]


def test_the_status_of_the_subscription_decides(shop: Shop) -> None:
    price, customer = shop.price(), shop.customer()
    attach(shop, price.product, feature(shop))
    given: Any = {"customer": customer.id, "items": [{"price": price.id}], "trial_period_days": 7}
    subscription = shop.client.v1.subscriptions.create(given)
    assert entitled(shop, customer.id) == ["sso"]
    (one,) = shop.client.v1.entitlements.active_entitlements.list({"customer": customer.id}).data
    shop.client.v1.subscriptions.cancel(subscription.id)
    assert entitled(shop, customer.id) == []
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.entitlements.active_entitlements.retrieve(one.id)
    assert caught.value.http_status == 404
