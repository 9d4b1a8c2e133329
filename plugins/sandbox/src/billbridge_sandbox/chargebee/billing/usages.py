"""Usages of metered items: report, read, delete, and their total per term. Invoices bill them in arrears (module `drafts`).

A quantity is a text; the caller's id is unique, and `dedupe_option` says what becomes of a known one; what is invoiced cannot be deleted
(API reference). Choices where the documents are silent: a usage belongs to the current paid term and not to the future; ids are unique on
the site; quantities are whole; an `update_existing` changes quantity, date and note. Not simulated: grace periods, bulk upload, PDF.
"""

from __future__ import annotations

import re

from billbridge_sandbox.chargebee.api.errors import duplicate, incompatible, invalid_state, not_found, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, one_of, text, whole
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.catalog import Item
from billbridge_sandbox.chargebee.store.invoices import Invoice, LineItem
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription, Usage

_FILTERS = filterable(text="id subscription_id item_price_id invoice_id", enum="source", time="usage_date updated_at")


def unbilled(site: Site, subscription: Subscription, item_price_id: str, until: int) -> list[Usage]:
    """The usages before `until` that no invoice has billed, by date."""
    found = [
        usage
        for usage in site.usages.among("subscription", subscription.id)
        if usage.invoice_id is None and usage.item_price_id == item_price_id and usage.usage_date < until
    ]
    return sorted(found, key=lambda usage: usage.usage_date)


def counted(item: Item, usages: list[Usage]) -> int:
    """The quantity to bill, as the item's `usage_calculation` says; 0 without usages."""
    quantities = [int(usage.quantity.partition(".")[0]) for usage in usages] or [0]
    ways = {"last_usage": quantities[-1], "max_usage": max(quantities)}
    return ways.get(item.usage_calculation or "", sum(quantities))


def settle(site: Site, invoice: Invoice) -> None:
    """Mark the usages that the metered lines of a numbered invoice have billed."""
    subscription = site.subscriptions.get(invoice.subscription_id)
    for line in invoice.line_items:
        if line.metered and subscription is not None:
            _mark(site, subscription, invoice, line)


def _mark(site: Site, subscription: Subscription, invoice: Invoice, line: LineItem) -> None:
    for usage in unbilled(site, subscription, line.entity_id, invoice.usages_until):
        usage.invoice_id, usage.line_item_id = invoice.id, line.id
        site.touch(usage)
    subscription.metered_from = line.date_to


def create(site: Site, ask: Ask) -> Json:
    """Report a usage; item price, quantity and date are required."""
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    if subscription.status not in ("active", "non_renewing"):
        raise invalid_state(f"The subscription is {subscription.status}; usages belong to a paid term")
    price_id = ask.need("item_price_id", text(100))
    if not any(item.metered and item.item_price_id == price_id for item in subscription.subscription_items):
        raise wrong_value("item_price_id", "is not a metered item of this subscription")
    quantity, date = _quantity(ask.need("quantity", text(33))), ask.need("usage_date", whole())
    if not (subscription.current_term_start or 0) <= date <= site.now:
        raise wrong_value("usage_date", "should be in the current term and not in the future")
    id, option = ask.get("id", text(40)), ask.get("dedupe_option", one_of("skip", "update_existing"))
    known = site.usages.get(id or "")
    if known is None:
        known = Usage(
            id=id or site.ids.next("usg_", 16),
            usage_date=date,
            subscription_id=subscription.id,
            item_price_id=price_id,
            quantity=quantity,
            note=ask.get("note", text(500)),
            created_at=site.now,
        )
        return envelope(site.add(site.usages, known))
    if option is None or known.subscription_id != subscription.id or known.item_price_id != price_id:
        raise duplicate("id", known.id)
    if option == "update_existing":
        _refuse_billed(known)
        known.quantity, known.usage_date, known.note = quantity, date, ask.get("note", text(500))
        site.touch(known)
    return envelope(known)


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve a usage of a subscription by the parameter `id`."""
    return envelope(_named(site, ask))


def delete(site: Site, ask: Ask) -> Json:
    """Delete a usage that is not invoiced."""
    usage = _named(site, ask)
    _refuse_billed(usage)
    site.usages.delete(usage.id)
    return envelope(usage)


def list_usages(site: Site, ask: Ask) -> Json:
    """List usages by date."""
    return listing(ask, site.usages.values(), _FILTERS, ("usage_date", "updated_at"), envelope)


def _named(site: Site, ask: Ask) -> Usage:
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    usage = site.find(site.usages, "usage", ask.need("id", text(40)), "id")
    if usage.subscription_id != subscription.id:
        raise not_found("usage", usage.id, "id")
    return usage


def _refuse_billed(usage: Usage) -> None:
    if usage.invoice_id is not None:
        raise invalid_state("The usage has been invoiced")


def _quantity(raw: str) -> str:
    if not re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,10})?", raw):
        raise wrong_value("quantity", "should be a number")
    if "." in raw and raw.partition(".")[2].strip("0"):
        raise incompatible("Decimal quantities are not enabled for this site", "quantity")
    return raw


ROUTES: Routes = [
    ("POST", "/subscriptions/{id}/usages", create),
    ("GET", "/subscriptions/{id}/usages", retrieve),
    ("POST", "/subscriptions/{id}/delete_usage", delete),
    ("GET", "/usages", list_usages),
]
