"""A card whose owner must authenticate: the error or the subscription names the next action, and afterwards the subscription is paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from billbridge import Billing, Item, Money, Subscription, SubscriptionStatus
from billbridge.errors import PaymentActionRequiredError, PaymentDeclinedError
from billbridge.model import NextAction, NextActionKind
from billbridge_sandbox import Fault, Sandbox
from billbridge_sandbox.chargebee.vendor import ChargebeeVendor
from billbridge_sandbox.stripe.vendor import StripeVendor

START = datetime(2026, 1, 31, 9, tzinfo=UTC)
AUTHENTICATE = "tok_authenticationRequired"


class Shop:
    """A customer with such a card, and a price."""

    def __init__(self, vendor: str, token: str = AUTHENTICATE) -> None:
        self.sandbox = Sandbox(start=START)
        self.billing = Billing.connect(vendor, gateway=self.sandbox)
        self.customer = self.billing.customers.create(email="ada@example.com").id
        product = self.billing.products.create(name="Pro").id
        price = self.billing.prices.create(product=product, amount=Money("19.00", "USD"), every="month").id
        self.items = [Item(price=price)]
        self.billing.payment_methods.attach(self.customer, token=token)

    def subscribe(self, **more: Any) -> Subscription:
        return self.billing.subscriptions.create(customer=self.customer, items=self.items, **more)

    def refused(self) -> PaymentActionRequiredError:
        with pytest.raises(PaymentActionRequiredError) as caught:
            self.subscribe()
        return caught.value

    def paid(self) -> list[Money]:
        return [invoice.amount_paid for invoice in self.billing.invoices.list(customer=self.customer)]


@pytest.fixture
def stripe() -> Iterator[Shop]:
    shop = Shop("stripe")
    with shop.billing:
        yield shop


@pytest.fixture
def chargebee() -> Iterator[Shop]:
    shop = Shop("chargebee")
    with shop.billing:
        yield shop


def test_at_stripe_a_refused_subscription_leaves_nothing_and_the_hint_says_how_to_keep_one(stripe: Shop) -> None:
    error = stripe.refused()
    assert error.next_action is None
    assert "payment_behavior='allow_incomplete'" in (error.hint or "")
    assert list(stripe.billing.subscriptions.list(customer=stripe.customer)) == []


def test_at_stripe_an_incomplete_subscription_is_active_after_the_customer_authenticates(stripe: Shop) -> None:
    made = stripe.subscribe(payment_behavior="allow_incomplete")
    action = made.next_action
    assert (made.status, stripe.paid()) == (SubscriptionStatus.INCOMPLETE, [Money(0, "USD")])
    assert action is not None
    assert (action.kind, action.url, action.id[:3]) == (NextActionKind.PAYMENT, None, "pi_")
    assert (action.client_secret or "").startswith(f"{action.id}_secret_")
    assert stripe.billing.subscriptions.get(made.id).next_action == action
    stripe.sandbox.part(StripeVendor).authenticate(action.id)
    after = stripe.billing.subscriptions.get(made.id)
    assert (after.status, after.next_action, stripe.paid()) == (SubscriptionStatus.ACTIVE, None, [Money("19.00", "USD")])


def test_at_stripe_a_list_reads_no_next_action(stripe: Shop) -> None:
    stripe.subscribe(payment_behavior="allow_incomplete")
    assert [each.next_action for each in stripe.billing.subscriptions.list(customer=stripe.customer)] == [None]


def test_at_stripe_a_refusal_that_keeps_a_payment_intent_names_it(stripe: Shop) -> None:
    made = stripe.subscribe(payment_behavior="allow_incomplete")
    with pytest.raises(PaymentActionRequiredError) as caught:
        stripe.billing.raw.post(f"/v1/invoices/{made.latest_invoice_id}/pay", {"off_session": False})
    assert (caught.value.next_action, caught.value.hint) == (made.next_action, None)


def test_at_stripe_the_customer_cannot_authenticate_twice(stripe: Shop) -> None:
    action = stripe.subscribe(payment_behavior="allow_incomplete").next_action
    assert action is not None
    vendor = stripe.sandbox.part(StripeVendor)
    vendor.authenticate(action.id)
    with pytest.raises(Exception, match="waits for no action"):
        vendor.authenticate(action.id)


def test_at_chargebee_the_error_has_a_page_and_the_next_call_is_paid_after_the_customer_used_it(chargebee: Shop) -> None:
    error = chargebee.refused()
    action = error.next_action
    assert action is not None
    assert (action.kind, action.client_secret) == (NextActionKind.SETUP, None)
    assert (action.url or "").startswith("https://")
    assert "new idempotency key" in (error.hint or "")
    assert (list(chargebee.billing.subscriptions.list(customer=chargebee.customer)), sum(chargebee.paid())) == ([], 0)
    chargebee.sandbox.part(ChargebeeVendor).complete_hosted_page(action.id, AUTHENTICATE)
    assert chargebee.subscribe().status is SubscriptionStatus.ACTIVE
    assert [amount for amount in chargebee.paid() if amount] == [Money("19.00", "USD")]


def test_at_chargebee_a_page_that_cannot_be_opened_does_not_hide_the_error(chargebee: Shop) -> None:
    chargebee.sandbox.faults.next(Fault.UNAVAILABLE, path="/api/v2/hosted_pages/*", times=3)
    assert chargebee.refused().next_action is None


def test_a_plain_decline_has_no_next_action() -> None:
    shop = Shop("chargebee", token="tok_chargeDeclined")
    with shop.billing, pytest.raises(PaymentDeclinedError) as caught:
        shop.subscribe()
    assert not hasattr(caught.value, "next_action")


def test_the_secret_of_the_customer_is_not_shown() -> None:
    action = NextAction(kind=NextActionKind.PAYMENT, id="pi_1", client_secret="pi_1_secret_x", url="https://bank.example/x")
    assert repr(action) == "NextAction(kind='payment', id='pi_1')"
