"""Item families: the product lines that items belong to. Ids and names are unique on the site."""

from __future__ import annotations

from .errors import duplicate
from .listing import filterable, listing
from .params import Ask, Json, Reader, text
from .records import ItemFamily
from .routes import Routes
from .site import Site
from .wire import envelope

_FIELDS: dict[str, Reader] = {"name": text(50), "description": text(500)}
_FILTERS = filterable(text="id name", time="updated_at")


def create(site: Site, ask: Ask) -> Json:
    """A new family; id and name are required."""
    id, name = ask.need("id", text(50)), ask.need("name", text(50))
    if id in site.item_families:
        raise duplicate("id", id)
    _unique(site, name)
    return envelope(site.add(site.item_families, ItemFamily(id=id, **ask.fields(_FIELDS))))


def retrieve(site: Site, ask: Ask) -> Json:
    """One family."""
    return envelope(site.find(site.item_families, "item_family", ask.ids["id"]))


def update(site: Site, ask: Ask) -> Json:
    """Change the name or the description."""
    family = site.find(site.item_families, "item_family", ask.ids["id"])
    for field, value in ask.fields(_FIELDS, ("name",)).items():
        if field == "name" and value != family.name:
            _unique(site, value)
        setattr(family, field, value)
    site.touch(family)
    return envelope(family)


def list_families(site: Site, ask: Ask) -> Json:
    """Families by order of creation; they cannot be sorted."""
    return listing(ask, site.item_families.values(), _FILTERS, ("seq",), envelope)


def _unique(site: Site, name: str) -> None:
    if any(family.name == name for family in site.item_families.values()):
        raise duplicate("name", name)


ROUTES: Routes = [
    ("POST", "/item_families", create),
    ("GET", "/item_families", list_families),
    ("GET", "/item_families/{id}", retrieve),
    ("POST", "/item_families/{id}", update),
]
