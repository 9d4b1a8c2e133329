"""Item prices: what an item costs in a currency, for a period. Ids and names are unique on the site.

An item has at most one price per currency, period and price variant. The amount can be changed in place and then counts from the next
renewal on, unlike at Stripe. Plans and addons need a period, charges have none. Every period is allowed, although a real site only takes
those that its owner configured. `price_in_decimal` (in major units) is a feature that the site must have, `Settings.multi_decimal`; here it
cannot be finer than the minor unit. Not simulated: decimals in tiers and quantities, a fixed number of billing cycles, deletion.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from .errors import duplicate, incompatible, wrong_value
from .listing import filterable, listing
from .params import Ask, Json, Reader, currency, flag, json_object, one_of, text, whole
from .pricing import exponent
from .records import ItemPrice, Tier
from .routes import Routes
from .site import Site
from .wire import envelope

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
_TIER: dict[str, Reader] = {"starting_unit": whole(1), "ending_unit": whole(1), "price": whole()}
_FILTERS = filterable(
    text="id name item_id item_family_id currency_code price_variant_id",
    enum="pricing_model item_type status trial_period_unit period_unit",
    number="trial_period period",
    time="updated_at",
)
_REFUSED = ("free_quantity_in_decimal", "billing_cycles", "shipping_period")


def create(site: Site, ask: Ask) -> Json:
    """A new item price; id, name and item are required, the currency is the site's when it is not given."""
    id, name = ask.need("id", text(100)), ask.need("name", text(100))
    item = site.find(site.items, "item", ask.need("item_id", text(100)), "item_id")
    _refuse(ask)
    values: Json = {"currency_code": site.settings.currency, "metadata": {}, **ask.fields(_FIELDS, _DEFAULTED)}
    if id in site.item_prices:
        raise duplicate("id", id)
    values |= _in_decimal(site, ask, values["currency_code"])
    price = ItemPrice(
        id=id, item_id=item.id, item_family_id=item.item_family_id, item_type=item.type, created_at=site.now, tiers=_tiers(ask), **values
    )
    _unique(site, price, name)
    _check(price)
    return envelope(site.add(site.item_prices, price))


def retrieve(site: Site, ask: Ask) -> Json:
    """One item price."""
    return envelope(site.find(site.item_prices, "item_price", ask.ids["id"]))


def update(site: Site, ask: Ask) -> Json:
    """Change an item price, its amount included, or archive it with `status=archived`."""
    price = site.find(site.item_prices, "item_price", ask.ids["id"])
    _refuse(ask)
    values = ask.fields({**_FIELDS, "status": one_of("active", "archived")}, (*_DEFAULTED, "status"))
    if "price" in values:
        values["price_in_decimal"] = None
    values |= _in_decimal(site, ask, values.get("currency_code", price.currency_code))
    tiers = _tiers(ask)
    changed = replace(price, **values)
    changed.tiers = tiers or price.tiers
    if changed.pricing_model != price.pricing_model:
        changed.price, changed.tiers = values.get("price"), tiers
    _unique(site, changed, changed.name)
    _check(changed)
    if "status" in values:
        changed.archived_at = site.now if changed.status == "archived" else None
    site.touch(changed)
    return envelope(site.item_prices.put(changed.id, changed))


def list_prices(site: Site, ask: Ask) -> Json:
    """Item prices by order of creation; sortable by name, id and time of change. There is no filter on the time of creation."""
    return listing(ask, site.item_prices.values(), _FILTERS, ("seq", "name", "id", "updated_at"), envelope)


def _refuse(ask: Ask) -> None:
    for name in _REFUSED:
        if ask.raw(name):
            raise incompatible(f"{name} is not enabled for this site", name)


def _unique(site: Site, price: ItemPrice, name: str) -> None:
    for other in site.item_prices.values():
        if other.id == price.id:
            continue
        if other.name == name:
            raise duplicate("name", name)
        if _slot(other) == _slot(price):
            raise duplicate("item_id", f"{price.item_id} in {price.currency_code} for this period")


def _slot(price: ItemPrice) -> tuple[object, ...]:
    return price.item_id, price.currency_code, price.period, price.period_unit, price.price_variant_id


def _check(price: ItemPrice) -> None:
    recurring = price.item_type != "charge"
    for name in ("period", "period_unit"):
        if recurring and getattr(price, name) is None:
            raise wrong_value(name, "cannot be blank for a plan or an addon")
        if not recurring and getattr(price, name) is not None:
            raise wrong_value(name, "is not allowed for a charge")
    if (price.trial_period is None) != (price.trial_period_unit is None):
        raise wrong_value("trial_period", "needs trial_period_unit, and the other way round")
    tiered = price.pricing_model in _TIERED
    if tiered != bool(price.tiers):
        raise wrong_value("tiers", f"{'are needed' if tiered else 'are not allowed'} for the pricing model {price.pricing_model}")
    if tiered == (price.price is not None):
        raise wrong_value("price", f"{'is not allowed' if tiered else 'cannot be blank'} for the pricing model {price.pricing_model}")


def _in_decimal(site: Site, ask: Ask, currency_code: str) -> Json:
    """The price of `price_in_decimal`, also as the whole number of minor units that it must be."""
    raw = ask.get("price_in_decimal", text(40))
    if raw is None:
        return {}
    if not site.settings.multi_decimal:
        raise incompatible("price_in_decimal is not enabled for this site", "price_in_decimal")
    if not re.fullmatch(r"[0-9]{1,20}(\.[0-9]{1,20})?", raw):
        raise wrong_value("price_in_decimal", "should be a decimal number")
    minor = Fraction(raw) * 10 ** exponent(currency_code)
    if minor.denominator != 1:
        raise incompatible("Prices finer than the minor unit are not simulated", "price_in_decimal")
    return {"price": minor.numerator, "price_in_decimal": raw}


def _tiers(ask: Ask) -> list[Tier] | None:
    """The tiers sent, which must begin at unit 1, follow on one another, and end open."""
    tiers: list[Tier] = []
    rows = ask.columns("tiers", _TIER)
    for position, (index, row) in enumerate(rows):
        expected = 1 if not tiers else (tiers[-1].ending_unit or 0) + 1
        if row.get("starting_unit") != expected:
            raise wrong_value(f"tiers[starting_unit][{index}]", f"should be {expected}")
        if (row.get("ending_unit") is None) != (position == len(rows) - 1) or (row.get("ending_unit") or expected) < expected:
            raise wrong_value(f"tiers[ending_unit][{index}]", "should close every tier but the last")
        if row.get("price") is None:
            raise wrong_value(f"tiers[price][{index}]", "cannot be blank")
        tiers.append(Tier(**row))
    return tiers or None


ROUTES: Routes = [
    ("POST", "/item_prices", create),
    ("GET", "/item_prices", list_prices),
    ("GET", "/item_prices/{id}", retrieve),
    ("POST", "/item_prices/{id}", update),
]
