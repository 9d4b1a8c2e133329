"""What the endpoints of subscriptions share: finding one that has not ended, and storing what follows from its new state."""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import invalid_state
from billbridge_sandbox.chargebee.api.params import Ask, Json
from billbridge_sandbox.chargebee.billing.lifecycle import schedule
from billbridge_sandbox.chargebee.billing.terms import LIVE, settle_end
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription
from billbridge_sandbox.chargebee.subscriptions.subscriptions import shown


def live(site: Site, ask: Ask, *, paused: bool = False) -> Subscription:
    """The subscription of the path; a refusal when it has ended, or is paused and the call does not take those that are."""
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    if subscription.status not in LIVE or (subscription.status == "paused" and not paused):
        raise invalid_state(f"The subscription is {subscription.status}")
    return subscription


def settled(site: Site, subscription: Subscription) -> Json:
    """Set the status from the scheduled end, schedule the next event, and show the subscription."""
    settle_end(subscription)
    schedule(site, subscription)
    site.touch(subscription)
    return shown(site, subscription)
