"""Item prices: what an item costs in a currency, for a period. Ids and names are unique on the site.

An item has at most one price per currency, period and price variant. The amount can be changed in place and then counts from the next
renewal on, unlike at Stripe. Plans and addons need a period, charges have none. Every period is allowed, although a real site only takes
those that its owner configured. Deleting one that a subscription or an invoice has named archives it instead; otherwise it is gone, and
its id and name are free again (API reference). Choices where the documents are silent: archived prices still take their place, a price
in use keeps currency, period and pricing model, the currency may be left out, and `status=deleted` in an update is refused.
Not simulated, and refused: decimal quantities, shipping, tax and accounting details, billing cycles of addons.
"""

from __future__ import annotations

from dataclasses import replace

from billbridge_sandbox.chargebee.api.errors import duplicate, invalid_state, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, currency, flag, json_object, one_of, text, whole
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.catalog.tiers import decimal_price, read_tiers
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.catalog import Item, ItemPrice
from billbridge_sandbox.chargebee.store.site import Site

_TIERED = ("tiered", "volume", "stairstep")
_FIELDS: dict[str, Reader] = {
    "name": text(100),
    "description": text(2000),
    "external_name": text(100),
    "price_variant_id": text(100),
    "proration_type": one_of("site_default", "partial_term", "full_term"),
    "pricing_model": one_of("flat_fee", "per_unit", *_TIERED),
    "price": whole(),
    "period": whole(1),
    "period_unit": one_of("day", "week", "month", "year"),
    "currency_code": currency,
    "trial_period": whole(),
    "trial_period_unit": one_of("day", "month"),
    "trial_end_action": one_of("site_default", "activate_subscription", "cancel_subscription"),
    "billing_cycles": whole(1),
    "free_quantity": whole(),
    "invoice_notes": text(2000),
    "is_taxable": flag,
    "metadata": json_object,
    "show_description_in_invoices": flag,
    "show_description_in_quotes": flag,
}
_DEFAULTED = (
    "name",
    "pricing_model",
    "currency_code",
    "free_quantity",
    "is_taxable",
    "show_description_in_invoices",
    "show_description_in_quotes",
)
_IMMOVABLE = ("pricing_model", "currency_code", "period", "period_unit")
_FILTERS = filterable(
    text="id name item_id item_family_id currency_code price_variant_id",
    enum="pricing_model item_type status trial_period_unit period_unit channel",
    number="trial_period period",
    time="updated_at",
)
_REFUSED = (
    "free_quantity_in_decimal",
    "shipping_period",
    "usage_accumulation_reset_frequency",
    "business_entity_id",
    "include_site_level_resources",
    "tax_detail",
    "tax_providers_fields",
    "accounting_detail",
)


def create(site: Site, ask: Ask) -> Json:
    """Create an item price; id, name and item are required, the currency is the site's when it is not given."""
    id = ask.need("id", text(100))
    ask.need("name", text(100))
    item = site.find(site.items, "item", ask.need("item_id", text(100)), "item_id")
    ask.refuse(*_REFUSED)
    values: Json = {"currency_code": site.settings.currency, "metadata": {}, **ask.fields(_FIELDS, _DEFAULTED)}
    site.free(site.item_prices, "id", id)
    blank = ItemPrice(
        id=id, item_id=item.id, item_family_id=item.item_family_id, item_type=item.type, created_at=site.now, name="", currency_code=""
    )
    return envelope(site.add(site.item_prices, _filled(site, ask, item, blank, values)))


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve an item price."""
    return envelope(site.find(site.item_prices, "item_price", ask.ids["id"]))


def update(site: Site, ask: Ask) -> Json:
    """Change an item price, its amount included, or archive it with `status=archived`."""
    price = site.find(site.item_prices, "item_price", ask.ids["id"])
    ask.refuse(*_REFUSED)
    values = ask.fields({**_FIELDS, "status": one_of("active", "archived")}, (*_DEFAULTED, "status"))
    for name in _IMMOVABLE:
        if values.get(name, getattr(price, name)) != getattr(price, name) and _used(site, price):
            raise invalid_state(f"The {name} cannot be changed: subscriptions or invoices have this item price")
    changed = _filled(site, ask, site.find(site.items, "item", price.item_id), price, values)
    if "status" in values:
        changed.archived_at = site.now if changed.status == "archived" else None
    site.touch(changed)
    return envelope(site.item_prices.put(changed.id, changed))


def delete(site: Site, ask: Ask) -> Json:
    """Delete an item price, or archive it when a subscription or an invoice has named it."""
    price = site.find(site.item_prices, "item_price", ask.ids["id"])
    if _used(site, price):
        price.status, price.archived_at = "archived", price.archived_at or site.now
    else:
        site.item_prices.delete(price.id)
        price.status, price.deleted = "deleted", True
    site.touch(price)
    return envelope(price)


def list_prices(site: Site, ask: Ask) -> Json:
    """List item prices by order of creation; sortable by name, id and time of change. There is no filter on the time of creation."""
    ask.refuse(*_REFUSED)
    return listing(ask, site.item_prices.values(), _FILTERS, ("seq", "name", "id", "updated_at"), envelope)


def _filled(site: Site, ask: Ask, item: Item, price: ItemPrice, values: Json) -> ItemPrice:
    """The price with new values, checked. An amount that is sent replaces the amount in the other notation; another model drops both."""
    if "price" in values:
        values["price_in_decimal"] = None
    changed = replace(price, **values)
    if changed.price_variant_id is not None:
        site.find(site.price_variants, "price_variant", changed.price_variant_id, "price_variant_id")
    site.currency(changed.currency_code, "currency_code")
    raw = ask.get("price_in_decimal", text(40))
    if raw is not None and values.get("price") is not None:
        raise wrong_value("price_in_decimal", "cannot be given beside price")
    exact = decimal_price(site, raw, "price_in_decimal", changed.currency_code)
    tiers = read_tiers(site, ask, item, changed.pricing_model, changed.currency_code)
    if changed.pricing_model != price.pricing_model:
        changed = replace(changed, price=values.get("price"), price_in_decimal=None, tiers=None)
    changed = replace(changed, **exact, tiers=tiers or changed.tiers)
    _check(changed)
    _unique(site, changed)
    return changed


def _unique(site: Site, price: ItemPrice) -> None:
    for other in site.item_prices.values():
        if other.id == price.id:
            continue
        if other.name == price.name:
            raise duplicate("name", price.name)
        if _slot(other) == _slot(price):
            raise duplicate("item_id", f"{price.item_id} in {price.currency_code} for this period")


def _slot(price: ItemPrice) -> tuple[object, ...]:
    return price.item_id, price.currency_code, price.period, price.period_unit, price.price_variant_id


def _used(site: Site, price: ItemPrice) -> bool:
    held = (item for each in site.subscriptions.values() for item in [*each.subscription_items, *(each.next_items or [])])
    billed = (line for invoice in site.invoices.values() for line in invoice.line_items)
    return any(item.item_price_id == price.id for item in held) or any(line.entity_id == price.id for line in billed)


def _check(price: ItemPrice) -> None:
    recurring = price.item_type != "charge"
    for name in ("period", "period_unit"):
        if recurring and getattr(price, name) is None:
            raise wrong_value(name, "cannot be blank for a plan or an addon")
        if not recurring and getattr(price, name) is not None:
            raise wrong_value(name, "is not allowed for a charge")
    for name in ("trial_period", "billing_cycles"):
        if price.item_type != "plan" and getattr(price, name) is not None:
            raise wrong_value(name, "is only for plans here")
    if (price.trial_period is None) != (price.trial_period_unit is None):
        raise wrong_value("trial_period", "needs trial_period_unit, and the other way round")
    tiered = price.pricing_model in _TIERED
    if tiered != bool(price.tiers):
        raise wrong_value("tiers", f"{'are needed' if tiered else 'are not allowed'} for the pricing model {price.pricing_model}")
    if tiered == (price.price is not None or price.price_in_decimal is not None):
        raise wrong_value("price", f"{'is not allowed' if tiered else 'cannot be blank'} for the pricing model {price.pricing_model}")


ROUTES: Routes = [
    ("POST", "/item_prices", create),
    ("GET", "/item_prices", list_prices),
    ("GET", "/item_prices/{id}", retrieve),
    ("POST", "/item_prices/{id}", update),
    ("POST", "/item_prices/{id}/delete", delete),
]
