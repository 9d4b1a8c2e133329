"""Hosted pages on which a customer manages how to pay. Checkout pages are not simulated.

The page of a real site is opened in a browser; here `complete` does what the customer would do there. It is valid for five days (API
reference, `expires_at`). Choices where the documents are silent: what a succeeded page tells in `content`, that its `content` is empty
before, and that an expired page cannot be completed. The address belongs to the vendor and leads nowhere here.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import invalid_state
from billbridge_sandbox.chargebee.api.params import Ask, Json, text
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.payments import payment_sources, vault
from billbridge_sandbox.chargebee.store.pages import HostedPage
from billbridge_sandbox.chargebee.store.site import Site

_FILTERS = filterable(text="id", enum="type state", time="updated_at")
_DAYS = 5


def manage_payment_sources(site: Site, ask: Ask) -> Json:
    """Create a page for one customer."""
    ask.refuse("card[", "business_entity_id", "brand_id")
    customer = site.live_customer(ask.need("customer[id]", text(50)), "customer[id]")
    ask.get("redirect_url", text(250))
    id = site.ids.next("", 32)
    page = HostedPage(
        id=id,
        type="manage_payment_sources",
        url=f"https://{site.settings.domain}.chargebee.com/pages/v3/{id}/",
        created_at=site.now,
        expires_at=site.now + _DAYS * 86400,
        customer_id=customer.id,
    )
    return envelope(site.add(site.hosted_pages, page))


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve a page."""
    return envelope(site.find(site.hosted_pages, "hosted_page", ask.ids["id"]))


def acknowledge(site: Site, ask: Ask) -> Json:
    """Acknowledge a succeeded page."""
    page = site.find(site.hosted_pages, "hosted_page", ask.ids["id"])
    if page.state != "succeeded":
        raise invalid_state(f"The hosted page is {page.state}")
    page.state = "acknowledged"
    site.touch(page)
    return envelope(page)


def list_pages(site: Site, ask: Ask) -> Json:
    """List pages by order of creation; they cannot be sorted."""
    return listing(ask, site.hosted_pages.values(), _FILTERS, ("seq",), envelope)


def complete(site: Site, id: str, token: str) -> None:
    """Complete the page, as the customer would: add a card or bank account by a test token, and make it the primary one.

    A card that asks for authentication is authenticated on the page, so that later charges go through: a choice of ours.

    Raises Refusal for an unknown page or token, and for a page that is completed or expired.
    """
    page = site.find(site.hosted_pages, "hosted_page", id)
    if page.state != "created" or page.expires_at <= site.now:
        raise invalid_state("The hosted page cannot be used any more")
    customer = site.live_customer(page.customer_id)
    source = payment_sources.attach(site, customer, token, vault.behind("token", token), primary=True)
    if source.outcome == "authentication_required":
        source.outcome = "ok"  # the customer authenticates on the page
    page.state, page.content = "succeeded", envelope(customer, source)
    site.touch(page)


ROUTES: Routes = [
    ("POST", "/hosted_pages/manage_payment_sources", manage_payment_sources),
    ("GET", "/hosted_pages", list_pages),
    ("GET", "/hosted_pages/{id}", retrieve),
    ("POST", "/hosted_pages/{id}/acknowledge", acknowledge),
]
