"""Entitlements of items and item prices. A request sets or removes several of them: all, or none.

An archived feature gets no new entitlements; those that it has stay (API reference). Choices where the documents are silent: the entity
type is `plan` if it is not sent, a wrong one is 404, and an entitlement towards an archived feature is 409.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import invalid_state, not_found, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, one_of, text
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.features import levels
from billbridge_sandbox.chargebee.store.features import Entitlement
from billbridge_sandbox.chargebee.store.site import Site

_ITEMS = ("plan", "addon", "charge")
_PRICES = ("plan_price", "addon_price")
_COLUMNS = {"entity_id": text(100), "feature_id": text(50), "entity_type": one_of(*_ITEMS, *_PRICES), "value": text(50)}
_FILTERS = filterable(text="feature_id entity_id", enum="entity_type")


def change(site: Site, ask: Ask) -> Json:
    """Set (`upsert`) or remove entitlements; the answer lists them."""
    action = ask.need("action", one_of("upsert", "remove"))
    ask.refuse("entitlements[apply_grandfathering]", "change_reason")
    rows = ask.columns("entitlements", _COLUMNS)
    if not rows:
        raise wrong_value("entitlements[entity_id][0]", "cannot be blank")
    wanted = [_wanted(site, index, row, action) for index, row in rows]
    for row in wanted:
        if row.id in site.entitlements:
            site.entitlements.delete(row.id)
        if action == "upsert":
            site.add(site.entitlements, row)
    return {"list": [envelope(row) for row in wanted]}


def _wanted(site: Site, index: int, row: Json, action: str) -> Entitlement:
    for name in ("entity_id", "feature_id"):
        if not row.get(name):
            raise wrong_value(f"entitlements[{name}][{index}]", "cannot be blank")
    kind = row.get("entity_type") or "plan"
    _check_entity(site, kind, row["entity_id"], f"entitlements[entity_id][{index}]")
    feature = site.find(site.features, "feature", row["feature_id"], f"entitlements[feature_id][{index}]")
    present = of(site, kind, row["entity_id"], feature.id)
    if action == "remove":
        value = present.value if present is not None else "false"
    elif feature.status == "archived":
        raise invalid_state("The feature is archived")
    else:
        value = levels.legal(feature, row.get("value"), f"entitlements[value][{index}]")
    return Entitlement(
        id=present.id if present is not None else site.ids.next("ent-", 36),
        entity_id=row["entity_id"],
        entity_type=kind,
        feature_id=feature.id,
        feature_name=feature.name,
        value=value,
        name=levels.called(feature.type, value, feature.unit),
    )


def _check_entity(site: Site, kind: str, id: str, param: str) -> None:
    if kind in _PRICES:
        price = site.item_prices.get(id)
        found = price is not None and f"{price.item_type}_price" == kind
    else:
        item = site.items.get(id)
        found = item is not None and item.type == kind
    if not found:
        raise not_found(kind, id, param)


def of(site: Site, kind: str, id: str, feature: str) -> Entitlement | None:
    """What an item or an item price gives of a feature."""
    rows = site.entitlements.values()
    return next((row for row in rows if (row.entity_type, row.entity_id, row.feature_id) == (kind, id, feature)), None)


def list_entitlements(site: Site, ask: Ask) -> Json:
    """List entitlements by order of creation; they cannot be sorted."""
    ask.refuse("include_drafts", "embed")
    return listing(ask, site.entitlements.values(), _FILTERS, ("seq",), envelope)


ROUTES: Routes = [("POST", "/entitlements", change), ("GET", "/entitlements", list_entitlements)]
