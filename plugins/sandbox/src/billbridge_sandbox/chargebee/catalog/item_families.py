"""Item families: the product lines that items belong to. Ids and names are unique on the site.

A family with items that are not deleted cannot be deleted; a deleted one is gone, and its id and name are free again (API reference).
Choices where the documents are silent: archived items count too, the refusal is 409, and retrieving a deleted family is 404.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import invalid_state
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, text
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.catalog import ItemFamily
from billbridge_sandbox.chargebee.store.site import Site

_FIELDS: dict[str, Reader] = {"name": text(50), "description": text(500)}
_FILTERS = filterable(text="id name", time="updated_at")
_REFUSED = ("business_entity_id", "include_site_level_resources")


def create(site: Site, ask: Ask) -> Json:
    """Create a family; id and name are required."""
    id, name = ask.need("id", text(50)), ask.need("name", text(50))
    ask.refuse(*_REFUSED)
    site.free(site.item_families, "id", id)
    site.free(site.item_families, "name", name)
    return envelope(site.add(site.item_families, ItemFamily(id=id, **ask.fields(_FIELDS))))


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve a family."""
    return envelope(site.find(site.item_families, "item_family", ask.ids["id"]))


def update(site: Site, ask: Ask) -> Json:
    """Change the name or the description."""
    family = site.find(site.item_families, "item_family", ask.ids["id"])
    for field, value in ask.fields(_FIELDS, ("name",)).items():
        if field == "name" and value != family.name:
            site.free(site.item_families, "name", value)
        setattr(family, field, value)
    site.touch(family)
    return envelope(family)


def delete(site: Site, ask: Ask) -> Json:
    """Delete a family without items; the answer shows it a last time."""
    family = site.find(site.item_families, "item_family", ask.ids["id"])
    if any(item.item_family_id == family.id for item in site.items.values()):
        raise invalid_state("The item family has items")
    site.item_families.delete(family.id)
    family.status, family.deleted = "deleted", True
    site.touch(family)
    return envelope(family)


def list_families(site: Site, ask: Ask) -> Json:
    """List families by order of creation; they cannot be sorted."""
    ask.refuse(*_REFUSED)
    return listing(ask, site.item_families.values(), _FILTERS, ("seq",), envelope)


ROUTES: Routes = [
    ("POST", "/item_families", create),
    ("GET", "/item_families", list_families),
    ("GET", "/item_families/{id}", retrieve),
    ("POST", "/item_families/{id}", update),
    ("POST", "/item_families/{id}/delete", delete),
]
