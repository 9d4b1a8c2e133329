"""Entitlements: the official clients read what our plugins wrote, and the other way round. Every exchange is judged by the law."""

from __future__ import annotations

from typing import Any

import stripe
from billbridge import Billing, Item, Money
from billbridge_sandbox.server import Server


def test_stripe_s_own_client_sees_the_same_features_and_entitlements(server: Server, stripe_client: stripe.StripeClient) -> None:
    v1 = stripe_client.v1
    with Billing.connect("stripe", api_key="sk_test_law", base_url=server.stripe_url) as billing:
        ada = billing.customers.create(email="ada@example.com")
        billing.payment_methods.attach(ada.id, token="tok_visa")
        product = billing.products.create(name="Pro")
        price = billing.prices.create(product=product.id, amount=Money("19.00", "USD"), every="month")
        sso = billing.product_features.create(key="sso", name="Single sign-on", metadata={"a": "1"})
        read = v1.entitlements.features.retrieve(sso.id)
        assert (read.lookup_key, read.name, read.active, read.metadata["a"]) == ("sso", "Single sign-on", True, "1")
        audit = v1.entitlements.features.create({"lookup_key": "audit", "name": "Audit log"})
        v1.products.features.create(product.id, {"entitlement_feature": audit.id})
        billing.product_features.attach(product.id, feature=sso.id)
        attached = v1.products.features.list(product.id).data
        assert [each.entitlement_feature.lookup_key for each in attached] == ["sso", "audit"]
        billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id)])
        theirs = v1.entitlements.active_entitlements.list({"customer": ada.id, "expand": ["data.feature"]}).data
        ours = list(billing.entitlements.list(customer=ada.id))
        assert [(one.id, one.lookup_key) for one in theirs] == [(one.id, one.key) for one in ours]
        assert v1.entitlements.active_entitlements.retrieve(ours[0].id).lookup_key == ours[0].key


def test_chargebee_s_own_client_sees_the_same_features_and_entitlements(server: Server, site: Any) -> None:
    with Billing.connect("chargebee", api_key="test_law", base_url=server.chargebee_url) as billing:
        ada = billing.customers.create(email="ada@example.com")
        billing.payment_methods.attach(ada.id, token="tok_visa")
        product = billing.products.create(name="Pro")
        price = billing.prices.create(product=product.id, amount=Money("19.00", "USD"), every="month")
        seats = billing.product_features.create(key="seats", name="Seats", kind="quantity", levels=["5", "unlimited"], unit="seat")
        read = site.Feature.retrieve(seats.id).feature
        assert (read.name, read.type, read.status, read.unit) == ("Seats", "quantity", "active", "seat")
        assert [(level.value, level.is_unlimited) for level in read.levels] == [("5", False), ("Unlimited", True)]
        site.Feature.create({"id": "sso", "name": "SSO", "type": "switch"})
        assert billing.product_features.get("sso").vendor_status == "draft"
        assert billing.product_features.unarchive("sso").active
        row = {"entity_id": product.id, "entity_type": "plan", "feature_id": "sso", "value": "true"}
        site.Entitlement.create({"action": "upsert", "entitlements": [row]})
        billing.product_features.attach(product.id, feature=seats.id, value=5)
        subscription = billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id)])
        theirs = site.SubscriptionEntitlement.subscription_entitlements_for_subscription(subscription.id).list
        assert [(one.subscription_entitlement.feature_id, one.subscription_entitlement.value) for one in theirs] == [
            ("seats", "5"),
            ("sso", "true"),
        ]
        assert [(one.key, one.quantity) for one in billing.entitlements.list(customer=ada.id)] == [("seats", 5), ("sso", None)]
