"""The configuration of the site, and the endpoints of Product Catalog 1.0, which a site of catalog 2.0 refuses."""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import incompatible
from billbridge_sandbox.chargebee.api.params import Ask, Json
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.site import Site


def list_configurations(site: Site, ask: Ask) -> Json:
    """The site's domain and catalog version."""
    return {
        "configurations": [
            {
                "object": "configuration",
                "domain": site.settings.domain,
                "product_catalog_version": "v2",
                "chargebee_response_schema_type": "items",
            }
        ]
    }


def first_catalog(site: Site, ask: Ask) -> Json:
    """400 `configuration_incompatible`."""
    raise incompatible("This site uses Product Catalog 2.0; this endpoint belongs to Product Catalog 1.0")


ROUTES: Routes = [
    ("GET", "/configurations", list_configurations),
    *[
        (method, path, first_catalog)
        for method, path in (
            ("POST", "/subscriptions"),
            ("POST", "/subscriptions/{id}"),
            ("POST", "/subscriptions/{id}/cancel"),
            ("POST", "/customers/{id}/subscriptions"),
            ("POST", "/plans"),
            ("GET", "/plans"),
            ("GET", "/plans/{id}"),
            ("POST", "/addons"),
            ("GET", "/addons"),
            ("GET", "/addons/{id}"),
        )
    ],
]
