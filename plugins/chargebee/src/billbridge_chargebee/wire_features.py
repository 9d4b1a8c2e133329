"""The structs of features and entitlements exactly as Chargebee sends them. `wire` tells what all structs share. Translates nothing."""

from __future__ import annotations

from typing import Final

import msgspec


class Level(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A level of a feature. `value` is a number, or a word of the site."""

    value: str | None = None
    level: int | None = None
    is_unlimited: bool | None = None


class Feature(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A feature. A new one is a draft, and gives nothing until it is activated."""

    id: str
    name: str | None = None
    status: str | None = None
    type: str | None = None
    unit: str | None = None
    levels: list[Level] | None = None
    created_at: int | None = None
    updated_at: int | None = None
    deleted: bool | None = None


class Entitlement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an item, or one of its prices, gives of a feature."""

    id: str
    entity_id: str
    feature_id: str
    entity_type: str | None = None
    value: str | None = None


class SubscriptionEntitlement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a subscription has of a feature, with its override applied."""

    subscription_id: str
    feature_id: str
    feature_type: str | None = None
    value: str | None = None
    is_overridden: bool | None = None
    is_enabled: bool | None = None


class EntitlementOverride(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An exception for one subscription."""

    id: str
    feature_id: str
    subscription_id: str | None = None
    value: str | None = None
    expires_at: int | None = None


FEATURE: Final = msgspec.json.Decoder(Feature)
ENTITLEMENT: Final = msgspec.json.Decoder(Entitlement)
SUBSCRIPTION_ENTITLEMENT: Final = msgspec.json.Decoder(SubscriptionEntitlement)
ENTITLEMENT_OVERRIDE: Final = msgspec.json.Decoder(EntitlementOverride)
