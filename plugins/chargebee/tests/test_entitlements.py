"""Features, attachments, overrides and entitlements, request by request. (Vendor map, cases 3, 17 and 64.)"""

from __future__ import annotations

from typing import Any

import pytest
from billbridge.errors import InvalidStateError, NotFoundError, OutcomeUnknownError, PartialFailureError, ValidationError
from billbridge.model import (
    Entitlement,
    EntitlementOverride,
    EntitlementQuery,
    FeatureAttachment,
    FeatureAttachmentQuery,
    FeatureKind,
    NewEntitlementOverride,
    NewFeatureAttachment,
    NewProductFeature,
    Page,
    ProductFeature,
    ProductFeaturePatch,
    ProductFeatureQuery,
)
from billbridge.model.raw import RawJson
from billbridge_chargebee import ChargebeeProvider

from .stepping import Step, at, get, lost, post, raw, refused, walk

FEATURES, ENTITLEMENTS = ChargebeeProvider().product_features, ChargebeeProvider().entitlements
SENT: dict[str, Any] = {
    "id": "seats",
    "name": "Seats",
    "status": "active",
    "type": "quantity",
    "unit": "seat",
    "created_at": 1,
    "updated_at": 2,
    "levels": [
        {"name": "Unlimited seats", "value": "Unlimited", "level": 2, "is_unlimited": True},
        {"name": "5 seats", "value": "5", "level": 0, "is_unlimited": False},
        {"name": "10 seats", "value": "10", "level": 1, "is_unlimited": False},
    ],
    "object": "feature",
}
READ = ProductFeature(
    provider="chargebee",
    id="seats",
    raw=RawJson(raw(SENT)),
    key="seats",
    name="Seats",
    kind=FeatureKind.QUANTITY,
    vendor_kind="quantity",
    unit="seat",
    levels=["5", "10", "unlimited"],
    active=True,
    vendor_status="active",
    created_at=at(1),
    updated_at=at(2),
)
NEW = NewProductFeature(key="seats", name="Seats", kind="quantity", levels=["5", "10", "unlimited"], unit="seat")
FORM = {
    "id": "seats",
    "name": "Seats",
    "type": "quantity",
    "unit": "seat",
    "levels[level][0]": "0",
    "levels[value][0]": "5",
    "levels[is_unlimited][0]": "false",
    "levels[level][1]": "1",
    "levels[value][1]": "10",
    "levels[is_unlimited][1]": "false",
    "levels[level][2]": "2",
    "levels[is_unlimited][2]": "true",
}
CREATE = post("/features", {"feature": SENT | {"status": "draft"}}, FORM)
ITEM = get("/items/pro", {"item": {"id": "pro", "type": "addon"}})
GIVEN = {"id": "ent-1", "entity_id": "pro", "entity_type": "addon", "feature_id": "seats", "value": "5", "object": "entitlement"}
HAS = {"subscription_id": "s1", "feature_id": "seats", "feature_type": "quantity", "value": "5", "is_overridden": False, "is_enabled": True}
ROW = {"entitlements[entity_id][0]": "pro", "entitlements[entity_type][0]": "addon", "entitlements[feature_id][0]": "seats"}


def activate(answer: Any) -> Step:
    return post("/features/seats/activate_command", answer, step="activate")


def test_a_new_feature_is_activated_with_a_key_of_its_own() -> None:
    assert walk(FEATURES.create(NEW), CREATE, activate({"feature": SENT})) == READ


def test_a_feature_that_could_not_be_activated_says_what_was_done() -> None:
    denied = refused(403, "request_blocked")
    with pytest.raises(PartialFailureError, match="created as a draft, but it is not active") as caught:
        walk(FEATURES.create(NEW), CREATE, activate(denied))
    assert (caught.value.done, caught.value.failed) == (("create",), "activate")
    assert "unarchive('seats')" in (caught.value.hint or "")
    with pytest.raises(PartialFailureError, match="may not be active") as caught:
        walk(FEATURES.create(NEW), CREATE, activate(lost()))
    assert isinstance(caught.value.__cause__, OutcomeUnknownError)


def test_a_feature_that_a_lost_attempt_activated_is_returned() -> None:
    taken = refused(409, "invalid_state_for_request")
    assert walk(FEATURES.create(NEW), CREATE, activate(taken), get("/features/seats", {"feature": SENT})) == READ
    with pytest.raises(PartialFailureError):
        walk(FEATURES.create(NEW), CREATE, activate(taken), get("/features/seats", {"feature": SENT | {"status": "draft"}}))


@pytest.mark.parametrize(
    ("status", "command"), [("draft", "activate_command"), ("archived", "reactivate_command"), ("active", "reactivate_command")]
)
def test_unarchiving_reactivates_or_activates(status: str, command: str) -> None:
    steps = [get("/features/seats", {"feature": SENT | {"status": status}}), post(f"/features/seats/{command}", {"feature": SENT})]
    if status == "active":
        steps[1] = post(f"/features/seats/{command}", refused(409, "invalid_state_for_request"))
        steps.append(get("/features/seats", {"feature": SENT}))
    assert walk(FEATURES.unarchive("seats"), *steps) == READ


def test_archiving_twice_is_no_error_but_a_draft_cannot_be_archived() -> None:
    command = post("/features/seats/archive_command", refused(409, "invalid_state_for_request"))
    found = walk(FEATURES.archive("seats"), command, get("/features/seats", {"feature": SENT | {"status": "archived"}}))
    assert (found.active, found.vendor_status) == (False, "archived")
    for status in ("draft", "active"):
        with pytest.raises(InvalidStateError):
            walk(FEATURES.archive("seats"), command, get("/features/seats", {"feature": SENT | {"status": status}}))


def test_a_key_is_the_id_and_an_update_changes_the_name() -> None:
    assert walk(FEATURES.find("seats"), get("/features/seats", {"feature": SENT})) == READ
    renamed = post("/features/seats", {"feature": SENT}, {"name": "Seats"})
    assert walk(FEATURES.update("seats", ProductFeaturePatch(name="Seats")), renamed) == READ
    assert walk(FEATURES.update("seats", ProductFeaturePatch()), get("/features/seats", {"feature": SENT})) == READ
    with pytest.raises(NotFoundError):
        walk(FEATURES.get("x"), get("/features/x", {"feature": SENT | {"deleted": True}}))


@pytest.mark.parametrize(("active", "statuses"), [(True, '["active"]'), (False, '["draft","archived"]')])
def test_features_are_listed(active: bool, statuses: str) -> None:
    """Case 3."""
    page = get("/features", {"list": [{"feature": SENT}], "next_offset": "o"}, {"status[in]": statuses, "limit": "100"})
    assert walk(FEATURES.list(ProductFeatureQuery(active=active)), page) == Page(items=[READ], next_cursor="o")


@pytest.mark.parametrize(("value", "level"), [(None, "true"), (5, "5"), ("unlimited", "unlimited")])
def test_attaching_names_the_kind_of_the_item(value: Any, level: str) -> None:
    change = post("/entitlements", {"list": [{"entitlement": GIVEN}]}, {"action": "upsert", **ROW, "entitlements[value][0]": level})
    made = walk(FEATURES.attach("pro", NewFeatureAttachment(feature="seats", value=value)), ITEM, change)
    wanted = FeatureAttachment(provider="chargebee", id="ent-1", raw=RawJson(raw(GIVEN)), product_id="pro", feature_id="seats", value="5")
    assert made == wanted


def test_detaching_removes_it() -> None:
    change = post("/entitlements", {"list": [{"entitlement": GIVEN}]}, {"action": "remove", **ROW})
    assert walk(FEATURES.detach("pro", "seats"), ITEM, change) is None
    with pytest.raises(NotFoundError):
        walk(FEATURES.detach("pro", "seats"), get("/items/pro", {"item": {"id": "pro", "status": "deleted"}}))


def test_attachments_of_an_unknown_product_are_not_an_empty_list() -> None:
    query = {"entity_id[is]": "pro", "entity_type[in]": '["plan","addon","charge"]', "limit": "100"}
    steps = (get("/entitlements", {"list": []}, query), get("/items/pro", refused(404, "resource_not_found")))
    with pytest.raises(NotFoundError) as caught:
        walk(FEATURES.attachments(FeatureAttachmentQuery(product="pro")), *steps)
    assert caught.value.param == "product"


def subscriptions(*ids: str) -> Step:
    sent = {"customer_id[is]": "ada", "status[in]": '["active","in_trial","non_renewing"]', "limit": "100"}
    return get("/subscriptions", {"list": [{"subscription": subscription(id)} for id in ids]}, sent)


def subscription(id: str, status: str = "active") -> dict[str, Any]:
    return {"id": id, "customer_id": "ada", "status": status, "currency_code": "USD", "subscription_items": []}


def given(id: str, **fields: Any) -> Step:
    row = {"subscription_entitlement": HAS | {"subscription_id": id} | fields}
    return get(f"/subscriptions/{id}/subscription_entitlements", {"list": [row]}, {"limit": "100"})


def test_what_a_subscription_has_is_read() -> None:
    found = walk(ENTITLEMENTS.check("ada", "seats"), subscriptions("s1"), given("s1"))
    wanted = Entitlement(
        provider="chargebee",
        id="seats",
        raw=RawJson(raw(HAS)),
        key="seats",
        feature_id="seats",
        kind=FeatureKind.QUANTITY,
        vendor_kind="quantity",
        value="5",
        quantity=5,
        subscription_ids=["s1"],
    )
    assert found == wanted
    assert walk(ENTITLEMENTS.check("ada", "sso"), subscriptions("s1"), given("s1")) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"is_enabled": False},
        {"value": "0"},
        {"feature_type": "range", "value": "0"},
        {"feature_type": "switch", "value": "false"},
        {"feature_type": "switch", "value": None},
    ],
)
def test_what_is_off_disabled_or_none_is_no_entitlement(fields: dict[str, Any]) -> None:
    assert walk(ENTITLEMENTS.check("ada", "seats"), subscriptions("s1"), given("s1", **fields)) is None


def test_an_unknown_kind_keeps_its_word_and_its_value() -> None:
    """Case 17."""
    found = walk(ENTITLEMENTS.check("ada", "seats"), subscriptions("s1"), given("s1", feature_type="metered", value="x"))
    assert (found.kind, found.vendor_kind, found.value, found.quantity) == (FeatureKind.UNKNOWN, "metered", "x", None)


@pytest.mark.parametrize(
    ("kind", "values", "quantity", "value", "unlimited"),
    [
        ("quantity", ("5", "10"), 15, "15", False),
        ("quantity", ("5", "Unlimited"), None, "Unlimited", True),
        ("range", ("30", "9"), 30, "30", False),
        ("switch", ("true", "false"), None, None, False),
        ("custom", ("Chat", "Chat"), None, "Chat", False),
    ],
)
def test_several_subscriptions_are_combined(kind: str, values: tuple[str, str], quantity: int | None, value: str, unlimited: bool) -> None:
    steps = [given(id, feature_type=kind, value=each) for id, each in zip(("s1", "s2"), values, strict=True)]
    page = walk(ENTITLEMENTS.list(EntitlementQuery(customer="ada")), subscriptions("s1", "s2"), *steps)
    (found,) = page.items
    assert (found.quantity, found.value, found.unlimited) == (quantity, value, unlimited)
    assert found.subscription_ids == (["s1"] if kind == "switch" else ["s1", "s2"])


def test_the_order_of_words_is_read_where_it_decides() -> None:
    levels = [{"value": "Phone", "level": 2}, {"value": "E-mail", "level": 0}, {"value": "Chat", "level": 1}]
    steps = [given(id, feature_type="custom", value=each) for id, each in (("s1", "Chat"), ("s2", "Phone"), ("s3", "E-mail"))]
    order = get("/features/seats", {"feature": SENT | {"type": "custom", "levels": levels}})
    found = walk(ENTITLEMENTS.check("ada", "seats"), subscriptions("s1", "s2", "s3"), *steps, order)
    assert (found.value, found.subscription_ids) == ("Phone", ["s1", "s2", "s3"])


def test_a_customer_without_subscriptions_is_told_from_an_unknown_one() -> None:
    assert walk(ENTITLEMENTS.check("ada", "sso"), subscriptions(), get("/customers/ada", {"customer": {"id": "ada"}})) is None
    with pytest.raises(NotFoundError):
        walk(ENTITLEMENTS.check("ada", "sso"), subscriptions(), get("/customers/ada", refused(404, "resource_not_found")))


@pytest.mark.parametrize(
    ("status", "counts"), [("active", 1), ("in_trial", 1), ("non_renewing", 1), ("cancelled", 0), ("paused", 0), ("future", 0)]
)
def test_the_status_of_a_subscription_decides(status: str, counts: int) -> None:
    steps = [get("/subscriptions/s1", {"subscription": subscription("s1", status)}), given("s1")]
    page = walk(ENTITLEMENTS.list(EntitlementQuery(subscription="s1")), *steps[: 1 + counts])
    assert len(page.items) == counts


@pytest.mark.parametrize(("value", "level"), [(True, "true"), (False, "false"), (7, "7"), ("unlimited", "unlimited")])
def test_an_override_is_set_and_removed(value: Any, level: str) -> None:
    sent = {
        "id": "eo-1",
        "subscription_id": "s1",
        "feature_id": "seats",
        "value": level,
        "expires_at": 3600,
        "object": "entitlement_override",
    }
    where, row = "/subscriptions/s1/entitlement_overrides", {"entitlement_overrides[feature_id][0]": "seats"}
    more = {"entitlement_overrides[value][0]": level, "entitlement_overrides[expires_at][0]": "3600"}
    made = walk(
        ENTITLEMENTS.override("s1", NewEntitlementOverride(feature="seats", value=value, expires_at=at(3600))),
        post(where, {"list": [{"entitlement_override": sent}]}, {"action": "upsert", **row, **more}),
    )
    assert made == EntitlementOverride(
        provider="chargebee", id="eo-1", raw=RawJson(raw(sent)), subscription_id="s1", feature_id="seats", value=level, expires_at=at(3600)
    )
    walk(ENTITLEMENTS.remove_override("s1", "seats"), post(where, {"list": []}, {"action": "remove", **row}))


@pytest.mark.parametrize("value", ["", " ", -1])
def test_a_level_that_no_feature_has_is_refused_at_once(value: Any) -> None:
    for draft in (NewFeatureAttachment, NewEntitlementOverride):
        with pytest.raises(ValidationError) as caught:
            draft(feature="seats", value=value)
        assert caught.value.param == "value"
