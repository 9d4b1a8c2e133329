"""Coupons: create, retrieve, update, delete, unarchive, list. Discounts of invoices are in `discounting`, codes in `coupon_codes`.

Discounts are a percentage, or a fixed amount in one currency; `forever` and `percentage` are the defaults (API reference). A coupon is
`future` before `valid_from`, `expired` from `valid_till` on and when `max_redemptions` is used up. Choices where the documents are silent:
deleting a coupon that was redeemed archives it; a deleted one can still be retrieved, is listed only when a filter asks for a status, and
leaves its id free; an end in the past is refused; once redeemed, only what does not change the discount's kind can be updated;
`item_constraints` are replaced as a whole. Not simulated, and refused: free units (`offer_quantity`), criteria, coupon constraints,
coupons in the MRR.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from typing import cast

from billbridge_sandbox.chargebee.api.errors import duplicate, incompatible, invalid_state, not_found, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, Reader, currency, json_object, one_of, text, whole
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.endpoints.listing import Field, filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.coupons import Coupon, ItemConstraint
from billbridge_sandbox.chargebee.store.site import Site

_HARMLESS: dict[str, Reader] = {
    "name": text(50),
    "invoice_name": text(100),
    "valid_from": whole(),
    "valid_till": whole(),
    "max_redemptions": whole(1),
    "invoice_notes": text(2000),
    "meta_data": json_object,
}
_KIND: dict[str, Reader] = {
    "discount_type": one_of("fixed_amount", "percentage", "offer_quantity"),
    "discount_amount": whole(),
    "currency_code": currency,
    "apply_on": one_of("invoice_amount", "each_specified_item"),
    "duration_type": one_of("one_time", "forever", "limited_period"),
    "duration_month": whole(1, 240),
    "period": whole(1),
    "period_unit": one_of("day", "week", "month", "year"),
}
_NEEDED = {
    "discount_percentage": ("discount_type", "percentage"),
    "discount_amount": ("discount_type", "fixed_amount"),
    "period": ("duration_type", "limited_period"),
    "period_unit": ("duration_type", "limited_period"),
    "item_constraints": ("apply_on", "each_specified_item"),
}
_ALLOWED = {"currency_code": ("discount_type", "fixed_amount"), "duration_month": ("duration_type", "limited_period")}
_DEFAULTED = ("name", "discount_type", "apply_on", "duration_type")
_GROUP = "item_constraints"
_REFUSED = ("discount_quantity", "included_in_mrr", "item_constraint_criteria", "coupon_constraints", "applicable_item_price_ids")
_FILTERS: dict[str, Field] = filterable(
    text="id name currency_code", enum="discount_type duration_type status apply_on", time="created_at updated_at"
)


def price_ids(name: str, raw: str) -> list[str]:
    """A JSON array of ids, as one string."""
    try:
        value = json.loads(raw)
    except ValueError:
        value = None
    if not isinstance(value, list) or not all(isinstance(each, str) for each in cast(list[object], value)):
        raise wrong_value(name, "should be a JSON array of ids")
    return cast(list[str], value)


CONSTRAINT: dict[str, Reader] = {
    "constraint": one_of("none", "all", "specific", "criteria"),
    "item_type": one_of("plan", "addon", "charge"),
    "item_price_ids": price_ids,
}


def create(site: Site, ask: Ask) -> Json:
    """Create a coupon; id, name and `apply_on` are required. `status` may be left out or `active`."""
    id = ask.need("id", text(100))
    ask.need("name", text(50))
    ask.need("apply_on", _KIND["apply_on"])
    ask.get("status", one_of("active"))
    ask.refuse(*_REFUSED)
    found = site.coupons.get(id)
    if found is not None and not found.deleted:
        raise duplicate("id", id)
    coupon = _filled(site, ask, Coupon(id=id, name="", created_at=site.now), ask.fields({**_HARMLESS, **_KIND}, _DEFAULTED))
    site.coupons.delete(id)
    return envelope(site.add(site.coupons, current(site, coupon)))


def retrieve(site: Site, ask: Ask) -> Json:
    """Retrieve a coupon, deleted ones included."""
    return envelope(current(site, site.find(site.coupons, "coupon", ask.ids["id"])))


def update(site: Site, ask: Ask) -> Json:
    """Update a coupon. Subscriptions with this coupon use the new values from the next invoice on. `meta_data` is replaced as a whole."""
    coupon = usable(site, ask.ids["id"])
    ask.refuse(*_REFUSED)
    if coupon.redemptions and (ask.fields(_KIND) or ask.columns(_GROUP, CONSTRAINT)):
        raise invalid_state("The kind of a discount cannot be changed after the coupon has been redeemed")
    changed = _filled(site, ask, coupon, ask.fields({**_HARMLESS, **_KIND}, _DEFAULTED))
    site.touch(changed)
    return envelope(current(site, site.coupons.put(changed.id, changed)))


def delete(site: Site, ask: Ask) -> Json:
    """Delete a coupon, or archive it when it was redeemed."""
    coupon = usable(site, ask.ids["id"])
    coupon.withdrawn = "archived" if coupon.redemptions else "deleted"
    coupon.deleted = not coupon.redemptions
    coupon.archived_at = site.now if coupon.redemptions else None
    site.touch(coupon)
    return envelope(current(site, coupon))


def unarchive(site: Site, ask: Ask) -> Json:
    """Unarchive a coupon."""
    coupon = usable(site, ask.ids["id"])
    if coupon.withdrawn != "archived":
        raise invalid_state("The coupon is not archived")
    coupon.withdrawn = coupon.archived_at = None
    site.touch(coupon)
    return envelope(current(site, coupon))


def list_coupons(site: Site, ask: Ask) -> Json:
    """List coupons by time of creation; deleted ones only when a filter asks for a status."""
    ask.refuse(*_REFUSED)
    rows = [current(site, coupon) for coupon in site.coupons.values()]
    if not ask.filters("status"):
        rows = [coupon for coupon in rows if not coupon.deleted]
    return listing(ask, rows, _FILTERS, ("created_at", "updated_at"), envelope)


def current(site: Site, coupon: Coupon) -> Coupon:
    """The coupon, its `status` brought up to the present moment."""
    used_up = coupon.max_redemptions is not None and coupon.redemptions >= coupon.max_redemptions
    if coupon.withdrawn:
        coupon.status = coupon.withdrawn
    elif used_up or (coupon.valid_till is not None and coupon.valid_till <= site.now):
        coupon.status = "expired"
    else:
        coupon.status = "future" if (coupon.valid_from or 0) > site.now else "active"
    return coupon


def usable(site: Site, id: str, param: str | None = None) -> Coupon:
    """A coupon that is not deleted, or 404."""
    coupon = site.find(site.coupons, "coupon", id, param)
    if coupon.deleted:
        raise not_found("coupon", id, param)
    return current(site, coupon)


def _filled(site: Site, ask: Ask, coupon: Coupon, values: Json) -> Coupon:
    """The coupon with new values, checked; what belonged to its old kind and was not sent again is dropped."""
    values |= _percentage(ask)
    rows = ask.columns(_GROUP, CONSTRAINT)
    if rows:
        values[_GROUP] = [_constraint(site, index, row) for index, row in rows]
    if values.get("duration_month") is not None:
        values |= {"period": values["duration_month"], "period_unit": "month"}
    changed = replace(coupon, **values)
    for name, (kind, word) in {**_NEEDED, **_ALLOWED}.items():
        belongs = getattr(changed, kind) == word
        if not belongs and values.get(name) is None:
            setattr(changed, name, None)
        if (not belongs and getattr(changed, name) is not None) or (belongs and name in _NEEDED and getattr(changed, name) is None):
            raise wrong_value(name, f"belongs to {kind}={word}" + (", which needs it" if name in _NEEDED else ""))
    if changed.discount_type == "offer_quantity":
        raise incompatible("Free units are not enabled for this site", "discount_type")
    if changed.discount_type == "fixed_amount":
        changed.currency_code = site.currency(changed.currency_code or site.settings.currency, "currency_code")
    if changed.valid_from is not None and changed.valid_till is not None and changed.valid_till <= changed.valid_from:
        raise wrong_value("valid_till", "should be later than valid_from")
    if values.get("valid_till") is not None and values["valid_till"] <= site.now:
        raise wrong_value("valid_till", "should be in the future")
    return changed


def _percentage(ask: Ask) -> Json:
    raw = ask.raw("discount_percentage")
    if raw is None:
        return {}
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,10})?", raw) or not Fraction(1, 100) <= Fraction(raw) <= 100:
        raise wrong_value("discount_percentage", "should be a number between 0.01 and 100")
    return {"discount_percentage": float(raw), "percent": Fraction(raw) / 100}


def _constraint(site: Site, index: int, row: Json) -> ItemConstraint:
    for name in ("constraint", "item_type"):
        if row.get(name) is None:
            raise wrong_value(f"{_GROUP}[{name}][{index}]", "cannot be blank")
    param = f"{_GROUP}[item_price_ids][{index}]"
    if row["constraint"] == "criteria":
        raise incompatible("Criteria are not enabled for this site", f"{_GROUP}[constraint][{index}]")
    if (row["constraint"] == "specific") != bool(row.get("item_price_ids")):
        raise wrong_value(param, "belongs to the constraint specific, which needs it")
    for id in row.get("item_price_ids") or []:
        if site.find(site.item_prices, "item_price", id, param).item_type != row["item_type"]:
            raise wrong_value(param, f"should name item prices of the type {row['item_type']}")
    return ItemConstraint(**row)


ROUTES: Routes = [
    ("POST", "/coupons/create_for_items", create),
    ("GET", "/coupons", list_coupons),
    ("GET", "/coupons/{id}", retrieve),
    ("POST", "/coupons/{id}/update_for_items", update),
    ("POST", "/coupons/{id}/delete", delete),
    ("POST", "/coupons/{id}/unarchive", unarchive),
]
