"""The operations on payment methods."""

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
    """Payment methods: what customers pay with. You pass tokens of the vendor's client-side library, never card numbers."""

    resource = "payment_methods"

    def attach(self, customer: str, new: NewPaymentMethod) -> Flow[PaymentMethod]:
        """Attach the payment method of a token to a customer.

        It becomes the default, unless `make_default` is false. Chargebee makes a customer's first payment method the default in any case.

        The token comes from the vendor's client-side library: `pm_…` or `tok_…` at Stripe, a Chargebee token at Chargebee. Stripe needs two
        or three requests. If the last one fails, `PartialFailureError` says that the payment method is attached but not the default.

        Raises `PaymentDeclinedError` if the vendor checks the card and the bank declines it, `ValidationError` for a token that the vendor
        did not give, and `NotFoundError` for an unknown customer or an unknown `pm_…`.
        """
        self._refuse("attach")

    def get(self, id: str) -> Flow[PaymentMethod]:
        """Get one payment method. Raises `NotFoundError`.

        After `detach`, Stripe still returns it, without a customer. Chargebee raises `NotFoundError`.
        """
        self._refuse("get")

    def detach(self, id: str) -> Flow[None]:
        """Detach a payment method from its customer, so that it is not charged any more.

        The payment gateway keeps its own copy. Stripe cannot attach the payment method again. Chargebee only forgets it (`delete_local`),
        because its delete also destroys the card at the gateway, where another vendor may use it.

        Raises `NotFoundError`. A second call raises `NotFoundError` or `ValidationError`.
        """
        self._refuse("detach")

    def setup(self, customer: str, new: NewPaymentMethodSetup) -> Flow[PaymentMethodSetup]:
        """Start the setup of a new payment method.

        The customer enters it on a page of the vendor (send the customer to `url`), or on your own page (with `client_secret`). Keep both
        secret: whoever has one can act for the customer. Chargebee's page manages all payment methods of the customer.

        Raises `NotFoundError`.
        """
        self._refuse("setup")

    def get_setup(self, id: str) -> Flow[PaymentMethodSetup]:
        """Get a setup by its id, with its present status. Raises `NotFoundError`."""
        self._refuse("get_setup")

    def list(self, query: PaymentMethodQuery) -> Flow[Page[PaymentMethod]]:
        """List the payment methods of a customer, newest first. Raises `NotFoundError` for an unknown customer."""
        self._refuse("list")

    def set_default(self, customer: str, payment_method: str) -> Flow[Customer]:
        """Make a payment method the customer's default, and return the customer.

        It is charged when a subscription names no other payment method. Raises `NotFoundError`, also for a payment method of another
        customer.
        """
        self._refuse("set_default")
