"""Convert features, attachments and entitlements between Stripe's shape and the model. All features of Stripe are switches."""

from __future__ import annotations

from typing import Any

import msgspec
from billbridge.model import Entitlement, FeatureAttachment, NewProductFeature, ProductFeature, ProductFeaturePatch

from billbridge_stripe import wire_features as wire
from billbridge_stripe.translate.common import given, id_of, own


def product_feature(found: wire.Feature, raw: bytes | msgspec.Raw) -> ProductFeature:
    """Convert a feature of Stripe to the model."""
    return ProductFeature(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        key=found.lookup_key,
        name=found.name or "",
        active=found.active,
        metadata=found.metadata or {},
    )


def new_feature(new: NewProductFeature) -> dict[str, Any]:
    """Return the parameters of POST /v1/entitlements/features."""
    return {"lookup_key": new.key, "name": new.name, "metadata": new.metadata}


def changes(patch: ProductFeaturePatch) -> dict[str, Any]:
    """Return the parameters of POST /v1/entitlements/features/{id}."""
    return {"name": given(patch.name), "metadata": given(patch.metadata)}


def attachment(found: wire.ProductFeature, raw: bytes | msgspec.Raw, product: str) -> FeatureAttachment:
    """Convert a feature of a product to the model. Stripe does not send the product, so it comes from the request."""
    return FeatureAttachment(provider="stripe", id=found.id, raw=own(raw), product_id=product, feature_id=found.entitlement_feature.id)


def entitlement(found: wire.ActiveEntitlement, raw: bytes | msgspec.Raw, subscription: str | None = None) -> Entitlement:
    """Convert an active entitlement of Stripe to the model. `subscription` is the one that gives it, if the caller knows it."""
    return Entitlement(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        key=found.lookup_key,
        feature_id=id_of(found.feature) or "",
        subscription_ids=[] if subscription is None else [subscription],
    )
