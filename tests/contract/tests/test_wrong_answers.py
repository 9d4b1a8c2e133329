"""Providers whose answers look right, but one operation does the wrong thing: the clause for it notices.

They are Stripe and Chargebee, in process, with one operation replaced. `test_sensitivity.py` tests lost and changed fields.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

import msgspec
import pytest
from billbridge import Money
from billbridge.errors import DuplicateError
from billbridge.flow import Flow
from billbridge.model import CustomerQuery, Entitlement, Order
from billbridge_contract import Client, SurfaceClass
from billbridge_contract.cases import Case, judged
from billbridge_contract.registry import clauses
from billbridge_contract.sandboxes import InProcessBackend
from billbridge_contract.surfaces import Surface

replace = msgspec.structs.replace
Real = Callable[..., Flow[Any]]


def flipped(service: Any, real: Real, id: str, new: Any) -> Flow[Any]:
    """The vendor's sign instead of ours, in both directions, so that the answer alone looks right."""
    made = yield from real(id, replace(new, amount=-new.amount))
    return replace(made, amount=-made.amount, balance=-made.balance)


def pretended(service: Any, real: Real, id: str) -> Flow[Any]:
    """Nothing is archived, but it says so."""
    return replace((yield from service.get(id)), active=False)


def ignored(service: Any, real: Real, id: str) -> Flow[None]:
    """Nothing is deleted."""
    yield from service.get(id)


def untouched(service: Any, real: Real, id: str) -> Flow[Any]:
    """Nothing is done."""
    return (yield from service.get(id))


def metadata_replaced(service: Any, real: Real, id: str, patch: Any) -> Flow[Any]:
    """Keys that are not named go."""
    before = yield from service.get(id)
    given = patch.metadata if isinstance(patch.metadata, dict) else {}
    return (yield from real(id, replace(patch, metadata=dict.fromkeys(before.metadata, "") | given)))


def cut_short(service: Any, real: Real, query: Any) -> Flow[Any]:
    """Only the first page."""
    return replace((yield from real(query)), next_cursor=None)


def backwards(service: Any, real: Real, query: CustomerQuery) -> Flow[Any]:
    """Each page turned round, instead of the list."""
    page = yield from real(replace(query, order=Order.NEWEST_FIRST))
    return replace(page, items=page.items[::-1] if query.order == Order.OLDEST_FIRST else page.items)


def second_too_late(service: Any, real: Real, query: Any) -> Flow[Any]:
    """The end of a window belongs to it."""
    until = query.created_lt
    return (yield from real(replace(query, created_lt=until and until + timedelta(seconds=1))))


def rounded(service: Any, real: Real, new: Any) -> Flow[Any]:
    """Two decimals, whatever was asked for."""
    cents = new.amount.amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    made = yield from real(replace(new, amount=Money(cents, new.amount.currency)))
    return replace(made, unit_amount=new.amount)


def overwritten(service: Any, real: Real, id: str, new: Any) -> Flow[Any]:
    """A second number takes the place of the first."""
    for tax in (yield from service.get(id)).tax_ids or []:
        yield from service.remove_tax_id(id, tax.id)
    return (yield from real(id, new))


def first_taken(service: Any, real: Real, new: Any) -> Flow[Any]:
    """What has the id already is given as if it had been made."""
    try:
        return (yield from real(new))
    except DuplicateError:
        return (yield from service.get(new.id))


def not_default(service: Any, real: Real, id: str) -> Flow[None]:
    """Stays with the customer."""
    yield from service.get(id)


def not_detached(service: Any, real: Real, id: str, other: str) -> Flow[None]:
    """Stays where it is."""
    yield from ()


def entitled_for_ever(service: Any, real: Real, customer: str, key: str) -> Flow[Any]:
    """Whoever exists is entitled."""
    found = yield from real(customer, key)
    return found or Entitlement(provider="stripe", id="ent_1", key=key, feature_id=key)


WRONG: dict[str, tuple[str, str, Callable[..., Flow[Any]], tuple[str, ...]]] = {
    "credit with the vendor's sign": ("stripe", "customers.adjust_credit", flipped, ("CRD-01", "CRD-06")),
    "a tax number that overwrites": ("stripe", "customers.add_tax_id", overwritten, ("TAX-04",)),
    "nobody anonymised": ("chargebee", "customers.anonymise", untouched, ("CUD-13", "CUD-14")),
    "product not archived": ("stripe", "products.archive", pretended, ("PDL-03",)),
    "product not put back": ("stripe", "products.unarchive", untouched, ("PDL-03",)),
    "product not deleted": ("stripe", "products.delete", ignored, ("PDL-04",)),
    "product's metadata replaced": ("stripe", "products.update", metadata_replaced, ("PDL-01",)),
    "products of a first page": ("stripe", "products.list", cut_short, ("PDL-09", "PDL-12")),
    "price not archived": ("chargebee", "prices.archive", pretended, ("PRL-03", "PRL-04")),
    "price not deleted": ("chargebee", "prices.delete", ignored, ("PRL-05",)),
    "price's metadata replaced": ("chargebee", "prices.update", metadata_replaced, ("PRL-01",)),
    "price rounded": ("stripe", "prices.create", rounded, ("AMT-02", "AMT-05")),
    "meter not archived": ("stripe", "meters.archive", pretended, ("MET-02",)),
    "coupon not deleted": ("stripe", "coupons.delete", ignored, ("CPN-12",)),
    "coupon that is there already": ("stripe", "coupons.create", first_taken, ("CPN-09",)),
    "coupon's metadata replaced": ("stripe", "coupons.update", metadata_replaced, ("CPN-10",)),
    "code not deactivated": ("stripe", "promotion_codes.deactivate", pretended, ("PMO-05", "PMO-06")),
    "code's metadata replaced": ("stripe", "promotion_codes.update", metadata_replaced, ("PMO-09",)),
    "feature not archived": ("stripe", "product_features.archive", pretended, ("FEA-05",)),
    "feature not put back": ("chargebee", "product_features.unarchive", untouched, ("FEA-06",)),
    "feature not detached": ("chargebee", "product_features.detach", not_detached, ("FEA-07", "ENT-08")),
    "entitled for ever": ("stripe", "entitlements.check", entitled_for_ever, ("ENT-01", "ENT-05", "ENT-06", "ENT-08")),
    "override that stays": ("chargebee", "entitlements.remove_override", not_detached, ("ENT-11",)),
    "method not detached": ("chargebee", "payment_methods.detach", not_default, ("PME-02", "PME-03", "PME-05")),
    "pages turned round": ("stripe", "customers.list", backwards, ("FLT-06", "FLT-14")),
    "customers of a second too many": ("stripe", "customers.list", second_too_late, ("FLT-11",)),
    "subscriptions of a second too many": ("stripe", "subscriptions.list", second_too_late, ("FLT-02", "FLT-07")),
    "invoices of a second too many": ("chargebee", "invoices.list", second_too_late, ("FLT-03", "FLT-08")),
    "methods of a second too many": ("chargebee", "payment_methods.list", second_too_late, ("FLT-04", "FLT-09")),
    "coupons of a second too many": ("stripe", "coupons.list", second_too_late, ("FLT-05", "FLT-10")),
}
"""The vendor, the operation, what it does instead, and the clauses that must notice."""


@pytest.mark.parametrize(("vendor", "operation", "wrong", "noticing"), WRONG.values(), ids=WRONG)
def test_what_is_done_wrong_is_noticed(vendor: str, operation: str, wrong: Callable[..., Flow[Any]], noticing: tuple[str, ...]) -> None:
    resource, name = operation.split(".")

    class Wrong(InProcessBackend):
        many = 6

        def connect(self, surface: SurfaceClass) -> Client:
            client = super().connect(surface)
            service = getattr(client._session.provider, resource)
            setattr(service, name, partial(wrong, service, getattr(service, name)))
            return client

    Wrong.name = Wrong.provider = vendor
    for one in clauses():
        if one.id in noticing:
            run, verdict = judged(Case(Wrong, Surface.BLOCKING, one))
            assert not verdict.kept, f"{one.id} does not notice"
            assert isinstance(run.error, AssertionError), f"{one.id} failed for another reason: {run.error!r}"
