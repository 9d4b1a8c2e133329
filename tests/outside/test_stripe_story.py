"""The official Stripe client runs a story on the sandbox over HTTP, and every exchange is checked (see `watched.py`)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import stripe
from watched import START, Watched


@pytest.fixture
def price(stripe_client: stripe.StripeClient) -> str:
    """A monthly price of 19.00 USD."""
    product = stripe_client.v1.products.create({"name": "Pro", "metadata": {"tier": "gold"}})
    made = stripe_client.v1.prices.create(
        {"product": product.id, "currency": "usd", "unit_amount": 1900, "recurring": {"interval": "month"}, "lookup_key": "pro"}
    )
    return made.id


def customer_with_card(client: stripe.StripeClient, token: str) -> str:
    customer = client.v1.customers.create({"email": "ada@example.com", "name": "Ada Lovelace", "address": {"city": "London"}})
    method = client.v1.payment_methods.create({"type": "card", "card": {"token": token}})
    client.v1.payment_methods.attach(method.id, {"customer": customer.id})
    client.v1.customers.update(customer.id, {"invoice_settings": {"default_payment_method": method.id}})
    return customer.id


def subscribe(client: stripe.StripeClient, customer: str, price: str, **more: Any) -> stripe.Subscription:
    params: Any = {"customer": customer, "items": [{"price": price, "quantity": 3}], **more}
    return client.v1.subscriptions.create(params)


def test_a_subscription_is_paid_and_renews_after_a_month(watched: Watched, stripe_client: stripe.StripeClient, price: str) -> None:
    customer = customer_with_card(stripe_client, "tok_visa")
    subscription = subscribe(stripe_client, customer, price, expand=["latest_invoice.payments", "customer"])
    first = subscription.latest_invoice
    assert isinstance(first, stripe.Invoice)
    assert (subscription.status, first.status, first.total, first.amount_paid) == ("active", "paid", 5700, 5700)

    watched.simulation.advance(to=datetime(2026, 2, 28, 13, tzinfo=UTC))
    watched.simulation.advance(hours=3)

    invoices = list(stripe_client.v1.invoices.list({"subscription": subscription.id, "expand": ["data.payments"]}).auto_paging_iter())
    assert [(each.billing_reason, each.status, each.total) for each in invoices] == [
        ("subscription_cycle", "paid", 5700),
        ("subscription_create", "paid", 5700),
    ]
    item = stripe_client.v1.subscriptions.retrieve(subscription.id, {"expand": ["items.data.price.product"]}).items.data[0]
    assert datetime.fromtimestamp(item.current_period_end, UTC) == START.replace(month=3)
    assert stripe_client.v1.invoices.retrieve(str(invoices[0].id)).lines.data[0].amount == 5700


def test_more_than_a_hundred_customers_are_paged_through_once_each(stripe_client: stripe.StripeClient) -> None:
    made = [stripe_client.v1.customers.create({"name": f"Customer {number}"}).id for number in range(105)]
    listed = [each.id for each in stripe_client.v1.customers.list({"limit": 50}).auto_paging_iter()]
    assert listed == made[::-1]
    page = stripe_client.v1.customers.list({"limit": 5, "ending_before": made[50]})
    assert [each.id for each in page.data] == made[55:50:-1]


def test_a_declined_card_leaves_nothing_behind(stripe_client: stripe.StripeClient, price: str) -> None:
    customer = customer_with_card(stripe_client, "tok_visa")
    bad = stripe_client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_chargeDeclined"}})
    stripe_client.v1.payment_methods.attach(bad.id, {"customer": customer})
    with pytest.raises(stripe.CardError) as caught:
        subscribe(stripe_client, customer, price, payment_behavior="error_if_incomplete", default_payment_method=bad.id)
    assert (caught.value.http_status, caught.value.code) == (402, "card_declined")
    assert stripe_client.v1.subscriptions.list({"customer": customer, "status": "all"}).data == []


def test_an_unpaid_renewal_makes_the_subscription_past_due(watched: Watched, stripe_client: stripe.StripeClient, price: str) -> None:
    customer = customer_with_card(stripe_client, "tok_visa")
    subscription = subscribe(stripe_client, customer, price)
    method = stripe_client.v1.payment_methods.list({"customer": customer}).data[0]
    stripe_client.v1.payment_methods.detach(method.id)
    watched.simulation.advance(days=29)
    again = stripe_client.v1.subscriptions.retrieve(subscription.id, {"expand": ["latest_invoice"]})
    assert isinstance(again.latest_invoice, stripe.Invoice)
    assert (again.status, again.latest_invoice.status, again.latest_invoice.amount_remaining) == ("past_due", "open", 5700)


def test_a_trial_raises_an_invoice_of_nothing_and_charges_at_its_end(
    watched: Watched, stripe_client: stripe.StripeClient, price: str
) -> None:
    subscription = subscribe(stripe_client, customer_with_card(stripe_client, "tok_visa"), price, trial_period_days=7)
    assert subscription.status == "trialing"
    watched.simulation.advance(days=7, hours=3)
    invoices = stripe_client.v1.invoices.list({"subscription": subscription.id}).data
    assert [each.amount_paid for each in invoices] == [5700, 0]
    assert stripe_client.v1.subscriptions.retrieve(subscription.id).status == "active"


def test_a_subscription_is_cancelled_at_the_end_of_its_period(watched: Watched, stripe_client: stripe.StripeClient, price: str) -> None:
    subscription = subscribe(stripe_client, customer_with_card(stripe_client, "tok_visa"), price)
    stripe_client.v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True, "metadata": {"why": "story"}})
    watched.simulation.advance(days=40)
    ended = stripe_client.v1.subscriptions.retrieve(subscription.id)
    assert (ended.status, datetime.fromtimestamp(ended.ended_at or 0, UTC)) == ("canceled", START.replace(month=2, day=28))
    assert len(stripe_client.v1.invoices.list({"subscription": subscription.id}).data) == 1


def test_a_subscription_is_cancelled_at_once(stripe_client: stripe.StripeClient, price: str) -> None:
    subscription = subscribe(stripe_client, customer_with_card(stripe_client, "tok_visa"), price)
    assert stripe_client.v1.subscriptions.cancel(subscription.id).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        stripe_client.v1.subscriptions.cancel(subscription.id)
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_an_unknown_customer_is_not_found_and_a_deleted_one_is_said_to_be(stripe_client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        stripe_client.v1.customers.retrieve("cus_nobody")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    customer = stripe_client.v1.customers.create({"name": "Ada"})
    assert stripe_client.v1.customers.delete(customer.id).deleted is True
    assert stripe_client.v1.customers.retrieve(customer.id).deleted is True


def test_a_repeated_key_replays_the_answer_and_refuses_another_request(stripe_client: stripe.StripeClient) -> None:
    first, again = (stripe_client.v1.customers.create({"name": "Ada"}, {"idempotency_key": "once"}) for _ in range(2))
    assert first.id == again.id
    assert len(stripe_client.v1.customers.list().data) == 1
    with pytest.raises(stripe.IdempotencyError) as caught:
        stripe_client.v1.customers.create({"name": "Grace"}, {"idempotency_key": "once"})
    assert caught.value.http_status == 400


def test_what_the_law_forbids_the_simulated_stripe_refuses(watched: Watched, stripe_client: stripe.StripeClient) -> None:
    unknown: Any = {"name": "Ada", "address": {"town": "London"}}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        stripe_client.v1.customers.create(unknown)
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, "parameter_unknown", "address[town]")
    assert watched.faults == ["POST /v1/customers 400 request: address[town]: unknown parameter"]
    watched.faults.clear()


def test_every_kind_of_object_can_be_read_back(stripe_client: stripe.StripeClient, price: str) -> None:
    v1 = stripe_client.v1
    customer = customer_with_card(stripe_client, "tok_visa")
    subscription = subscribe(stripe_client, customer, price)
    invoice = v1.invoices.list({"customer": customer}).data[0]
    method = v1.customers.payment_methods.list(customer).data[0]
    assert v1.customers.retrieve(customer, {"expand": ["invoice_settings.default_payment_method"]}).id == customer
    assert v1.payment_methods.retrieve(method.id).customer == customer
    assert v1.products.retrieve(v1.products.list().data[0].id).name == "Pro"
    assert v1.prices.retrieve(price, {"expand": ["product"]}).id == v1.prices.list({"lookup_keys": ["pro"]}).data[0].id
    assert v1.subscription_items.list({"subscription": subscription.id}).data[0].quantity == 3
    assert v1.invoices.line_items.list(str(invoice.id)).data[0].quantity == 3
    assert v1.invoice_payments.list({"invoice": str(invoice.id)}).data[0].amount_paid == 5700
