"""Convert entitlements between Chargebee's shape and the model, and combine those of several subscriptions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from billbridge.model import Entitlement, EntitlementOverride, FeatureKind, NewEntitlementOverride
from billbridge.model.product_feature import COUNTED, UNLIMITED
from billbridge.model.raw import RawJson
from billbridge.toolkit.timestamps import from_unix

from billbridge_chargebee import wire_features as wire
from billbridge_chargebee.translate.product_features import KINDS

ENTITLED = ("active", "in_trial", "non_renewing")
"""The statuses of subscriptions that entitle. Chargebee's own list for a customer leaves trials out (API reference)."""


def entitlement(sent: wire.SubscriptionEntitlement, raw: msgspec.Raw) -> Entitlement | None:
    """Convert an entitlement of a subscription. Return None for what is switched off, disabled, or none of something."""
    kind = KINDS.get(sent.feature_type or "", FeatureKind.UNKNOWN)
    value = sent.value or ""
    unlimited = kind in COUNTED and value.lower() == UNLIMITED
    quantity = int(value) if kind in COUNTED and value.isascii() and value.isdecimal() else None
    if sent.is_enabled is False or quantity == 0 or (kind is FeatureKind.SWITCH and value.lower() != "true"):
        return None
    return Entitlement(
        provider="chargebee",
        id=sent.feature_id,
        raw=RawJson(raw),
        key=sent.feature_id,
        feature_id=sent.feature_id,
        kind=kind,
        vendor_kind=sent.feature_type,
        value=None if kind is FeatureKind.SWITCH else sent.value,
        quantity=quantity,
        unlimited=unlimited,
        overridden=bool(sent.is_overridden),
        subscription_ids=[sent.subscription_id],
    )


def combined(several: Sequence[Entitlement], order: Sequence[str]) -> Entitlement:
    """Return what several subscriptions give of one feature. `order` holds its levels, the lowest first.

    Quantities are added, as Chargebee adds them within a subscription. Of other levels the highest counts.
    """
    best = max(several, key=lambda each: (each.unlimited, each.quantity or 0, _place(each.value, order)))
    quantity, value = best.quantity, best.value
    if best.kind is FeatureKind.QUANTITY and not best.unlimited:
        quantity = sum(each.quantity or 0 for each in several)
        value = str(quantity)
    sources = [id for each in several for id in each.subscription_ids]
    overridden = any(each.overridden for each in several)
    return msgspec.structs.replace(best, quantity=quantity, value=value, overridden=overridden, subscription_ids=sources)


def needs_order(several: Sequence[Entitlement]) -> bool:
    """Return whether the levels of the feature are needed to combine these."""
    return several[0].kind is FeatureKind.CUSTOM and len({each.value for each in several}) > 1


def override(sent: wire.EntitlementOverride, raw: msgspec.Raw, subscription: str) -> EntitlementOverride:
    """Convert an override of Chargebee to the model."""
    return EntitlementOverride(
        provider="chargebee",
        id=sent.id,
        raw=RawJson(raw),
        subscription_id=sent.subscription_id or subscription,
        feature_id=sent.feature_id,
        value=sent.value,
        expires_at=from_unix(sent.expires_at),
    )


def new_override(new: NewEntitlementOverride) -> dict[str, Any]:
    """Return the parameters of POST /subscriptions/{id}/entitlement_overrides that set an override."""
    value = str(new.value).lower() if isinstance(new.value, bool) else str(new.value)
    row = {"feature_id": new.feature, "value": value, "expires_at": new.expires_at}
    return {"action": "upsert", "entitlement_overrides": [row]}


def removal(feature: str) -> dict[str, Any]:
    """Return the parameters that remove an override."""
    return {"action": "remove", "entitlement_overrides": [{"feature_id": feature}]}


def _place(value: str | None, order: Sequence[str]) -> int:
    return order.index(value) if value in order else -1
