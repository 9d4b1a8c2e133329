"""Items: plans, addons and charges. Ids and names are unique on the site; type, metering and giftability never change.

An archived item's prices cannot be subscribed to. An item is deleted only when it has no item prices, archived ones included; it is then
gone, and its id and name are free again (API reference). Choices where the documents are silent: the refusal is 409, retrieving a deleted
item is 404, and `status=deleted` in an update is refused. Charges cannot be metered; the default of `usage_calculation` is
`sum_of_usages`. Not simulated, and refused: applicable items, bundles, percentage pricing, gifts.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import invalid_state, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, flag, json_object, one_of, text
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.catalog import Item
from billbridge_sandbox.chargebee.store.site import Site

_CHANGEABLE: dict[str, Reader] = {
    "name": text(100),
    "item_family_id": text(100),
    "external_name": text(100),
    "description": text(2000),
    "is_shippable": flag,
    "enabled_for_checkout": flag,
    "enabled_in_portal": flag,
    "redirect_url": text(500),
    "item_applicability": one_of("all", "restricted"),
    "unit": text(30),
    "gift_claim_redirect_url": text(500),
    "included_in_mrr": flag,
    "metadata": json_object,
}
_FIXED: dict[str, Reader] = {
    "is_giftable": flag,
    "metered": flag,
    "usage_calculation": one_of("sum_of_usages", "last_usage", "max_usage"),
}
_DEFAULTED = (
    "name",
    "item_family_id",
    "is_shippable",
    "is_giftable",
    "metered",
    "enabled_for_checkout",
    "enabled_in_portal",
    "included_in_mrr",
    "item_applicability",
)
_FILTERS = filterable(
    text="id item_family_id name",
    enum="type item_applicability status usage_calculation channel",
    flag="is_giftable enabled_for_checkout enabled_in_portal metered",
    time="updated_at",
)
_REFUSED = (
    "applicable_items",
    "clear_applicable_items",
    "bundle_",
    "is_percentage_pricing",
    "business_entity_id",
    "include_site_level_resources",
)


def create(site: Site, ask: Ask) -> Json:
    """Create an item; id, name, type and item family are required."""
    id, name = ask.need("id", text(100)), ask.need("name", text(100))
    kind = ask.need("type", one_of("plan", "addon", "charge"))
    site.find(site.item_families, "item_family", ask.need("item_family_id", text(100)), "item_family_id")
    ask.refuse(*_REFUSED)
    site.free(site.items, "id", id)
    site.free(site.items, "name", name)
    values: Json = {"metadata": {}, **ask.fields({**_CHANGEABLE, **_FIXED}, _DEFAULTED)}
    if values.get("metered"):
        if kind == "charge":
            raise wrong_value("metered", "is not allowed for a charge")
        values.setdefault("usage_calculation", "sum_of_usages")
    elif values.get("usage_calculation"):
        raise wrong_value("usage_calculation", "is only for metered items")
    item = Item(id=id, type=kind, **values)
    return envelope(site.add(site.items, item))


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve an item."""
    return envelope(site.find(site.items, "item", ask.ids["id"]))


def update(site: Site, ask: Ask) -> Json:
    """Change an item, or archive it with `status=archived` and bring it back with `status=active`. `metadata` is replaced as a whole."""
    item = site.find(site.items, "item", ask.ids["id"])
    ask.refuse(*_REFUSED)
    values = ask.fields({**_CHANGEABLE, "status": one_of("active", "archived")}, (*_DEFAULTED, "status"))
    if "item_family_id" in values:
        site.find(site.item_families, "item_family", values["item_family_id"], "item_family_id")
    if values.get("name", item.name) != item.name:
        site.free(site.items, "name", values["name"])
    for field, value in values.items():
        setattr(item, field, value)
    if "status" in values:
        item.archived_at = site.now if item.status == "archived" else None
    site.touch(item)
    return envelope(item)


def delete(site: Site, ask: Ask) -> Json:
    """Delete an item without item prices; the answer shows it a last time."""
    item = site.find(site.items, "item", ask.ids["id"])
    if any(price.item_id == item.id for price in site.item_prices.values()):
        raise invalid_state("The item has item prices; delete or keep them, but the item cannot go before them")
    site.items.delete(item.id)
    item.status, item.deleted = "deleted", True
    site.touch(item)
    return envelope(item)


def list_items(site: Site, ask: Ask) -> Json:
    """List items by order of creation; sortable by name, id and time of change. There is no filter on the time of creation."""
    ask.refuse(*_REFUSED)
    return listing(ask, site.items.values(), _FILTERS, ("seq", "name", "id", "updated_at"), envelope)


ROUTES: Routes = [
    ("POST", "/items", create),
    ("GET", "/items", list_items),
    ("GET", "/items/{id}", retrieve),
    ("POST", "/items/{id}", update),
    ("POST", "/items/{id}/delete", delete),
]
