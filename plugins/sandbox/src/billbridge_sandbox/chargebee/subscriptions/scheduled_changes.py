"""Changes of items that wait for the end of the term: their withdrawal. What takes them up is `billing.lifecycle`."""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import invalid_state
from billbridge_sandbox.chargebee.api.params import Ask, Json
from billbridge_sandbox.chargebee.billing.terms import drop_changes
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.subscriptions.states import live
from billbridge_sandbox.chargebee.subscriptions.subscriptions import shown


def remove_scheduled_changes(site: Site, ask: Ask) -> Json:
    """Cancel the change of items that is scheduled for the end of the term."""
    subscription = live(site, ask)
    if not subscription.has_scheduled_changes:
        raise invalid_state("No changes are scheduled for this subscription")
    drop_changes(subscription)
    site.touch(subscription)
    return shown(site, subscription)


ROUTES: Routes = [("POST", "/subscriptions/{id}/remove_scheduled_changes", remove_scheduled_changes)]
