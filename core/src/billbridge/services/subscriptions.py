"""The operations on subscriptions."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import Cancellation, NewSubscription, Page, Subscription, SubscriptionQuery
from billbridge.services.base import Service


class SubscriptionService(Service):
    """Subscriptions: a customer pays for prices in every period."""

    resource = "subscriptions"

    def create(self, new: NewSubscription) -> Flow[Subscription]:
        """Create a subscription.

        The vendor creates and charges the first invoice at once, or at the end of the trial. If that payment fails, no subscription exists
        afterwards. Pass `payment_behavior` to keep it instead.

        Stripe: if you pass a quantity, Billbridge reads the price first. Chargebee takes the end of a trial as a time, so `trial_days` are
        counted from the clock of this client (in the sandbox, from the clock of the simulated vendor).

        If the customer must authenticate, `PaymentActionRequiredError` says how to go on: Stripe keeps a subscription only with
        `payment_behavior="allow_incomplete"`, and its `next_action` is for the customer. At Chargebee, Billbridge opens a hosted page
        (`error.next_action.url`); afterwards you call again.

        Raises `PaymentDeclinedError`, `PaymentActionRequiredError` or `PaymentMethodRequiredError` if the payment fails, `NotFoundError`
        for an unknown customer or price, and `ValidationError` for a quantity of a flat price, for an archived price, and for a trial that
        ends in the past.
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[Subscription]:
        """Get one subscription, also a cancelled one. Raises `NotFoundError`."""
        self._refuse("get")

    def list(self, query: SubscriptionQuery) -> Flow[Page[Subscription]]:
        """List subscriptions of every status, newest first. Raises `NotFoundError` for an unknown `customer`."""
        self._refuse("list")

    def cancel(self, id: str, how: Cancellation) -> Flow[Subscription]:
        """Cancel a subscription, now or at the end of the paid period. Until that end it stays active.

        Nothing is refunded and nothing more is charged: charges that are not yet invoiced are dropped. You can repeat a cancellation at the
        end of the period; it changes nothing.

        Raises `InvalidStateError` if the subscription is already cancelled, and `NotFoundError` if it does not exist.
        """
        self._refuse("cancel")
