"""Subscriptions at Stripe. The requests only; `translate.subscriptions` says what the fields mean."""

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
    SubscriptionStatus,
)
from billbridge.services import SubscriptionService

from billbridge_stripe import wire_subscriptions as wire
from billbridge_stripe.api import StripeApi
from billbridge_stripe.lists import created, rows
from billbridge_stripe.prices import StripePrices
from billbridge_stripe.translate.next_actions import payment_action
from billbridge_stripe.translate.subscriptions import ENDED, new_subscription, subscription
from billbridge_stripe.wire import Rows

_SUBSCRIPTION: Final = msgspec.json.Decoder(wire.Subscription)
_UNPAID: Final = msgspec.json.Decoder(wire.UnpaidInvoice)
_ITEMS: Final = msgspec.json.Decoder(Rows[wire.SubscriptionItem])
_ALL: Final = "/v1/subscriptions"
_ONE: Final = "/v1/subscriptions/{}"


class StripeSubscriptions(SubscriptionService):
    """Subscriptions at Stripe: `/v1/subscriptions`, and `/v1/subscription_items` for those with many items."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api
        self._prices = StripePrices(api)

    def create(self, new: NewSubscription) -> Flow[Subscription]:
        for index, item in enumerate(new.items):
            if item.quantity != 1:
                try:
                    price = yield from self._prices.get(item.price)
                except NotFoundError as error:
                    error.param = f"items[{index}].price"
                    raise
                if price.model is PricingModel.FLAT:
                    raise ValidationError(
                        f"the price {price.id} is flat and takes only the quantity 1, not {item.quantity}",
                        param=f"items[{index}].quantity",
                        provider="stripe",
                        hint="leave quantity out, or use a price of model 'per_unit'",
                    )
        body = yield from self._api.post(_ALL, new_subscription(new))
        return (yield from self._written(body, "create"))

    def get(self, id: str) -> Flow[Subscription]:
        body = yield from self._api.get(path(_ONE, id))
        return (yield from self._with_action((yield from self._whole(body))))

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
            # Stripe answers 404 to the DELETE of a cancelled subscription.
            return (yield from self._ended(id, error, by_us=now and error.answer_lost_before))
        return (yield from self._written(body, "cancel"))

    def _ended(self, id: str, error: BillingError, *, by_us: bool) -> Flow[Subscription]:
        """Explain a failed cancellation.

        If an earlier attempt of this call cancelled the subscription, it is returned. If it had ended before, `InvalidStateError` is
        raised. Else Stripe's own error is raised.
        """
        try:
            found = yield from self.get(id)
        except NotFoundError:
            raise error from None
        if found.status not in ENDED:
            raise error
        if by_us:
            return found
        raise InvalidStateError(
            f"the subscription {id} has already ended (status {found.vendor_status})",
            hint="nothing is left to cancel",
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
        """Read the remaining items and the next action after a write that succeeded.

        Raises `PartialFailureError` if they cannot be read.
        """
        try:
            return (yield from self._with_action((yield from self._whole(body))))
        except ProtocolError:
            raise
        except BillingError as error:
            id = self._api.read(_SUBSCRIPTION, body).id
            raise PartialFailureError(
                f"the subscription {id} was written, but not all of it could be read",
                done=(done,),
                failed="read",
                provider="stripe",
                hint=f"call subscriptions.get({id!r}) to read it; do not repeat the write",
            ) from error

    def _with_action(self, found: Subscription) -> Flow[Subscription]:
        """Read how the customer can pay the first invoice of an incomplete subscription."""
        if found.status is not SubscriptionStatus.INCOMPLETE or found.latest_invoice_id is None:
            return found
        body = yield from self._api.get(path("/v1/invoices/{}", found.latest_invoice_id), {"expand": ["confirmation_secret"]})
        secret = self._api.read(_UNPAID, body).confirmation_secret
        return found if secret is None else msgspec.structs.replace(found, next_action=payment_action(secret.client_secret))

    def _whole(self, body: bytes | msgspec.Raw) -> Flow[Subscription]:
        """Read the remaining items of a subscription, with as many requests as they take."""
        found = self._api.read(_SUBSCRIPTION, body)
        items = yield from self._api.rest("/v1/subscription_items", found.items, _ITEMS, {"subscription": found.id})
        return subscription(found, items, body)
