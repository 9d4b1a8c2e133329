"""Price variants: what lets an item have several prices in one currency and for one period. Ids and names are unique on the site.

A site has at most 100 variants (product documentation, variant pricing), and a variant that a price has cannot be deleted. Choices where
the documents are silent: the 101st is refused as a limit, and attributes may be left out.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import Refusal, invalid_state
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, one_of, text
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.catalog import PriceVariant
from billbridge_sandbox.chargebee.store.site import Site

MOST = 100
_FIELDS: dict[str, Reader] = {
    "name": text(100),
    "external_name": text(100),
    "description": text(500),
    "variant_group": text(100),
}
_FILTERS = filterable(text="id name", enum="status", time="updated_at created_at")
_REFUSED = ("business_entity_id", "include_site_level_resources")


def create(site: Site, ask: Ask) -> Json:
    """Create a variant; id and name are required."""
    id, name = ask.need("id", text(100)), ask.need("name", text(100))
    ask.refuse(*_REFUSED)
    site.free(site.price_variants, "id", id)
    site.free(site.price_variants, "name", name)
    if len(list(site.price_variants.values())) >= MOST:
        raise Refusal(400, "resource_limit_exhausted", f"A site can have {MOST} price variants")
    values = {**ask.fields(_FIELDS), "attributes": _attributes(ask)}
    return envelope(site.add(site.price_variants, PriceVariant(id=id, created_at=site.now, **values)))


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve a variant."""
    return envelope(site.find(site.price_variants, "price_variant", ask.ids["id"]))


def update(site: Site, ask: Ask) -> Json:
    """Change a variant, or archive it."""
    variant = site.find(site.price_variants, "price_variant", ask.ids["id"])
    values = ask.fields({**_FIELDS, "status": one_of("active", "archived")}, ("name", "status"))
    for field, value in values.items():
        if field == "name" and value != variant.name:
            site.free(site.price_variants, "name", value)
        setattr(variant, field, value)
    site.touch(variant)
    return envelope(variant)


def delete(site: Site, ask: Ask) -> Json:
    """Delete a variant that no price has; the answer shows it a last time."""
    variant = site.find(site.price_variants, "price_variant", ask.ids["id"])
    if any(price.price_variant_id == variant.id for price in site.item_prices.values()):
        raise invalid_state("The price variant is attached to a price point")
    site.price_variants.delete(variant.id)
    variant.status, variant.deleted = "deleted", True
    site.touch(variant)
    return envelope(variant)


def list_variants(site: Site, ask: Ask) -> Json:
    """List variants by order of creation; sortable by name, id, status and times."""
    ask.refuse(*_REFUSED)
    return listing(ask, site.price_variants.values(), _FILTERS, ("seq", "name", "id", "status", "updated_at", "created_at"), envelope)


def _attributes(ask: Ask) -> list[Json] | None:
    return [row for _, row in ask.columns("attributes", {"name": text(100), "value": text(100)})] or None


ROUTES: Routes = [
    ("POST", "/price_variants", create),
    ("GET", "/price_variants", list_variants),
    ("GET", "/price_variants/{id}", retrieve),
    ("POST", "/price_variants/{id}", update),
    ("POST", "/price_variants/{id}/delete", delete),
]
