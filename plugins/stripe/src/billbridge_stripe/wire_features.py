"""The structs of Stripe's entitlements, as Stripe sends them. `wire` has the shared ones. Translates nothing."""

from __future__ import annotations

from typing import Final

import msgspec

from billbridge_stripe import wire


class Feature(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/entitlements/features."""

    lookup_key: str
    name: str | None = None
    active: bool = True
    metadata: dict[str, str] | None = None


class ProductFeature(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/products/{id}/features: a feature attached to a product."""

    entitlement_feature: Feature


class ActiveEntitlement(wire.Object, frozen=True, kw_only=True, gc=False):
    """/v1/entitlements/active_entitlements."""

    feature: wire.Reference
    lookup_key: str


FEATURE: Final = msgspec.json.Decoder(Feature)
PRODUCT_FEATURE: Final = msgspec.json.Decoder(ProductFeature)
PRODUCT_FEATURES: Final = msgspec.json.Decoder(wire.Rows[ProductFeature])
ACTIVE_ENTITLEMENT: Final = msgspec.json.Decoder(ActiveEntitlement)
