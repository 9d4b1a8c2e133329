"""The plugin against the simulated Stripe, through the public API. What one request says is tested elsewhere; here it works together."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest
from billbridge import AsyncBilling, Billing, Item, Money
from billbridge.errors import (
    DuplicateError,
    IdempotencyConflictError,
    InvalidStateError,
    NotFoundError,
    PaymentActionRequiredError,
    PaymentDeclinedError,
    PaymentMethodRequiredError,
    UnsupportedOperationError,
    ValidationError,
)
from billbridge.model import (
    Address,
    CancelTiming,
    CollectionState,
    Customer,
    InvoiceStatus,
    PaymentMethodStatus,
    Price,
    PricingModel,
    SubscriptionStatus,
)
from billbridge_sandbox import Sandbox

from .selling import START, billing, sandbox

__all__ = ["billing", "sandbox"]  # fixtures

ADDRESS = Address(line1="1 Square", line2="Flat 2", city="London", postal_code="SW1Y", country="GB")


def priced(billing: Billing, id: str = "pro-monthly", amount: str = "19.00", currency: str = "USD") -> Price:
    product = billing.products.create(name="Pro", description="All of it", metadata={"a": "1"})
    return billing.prices.create(
        id=id, product=product.id, amount=Money(amount, currency), every="month", nickname="M", metadata={"b": "2"}
    )


def paying(billing: Billing, token: str = "tok_visa") -> Customer:
    customer = billing.customers.create(email="ada@example.com", name="Ada")
    billing.payment_methods.attach(customer.id, token=token)
    return billing.customers.get(customer.id)


def test_a_customer_is_written_changed_cleared_and_deleted(billing: Billing) -> None:
    """Cases 2 and 65."""
    made = billing.customers.create(email="ada@example.com", name="Ada", phone="+1", address=ADDRESS, metadata={"a": "1", "b": "2"})
    assert (made.email, made.name, made.phone, made.address, made.created_at) == ("ada@example.com", "Ada", "+1", ADDRESS, START)
    assert made == billing.customers.get(made.id)
    changed = billing.customers.update(made.id, name=None, phone=None, address=Address(city="Paris"), metadata={"a": "", "c": "3"})
    assert (changed.email, changed.name, changed.phone) == ("ada@example.com", None, None)
    assert changed.address == Address(city="Paris")
    assert changed.metadata == {"b": "2", "c": "3"}
    cleared = billing.customers.update(made.id, address=None, metadata=None, email=None)
    assert (cleared.address, cleared.metadata, cleared.email) == (None, {}, None)
    billing.customers.delete(made.id)
    with pytest.raises(NotFoundError) as caught:
        billing.customers.get(made.id)
    assert caught.value.deleted
    with pytest.raises(NotFoundError):
        billing.customers.delete(made.id)


def test_lists_walk_every_page_newest_first(billing: Billing) -> None:
    """Case 20: 101 objects, a page boundary, a cursor that resumes."""
    made = [billing.customers.create(email="a@example.com").id for _ in range(101)]
    billing.customers.create(email="A@example.com")
    assert [each.id for each in billing.customers.list(email="a@example.com")] == made[::-1]
    pages = list(billing.customers.list(email="a@example.com", page_size=50).pages())
    assert [len(page.items) for page in pages] == [50, 50, 1]
    rest = billing.customers.list(email="a@example.com", page_size=50, cursor=pages[0].next_cursor)
    assert [each.id for each in rest] == made[50::-1]
    assert list(billing.customers.list(email="nobody@example.com")) == []


def test_the_catalog_reads_as_it_was_written(billing: Billing) -> None:
    """Cases 25, 26 and 27."""
    product = billing.products.create(id="pro", name="Pro", description="All of it", metadata={"a": "1"})
    assert product == billing.products.get("pro")
    assert (product.id, product.name, product.description, product.metadata, product.active) == (
        "pro",
        "Pro",
        "All of it",
        {"a": "1"},
        True,
    )
    assert [each.id for each in billing.products.list(active=True)] == ["pro"]
    assert list(billing.products.list(active=False)) == []
    with pytest.raises(DuplicateError) as caught:
        billing.products.create(id="pro", name="Pro")
    assert caught.value.existing_id == "pro"
    for amount in (Money("19.00", "USD"), Money("500", "JPY"), Money("1.23", "KWD"), Money("0.005", "USD"), Money("5", "ISK")):
        price = billing.prices.create(product="pro", amount=amount, every="week", interval_count=2, allow_fractional=True)
        assert (price.unit_amount, price.currency, price.interval_count) == (amount, amount.currency, 2)
        assert billing.prices.get(price.id) == price
    flat = billing.prices.create(product="pro", amount=Money("99", "USD"), every="year", model="flat", metadata={"b": "2"})
    assert (flat.model, flat.metadata) == (PricingModel.FLAT, {"b": "2"})
    assert len(list(billing.prices.list(product="pro", active=True))) == 6


def test_a_taken_lookup_key_is_a_duplicate(billing: Billing) -> None:
    price = priced(billing)
    assert price.lookup_key == "pro-monthly"
    with pytest.raises(DuplicateError) as caught:
        priced(billing)
    assert caught.value.existing_id == price.id


def test_a_subscription_is_charged_renewed_and_cancelled(billing: Billing, sandbox: Sandbox) -> None:
    """Cases 24, 29, 43 and 44."""
    ada, price = paying(billing), priced(billing)
    made = billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id, quantity=3)], metadata={"team": "7"})
    assert made == billing.subscriptions.get(made.id)
    assert (made.status, made.customer_id, made.currency, made.metadata) == (SubscriptionStatus.ACTIVE, ada.id, "USD", {"team": "7"})
    assert (made.current_period_start, made.current_period_end) == (START, datetime(2026, 2, 28, 12, tzinfo=UTC))
    assert [(item.price_id, item.quantity, item.unit_amount) for item in made.items] == [(price.id, Decimal(3), Money("19", "USD"))]
    (first,) = billing.invoices.list(customer=ada.id)
    assert first == billing.invoices.get(first.id)
    assert (first.id, first.status, first.subscription_id) == (made.latest_invoice_id, InvoiceStatus.PAID, made.id)
    assert (first.total, first.amount_paid, first.amount_due) == (Money("57", "USD"), Money("57", "USD"), Money(0, "USD"))
    assert (first.issued_at, first.paid_at, first.lines[0].quantity, first.lines[0].price_id) == (START, START, Decimal(3), price.id)
    sandbox.advance(days=29)
    assert [invoice.status for invoice in billing.invoices.list(subscription=made.id)] == [InvoiceStatus.PAID] * 2
    waiting = billing.subscriptions.cancel(made.id, timing="period_end")
    assert (waiting.status, waiting.cancel_at_period_end) == (SubscriptionStatus.ACTIVE, True)
    assert waiting.cancel_at == waiting.current_period_end
    assert billing.subscriptions.cancel(made.id, timing="period_end") == waiting
    gone = billing.subscriptions.cancel(made.id, timing="now")
    assert (gone.status, gone.cancel_at_period_end, gone.ended_at) == (SubscriptionStatus.CANCELED, False, sandbox.now)
    assert [each.id for each in billing.subscriptions.list(customer=ada.id)] == [made.id]
    for timing in CancelTiming:
        with pytest.raises(InvalidStateError):
            billing.subscriptions.cancel(made.id, timing=timing)
    with pytest.raises(NotFoundError):
        billing.subscriptions.cancel("sub_none", timing="now")


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("tok_chargeDeclined", PaymentDeclinedError),
        ("tok_chargeDeclinedInsufficientFunds", PaymentDeclinedError),
        ("tok_authenticationRequired", PaymentActionRequiredError),
    ],
)
def test_a_first_payment_that_fails_leaves_nothing_unless_asked_to(billing: Billing, token: str, kind: type[Exception]) -> None:
    """Cases 16 and 50."""
    ada, price = paying(billing, token), priced(billing)
    with pytest.raises(kind):
        billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id)])
    assert list(billing.subscriptions.list(customer=ada.id)) == []
    kept = billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id)], payment_behavior="allow_incomplete")
    assert kept.status is SubscriptionStatus.INCOMPLETE
    (invoice,) = billing.invoices.list(customer=ada.id)
    assert (invoice.status, invoice.amount_due) == (InvoiceStatus.OPEN, Money("19", "USD"))


def test_without_a_payment_method_there_is_nothing_to_charge(billing: Billing) -> None:
    bob, price = billing.customers.create(name="Bob"), priced(billing)
    with pytest.raises(PaymentMethodRequiredError):
        billing.subscriptions.create(customer=bob.id, items=[Item(price=price.id)])


def test_a_trial_is_charged_when_it_ends(billing: Billing, sandbox: Sandbox) -> None:
    """Case 42."""
    ada, price = paying(billing), priced(billing)
    made = billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id)], trial_days=14)
    end = datetime(2026, 2, 14, 12, tzinfo=UTC)
    assert (made.status, made.trial_start, made.trial_end) == (SubscriptionStatus.TRIALING, START, end)
    assert billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id)], trial_end=end).trial_end == end
    sandbox.advance(days=15)
    assert billing.subscriptions.get(made.id).status is SubscriptionStatus.ACTIVE
    newest = next(iter(billing.invoices.list(subscription=made.id)))
    assert (newest.total, newest.status) == (Money("19", "USD"), InvoiceStatus.PAID)


def test_a_renewal_that_fails_is_past_due_and_in_dunning(billing: Billing, sandbox: Sandbox) -> None:
    """Case 53."""
    ada, price = paying(billing), priced(billing)
    made = billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id)])
    billing.payment_methods.attach(ada.id, token="tok_chargeDeclined")
    sandbox.advance(days=29)
    assert billing.subscriptions.get(made.id).status is SubscriptionStatus.PAST_DUE
    newest = next(iter(billing.invoices.list(subscription=made.id)))
    assert (newest.status, newest.collection_state) == (InvoiceStatus.OPEN, CollectionState.IN_DUNNING)


def test_a_subscription_of_twenty_items_shows_them_all_and_so_does_its_invoice(billing: Billing) -> None:
    """Cases 39 and 57: Stripe sends the first ten along."""
    ada = paying(billing)
    product = billing.products.create(name="Pro")
    prices = [billing.prices.create(product=product.id, amount=Money(n, "USD"), every="month") for n in range(1, 21)]
    made = billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id) for price in prices])
    for found in (made, billing.subscriptions.get(made.id), *billing.subscriptions.list()):
        assert {item.price_id for item in found.items} == {price.id for price in prices}
    for invoice in (billing.invoices.get(made.latest_invoice_id or ""), *billing.invoices.list()):
        assert invoice.total == Money(210, "USD") == sum((line.amount for line in invoice.lines), Money.zero("USD"))
        assert len({line.id for line in invoice.lines}) == 20


def test_a_quantity_of_a_flat_price_is_refused(billing: Billing) -> None:
    """Case 40."""
    ada = paying(billing)
    product = billing.products.create(name="Pro")
    flat = billing.prices.create(product=product.id, amount=Money("99", "USD"), every="month", model="flat")
    with pytest.raises(ValidationError, match="flat"):
        billing.subscriptions.create(customer=ada.id, items=[Item(price=flat.id, quantity=2)])
    assert billing.subscriptions.create(customer=ada.id, items=[Item(price=flat.id)]).status is SubscriptionStatus.ACTIVE


def test_payment_methods_are_listed_and_one_is_the_default(billing: Billing) -> None:
    ada = billing.customers.create(name="Ada")
    first = billing.payment_methods.attach(ada.id, token="tok_visa")
    other = billing.payment_methods.attach(ada.id, token="pm_card_mastercard", make_default=False)
    assert billing.customers.get(ada.id).default_payment_method_id == first.id
    assert list(billing.payment_methods.list(customer=ada.id)) == [other, first]
    assert billing.payment_methods.set_default(ada.id, other.id).default_payment_method_id == other.id
    assert billing.payment_methods.attach(ada.id, token="tok_expired").status is PaymentMethodStatus.EXPIRED
    for token, error in (("tok_none", ValidationError), ("pm_none", NotFoundError)):
        with pytest.raises(error):
            billing.payment_methods.attach(ada.id, token=token)


def test_one_key_gives_one_object_and_another_request_a_conflict(billing: Billing) -> None:
    """Cases 7, 8 and 10, with a key longer than Stripe takes."""
    once = billing.with_options(idempotency_key="k" * 300)
    ada = once.customers.create(name="Ada")
    assert once.customers.create(name="Ada") == msgspec.structs.replace(ada, replayed=True)
    with pytest.raises(IdempotencyConflictError):
        once.customers.create(name="Bob")
    composite = billing.with_options(idempotency_key="attach-1")
    card = composite.payment_methods.attach(ada.id, token="tok_visa")
    assert composite.payment_methods.attach(ada.id, token="tok_visa") == msgspec.structs.replace(card, replayed=True)
    assert len(list(billing.payment_methods.list(customer=ada.id))) == 1


def test_an_id_of_the_callers_is_refused_with_advice(billing: Billing) -> None:
    with pytest.raises(UnsupportedOperationError, match="metadata"):
        billing.customers.create(id="ada")


def test_the_way_down_reaches_what_is_not_covered(billing: Billing) -> None:
    ada = billing.customers.create(name="Ada")
    assert billing.raw.post(f"/v1/customers/{ada.id}", {"description": "First"})["description"] == "First"
    assert billing.raw.get("/v1/customers", {"limit": 1})["data"][0]["id"] == ada.id
    assert billing.raw.delete(f"/v1/customers/{ada.id}") == {"id": ada.id, "object": "customer", "deleted": True}


def test_the_same_names_can_be_awaited(sandbox: Sandbox) -> None:
    async def story() -> list[str | None]:
        async with AsyncBilling.connect("stripe", gateway=sandbox) as billing:
            ada = await billing.customers.create(name="Ada")
            await billing.payment_methods.attach(ada.id, token="tok_visa")
            return [each.name async for each in billing.customers.list()]

    assert asyncio.run(story()) == ["Ada"]
