"""What subscriptions have of features: from their items, or by an override, which counts instead.

The entitlement of an item price counts instead of that of its item. Drafts give nothing, archived features still do (API reference). The
list for a customer is switched off, as it is at Chargebee until Support enables it. Choices where the documents are silent: a subscription
shows its entitlements in every status, the quantity of an item does not multiply them, and of ranges and custom levels the highest counts.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import incompatible, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, flag, one_of, text, whole
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.listing import listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.features import levels
from billbridge_sandbox.chargebee.features.entitlements import of
from billbridge_sandbox.chargebee.store.features import EntitlementOverride, Feature, SubscriptionEntitlement
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription

_COLUMNS = {"feature_id": text(50), "value": text(50), "expires_at": whole(), "is_enabled": flag}


def list_for_subscription(site: Site, ask: Ask) -> Json:
    """List what a subscription has, one row for each feature."""
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    ask.refuse("include_drafts", "embed", "include_scheduled_overrides")
    rows = [row for feature in site.features.values() if (row := _effective(site, subscription, feature)) is not None]
    return listing(ask, rows, {}, ("seq",), envelope)


def _effective(site: Site, subscription: Subscription, feature: Feature) -> SubscriptionEntitlement | None:
    if feature.status == "draft":
        return None
    instead = _override(site, subscription.id, feature.id)
    inherited = _inherited(site, subscription, feature)
    if instead is None and not inherited:
        return None
    value = instead.value if instead is not None else levels.joined(feature, inherited)
    return SubscriptionEntitlement(
        id=feature.id,
        seq=feature.seq,
        subscription_id=subscription.id,
        feature_id=feature.id,
        feature_name=feature.name,
        feature_unit=feature.unit,
        feature_type=feature.type,
        value=value,
        name=levels.called(feature.type, value, feature.unit),
        is_overridden=instead is not None,
        is_enabled=instead is None or instead.is_enabled,
        expires_at=None if instead is None else instead.expires_at,
    )


def _inherited(site: Site, subscription: Subscription, feature: Feature) -> list[str]:
    """What each item gives: the entitlement of its price, or else that of the item itself."""
    found: list[str] = []
    for line in subscription.subscription_items:
        price = site.item_prices.get(line.item_price_id)
        own = of(site, f"{line.item_type}_price", line.item_price_id, feature.id)
        row = own or (of(site, line.item_type, price.item_id, feature.id) if price is not None else None)
        if row is not None:
            found.append(row.value)
    return found


def _override(site: Site, subscription: str, feature: str) -> EntitlementOverride | None:
    for row in site.entitlement_overrides.values():
        if (row.subscription_id, row.feature_id) == (subscription, feature) and (row.expires_at is None or site.now < row.expires_at):
            return row
    return None


def change_overrides(site: Site, ask: Ask) -> Json:
    """Set or remove overrides of a subscription: all, or none. An override in the past is refused."""
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    action = ask.get("action", one_of("upsert", "remove")) or "upsert"
    ask.refuse("entitlement_overrides[effective_from]", "entitlement_overrides[entity_")
    rows = ask.columns("entitlement_overrides", _COLUMNS)
    if not rows:
        raise wrong_value("entitlement_overrides[feature_id][0]", "cannot be blank")
    wanted = [_wanted(site, subscription, index, row, action) for index, row in rows]
    for row in wanted:
        if row.id in site.entitlement_overrides:
            site.entitlement_overrides.delete(row.id)
        if action == "upsert":
            site.add(site.entitlement_overrides, row)
    return {"list": [envelope(row) for row in wanted]}


def _wanted(site: Site, subscription: Subscription, index: int, row: Json, action: str) -> EntitlementOverride:
    feature = site.find(site.features, "feature", row.get("feature_id", ""), f"entitlement_overrides[feature_id][{index}]")
    present = _override(site, subscription.id, feature.id)
    value = present.value if present is not None else "false"
    if action == "upsert":
        value = levels.legal(feature, row.get("value"), f"entitlement_overrides[value][{index}]")
        if row.get("expires_at") is not None and row["expires_at"] <= site.now:
            raise wrong_value(f"entitlement_overrides[expires_at][{index}]", "should be in the future")
    return EntitlementOverride(
        id=present.id if present is not None else site.ids.next("eo-", 36),
        subscription_id=subscription.id,
        entity_id=subscription.id,
        entity_type="subscription",
        feature_id=feature.id,
        feature_name=feature.name,
        value=value,
        name=levels.called(feature.type, value, feature.unit),
        expires_at=row.get("expires_at"),
        is_enabled=row.get("is_enabled", True),
    )


def list_overrides(site: Site, ask: Ask) -> Json:
    """List the overrides of a subscription that have not expired."""
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    ask.refuse("include_drafts", "embed", "include_scheduled_overrides")
    rows = [row for row in site.entitlement_overrides.values() if _override(site, subscription.id, row.feature_id) is row]
    return listing(ask, rows, {}, ("seq",), envelope)


def list_for_customer(site: Site, ask: Ask) -> Json:
    """The list for a customer is not enabled."""
    raise incompatible("customer entitlements are not enabled for this site")


ROUTES: Routes = [
    ("GET", "/subscriptions/{id}/subscription_entitlements", list_for_subscription),
    ("POST", "/subscriptions/{id}/entitlement_overrides", change_overrides),
    ("GET", "/subscriptions/{id}/entitlement_overrides", list_overrides),
    ("GET", "/customers/{id}/customer_entitlements", list_for_customer),
]
