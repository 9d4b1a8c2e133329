"""Convert products between Stripe's shape and the model. Metadata holds what Stripe has no field for (see `common`)."""

from __future__ import annotations

from typing import Any

import msgspec
from billbridge.model import NewProduct, Product, ProductKind, ProductPatch
from billbridge.toolkit.timestamps import from_unix

from billbridge_stripe import wire_catalog as wire
from billbridge_stripe.translate.common import KIND_KEY, METERED_KEY, check_metadata, given, own, visible

_TRUE = "true"


def product(found: wire.Product, raw: bytes | msgspec.Raw) -> Product:
    """Convert a product of Stripe to the model. `vendor_kind` is the word under Billbridge's key in the metadata, or None."""
    metadata = found.metadata or {}
    kind = metadata.get(KIND_KEY)
    return Product(
        provider="stripe",
        id=found.id,
        raw=own(raw),
        name=found.name or "",
        description=found.description,
        kind=ProductKind.PLAN if kind is None else ProductKind(kind),
        vendor_kind=kind,
        unit_label=found.unit_label,
        metered=metadata.get(METERED_KEY) == _TRUE,
        active=found.active,
        metadata=visible(metadata),
        created_at=from_unix(found.created),
        updated_at=from_unix(found.updated),
    )


def new_product(new: NewProduct) -> dict[str, Any]:
    """Return the parameters of POST /v1/products. Raises `ValidationError` for a key of Billbridge in the metadata."""
    metadata = new.metadata or {}
    check_metadata(metadata)
    convention = {KIND_KEY: None if new.kind == ProductKind.PLAN else new.kind, METERED_KEY: _TRUE if new.metered else None}
    return {
        "name": new.name,
        "id": new.id,
        "description": new.description,
        "unit_label": new.unit_label,
        "metadata": {**metadata, **convention},
    }


def changes(patch: ProductPatch) -> dict[str, Any]:
    """Return the parameters of POST /v1/products/{id}, without the metadata."""
    return {"name": given(patch.name), "description": given(patch.description), "unit_label": given(patch.unit_label)}
