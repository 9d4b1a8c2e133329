"""Entitlements at Stripe. Stripe entitles customers; which of their subscriptions gives a feature follows from the products."""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.flow import Flow, path
from billbridge.model import Entitlement, EntitlementQuery, Page
from billbridge.model.base import MAX_PAGE, Query
from billbridge.services import EntitlementService
from billbridge.toolkit.ids import checked_id
from billbridge.toolkit.paging import SeenCursors, cut

from billbridge_stripe import wire_features as wire
from billbridge_stripe import wire_subscriptions
from billbridge_stripe.api import StripeApi
from billbridge_stripe.lists import rows
from billbridge_stripe.translate.common import id_of
from billbridge_stripe.translate.product_features import entitlement
from billbridge_stripe.wire import Rows

_ALL: Final = "/v1/entitlements/active_entitlements"
_SUBSCRIPTION: Final = msgspec.json.Decoder(wire_subscriptions.Subscription)
_ITEMS: Final = msgspec.json.Decoder(Rows[wire_subscriptions.SubscriptionItem])
_ENTITLED: Final = frozenset({"active", "trialing", "past_due"})


class StripeEntitlements(EntitlementService):
    """Entitlements at Stripe: `/v1/entitlements/active_entitlements`."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api

    def check(self, customer: str, key: str) -> Flow[Entitlement | None]:
        """Look for the key in the customer's entitlements. Stripe has no filter by key."""
        checked_id(key, "key")
        return next((each for each in (yield from self._of_customer(customer)) if each.key == key), None)

    def _of_customer(self, customer: str, subscription: str | None = None) -> Flow[list[Entitlement]]:
        found: list[Entitlement] = []
        query, seen = Query(page_size=MAX_PAGE), SeenCursors(self._api.provider)
        while True:
            page, cursor = yield from rows(self._api, _ALL, query, {"customer": customer})
            found += [self._read(row, subscription) for row in page]
            if cursor is None:
                return found
            query = Query(page_size=MAX_PAGE, cursor=seen.next(cursor))

    def _of_subscription(self, id: str) -> Flow[list[Entitlement]]:
        """Return the customer's entitlements that the products of the subscription include. A subscription that has ended gives none."""
        body = yield from self._api.get(path("/v1/subscriptions/{}", id))
        found = self._api.read(_SUBSCRIPTION, body)
        if found.status not in _ENTITLED:
            return []
        items = yield from self._api.rest("/v1/subscription_items", found.items, _ITEMS, {"subscription": id})
        sold = [item.price or item.plan for item in items]
        products = {id_of(each.product) for each in sold if each is not None}
        features: set[str] = set()
        for product in sorted(each for each in products if each is not None):
            attached = yield from self._api.rest(path("/v1/products/{}/features", product), _NOTHING_YET, wire.PRODUCT_FEATURES)
            features |= {each.entitlement_feature.id for each in attached}
        customer = id_of(found.customer) or ""
        return [each for each in (yield from self._of_customer(customer, id)) if each.feature_id in features]

    def _read(self, row: msgspec.Raw, subscription: str | None = None) -> Entitlement:
        return entitlement(self._api.read(wire.ACTIVE_ENTITLEMENT, row), row, subscription)

    def list(self, query: EntitlementQuery) -> Flow[Page[Entitlement]]:
        if query.subscription is not None:
            given = yield from self._of_subscription(query.subscription)
            items, cursor = cut(given, query.page_size, query.cursor, self._api.provider)
            return Page(items=items, next_cursor=cursor)
        found, cursor = yield from rows(self._api, _ALL, query, {"customer": query.customer})
        return Page(items=[self._read(row) for row in found], next_cursor=cursor)


_NOTHING_YET: Final[Rows[wire.ProductFeature]] = Rows(data=[], has_more=True)
