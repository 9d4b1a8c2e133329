"""Stripe's subscriptions: flows; what the fields mean is in `translate.subscriptions`."""

from __future__ import annotations

from typing import Final

import msgspec
from billbridge.errors import (
    BillingError,
    InvalidStateError,
    NotFoundError,
    PartialFailureError,
    ProtocolError,
    ValidationError,
)
from billbridge.flow import Flow, path
from billbridge.model import (
    Cancellation,
    CancelTiming,
    NewSubscription,
    Page,
    PricingModel,
    Subscription,
    SubscriptionQuery,
)
from billbridge.services import SubscriptionService

from billbridge_stripe import wire_subscriptions as wire
from billbridge_stripe.api import StripeApi
from billbridge_stripe.lists import created, rows
from billbridge_stripe.prices import StripePrices
from billbridge_stripe.translate.subscriptions import ENDED, new_subscription, subscription
from billbridge_stripe.wire import Rows

_SUBSCRIPTION: Final = msgspec.json.Decoder(wire.Subscription)
_ITEMS: Final = msgspec.json.Decoder(Rows[wire.SubscriptionItem])
_ALL: Final = "/v1/subscriptions"
_ONE: Final = "/v1/subscriptions/{}"


class StripeSubscriptions(SubscriptionService):
    """/v1/subscriptions, and /v1/subscription_items for those with many items."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api
        self._prices = StripePrices(api)

    def create(self, new: NewSubscription) -> Flow[Subscription]:
        for item in new.items:
            if item.quantity != 1:
                price = yield from self._prices.get(item.price)
                if price.model is PricingModel.FLAT:
                    raise ValidationError(
                        f"the price {price.id} is flat: it takes no quantity other than 1", param="items", provider="stripe"
                    )
        body = yield from self._api.post(_ALL, new_subscription(new))
        return (yield from self._written(body, "create"))

    def get(self, id: str) -> Flow[Subscription]:
        body = yield from self._api.get(path(_ONE, id))
        return (yield from self._whole(body))

    def list(self, query: SubscriptionQuery) -> Flow[Page[Subscription]]:
        # Without a status, Stripe leaves out cancelled subscriptions.
        filters = {"customer": query.customer, **created(query), "status": "all"}
        found, cursor = yield from rows(self._api, _ALL, query, filters)
        items: list[Subscription] = []
        for row in found:
            items.append((yield from self._whole(row)))
        return Page(items=items, next_cursor=cursor)

    def cancel(self, id: str, how: Cancellation) -> Flow[Subscription]:
        now = how.timing == CancelTiming.NOW
        try:
            if now:
                body = yield from self._api.delete(path(_ONE, id), {"invoice_now": False, "prorate": False})
            else:
                body = yield from self._api.post(path(_ONE, id), {"cancel_at_period_end": True})
        except (NotFoundError, InvalidStateError) as error:
            # Stripe answers 404 to the DELETE of a cancelled subscription, as if it were not there.
            return (yield from self._ended(id, error, by_us=now and error.answer_lost_before))
        return (yield from self._written(body, "cancel"))

    def _ended(self, id: str, error: BillingError, *, by_us: bool) -> Flow[Subscription]:
        """What a refused cancellation means: done already by our own lost request, impossible now, or what Stripe said."""
        try:
            found = yield from self.get(id)
        except NotFoundError:
            raise error from None
        if found.status not in ENDED:
            raise error
        if by_us:
            return found
        raise InvalidStateError(
            f"the subscription {id} has ended already ({found.vendor_status})",
            provider="stripe",
            operation=error.operation,
            status=error.status,
            code=error.code,
            type=error.type,
            request_id=error.request_id,
            idempotency_key=error.idempotency_key,
            raw=error.raw,
        ) from error

    def _written(self, body: bytes, done: str) -> Flow[Subscription]:
        """The whole subscription after a write that took effect, whatever becomes of the reads that still follow."""
        try:
            return (yield from self._whole(body))
        except ProtocolError:
            raise
        except BillingError as error:
            id = self._api.read(_SUBSCRIPTION, body).id
            raise PartialFailureError(
                f"the subscription {id} was written, but its further items could not be read",
                done=(done,),
                failed="read",
                provider="stripe",
                hint=f"subscriptions.get({id!r}) shows it; do not write it again",
            ) from error

    def _whole(self, body: bytes | msgspec.Raw) -> Flow[Subscription]:
        """The subscription with every item, however many requests that takes."""
        found = self._api.read(_SUBSCRIPTION, body)
        items = yield from self._api.rest("/v1/subscription_items", found.items, _ITEMS, {"subscription": found.id})
        return subscription(found, items, body)
