"""Features, attachments and entitlements: every request exactly, every field, and what a repeated call does."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from billbridge.errors import DuplicateError, InvalidStateError, NotFoundError, ValidationError
from billbridge.model import (
    Entitlement,
    EntitlementQuery,
    FeatureAttachment,
    FeatureAttachmentQuery,
    NewFeatureAttachment,
    NewProductFeature,
    Page,
    ProductFeature,
    ProductFeaturePatch,
    ProductFeatureQuery,
)
from billbridge.model.raw import RawJson
from billbridge_stripe import StripeProvider

Walk = Callable[..., Any]
WIRE: dict[str, Any] = {
    "id": "feat_1",
    "object": "entitlements.feature",
    "active": True,
    "livemode": False,
    "lookup_key": "sso",
    "metadata": {"a": "1"},
    "name": "Single sign-on",
}
ARCHIVED = {**WIRE, "active": False}
ATTACHED: dict[str, Any] = {"id": "prodft_1", "object": "product_feature", "entitlement_feature": WIRE, "livemode": False}
ACTIVE: dict[str, Any] = {
    "id": "ent_1",
    "object": "entitlements.active_entitlement",
    "feature": "feat_1",
    "livemode": False,
    "lookup_key": "sso",
}
REFUSED = (400, {"error": {"type": "invalid_request_error", "message": "You cannot do this."}})
ONE = "/v1/entitlements/features/feat_1"
ATTACH = "POST /v1/products/prod_1/features"
LISTED = "GET /v1/products/prod_1/features?limit=100"
OF_CUSTOMER = "GET /v1/entitlements/active_entitlements?customer=cus_1&limit=100"


def raw(wire: dict[str, Any]) -> RawJson:
    return RawJson(json.dumps(wire).encode())


def rows(*found: dict[str, Any], more: bool = False) -> dict[str, Any]:
    return {"object": "list", "data": list(found), "has_more": more, "url": "/"}


FEATURE = ProductFeature(provider="stripe", id="feat_1", raw=raw(WIRE), key="sso", name="Single sign-on", metadata={"a": "1"}, active=True)
ATTACHMENT = FeatureAttachment(provider="stripe", id="prodft_1", raw=raw(ATTACHED), product_id="prod_1", feature_id="feat_1")
ENTITLEMENT = Entitlement(provider="stripe", id="ent_1", raw=raw(ACTIVE), key="sso", feature_id="feat_1")


def test_a_feature_is_created_and_read(walk: Walk, stripe: StripeProvider) -> None:
    new = NewProductFeature(key="sso", name="Single sign-on", metadata={"a": "1"})
    body = "lookup_key=sso&name=Single sign-on&metadata[a]=1"
    assert walk(stripe.product_features.create(new), ("POST /v1/entitlements/features", body, WIRE)) == FEATURE
    assert walk(stripe.product_features.get("feat_1"), (f"GET {ONE}", None, WIRE)) == FEATURE


def test_a_key_that_is_taken_is_a_duplicate(walk: Walk, stripe: StripeProvider) -> None:
    error = {"type": "invalid_request_error", "code": "resource_already_exists", "message": "exists", "param": "lookup_key"}
    with pytest.raises(DuplicateError):
        walk(
            stripe.product_features.create(NewProductFeature(key="sso", name="x")),
            ("POST /v1/entitlements/features", "lookup_key=sso&name=x", (400, {"error": error})),
        )


def test_a_key_finds_the_active_feature_or_else_the_archived_one(walk: Walk, stripe: StripeProvider) -> None:
    active = "GET /v1/entitlements/features?archived=false&lookup_key=sso&limit=1"
    archived = active.replace("false", "true")
    assert walk(stripe.product_features.find("sso"), (active, None, rows(WIRE))) == FEATURE
    found = walk(stripe.product_features.find("sso"), (active, None, rows()), (archived, None, rows(ARCHIVED)))
    assert (found.id, found.active) == ("feat_1", False)
    with pytest.raises(NotFoundError, match="no feature has this key"):
        walk(stripe.product_features.find("sso"), (active, None, rows()), (archived, None, rows()))


def test_an_update_sends_what_is_given_and_none_clears_the_metadata(walk: Walk, stripe: StripeProvider) -> None:
    for patch, body in (
        (ProductFeaturePatch(name="SSO"), "name=SSO"),
        (ProductFeaturePatch(metadata={"a": "2"}), "metadata[a]=2"),
        (ProductFeaturePatch(metadata=None), "metadata="),
        (ProductFeaturePatch(), ""),
    ):
        assert walk(stripe.product_features.update("feat_1", patch), (f"POST {ONE}", body, WIRE)) == FEATURE


def test_archiving_an_archived_feature_is_no_error(walk: Walk, stripe: StripeProvider) -> None:
    flow = stripe.product_features.archive("feat_1")
    assert walk(flow, (f"POST {ONE}", "active=false", REFUSED), (f"GET {ONE}", None, ARCHIVED)).active is False
    with pytest.raises(ValidationError, match="You cannot do this"):
        walk(stripe.product_features.archive("feat_1"), (f"POST {ONE}", "active=false", REFUSED), (f"GET {ONE}", None, WIRE))


def test_a_feature_is_attached_and_attaching_it_again_returns_the_attachment(walk: Walk, stripe: StripeProvider) -> None:
    new, body = NewFeatureAttachment(feature="feat_1"), "entitlement_feature=feat_1"
    assert walk(stripe.product_features.attach("prod_1", new), (ATTACH, body, ATTACHED)) == ATTACHMENT
    again = walk(stripe.product_features.attach("prod_1", new), (ATTACH, body, REFUSED), (LISTED, None, rows(ATTACHED)))
    assert again == ATTACHMENT


@pytest.mark.parametrize(("feature", "kind"), [(ARCHIVED, InvalidStateError), (WIRE, ValidationError)])
def test_a_refused_attachment_says_whether_the_feature_is_archived(
    walk: Walk, stripe: StripeProvider, feature: dict[str, Any], kind: type[Exception]
) -> None:
    steps = ((ATTACH, "entitlement_feature=feat_1", REFUSED), (LISTED, None, rows()), (f"GET {ONE}", None, feature))
    with pytest.raises(kind):
        walk(stripe.product_features.attach("prod_1", NewFeatureAttachment(feature="feat_1")), *steps)


def test_a_feature_is_detached_by_the_id_of_its_attachment(walk: Walk, stripe: StripeProvider) -> None:
    other = {**ATTACHED, "id": "prodft_2", "entitlement_feature": {**WIRE, "id": "feat_2"}}
    second = LISTED + "&starting_after=prodft_2"
    gone = {"id": "prodft_1", "object": "product_feature", "deleted": True}
    walk(
        stripe.product_features.detach("prod_1", "feat_1"),
        (LISTED, None, rows(other, more=True)),
        (second, None, rows(ATTACHED)),
        ("DELETE /v1/products/prod_1/features/prodft_1", None, gone),
    )
    walk(stripe.product_features.detach("prod_1", "feat_3"), (LISTED, None, rows(ATTACHED, other)))


def test_features_and_attachments_are_listed(walk: Walk, stripe: StripeProvider) -> None:
    found = walk(
        stripe.product_features.list(ProductFeatureQuery(active=False, page_size=2, cursor="feat_9")),
        ("GET /v1/entitlements/features?archived=true&limit=2&starting_after=feat_9", None, rows(WIRE, more=True)),
    )
    assert found == Page(items=[FEATURE], next_cursor="feat_1")
    query = FeatureAttachmentQuery(product="prod_1")
    assert walk(stripe.product_features.attachments(query), (LISTED, None, rows(ATTACHED))) == Page(items=[ATTACHMENT])


def test_a_check_walks_all_entitlements_of_the_customer(walk: Walk, stripe: StripeProvider) -> None:
    other = {**ACTIVE, "id": "ent_0", "lookup_key": "audit", "feature": {**WIRE, "id": "feat_2"}}
    steps = ((OF_CUSTOMER, None, rows(other, more=True)), (f"{OF_CUSTOMER}&starting_after=ent_0", None, rows(ACTIVE)))
    assert walk(stripe.entitlements.check("cus_1", "sso"), *steps) == ENTITLEMENT
    assert walk(stripe.entitlements.check("cus_1", "SSO"), *steps) is None
    expanded = walk(stripe.entitlements.check("cus_1", "audit"), *steps)
    assert expanded.feature_id == "feat_2"


def subscription(status: str) -> dict[str, Any]:
    price = {"id": "price_1", "product": "prod_1"}
    item = {"id": "si_1", "price": price}
    old = {"id": "si_2", "plan": {"id": "plan_1", "product": "prod_1"}}
    return {"id": "sub_1", "customer": "cus_1", "status": status, "items": {"data": [item, old], "has_more": False}}


def test_a_subscription_gives_the_entitlements_that_its_products_include(walk: Walk, stripe: StripeProvider) -> None:
    other = {**ACTIVE, "id": "ent_0", "lookup_key": "audit", "feature": "feat_2"}
    for status in ("active", "trialing", "past_due"):
        page = walk(
            stripe.entitlements.list(EntitlementQuery(subscription="sub_1")),
            ("GET /v1/subscriptions/sub_1", None, subscription(status)),
            (LISTED, None, rows(ATTACHED)),
            (OF_CUSTOMER, None, rows(other, ACTIVE)),
        )
        assert [(one.key, one.subscription_ids) for one in page.items] == [("sso", ["sub_1"])]


@pytest.mark.parametrize("status", ["canceled", "incomplete", "incomplete_expired", "unpaid", "paused", "a_new_word"])
def test_a_subscription_that_is_not_running_gives_nothing(walk: Walk, stripe: StripeProvider, status: str) -> None:
    flow = stripe.entitlements.list(EntitlementQuery(subscription="sub_1"))
    assert walk(flow, ("GET /v1/subscriptions/sub_1", None, subscription(status))) == Page(items=[])
