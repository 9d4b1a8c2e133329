"""Subscriptions at Chargebee, with items (Product Catalog 2.0). A subscription has exactly one plan."""

from __future__ import annotations

from datetime import datetime

import msgspec
from billbridge.errors import InvalidStateError
from billbridge.flow import Flow, ask, path
from billbridge.model import Cancellation, CancelTiming, NewSubscription, Page, Subscription, SubscriptionQuery, SubscriptionStatus
from billbridge.services import SubscriptionService

from billbridge_chargebee import wire
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate import subscriptions


class ChargebeeSubscriptions(SubscriptionService):
    """`billing.subscriptions` on Chargebee."""

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    def create(self, new: NewSubscription) -> Flow[Subscription]:
        """Chargebee creates nothing when the first payment fails.

        `trial_days` is counted from now and sent as a time: a call that is repeated by hand with the same idempotency key should name
        `trial_end` instead, so that it is the same request.
        """
        call = yield from ask()
        params = subscriptions.creation(new, call.now)
        body = yield from self._api.post(path("/customers/{}/subscription_for_items", new.customer), params)
        return self._subscription(body, call.now)

    def get(self, id: str) -> Flow[Subscription]:
        call = yield from ask()
        body = yield from self._api.get(path("/subscriptions/{}", id))
        return self._subscription(body, call.now)

    def list(self, query: SubscriptionQuery) -> Flow[Page[Subscription]]:
        call = yield from ask()
        filters = {"customer_id": {"is": query.customer}, "sort_by": {"desc": "created_at"}}
        return (yield from self._api.page("/subscriptions", "subscription", query, filters, lambda raw: self._listed(raw, call.now)))

    def cancel(self, id: str, how: Cancellation) -> Flow[Subscription]:
        """A refusal because of the state is looked into: what was asked may be so already, by an earlier request whose answer was lost,
        or, at the end of the period, by an earlier call (which then changes nothing, as on Stripe)."""
        call = yield from ask()
        timing = CancelTiming(how.timing)
        try:
            body = yield from self._api.post(path("/subscriptions/{}/cancel_for_items", id), subscriptions.CANCELLATIONS[timing])
        except InvalidStateError as error:
            if timing is CancelTiming.NOW and not error.answer_lost_before:
                raise
            found = yield from self.get(id)
            done = found.cancel_at_period_end if timing is CancelTiming.PERIOD_END else found.status is SubscriptionStatus.CANCELED
            if not done:
                raise error from None
            return found
        return self._subscription(body, call.now)

    def _subscription(self, body: bytes, now: datetime) -> Subscription:
        subscription = self._listed(self._api.one(body, "subscription"), now)
        if subscription is None:
            raise gone("subscription")
        return subscription

    def _listed(self, raw: msgspec.Raw, now: datetime) -> Subscription | None:
        sent = self._api.read(wire.SUBSCRIPTION, raw)
        return None if sent.deleted else subscriptions.subscription(sent, raw, now)
