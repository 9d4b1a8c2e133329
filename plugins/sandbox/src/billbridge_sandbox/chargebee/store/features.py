"""What the site stores about features and entitlements. No rules here; see `records` for the conventions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from billbridge_sandbox.chargebee.store.records import Record


@dataclass(kw_only=True, repr=False)
class Level:
    """One level of a feature. `value` is a text; `is_unlimited` is the level without a limit."""

    OBJECT: ClassVar[str] = "level"

    name: str
    value: str
    level: int
    is_unlimited: bool = False


@dataclass(kw_only=True, repr=False)
class Feature(Record):
    """A feature: a draft, then active, then perhaps archived."""

    OBJECT: ClassVar[str] = "feature"

    name: str
    created_at: int
    description: str | None = None
    status: str = "draft"
    type: str = "switch"
    unit: str | None = None
    metered: bool = False
    levels: list[Level] | None = None


@dataclass(kw_only=True, repr=False)
class Entitlement(Record):
    """What an item, or one of its prices, gives of a feature."""

    OBJECT: ClassVar[str] = "entitlement"
    UNSENT = ("updated_at", "resource_version")

    entity_id: str
    entity_type: str
    feature_id: str
    feature_name: str
    value: str
    name: str


@dataclass(kw_only=True, repr=False)
class EntitlementOverride(Record):
    """What one subscription has of a feature in place of what its items give, until it expires."""

    OBJECT: ClassVar[str] = "entitlement_override"
    UNSENT = ("updated_at", "resource_version")

    subscription_id: str
    entity_id: str
    entity_type: str
    feature_id: str
    feature_name: str
    value: str
    name: str
    expires_at: int | None = None
    is_enabled: bool = True


@dataclass(kw_only=True, repr=False)
class SubscriptionEntitlement(Record):
    """What a subscription has of a feature. It is computed when it is shown, and not stored."""

    OBJECT: ClassVar[str] = "subscription_entitlement"
    UNSENT = ("id", "updated_at", "resource_version")

    subscription_id: str
    feature_id: str
    feature_name: str
    feature_unit: str | None = None
    feature_type: str
    value: str
    name: str
    is_overridden: bool
    is_enabled: bool = True
    expires_at: int | None = None
