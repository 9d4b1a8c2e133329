"""Subscriptions at Chargebee, with items (Product Catalog 2.0). A subscription has exactly one plan."""

from __future__ import annotations

from datetime import datetime

import msgspec
from billbridge.errors import BillingError, DuplicateError, IdempotencyConflictError, InvalidStateError, PaymentActionRequiredError
from billbridge.flow import Flow, ask, path
from billbridge.model import (
    Cancellation,
    CancelTiming,
    NewSubscription,
    NextAction,
    NextActionKind,
    Page,
    Subscription,
    SubscriptionQuery,
    SubscriptionStatus,
)
from billbridge.services import SubscriptionService

from billbridge_chargebee import wire, wire_subscriptions
from billbridge_chargebee.api import ChargebeeApi, gone
from billbridge_chargebee.translate import subscriptions
from billbridge_chargebee.translate.lists import chronological, within
from billbridge_chargebee.translate.payment_methods import SETUP_PAGE


class ChargebeeSubscriptions(SubscriptionService):
    """Subscriptions at Chargebee: `/subscriptions`."""

    def __init__(self, api: ChargebeeApi) -> None:
        self._api = api

    def create(self, new: NewSubscription) -> Flow[Subscription]:
        """Create a subscription. If the first payment fails, Chargebee creates nothing.

        Billbridge makes the id from the idempotency key. Chargebee remembers a key for 30 minutes, but an id for good. So a call that you
        repeat later finds its own subscription and does not create a second one.
        """
        call = yield from ask()
        params = subscriptions.creation(new, call.key, call.now)
        # Days count from now, so a repeated call sends another trial end. It needs another key at Chargebee, and finds the same id.
        step = f"trial-{params['trial_end']}" if new.trial_days is not None else ""
        try:
            body = yield from self._api.post(path("/customers/{}/subscription_for_items", new.customer), params, step=step, draft=new)
        except DuplicateError as error:
            return (yield from self._same(new, params["id"], error))
        except PaymentActionRequiredError as error:
            error.next_action = yield from self._action(new.customer)
            error.hint = "send the customer to error.next_action.url, then call again with a new idempotency key"
            raise
        return self._subscription(body, call.now)

    def _action(self, customer: str) -> Flow[NextAction | None]:
        """Open a page of Chargebee's, on which the customer authenticates a payment method. None if that fails.

        Nothing comes of the page if the customer does not use it. It expires after five days.
        """
        try:
            body = yield from self._api.post(f"/hosted_pages/{SETUP_PAGE}", {"customer": {"id": customer}}, step="action")
            page = self._api.read(wire.HOSTED_PAGE, self._api.one(body, "hosted_page"))
        except BillingError:
            return None  # the error of the payment says more
        return NextAction(kind=NextActionKind.SETUP, id=page.id, url=page.url)

    def _same(self, new: NewSubscription, id: str, error: DuplicateError) -> Flow[Subscription]:
        """The subscription that an earlier call with this key created.

        Raises `IdempotencyConflictError` if it has another customer or other items.
        """
        found = yield from self.get(id)
        asked = {item.price: item.quantity for item in new.items}
        if found.customer_id != new.customer or {item.price_id: item.quantity or 1 for item in found.items} != asked:
            raise IdempotencyConflictError(
                f"this idempotency key has already created the subscription {id}, with another customer or other items",
                provider=self._api.provider,
                code=error.code,
                hint="pass a new idempotency key",
            ) from error
        return found

    def get(self, id: str) -> Flow[Subscription]:
        call = yield from ask()
        body = yield from self._api.get(path("/subscriptions/{}", id))
        return self._subscription(body, call.now)

    def list(self, query: SubscriptionQuery) -> Flow[Page[Subscription]]:
        call = yield from ask()
        filters = {"customer_id": {"is": query.customer}, **chronological(query, "created_at")}

        def listed(raw: msgspec.Raw) -> Subscription | None:
            found = self._listed(raw, call.now)
            return found if found is not None and within(query, found.created_at) else None

        owners = [("customer", "customers", query.customer)]
        return (yield from self._api.page("/subscriptions", "subscription", query, filters, listed, owners))

    def cancel(self, id: str, how: Cancellation) -> Flow[Subscription]:
        """Cancel a subscription.

        If Chargebee answers that the state does not allow it, Billbridge reads the subscription. It is returned if an earlier attempt of
        this call cancelled it, or if it already ends at the end of the period.
        """
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
        sent = self._api.read(wire_subscriptions.SUBSCRIPTION, raw)
        return None if sent.deleted else subscriptions.subscription(sent, raw, now)
