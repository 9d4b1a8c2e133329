"""The promise about subscriptions."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import Cancellation, NewSubscription, Page, Subscription, SubscriptionQuery
from billbridge.services.base import Service


class SubscriptionService(Service):
    """Subscriptions: a customer pays for prices, period after period."""

    resource = "subscriptions"

    def create(self, new: NewSubscription) -> Flow[Subscription]:
        """Starts a subscription: the first invoice is raised and charged at once, or at the end of the trial.

        If that payment fails nothing is left behind (see `payment_behavior` for the other choice). Raises `PaymentDeclinedError`,
        `PaymentActionRequiredError`, `PaymentMethodRequiredError`; `NotFoundError` for an unknown customer or price;
        `ValidationError` for a quantity of a flat price. Stripe reads the price first where a quantity is given. Chargebee takes the end
        of a trial as a time: `trial_days` are counted there from this client's clock (a simulated vendor's own, in the sandbox).
        """
        self._refuse("create")

    def get(self, id: str) -> Flow[Subscription]:
        """One subscription, also a cancelled one. Raises `NotFoundError`."""
        self._refuse("get")

    def list(self, query: SubscriptionQuery) -> Flow[Page[Subscription]]:
        """All subscriptions that match, of every status, newest first."""
        self._refuse("list")

    def cancel(self, id: str, how: Cancellation) -> Flow[Subscription]:
        """Cancels now, or at the end of the period that is paid for (it stays active until then).

        Nothing is refunded and nothing more is charged: charges not yet invoiced are dropped. Asking for the end of the period again
        changes nothing. Cancelling a cancelled subscription raises `InvalidStateError`, an unknown one `NotFoundError`.
        """
        self._refuse("cancel")
