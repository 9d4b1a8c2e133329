"""Entitlements at Chargebee, which entitles subscriptions. What a customer has is combined from them.

Chargebee has a list for a customer too, `/customers/{id}/customer_entitlements`. It is switched off until Support enables it, and it leaves
out subscriptions on trial (API reference). So Billbridge does not use it.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from billbridge.flow import Flow, path
from billbridge.model import Entitlement, EntitlementOverride, EntitlementQuery, NewEntitlementOverride, Page
from billbridge.model.base import Query
from billbridge.services import EntitlementService
from billbridge.services.capability import emulated
from billbridge.toolkit.ids import checked_id
from billbridge.toolkit.paging import cut

from billbridge_chargebee import wire_features as wire
from billbridge_chargebee import wire_subscriptions
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate import entitlements
from billbridge_chargebee.translate.product_features import levels

_CUSTOMER = "lists the customer's subscriptions, reads what each of them gives, and combines it"


class ChargebeeEntitlements(EntitlementService):
    """Entitlements at Chargebee: `/subscriptions/{id}/subscription_entitlements` and `entitlement_overrides`."""

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    @emulated(_CUSTOMER)
    def check(self, customer: str, key: str) -> Flow[Entitlement | None]:
        checked_id(key, "key")
        given = yield from self._of_customer(customer)
        found = [each for each in given if each.key == key]
        return (yield from self._combined(found)) if found else None

    def override(self, subscription: str, new: NewEntitlementOverride) -> Flow[EntitlementOverride]:
        body = yield from self._api.post(path("/subscriptions/{}/entitlement_overrides", subscription), entitlements.new_override(new))
        (row, *_), _ = self._api.rows(body, "entitlement_override")
        return entitlements.override(self._api.read(wire.ENTITLEMENT_OVERRIDE, row), row, subscription)

    def remove_override(self, subscription: str, feature: str) -> Flow[None]:
        where = path("/subscriptions/{}/entitlement_overrides", subscription)
        yield from self._api.post(where, entitlements.removal(checked_id(feature, "feature")))

    def _of_subscription(self, id: str, query: EntitlementQuery) -> Flow[Page[Entitlement]]:
        """Return a page of what a subscription gives. One that is paused or has ended gives nothing."""
        body = yield from self._api.get(path("/subscriptions/{}", id))
        sent = self._api.read(wire_subscriptions.SUBSCRIPTION, self._api.one(body, "subscription"))
        if sent.deleted:
            raise gone("subscription")
        return (yield from self._given(id, query)) if sent.status in entitlements.ENTITLED else Page(items=[])

    def _of_customer(self, customer: str) -> Flow[list[Entitlement]]:
        """Return what each subscription of a customer gives, not combined."""
        filters = {"customer_id": {"is": customer}, "status": {"in": [*entitlements.ENTITLED]}}
        owners = [("customer", "customers", customer)]
        found: list[Entitlement] = []
        query = Query()
        while True:
            page = yield from self._api.page("/subscriptions", "subscription", query, filters, self._id, owners)
            for id in page.items:
                found += yield from self._all_given(id)
            if page.next_cursor is None:
                return found
            query = Query(cursor=page.next_cursor)

    def _all_given(self, id: str) -> Flow[list[Entitlement]]:
        found: list[Entitlement] = []
        query = Query()
        while True:
            page = yield from self._given(id, query)
            found += page.items
            if page.next_cursor is None:
                return found
            query = Query(cursor=page.next_cursor)

    def _given(self, id: str, query: Query) -> Flow[Page[Entitlement]]:
        where = path("/subscriptions/{}/subscription_entitlements", id)
        return (yield from self._api.page(where, "subscription_entitlement", query, {}, self._read))

    def _combined(self, several: Sequence[Entitlement]) -> Flow[Entitlement]:
        """Combine what several subscriptions give of one feature. Its own levels are read only where they decide."""
        order: list[str] = []
        if entitlements.needs_order(several):
            order = levels((yield from self._api.sent(path("/features/{}", several[0].feature_id), "feature", wire.FEATURE)))
        return entitlements.combined(several, order)

    def _id(self, raw: msgspec.Raw) -> str | None:
        sent = self._api.read(wire_subscriptions.SUBSCRIPTION, raw)
        return None if sent.deleted else sent.id

    def _read(self, raw: msgspec.Raw) -> Entitlement | None:
        return entitlements.entitlement(self._api.read(wire.SUBSCRIPTION_ENTITLEMENT, raw), raw)

    @emulated(f"for a customer: {_CUSTOMER}")
    def list(self, query: EntitlementQuery) -> Flow[Page[Entitlement]]:
        if query.subscription is not None:
            return (yield from self._of_subscription(query.subscription, query))
        by_feature: dict[str, list[Entitlement]] = {}
        for each in (yield from self._of_customer(query.customer or "")):
            by_feature.setdefault(each.feature_id, []).append(each)
        items: list[Entitlement] = []
        for several in by_feature.values():
            items.append((yield from self._combined(several)))
        page, cursor = cut(items, query.page_size, query.cursor, self._api.provider)
        return Page(items=page, next_cursor=cursor)
