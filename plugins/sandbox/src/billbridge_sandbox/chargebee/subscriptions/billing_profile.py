"""How the invoices of one subscription are paid: its own payment source and its own automatic collection.

Choices where the vendor's documents are silent: an empty value goes back to the customer's own, a parameter that is not sent changes
nothing, and a cancelled subscription can have neither.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, one_of, text
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.payments.payment_sources import usable
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.subscriptions.states import live
from billbridge_sandbox.chargebee.subscriptions.subscriptions import shown

PROFILE: dict[str, Reader] = {"payment_source_id": text(40), "auto_collection": one_of("on", "off")}


def override(site: Site, ask: Ask) -> Json:
    """Set the payment source and the automatic collection that this subscription uses instead of its customer's."""
    subscription = live(site, ask, paused=True)
    customer = site.live_customer(subscription.customer_id)
    sent = ask.fields(PROFILE)
    if sent.get("payment_source_id") is not None:
        usable(site, customer, sent["payment_source_id"], "payment_source_id")
    for name, value in sent.items():
        setattr(subscription, name, value)
    site.touch(subscription)
    return shown(site, subscription)


ROUTES: Routes = [("POST", "/subscriptions/{id}/override_billing_profile", override)]
