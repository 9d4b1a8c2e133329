"""Reading prices: decimal amounts, and the steps of tiered prices. It stores nothing.

Decimal strings are in major units and need the site's multi-decimal pricing; a decimal starting or ending unit must be whole here, since
decimal quantities are not simulated. In decimals a step starts where the one before it ends, the first at zero (API reference). Packages,
and steps that cost a flat fee, need the site's package pricing and belong to the models `tiered` and `volume` only (product documentation,
"Package pricing"). That documentation also says that packages are for metered items only; `Settings.package_pricing = "metered"` holds to
that.
"""

from __future__ import annotations

import re
from fractions import Fraction

from billbridge_sandbox.chargebee.api.errors import incompatible, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, one_of, text, whole
from billbridge_sandbox.chargebee.catalog.pricing import minor, rounded
from billbridge_sandbox.chargebee.store.catalog import Item, Tier
from billbridge_sandbox.chargebee.store.site import Site

TIER: dict[str, Reader] = {
    "starting_unit": whole(1),
    "ending_unit": whole(1),
    "price": whole(),
    "starting_unit_in_decimal": text(33),
    "ending_unit_in_decimal": text(33),
    "price_in_decimal": text(39),
    "pricing_type": one_of("per_unit", "flat_fee", "package"),
    "package_size": whole(1),
}
_DECIMAL = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")


def decimal_price(site: Site, raw: str | None, param: str, currency: str) -> Json:
    """The fields `price_in_decimal` and `price` of a decimal price; no `price` where it is finer than the minor unit."""
    if raw is None:
        return {}
    exact = minor(_decimal(site, raw, param), currency)
    return {"price": exact.numerator if exact.denominator == 1 else None, "price_in_decimal": raw}


def read_tiers(site: Site, ask: Ask, item: Item, model: str, currency: str) -> list[Tier] | None:
    """The steps sent, None when there are none. They must begin at unit 1, follow on one another, and end open."""
    tiers: list[Tier] = []
    rows = ask.columns("tiers", TIER)
    for position, (index, sent) in enumerate(rows):
        row = {name: value for name, value in sent.items() if value is not None}
        for name in ("starting_unit", "ending_unit"):
            row |= _whole_unit(site, row, name, index)
        expected = 1 if not tiers else (tiers[-1].ending_unit or 0) + 1
        if row.get("starting_unit") != expected:
            raise wrong_value(f"tiers[starting_unit][{index}]", f"should be {expected}")
        if ("ending_unit" not in row) != (position == len(rows) - 1) or row.get("ending_unit", expected) < expected:
            raise wrong_value(f"tiers[ending_unit][{index}]", "should close every tier but the last")
        row |= _price(site, row, index, currency)
        _check_type(site, row, index, item, model)
        tiers.append(Tier(**row))
    return tiers or None


def _price(site: Site, row: Json, index: int, currency: str) -> Json:
    if ("price" in row) == ("price_in_decimal" in row):
        raise wrong_value(f"tiers[price][{index}]", "should be given either as price or as price_in_decimal")
    raw = row.get("price_in_decimal")
    return {} if raw is None else {"price": rounded(minor(_decimal(site, raw, f"tiers[price_in_decimal][{index}]"), currency))}


def _whole_unit(site: Site, row: Json, name: str, index: int) -> Json:
    raw, param = row.get(f"{name}_in_decimal"), f"tiers[{name}_in_decimal][{index}]"
    if raw is None:
        return {}
    value = Fraction(_decimal(site, raw, param))
    if value.denominator != 1:
        raise incompatible("Decimal quantities are not enabled for this site", param)
    return {name: value.numerator + (name == "starting_unit")}


def _decimal(site: Site, raw: str, param: str) -> str:
    if not site.settings.multi_decimal:
        raise incompatible("Multi-decimal pricing is not enabled for this site", param)
    if not _DECIMAL.fullmatch(raw):
        raise wrong_value(param, "should be a decimal number")
    return raw


def _check_type(site: Site, row: Json, index: int, item: Item, model: str) -> None:
    kind = row.get("pricing_type", "per_unit")
    param = f"tiers[pricing_type][{index}]"
    if kind != "per_unit":
        if site.settings.package_pricing == "off" or (site.settings.package_pricing == "metered" and not item.metered):
            raise incompatible("Package pricing is not enabled for this site or this item", param)
        if model == "stairstep":
            raise wrong_value(param, "is not allowed for the pricing model stairstep")
    if (kind == "package") != ("package_size" in row):
        raise wrong_value(f"tiers[package_size][{index}]", "belongs to the pricing type package, which needs it")
