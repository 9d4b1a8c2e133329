"""The Stripe plugin on localstripe, which other authors wrote: it reads old shapes right, and raises the right error for each refusal.

localstripe has no prices and no newer list of payment methods, and its invoices lack `amount_remaining`, which Stripe always sends. So the
tests make subscriptions over plain HTTP with a plan, and leave invoices out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode

import httpx
import pytest
from billbridge import Address, Billing, Money, SubscriptionStatus
from billbridge.errors import NotFoundError, PaymentDeclinedError
from billbridge.model import SubscriptionItem

KEY = "sk_test_law"
TOO_NEW = ("invoice_credit_balance", "data.invoice_credit_balance")


class Older(httpx.HTTPTransport):
    """Leaves out what localstripe is too old to expand: credit by currency."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        query = [(name, value) for name, value in parse_qsl(request.url.query.decode()) if value not in TOO_NEW]
        body = urlencode([(name, value) for name, value in parse_qsl(request.content.decode()) if value not in TOO_NEW]).encode()
        url = request.url.copy_with(query=urlencode(query).encode() or None)
        headers = {**request.headers, **({"content-length": str(len(body))} if request.content else {})}
        return super().handle_request(httpx.Request(request.method, url, headers=headers, content=body or None))


@pytest.fixture
def billing(localstripe_url: str) -> Iterator[Billing]:
    with (
        httpx.Client(transport=Older()) as http,
        Billing.connect("stripe", api_key=KEY, base_url=localstripe_url, http=http) as client,
    ):
        yield client


def subscribe(url: str, customer: str) -> str:
    """A subscription to an old plan, as an application of 2018 made it."""
    plan = {"id": "old-monthly", "amount": "1900", "currency": "usd", "interval": "month", "product[name]": "Pro"}
    with httpx.Client(base_url=url, auth=(KEY, "")) as http:
        http.post("/v1/plans", data=plan).raise_for_status()
        items = {"items[0][plan]": "old-monthly", "items[0][quantity]": "3"}
        return str(http.post("/v1/subscriptions", data={"customer": customer, **items}).raise_for_status().json()["id"])


def test_a_customer_is_written_read_changed_listed_and_deleted(billing: Billing) -> None:
    home = Address(line1="12 Park Lane", country="GB")
    made = billing.customers.create(email="ada@example.com", name="Ada Lovelace", phone="+44 1", address=home, metadata={"a": "1"})
    found = billing.customers.get(made.id)
    assert found == made
    assert (found.name, found.email, found.phone) == ("Ada Lovelace", "ada@example.com", "+44 1")
    assert found.address == home
    changed = billing.customers.update(made.id, name="Ada King", metadata={"b": "2"})
    assert (changed.name, changed.metadata) == ("Ada King", {"a": "1", "b": "2"})
    others = {billing.customers.create(email=f"{number}@example.com").id for number in range(3)}
    assert {customer.id for customer in billing.customers.list(page_size=2)} == {made.id, *others}
    assert [customer.id for customer in billing.customers.list(email="ada@example.com")] == [made.id]
    billing.customers.delete(made.id)
    with pytest.raises(NotFoundError):
        billing.customers.get(made.id)


def test_a_payment_method_is_attached_and_becomes_the_default(billing: Billing) -> None:
    ada = billing.customers.create(name="Ada")
    method = billing.payment_methods.attach(ada.id, token="pm_card_visa")
    assert method.card
    assert (method.card.brand, method.card.last4, method.customer_id) == ("visa", "4242", ada.id)
    assert billing.customers.get(ada.id).default_payment_method_id == method.id


def test_a_declined_card_is_a_decline_and_not_attached(billing: Billing) -> None:
    ada = billing.customers.create(name="Ada")
    with pytest.raises(PaymentDeclinedError) as caught:
        billing.payment_methods.attach(ada.id, token="pm_card_visa_chargeDeclined")
    assert (caught.value.status, caught.value.code) == (402, "card_declined")
    assert billing.customers.get(ada.id).default_payment_method_id is None


def test_products_are_written_read_and_listed(billing: Billing) -> None:
    pro = billing.products.create(id="pro", name="Pro", metadata={"tier": "1"})
    assert billing.products.get("pro") == pro
    assert [(each.id, each.name, each.metadata) for each in billing.products.list()] == [("pro", "Pro", {"tier": "1"})]


def test_a_subscription_of_the_time_before_prices_is_read_right_and_cancelled(billing: Billing, localstripe_url: str) -> None:
    """Case 31: the period at the top, and items with a plan instead of a price."""
    ada = billing.customers.create(name="Ada")
    billing.payment_methods.attach(ada.id, token="pm_card_visa")
    found = billing.subscriptions.get(subscribe(localstripe_url, ada.id))
    [item] = found.items
    assert item == SubscriptionItem(
        id=item.id, price_id="old-monthly", product_id=item.product_id, quantity=Decimal(3), unit_amount=Money("19.00", "USD")
    )
    assert (found.customer_id, found.status, found.currency) == (ada.id, SubscriptionStatus.ACTIVE, "USD")
    assert found.current_period_start
    assert found.current_period_end
    assert timedelta(days=28) <= found.current_period_end - found.current_period_start <= timedelta(days=31)
    assert [each.id for each in billing.subscriptions.list(customer=ada.id)] == [found.id]
    ending = billing.subscriptions.cancel(found.id, timing="period_end")
    assert (ending.status, ending.cancel_at_period_end, ending.cancel_at) == (SubscriptionStatus.ACTIVE, True, found.current_period_end)
    assert billing.subscriptions.cancel(found.id, timing="now").status is SubscriptionStatus.CANCELED


def test_what_is_not_there_is_not_found(billing: Billing) -> None:
    for ask in (billing.customers.get, billing.products.get, billing.subscriptions.get, billing.customers.delete):
        with pytest.raises(NotFoundError):
            ask("nobody")
    with pytest.raises(NotFoundError):
        billing.subscriptions.cancel("sub_nobody", timing="now")
