"""Convert features, and what items give of them, between Chargebee's shape and the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from billbridge.model import FeatureAttachment, FeatureKind, NewProductFeature, ProductFeature, ProductFeatureQuery
from billbridge.model.product_feature import UNLIMITED
from billbridge.model.raw import RawJson
from billbridge.toolkit.timestamps import from_unix

from billbridge_chargebee import wire_features as wire

KINDS: Final[Mapping[str, FeatureKind]] = {
    "switch": FeatureKind.SWITCH,
    "quantity": FeatureKind.QUANTITY,
    "range": FeatureKind.RANGE,
    "custom": FeatureKind.CUSTOM,
}
ITEMS: Final = ["plan", "addon", "charge"]
"""The entities that are items. Prices of items can have entitlements too, which count instead of the item's."""


def product_feature(sent: wire.Feature, raw: msgspec.Raw) -> ProductFeature:
    """Convert a feature of Chargebee to the model. Its id is the key."""
    return ProductFeature(
        provider="chargebee",
        id=sent.id,
        raw=RawJson(raw),
        key=sent.id,
        name=sent.name or sent.id,
        kind=KINDS.get(sent.type or "", FeatureKind.UNKNOWN),
        vendor_kind=sent.type,
        unit=sent.unit,
        levels=levels(sent),
        active=sent.status == "active",
        vendor_status=sent.status,
        created_at=from_unix(sent.created_at),
        updated_at=from_unix(sent.updated_at),
    )


def levels(sent: wire.Feature) -> list[str]:
    """Return the levels of a feature, the lowest first."""
    ordered = sorted(sent.levels or [], key=lambda each: each.level or 0)
    return [UNLIMITED if each.is_unlimited else each.value or "" for each in ordered]


def creation(new: NewProductFeature) -> dict[str, Any]:
    """Return the parameters of POST /features. An unlimited level has no value."""
    return {
        "id": new.key,
        "name": new.name,
        "type": FeatureKind(new.kind),
        "unit": new.unit,
        "levels": [
            {"level": place, "is_unlimited": True} if level == UNLIMITED else {"level": place, "value": level, "is_unlimited": False}
            for place, level in enumerate(new.levels or [])
        ],
    }


def filters(query: ProductFeatureQuery) -> dict[str, Any]:
    """Return the parameters of GET /features. A draft is listed with the archived ones: neither can be used."""
    return {"status": {"in": ["active"] if query.active else ["draft", "archived"]}}


def attachment(sent: wire.Entitlement, raw: msgspec.Raw) -> FeatureAttachment:
    """Convert an entitlement of an item to the model."""
    return FeatureAttachment(
        provider="chargebee", id=sent.id, raw=RawJson(raw), product_id=sent.entity_id, feature_id=sent.feature_id, value=sent.value
    )


def change(action: str, product: str, kind: str | None, feature: str, value: int | str | None = None) -> dict[str, Any]:
    """Return the parameters of POST /entitlements for one item of this kind. Without a value, an upsert turns a switch on."""
    level = None if action == "remove" else "true" if value is None else str(value)
    row = {"entity_id": product, "entity_type": kind, "feature_id": feature, "value": level}
    return {"action": action, "entitlements": [row]}
