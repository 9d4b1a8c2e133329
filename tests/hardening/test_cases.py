"""Conformance cases that no single package's tests cover: both vendors, through the public API."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from billbridge import Billing, InvoiceStatus, Item, Money, SubscriptionStatus
from billbridge.errors import BillingError, NotFoundError, PaymentDeclinedError
from billbridge_sandbox import Sandbox

both = pytest.mark.parametrize("vendor", ["stripe", "chargebee"])


@both
@pytest.mark.parametrize("deleted", range(5), ids=["seen", "last seen", "next", "later", "none"])
def test_a_customer_deleted_between_pages_costs_no_other(vendor: str, deleted: int) -> None:
    """Case 22: nobody is passed over or shown twice. Stripe says so if the cursor itself is gone."""
    sandbox = Sandbox(start=datetime(2026, 1, 31, tzinfo=UTC))
    with Billing.connect(vendor, gateway=sandbox) as billing:
        made: list[str] = []
        for _ in range(4):
            made.insert(0, billing.customers.create().id)
            sandbox.advance(seconds=10)
        pages = billing.customers.list(page_size=2).pages()
        assert [each.id for each in next(pages).items] == made[:2]
        for victim in made[deleted : deleted + 1]:
            billing.customers.delete(victim, destroy_history=True)
        if (vendor, deleted) == ("stripe", 1):
            with pytest.raises(NotFoundError) as caught:
                next(pages)
            assert (caught.value.param, caught.value.provider_param) == ("cursor", "starting_after")
        else:
            left = [id for index, id in enumerate(made) if index >= 2 and index != deleted]
            assert [each.id for page in pages for each in page.items] == left


@both
def test_a_payment_that_is_declined_leaves_the_invoice_open(vendor: str) -> None:
    """Case 59, as far as Billbridge charges: at a renewal. Case 50: the first payment leaves nothing."""
    sandbox = Sandbox(start=datetime(2026, 1, 31, tzinfo=UTC))
    with Billing.connect(vendor, gateway=sandbox) as billing:
        ada, eve = billing.customers.create(), billing.customers.create()
        billing.products.create(id="pro", name="Pro")
        price = billing.prices.create(id="pro-monthly", product="pro", amount=Money("19", "USD"), every="month")
        billing.payment_methods.attach(ada.id, token="tok_visa")
        billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id)])
        billing.payment_methods.attach(ada.id, token="tok_chargeDeclined")
        sandbox.advance(days=29)
        newest, oldest = billing.invoices.list(customer=ada.id)
        assert (newest.status, newest.amount_due, newest.amount_paid) == (InvoiceStatus.OPEN, Money(19, "USD"), Money(0, "USD"))
        assert oldest.status is InvoiceStatus.PAID
        (subscription,) = billing.subscriptions.list(customer=ada.id)
        assert subscription.status is SubscriptionStatus.PAST_DUE
        billing.payment_methods.attach(eve.id, token="tok_chargeDeclined")
        with pytest.raises(PaymentDeclinedError):
            billing.subscriptions.create(customer=eve.id, items=[Item(price=price.id)])
        assert [list(billing.subscriptions.list(customer=eve.id)), list(billing.invoices.list(customer=eve.id))] == [[], []]


@both
@pytest.mark.parametrize("name", ["Ada", "Ada King Lovelace", "王 小明", "ひらがな", "José María de la Cruz"])
def test_a_name_comes_back_whole(vendor: str, name: str) -> None:
    """Case 66: one word, many words, other scripts."""
    with Billing.connect(vendor, gateway=Sandbox()) as billing:
        made = billing.customers.create(name=name)
        assert billing.customers.get(made.id).name == name
        assert billing.customers.update(made.id, name=name[::-1].strip()).name == name[::-1].strip()


@both
def test_a_deleted_customer_is_not_found_and_not_listed(vendor: str) -> None:
    """Case 65."""
    with Billing.connect(vendor, gateway=Sandbox()) as billing:
        made, kept = billing.customers.create(), billing.customers.create()
        if vendor == "chargebee":
            with pytest.raises(BillingError) as refused:
                billing.customers.delete(made.id)
            assert (refused.value.status, billing.customers.get(made.id).id) == (None, made.id)
        billing.customers.delete(made.id, destroy_history=True)
        with pytest.raises(NotFoundError) as caught:
            billing.customers.get(made.id)
        assert caught.value.deleted
        assert [each.id for each in billing.customers.list()] == [kept.id]
