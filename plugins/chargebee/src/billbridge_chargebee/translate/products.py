"""Convert products. They are items of Chargebee's catalog: plans, addons and charges."""

from __future__ import annotations

from typing import Any

import msgspec
from billbridge.model import UNSET, NewProduct, Product, ProductKind, ProductPatch, ProductQuery
from billbridge.model.raw import RawJson
from billbridge.toolkit.timestamps import from_unix

from billbridge_chargebee import wire_catalog as wire
from billbridge_chargebee.translate import metadata
from billbridge_chargebee.translate.naming import derived_id
from billbridge_chargebee.translate.words import KINDS


def product(sent: wire.Item, raw: msgspec.Raw) -> Product:
    """Convert an item of Chargebee to the model. Its name is the one that customers see, or else the internal one."""
    return Product(
        provider="chargebee",
        id=sent.id,
        raw=RawJson(raw),
        name=sent.external_name or sent.name or sent.id,
        description=sent.description,
        kind=KINDS.get(sent.type or "", ProductKind.UNKNOWN),
        vendor_kind=sent.type,
        family_id=sent.item_family_id,
        unit_label=sent.unit,
        metered=bool(sent.metered),
        active=sent.status in (None, "active"),
        metadata=metadata.texts(sent.metadata),
        updated_at=from_unix(sent.updated_at),
    )


def creation(new: NewProduct, key: str, family: str) -> dict[str, Any]:
    """Return the parameters of POST /items. `key` is the idempotency key of the call. If the caller passes no id, the id is made with it.

    Usage is summed up. For the last or the largest usage, which Chargebee has too, use `billing.raw`.
    """
    return {
        "id": new.id or derived_id(new.name, key),
        "name": new.name,
        "external_name": new.name,
        "type": ProductKind(new.kind),
        "item_family_id": new.family or family,
        "description": new.description,
        "unit": new.unit_label,
        "metered": True if new.metered else None,
        "usage_calculation": "sum_of_usages" if new.metered else None,
        "metadata": metadata.new(new.metadata),
    }


def changes(patch: ProductPatch, known: dict[str, msgspec.Raw]) -> dict[str, Any]:
    """Return the parameters of POST /items/{id}, or {} for no change. They leave the internal name, which is unique in the site."""
    texts = {"external_name": patch.name, "description": patch.description, "unit": patch.unit_label}
    params: dict[str, Any] = {name: value or "" for name, value in texts.items() if value is not UNSET}
    return params | metadata.change("metadata", patch.metadata, known)


def filters(query: ProductQuery) -> dict[str, Any]:
    """Return the parameters of GET /items."""
    return {"id": {"in": query.ids}, "type": {"is": query.kind}, **statuses(query.active), "sort_by": {"desc": "updated_at"}}


def statuses(active: bool | None) -> dict[str, Any]:
    """Return the status filter for items or item prices: active, archived, or both, never deleted ones."""
    if active is None:
        return {"status": {"in": ["active", "archived"]}}
    return {"status": {"is": "active" if active else "archived"}}
