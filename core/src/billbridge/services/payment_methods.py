"""The promise about payment methods."""

from __future__ import annotations

from billbridge.flow import Flow
from billbridge.model import (
    Customer,
    NewPaymentMethod,
    NewPaymentMethodSetup,
    Page,
    PaymentMethod,
    PaymentMethodQuery,
    PaymentMethodSetup,
)
from billbridge.services.base import Service


class PaymentMethodService(Service):
    """Payment methods: what customers pay with. Card numbers never pass through here, only tokens of the vendor's client-side library."""

    resource = "payment_methods"

    def attach(self, customer: str, new: NewPaymentMethod) -> Flow[PaymentMethod]:
        """Gives a customer the payment method behind a token, and charges it by default from now on unless `make_default` is false.

        The token is what the vendor's client-side library gave: `pm_…` or `tok_…` at Stripe, a Chargebee token at Chargebee.
        Chargebee makes a customer's first method the default one in any case. Stripe needs two or three requests: if the last one
        fails, `PartialFailureError` says that the method is attached but not the default. Raises `PaymentDeclinedError` if the
        vendor checks the card and it is refused, `NotFoundError` or `ValidationError` for a token that does not exist.
        """
        self._refuse("attach")

    def get(self, id: str) -> Flow[PaymentMethod]:
        """One payment method. Raises `NotFoundError`. One that was detached Stripe still shows, without a customer; Chargebee does not."""
        self._refuse("get")

    def detach(self, id: str) -> Flow[None]:
        """Takes a payment method from its customer: it is not charged any more. What is stored at the payment gateway is left alone.

        Stripe cannot attach it again. Chargebee only forgets it (`delete_local`), because its delete also destroys the card at the
        gateway, and it may be another vendor's. Raises `NotFoundError`; detaching it twice raises `NotFoundError` or `ValidationError`.
        """
        self._refuse("detach")

    def setup(self, customer: str, new: NewPaymentMethodSetup) -> Flow[PaymentMethodSetup]:
        """Asks the customer for a new payment method: on a page of the vendor's (send them to `url`), or in yours (`client_secret`).

        The url and the client secret let whoever has them act for the customer. Chargebee's page manages all methods of the customer.
        Raises `NotFoundError`.
        """
        self._refuse("setup")

    def get_setup(self, id: str) -> Flow[PaymentMethodSetup]:
        """How a setup stands, by its id. Raises `NotFoundError`."""
        self._refuse("get_setup")

    def list(self, query: PaymentMethodQuery) -> Flow[Page[PaymentMethod]]:
        """A customer's payment methods, newest first."""
        self._refuse("list")

    def set_default(self, customer: str, payment_method: str) -> Flow[Customer]:
        """Charges this method from now on, when a subscription names no other. Returns the customer. Raises `NotFoundError`."""
        self._refuse("set_default")
