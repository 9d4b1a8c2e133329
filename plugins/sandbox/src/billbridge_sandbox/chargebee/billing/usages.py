"""Usages of metered items: report, read, delete, and their total per term. Invoices bill them in arrears (module `drafts`).

From the API reference (apidocs.chargebee.com, Usages): a quantity is a text. The caller's id is unique. An item price of a subscription has
one usage for each second. A usage of any date is stored, but only those of a time when the subscription was active or non-renewing, and
that is not invoiced yet, are billed. What is invoiced cannot be deleted. A subscription has at most 5000 usages in its life.

Choices where the documents are silent: ids are unique on the site; `dedupe_option` is about the id; an `update_existing` changes quantity,
date and note; only items that the subscription has now take usages; fractions need multi-decimal pricing and a price per unit.
Not simulated: grace periods, bulk upload, PDF.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from billbridge_sandbox.chargebee.api.errors import Refusal, duplicate, incompatible, invalid_state, not_found, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, one_of, text, whole
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.catalog import Item, ItemPrice
from billbridge_sandbox.chargebee.store.invoices import Invoice
from billbridge_sandbox.chargebee.store.site import Site
from billbridge_sandbox.chargebee.store.subscriptions import Subscription, Usage

_MOST: Final = 5000
_FILTERS = filterable(text="id subscription_id item_price_id invoice_id", enum="source", time="usage_date updated_at")


def unbilled(site: Site, subscription: Subscription, item_price_id: str, until: int) -> list[Usage]:
    """The usages of the paid time since the last invoice and before `until`, by date."""
    since = subscription.metered_from
    found = [
        usage
        for usage in site.usages.among("subscription", subscription.id)
        if since is not None and usage.item_price_id == item_price_id and since <= usage.usage_date < until and usage.invoice_id is None
    ]
    return sorted(found, key=lambda usage: usage.usage_date)


def counted(item: Item, usages: list[Usage]) -> Fraction:
    """The quantity to bill, as the item's `usage_calculation` says; 0 without usages."""
    quantities = [Fraction(usage.quantity) for usage in usages] or [Fraction(0)]
    ways = {"last_usage": quantities[-1], "max_usage": max(quantities)}
    return ways.get(item.usage_calculation or "", sum(quantities, Fraction(0)))


def settle(site: Site, invoice: Invoice) -> None:
    """Mark the usages that the metered lines of a numbered invoice have billed. A usage of that time that comes later is not billed."""
    subscription = site.subscriptions.get(invoice.subscription_id)
    if subscription is None:
        return
    for line in invoice.line_items:
        for usage in unbilled(site, subscription, line.entity_id, invoice.usages_until) if line.metered else ():
            usage.invoice_id, usage.line_item_id = invoice.id, line.id
            site.touch(usage)
    subscription.metered_from = max(subscription.metered_from or 0, invoice.usages_until)


def create(site: Site, ask: Ask) -> Json:
    """Report a usage; item price, quantity and date are required."""
    subscription = site.find(site.subscriptions, "subscription", ask.ids["id"])
    price_id = ask.need("item_price_id", text(100))
    if not any(item.metered and item.item_price_id == price_id for item in subscription.subscription_items):
        raise wrong_value("item_price_id", "is not a metered item of this subscription")
    quantity = _quantity(site, ask.need("quantity", text(40)), site.item_prices.get(price_id))
    date, note = ask.need("usage_date", whole()), ask.get("note", text(500))
    id, option = ask.get("id", text(100)), ask.get("dedupe_option", one_of("skip", "update_existing"))
    known = site.usages.get(id or "")
    same = known is not None and (known.subscription_id, known.item_price_id) == (subscription.id, price_id)
    if known is not None and (option is None or not same):
        raise duplicate("id", known.id)
    if option == "skip" and known is not None:
        return envelope(known)
    others = (each for each in site.usages.among("subscription", subscription.id) if each is not known)
    if any((each.item_price_id, each.usage_date) == (price_id, date) for each in others):
        raise duplicate("usage_date", str(date))
    if known is not None:
        _refuse_billed(known)
        known.quantity, known.usage_date, known.note = quantity, date, note
        site.touch(known)
        return envelope(known)
    subscription.usage_count += 1
    if subscription.usage_count > _MOST:
        raise Refusal(400, "resource_limit_exceeded", f"A subscription can have {_MOST} usages")
    known = Usage(
        id=id or site.ids.next("usg_", 16),
        usage_date=date,
        subscription_id=subscription.id,
        item_price_id=price_id,
        quantity=quantity,
        note=note,
        created_at=site.now,
    )
    return envelope(site.add(site.usages, known))


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


def _quantity(site: Site, raw: str, price: ItemPrice | None) -> str:
    if not re.fullmatch(r"[0-9]{1,18}(\.[0-9]{1,20})?", raw):
        raise wrong_value("quantity", "should be a number")
    if not Fraction(raw):
        raise wrong_value("quantity", "should be more than 0")
    if Fraction(raw).denominator != 1 and not (site.settings.multi_decimal and price is not None and price.pricing_model == "per_unit"):
        raise incompatible("Decimal quantities are not enabled for this site", "quantity")
    return raw


ROUTES: Routes = [
    ("POST", "/subscriptions/{id}/usages", create),
    ("GET", "/subscriptions/{id}/usages", retrieve),
    ("POST", "/subscriptions/{id}/delete_usage", delete),
    ("GET", "/usages", list_usages),
]
