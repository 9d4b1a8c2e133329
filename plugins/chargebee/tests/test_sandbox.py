"""The provider against the simulated Chargebee, through the public API."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from billbridge import AsyncBilling, Billing, Item
from billbridge.errors import (
    DeclineReason,
    DuplicateError,
    InvalidStateError,
    NotFoundError,
    PaymentActionRequiredError,
    PaymentDeclinedError,
    PaymentMethodRequiredError,
    UnsupportedOperationError,
    ValidationError,
)
from billbridge.model import Address, CardBrand, InvoiceStatus, PricingModel, SubscriptionStatus
from billbridge.money import Money
from billbridge_sandbox import Sandbox

from .selling import START, billing, sandbox

__all__ = ["billing", "sandbox"]  # fixtures


@pytest.fixture
def monthly(billing: Billing) -> str:
    billing.products.create(id="pro", name="Pro")
    return billing.prices.create(id="pro-monthly", product="pro", amount=Money("19.00", "USD"), every="month").id


@pytest.fixture
def ada(billing: Billing) -> str:
    billing.customers.create(id="ada", email="ada@example.com", name="Ada Lovelace")
    billing.payment_methods.attach("ada", token="tok_visa")
    return "ada"


@pytest.mark.parametrize("name", ["Prince", "Ada Lovelace", "Augusta Ada King Lovelace", "山田 太郎", "José Luis Çelik"])
def test_a_name_survives_the_round_trip(billing: Billing, name: str) -> None:
    """Case 66."""
    assert billing.customers.get(billing.customers.create(name=name).id).name == name


@pytest.mark.parametrize(
    "address",
    [
        Address(line1="1 Main St", line2="2", city="Springfield", state="IL", postal_code="62701", country="US"),
        Address(line1="1 Rue", city="Paris", postal_code="75001", country="FR"),
        Address(state="California", country="US"),
    ],
)
def test_an_address_survives_the_round_trip_and_its_replacement(billing: Billing, address: Address) -> None:
    id = billing.customers.create(address=Address(line1="old", line2="old", city="old", state="old", postal_code="o", country="DE")).id
    assert billing.customers.update(id, address=address).address == address
    assert billing.customers.get(id).address == address
    assert billing.customers.update(id, address=None).address is None


def test_metadata_is_merged_and_cleared(billing: Billing) -> None:
    billing.raw.post("/api/v2/customers", {"id": "ada", "meta_data": {"deep": {"n": 1}, "a": "1", "b": "2"}})
    merged = billing.customers.update("ada", metadata={"a": "", "c": 'é"'})
    assert merged.metadata == {"deep": '{"n":1}', "b": "2", "c": 'é"'}
    assert billing.raw.get("/api/v2/customers/ada")["customer"]["meta_data"]["deep"] == {"n": 1}
    assert billing.customers.update("ada", metadata=None, email="new@example.com").metadata == {}


def test_a_deleted_customer_is_gone_with_everything(billing: Billing, ada: str, monthly: str) -> None:
    """Case 65."""
    subscription = billing.subscriptions.create(customer=ada, items=[Item(price=monthly)])
    with pytest.raises(ValidationError):
        billing.customers.delete(ada)
    billing.customers.delete(ada, destroy_history=True)
    with pytest.raises(NotFoundError) as caught:
        billing.customers.get(ada)
    assert caught.value.deleted
    with pytest.raises(NotFoundError):
        billing.subscriptions.get(subscription.id)
    assert list(billing.customers.list()) == []


def test_pages_of_customers_join_without_gap_or_repetition(billing: Billing) -> None:
    """Case 20."""
    made = [billing.customers.create(email="a@example.com" if number % 2 else None).id for number in range(21)]
    assert [each.id for each in billing.customers.list(page_size=10)] == made[::-1]
    assert [len(page.items) for page in billing.customers.list(page_size=7).pages()] == [7, 7, 7]
    assert [each.id for each in billing.customers.list(email="a@example.com", page_size=3)] == made[1::2][::-1]


def test_a_product_and_its_prices(billing: Billing) -> None:
    """Case 63: the family is made once, ids and names are unique."""
    product = billing.products.create(id="pro-plan", name="Pro Plan", description="All", metadata={"a": "b"})
    assert (product.id, product.name, product.description, product.active, product.metadata) == (
        "pro-plan",
        "Pro Plan",
        "All",
        True,
        {"a": "b"},
    )
    assert billing.products.create(name="Other").id.startswith("other-")
    with pytest.raises(DuplicateError) as caught:
        billing.products.create(id="pro-plan", name="Another")
    assert caught.value.existing_id == "pro-plan"
    price = billing.prices.create(product=product.id, amount=Money(500, "JPY"), every="month", interval_count=3, model="flat", nickname="Q")
    assert price.id.startswith("pro-plan-JPY-every-3-months-")
    assert (price.lookup_key, price.nickname) == (price.id, "Q")
    assert (price.unit_amount, price.model, price.interval, price.interval_count) == (Money(500, "JPY"), PricingModel.FLAT, "month", 3)
    again = billing.prices.create(id="again", product=product.id, amount=Money(1, "JPY"), every="month", interval_count=3)
    assert [each.id for each in billing.prices.list(product=product.id)] == ["again", price.id]
    with pytest.raises(DuplicateError):
        billing.prices.create(id=again.id, product=product.id, amount=Money(1, "USD"), every="month")
    with pytest.raises(NotFoundError):
        billing.prices.create(product="none", amount=Money(1, "USD"), every="month")


def test_archived_products_are_listed_apart(billing: Billing, sandbox: Sandbox) -> None:
    for id in ("one", "two", "three"):
        billing.products.create(id=id, name=id)
        sandbox.advance(seconds=1)
    billing.raw.post("/api/v2/items/one", {"status": "archived"})
    assert [each.id for each in billing.products.list(active=True)] == ["three", "two"]
    assert [each.id for each in billing.products.list(active=False)] == ["one"]
    assert [each.id for each in billing.products.list(page_size=1)] == ["one", "three", "two"]
    assert not billing.products.get("one").active


def test_the_default_payment_method_can_be_chosen(billing: Billing, ada: str) -> None:
    first = billing.customers.get(ada).default_payment_method_id
    second = billing.payment_methods.attach(ada, token="tok_mastercard", make_default=False)
    assert second.card is not None
    assert second.card.brand is CardBrand.MASTERCARD
    assert billing.customers.get(ada).default_payment_method_id == first
    assert billing.payment_methods.set_default(ada, second.id).default_payment_method_id == second.id
    assert [each.id for each in billing.payment_methods.list(customer=ada)] == [second.id, first]


def test_the_first_invoice_is_charged_at_once(billing: Billing, ada: str, monthly: str) -> None:
    subscription = billing.subscriptions.create(customer=ada, items=[Item(price=monthly, quantity=3)], metadata={"a": "b"})
    assert (subscription.status, subscription.metadata, subscription.items[0].quantity) == (
        SubscriptionStatus.ACTIVE,
        {"a": "b"},
        Decimal(3),
    )
    (invoice,) = billing.invoices.list(customer=ada)
    assert (invoice.status, invoice.total, invoice.amount_paid, invoice.amount_due) == (
        InvoiceStatus.PAID,
        Money(57, "USD"),
        Money(57, "USD"),
        Money(0, "USD"),
    )
    assert billing.invoices.get(invoice.id) == invoice
    assert [line.price_id for line in invoice.lines] == [monthly]


def test_renewals_are_invoiced_newest_first(billing: Billing, sandbox: Sandbox, ada: str, monthly: str) -> None:
    subscription = billing.subscriptions.create(customer=ada, items=[Item(price=monthly)])
    sandbox.advance(days=60)
    dates = [invoice.issued_at for invoice in billing.invoices.list(subscription=subscription.id, page_size=1)]
    assert dates == [START.replace(month=3), START.replace(month=2, day=28), START]


def test_a_trial_takes_no_money(billing: Billing, sandbox: Sandbox, ada: str, monthly: str) -> None:
    subscription = billing.subscriptions.create(customer=ada, items=[Item(price=monthly)], trial_days=14)
    assert (subscription.status, subscription.trial_end) == (SubscriptionStatus.TRIALING, START + timedelta(days=14))
    assert (subscription.current_period_start, subscription.current_period_end) == (START, START + timedelta(days=14))
    assert list(billing.invoices.list(customer=ada)) == []
    sandbox.advance(days=15)
    assert billing.subscriptions.get(subscription.id).status is SubscriptionStatus.ACTIVE


def test_without_a_trial_asked_for_the_prices_own_does_not_count(billing: Billing, ada: str) -> None:
    """Case 42."""
    billing.products.create(id="pro", name="Pro")
    price = {"id": "p", "name": "p", "item_id": "pro", "pricing_model": "per_unit", "price": 100, "period": 1, "period_unit": "month"}
    billing.raw.post("/api/v2/item_prices", price | {"trial_period": 30, "trial_period_unit": "day"})
    assert billing.subscriptions.create(customer=ada, items=[Item(price="p")]).status is SubscriptionStatus.ACTIVE


def test_a_flat_price_takes_no_quantity(billing: Billing, ada: str) -> None:
    """Case 40."""
    billing.products.create(id="pro", name="Pro")
    flat = billing.prices.create(product="pro", amount=Money(10, "USD"), every="month", model="flat").id
    with pytest.raises(ValidationError):
        billing.subscriptions.create(customer=ada, items=[Item(price=flat, quantity=2)])
    assert [item.quantity for item in billing.subscriptions.create(customer=ada, items=[Item(price=flat)]).items] == [1]


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("tok_chargeDeclined", DeclineReason.GENERIC),
        ("tok_chargeDeclinedInsufficientFunds", DeclineReason.INSUFFICIENT_FUNDS),
        ("tok_expired", DeclineReason.EXPIRED_CARD),
    ],
)
def test_a_decline_leaves_nothing_behind(billing: Billing, ada: str, monthly: str, token: str, reason: DeclineReason) -> None:
    """Cases 16 and 50."""
    billing.payment_methods.attach(ada, token=token)
    with pytest.raises(PaymentDeclinedError) as caught:
        billing.subscriptions.create(customer=ada, items=[Item(price=monthly)])
    assert caught.value.decline_reason is reason
    assert (caught.value.provider, caught.value.operation, caught.value.retryable) == ("chargebee", "subscriptions.create", False)
    assert list(billing.subscriptions.list(customer=ada)) == []
    assert list(billing.invoices.list(customer=ada)) == []


def test_authentication_and_a_missing_card_are_told_apart(billing: Billing, ada: str, monthly: str) -> None:
    """Case 16."""
    billing.payment_methods.attach(ada, token="tok_authenticationRequired")
    with pytest.raises(PaymentActionRequiredError):
        billing.subscriptions.create(customer=ada, items=[Item(price=monthly)])
    poor = billing.customers.create().id
    with pytest.raises(PaymentMethodRequiredError):
        billing.subscriptions.create(customer=poor, items=[Item(price=monthly)])


def test_a_customer_set_to_pay_by_invoice_is_charged_nevertheless(billing: Billing, ada: str, monthly: str) -> None:
    billing.raw.post("/api/v2/customers/ada", {"auto_collection": "off"})
    billing.subscriptions.create(customer=ada, items=[Item(price=monthly)])
    assert [invoice.status for invoice in billing.invoices.list(customer=ada)] == [InvoiceStatus.PAID]


def test_the_subscriptions_own_payment_method_is_charged(billing: Billing, ada: str, monthly: str) -> None:
    bad = billing.payment_methods.attach(ada, token="tok_chargeDeclined", make_default=False).id
    with pytest.raises(PaymentDeclinedError):
        billing.subscriptions.create(customer=ada, items=[Item(price=monthly)], payment_method=bad)
    assert billing.subscriptions.create(customer=ada, items=[Item(price=monthly)]).default_payment_method_id is None


def test_an_unpaid_renewal_is_past_due(billing: Billing, sandbox: Sandbox, ada: str, monthly: str) -> None:
    """Case 51."""
    subscription = billing.subscriptions.create(customer=ada, items=[Item(price=monthly)])
    billing.payment_methods.attach(ada, token="tok_chargeDeclined")
    sandbox.advance(days=29)
    found = billing.subscriptions.get(subscription.id)
    assert (found.status, found.vendor_status, found.status_derived) == (SubscriptionStatus.PAST_DUE, "active", True)
    newest = next(iter(billing.invoices.list(subscription=subscription.id)))
    assert (newest.status, newest.collection_state, newest.amount_due) == (InvoiceStatus.OPEN, "in_dunning", Money(19, "USD"))


@pytest.mark.parametrize("trial_days", [None, 14])
def test_cancelling_at_the_end_keeps_it_until_then(
    billing: Billing, sandbox: Sandbox, ada: str, monthly: str, trial_days: int | None
) -> None:
    """Cases 43 and 45."""
    subscription = billing.subscriptions.create(customer=ada, items=[Item(price=monthly)], trial_days=trial_days)
    leaving = billing.subscriptions.cancel(subscription.id, timing="period_end")
    assert (leaving.status, leaving.cancel_at_period_end) == (subscription.status, True)
    assert (leaving.cancel_at, leaving.canceled_at, leaving.ended_at) == (subscription.current_period_end, START, None)
    assert billing.subscriptions.cancel(subscription.id, timing="period_end") == leaving
    sandbox.advance(days=60)
    ended = billing.subscriptions.get(subscription.id)
    assert (ended.status, ended.cancel_at_period_end, ended.ended_at) == (SubscriptionStatus.CANCELED, False, leaving.cancel_at)
    assert len(list(billing.invoices.list(subscription=subscription.id))) == (0 if trial_days else 1)


def test_cancelling_now_and_twice(billing: Billing, ada: str, monthly: str) -> None:
    """Cases 24 and 44."""
    subscription = billing.subscriptions.create(customer=ada, items=[Item(price=monthly)])
    cancelled = billing.subscriptions.cancel(subscription.id, timing="now")
    assert (cancelled.status, cancelled.canceled_at, cancelled.ended_at) == (SubscriptionStatus.CANCELED, START, START)
    for timing in ("now", "period_end"):
        with pytest.raises(InvalidStateError):
            billing.subscriptions.cancel(subscription.id, timing=timing)
    assert [each.id for each in billing.subscriptions.list(customer=ada)] == [subscription.id]
    with pytest.raises(NotFoundError):
        billing.subscriptions.cancel("none", timing="now")


def test_what_does_not_exist_is_not_found(billing: Billing, ada: str, monthly: str) -> None:
    for missing in (
        lambda: billing.subscriptions.create(customer="none", items=[Item(price=monthly)]),
        lambda: billing.subscriptions.create(customer=ada, items=[Item(price="none")]),
        lambda: billing.subscriptions.get("none"),
        lambda: billing.payment_methods.set_default(ada, "none"),
        lambda: billing.invoices.get("none"),
        lambda: billing.prices.get("none"),
        lambda: billing.products.get("none"),
    ):
        with pytest.raises(NotFoundError):
            missing()


def test_several_plans_are_refused_before_anything_is_sent(billing: Billing, ada: str, monthly: str) -> None:
    with pytest.raises(UnsupportedOperationError) as caught:
        billing.subscriptions.create(customer=ada, items=[Item(price=monthly), Item(price="other")])
    assert "one plan" in (caught.value.hint or "")


def test_one_key_makes_one_customer(billing: Billing) -> None:
    """Case 8: also a key that is longer than Chargebee takes."""
    for key in ("short", "long" * 40):
        view = billing.with_options(idempotency_key=key)
        assert view.customers.create(email="a@example.com").id == view.customers.create(email="a@example.com").id
    assert len(list(billing.customers.list())) == 2


def test_an_update_of_everything_has_a_key_for_each_request(billing: Billing, ada: str) -> None:
    view = billing.with_options(idempotency_key="k")
    changed = view.customers.update(ada, email="b@example.com", address=Address(city="Paris"))
    assert (changed.email, changed.address) == ("b@example.com", Address(city="Paris"))
    again = view.customers.update(ada, email="b@example.com", address=Address(city="Paris"))
    assert again == msgspec.structs.replace(changed, replayed=True)


async def _subscribed(billing: AsyncBilling) -> list[Money]:
    customer = await billing.customers.create(email="ada@example.com")
    await billing.payment_methods.attach(customer.id, token="tok_visa")
    product = await billing.products.create(name="Pro")
    price = await billing.prices.create(product=product.id, amount=Money("19.00", "USD"), every="month")
    await billing.subscriptions.create(customer=customer.id, items=[Item(price=price.id)])
    return [invoice.total async for invoice in billing.invoices.list(customer=customer.id)]


def test_the_awaited_client_does_the_same(sandbox: Sandbox) -> None:
    assert asyncio.run(_subscribed(AsyncBilling.connect("chargebee", gateway=sandbox))) == [Money(19, "USD")]


def test_over_http_with_a_site_and_a_key(sandbox: Sandbox) -> None:
    with sandbox.serve() as server, Billing.connect("chargebee", api_key="test_key", base_url=server.chargebee_url) as billing:
        assert billing.customers.get(billing.customers.create(name="Ünï Ćode").id).name == "Ünï Ćode"
