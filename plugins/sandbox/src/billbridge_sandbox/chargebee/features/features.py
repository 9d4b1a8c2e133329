"""Features: made as drafts, activated, archived, reactivated. Ids and names are unique on the site; the type never changes.

Each of the three commands asks for one status (API reference). Deleting a feature is not simulated. Choice where the documents are silent:
a command in another status is 409.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import incompatible, invalid_state, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, one_of, text
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Handler, Routes
from billbridge_sandbox.chargebee.features import levels
from billbridge_sandbox.chargebee.store.features import Feature
from billbridge_sandbox.chargebee.store.site import Site

_TYPES = one_of("switch", "custom", "quantity", "range")
_FILTERS = filterable(text="name id", enum="status type", flag="metered")


def create(site: Site, ask: Ask) -> Json:
    """Create a draft; only the name is required. Without an id, one is made."""
    name = ask.need("name", text(50))
    id = ask.get("id", text(50)) or site.ids.next("fea-", 36)
    kind = ask.get("type", _TYPES) or "switch"
    unit = ask.get("unit", text(50))
    if unit is not None and kind not in levels.COUNTED:
        raise wrong_value("unit", "is only for quantities and ranges")
    site.free(site.features, "id", id)
    site.free(site.features, "name", name)
    description = ask.get("description", text(500))
    made = Feature(
        id=id, name=name, type=kind, unit=unit, description=description, created_at=site.now, levels=levels.sent(ask, kind, unit)
    )
    return envelope(site.add(site.features, made))


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve a feature."""
    return envelope(site.find(site.features, "feature", ask.ids["id"]))


def update(site: Site, ask: Ask) -> Json:
    """Change the name, the description or the unit. The levels are not simulated."""
    feature = site.find(site.features, "feature", ask.ids["id"])
    ask.refuse("levels")
    values = ask.fields({"name": text(50), "description": text(500), "unit": text(50)}, ("name",))
    if values.get("name", feature.name) != feature.name:
        site.free(site.features, "name", values["name"])
    for field, value in values.items():
        setattr(feature, field, value)
    site.touch(feature)
    return envelope(feature)


def list_features(site: Site, ask: Ask) -> Json:
    """List features by order of creation; they cannot be sorted."""
    return listing(ask, site.features.values(), _FILTERS, ("seq",), envelope)


def _command(before: str, after: str) -> Handler:
    def run(site: Site, ask: Ask) -> Json:
        feature = site.find(site.features, "feature", ask.ids["id"])
        if feature.status != before:
            raise invalid_state(f"The feature is {feature.status}, not {before}")
        feature.status = after
        site.touch(feature)
        return envelope(feature)

    return run


def delete(site: Site, ask: Ask) -> Json:
    """Deleting a feature is not simulated."""
    raise incompatible("deleting features is not enabled for this site")


ROUTES: Routes = [
    ("POST", "/features", create),
    ("GET", "/features", list_features),
    ("GET", "/features/{id}", retrieve),
    ("POST", "/features/{id}", update),
    ("POST", "/features/{id}/delete", delete),
    ("POST", "/features/{id}/activate_command", _command("draft", "active")),
    ("POST", "/features/{id}/archive_command", _command("active", "archived")),
    ("POST", "/features/{id}/reactivate_command", _command("archived", "active")),
]
