"""A small shop on the simulated Stripe: what most tests need before they begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe
from billbridge_sandbox.simulation import Simulation

DAY = 24 * 60 * 60


def at(month: int, day: int, hour: int = 12) -> int:
    """A moment of 2026 in Unix seconds."""
    return int(datetime(2026, month, day, hour, tzinfo=UTC).timestamp())


@dataclass
class Shop:
    """One product, prices and customers made through the official client."""

    client: stripe.StripeClient
    simulation: Simulation

    def price(self, amount: int = 1900, currency: str = "usd", interval: Any = "month", **more: Any) -> stripe.Price:
        product = self.client.v1.products.create({"name": "Pro"})
        given: Any = {"product": product.id, "currency": currency, "unit_amount": amount, "recurring": {"interval": interval}, **more}
        return self.client.v1.prices.create(given)

    def customer(self, token: str | None = "tok_visa") -> stripe.Customer:
        customer = self.client.v1.customers.create({"email": "ada@example.com", "name": "Ada"})
        if token is not None:
            self.give_card(customer.id, token)
        return customer

    def give_card(self, customer: str, token: str) -> stripe.PaymentMethod:
        method = self.client.v1.payment_methods.create({"type": "card", "card": {"token": token}})
        self.client.v1.payment_methods.attach(method.id, {"customer": customer})
        self.client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": method.id}})
        return method

    def subscribe(self, token: str | None = "tok_visa", quantity: int = 1, **more: Any) -> stripe.Subscription:
        customer, price = self.customer(token), self.price()
        given: Any = {"customer": customer.id, "items": [{"price": price.id, "quantity": quantity}], **more}
        return self.client.v1.subscriptions.create(given)

    def again(self, subscription: stripe.Subscription) -> stripe.Subscription:
        return self.client.v1.subscriptions.retrieve(subscription.id)

    def invoice(self, subscription: stripe.Subscription) -> stripe.Invoice:
        """The latest invoice of a subscription, as it is now, its payments included."""
        latest = self.again(subscription).latest_invoice
        assert isinstance(latest, str)
        return self.client.v1.invoices.retrieve(latest, {"expand": ["payments", "confirmation_secret"]})
