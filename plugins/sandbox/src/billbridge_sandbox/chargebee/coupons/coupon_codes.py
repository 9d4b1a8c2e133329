"""Sets of coupon codes, and the codes: each is redeemed by one subscription, once. Codes are compared exactly.

Creating a code names its set, which is made when there is none of that name (API reference). Choices where the documents are silent: codes
are unique on the site and none is the id of a coupon; names of sets are unique; a set with redeemed codes cannot be deleted; archiving a
code that was redeemed is 409.
"""

from __future__ import annotations

from billbridge_sandbox.chargebee.api.errors import duplicate, invalid_state, wrong_value
from billbridge_sandbox.chargebee.api.params import Ask, Json, json_object, text
from billbridge_sandbox.chargebee.api.wire import envelope
from billbridge_sandbox.chargebee.coupons.coupons import usable
from billbridge_sandbox.chargebee.endpoints.listing import filterable, listing
from billbridge_sandbox.chargebee.endpoints.routes import Routes
from billbridge_sandbox.chargebee.store.coupons import CouponCode, CouponSet
from billbridge_sandbox.chargebee.store.site import Site

_SETS = filterable(text="id name coupon_id", number="total_count redeemed_count archived_count")
_CODES = filterable(text="code coupon_id coupon_set_name", enum="status")
_META = {"meta_data": json_object}


def create_set(site: Site, ask: Ask) -> Json:
    """Create a set for a coupon, without codes."""
    coupon = usable(site, ask.need("coupon_id", text(100)), "coupon_id")
    id, name = ask.need("id", text(50)), ask.need("name", text(50))
    site.free(site.coupon_sets, "id", id)
    site.free(site.coupon_sets, "name", name)
    return _shown(site, site.add(site.coupon_sets, CouponSet(id=id, coupon_id=coupon.id, name=name, **ask.fields(_META))))


def add_codes(site: Site, ask: Ask) -> Json:
    """Add codes to a set: all of those sent, or none."""
    found = site.find(site.coupon_sets, "coupon_set", ask.ids["id"])
    sent = [(name, ask.need(name, text(50))) for name in ask.names() if name.startswith("code[")]
    if not sent:
        raise wrong_value("code[0]", "cannot be blank")
    for position, (name, code) in enumerate(sent):
        _unused(site, code, name)
        if code in [other for _, other in sent[:position]]:
            raise duplicate(name, code)
    for _, code in sent:
        _add(site, found, code)
    return _shown(site, found)


def retrieve_set(site: Site, ask: Ask) -> Json:
    """Retrieve a set, with the counts of its codes."""
    return _shown(site, site.find(site.coupon_sets, "coupon_set", ask.ids["id"]))


def update_set(site: Site, ask: Ask) -> Json:
    """Change the name or the metadata."""
    found = site.find(site.coupon_sets, "coupon_set", ask.ids["id"])
    values = ask.fields({"name": text(50), **_META}, ("name",))
    if values.get("name", found.name) != found.name:
        site.free(site.coupon_sets, "name", values["name"])
    for name, value in values.items():
        setattr(found, name, value)
    for code in _codes(site, found):
        code.coupon_set_name = found.name
    return _shown(site, found)


def delete_set(site: Site, ask: Ask) -> Json:
    """Delete a set with its codes, none of which may have been redeemed."""
    found = site.find(site.coupon_sets, "coupon_set", ask.ids["id"])
    if any(code.status == "redeemed" for code in _codes(site, found)):
        raise invalid_state("Codes of the coupon set have been redeemed")
    answer = _shown(site, found)
    _forget(site, _codes(site, found))
    site.coupon_sets.delete(found.id)
    return answer


def delete_unused(site: Site, ask: Ask) -> Json:
    """Delete the codes of a set that nobody has redeemed."""
    found = site.find(site.coupon_sets, "coupon_set", ask.ids["id"])
    _forget(site, [code for code in _codes(site, found) if code.status == "not_redeemed"])
    return _shown(site, found)


def list_sets(site: Site, ask: Ask) -> Json:
    """List sets by order of creation; they cannot be sorted."""
    rows = [_counted(site, each) for each in site.coupon_sets.values()]
    return listing(ask, rows, _SETS, ("seq",), lambda each: _shown(site, each))


def create_code(site: Site, ask: Ask) -> Json:
    """Create a code of a coupon, in the set named; the set is made when there is none."""
    coupon = usable(site, ask.need("coupon_id", text(100)), "coupon_id")
    name, code = ask.need("coupon_set_name", text(50)), ask.need("code", text(50))
    _unused(site, code, "code")
    found = next((each for each in site.coupon_sets.values() if each.name == name), None)
    if found is not None and found.coupon_id != coupon.id:
        raise wrong_value("coupon_set_name", "is the name of a set of another coupon")
    if found is None:
        found = site.add(site.coupon_sets, CouponSet(id=site.ids.next("cs_", 12), coupon_id=coupon.id, name=name))
    return envelope(_add(site, found, code))


def retrieve_code(site: Site, ask: Ask) -> Json:
    """Retrieve a code."""
    return envelope(site.find(site.coupon_codes, "coupon_code", ask.ids["id"]))


def archive_code(site: Site, ask: Ask) -> Json:
    """Archive a code that has not been redeemed."""
    code = site.find(site.coupon_codes, "coupon_code", ask.ids["id"])
    if code.status != "not_redeemed":
        raise invalid_state(f"The coupon code is {code.status}")
    code.status = "archived"
    return envelope(code)


def list_codes(site: Site, ask: Ask) -> Json:
    """List codes by order of creation; they cannot be sorted."""
    return listing(ask, site.coupon_codes.values(), _CODES, ("seq",), envelope)


def _unused(site: Site, code: str, param: str) -> None:
    if code in site.coupon_codes or code in site.coupons:
        raise duplicate(param, code)


def _add(site: Site, found: CouponSet, code: str) -> CouponCode:
    record = CouponCode(id=code, code=code, coupon_id=found.coupon_id, coupon_set_id=found.id, coupon_set_name=found.name)
    return site.add(site.coupon_codes, record)


def _codes(site: Site, found: CouponSet) -> list[CouponCode]:
    return [code for code in site.coupon_codes.values() if code.coupon_set_id == found.id]


def _forget(site: Site, codes: list[CouponCode]) -> None:
    for code in codes:
        site.coupon_codes.delete(code.id)


def _counted(site: Site, found: CouponSet) -> CouponSet:
    words = [code.status for code in _codes(site, found)]
    found.total_count, found.redeemed_count, found.archived_count = len(words), words.count("redeemed"), words.count("archived")
    return found


def _shown(site: Site, found: CouponSet) -> Json:
    return envelope(_counted(site, found))


ROUTES: Routes = [
    ("POST", "/coupon_sets", create_set),
    ("GET", "/coupon_sets", list_sets),
    ("GET", "/coupon_sets/{id}", retrieve_set),
    ("POST", "/coupon_sets/{id}/add_coupon_codes", add_codes),
    ("POST", "/coupon_sets/{id}/update", update_set),
    ("POST", "/coupon_sets/{id}/delete", delete_set),
    ("POST", "/coupon_sets/{id}/delete_unused_coupon_codes", delete_unused),
    ("POST", "/coupon_codes", create_code),
    ("GET", "/coupon_codes", list_codes),
    ("GET", "/coupon_codes/{id}", retrieve_code),
    ("POST", "/coupon_codes/{id}/archive", archive_code),
]
