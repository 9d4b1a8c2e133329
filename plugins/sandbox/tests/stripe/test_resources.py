"""Customers, products, prices, payment methods and invoices: each endpoint's own promises."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from .shop import Shop


def refusal(caught: pytest.ExceptionInfo[stripe.StripeError]) -> tuple[int | None, str | None, str | None]:
    return caught.value.http_status, caught.value.code, getattr(caught.value, "param", None)


def test_a_customers_email_filter_is_exact_and_minds_case(shop: Shop) -> None:
    made = [shop.client.v1.customers.create({"email": email}).id for email in ("ada@example.com", "Ada@example.com", "ada@example.co")]
    assert [row.id for row in shop.client.v1.customers.list({"email": "ada@example.com"})] == made[:1]


def test_a_deleted_customer_answers_that_it_is_deleted_and_its_subscriptions_end(shop: Shop) -> None:
    subscription = shop.subscribe()
    customer = str(subscription.customer)
    assert shop.client.v1.customers.delete(customer).deleted is True
    gone = shop.client.v1.customers.retrieve(customer, {})
    assert gone.to_dict() == {"id": customer, "object": "customer", "deleted": True}
    assert shop.again(subscription).status == "canceled"
    assert shop.client.v1.customers.list().data == []
    assert len(shop.client.v1.invoices.list({"customer": customer}).data) == 1
    for again in (shop.client.v1.customers.delete, lambda id: shop.client.v1.customers.update(id, {"name": "x"})):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            again(customer)
        assert refusal(caught) == (404, "resource_missing", "id")
    shop.simulation.advance(days=40)
    assert len(shop.client.v1.invoices.list({"customer": customer}).data) == 1


def test_a_default_payment_method_must_be_the_customers_own(shop: Shop) -> None:
    stranger = shop.give_card(shop.customer().id, "tok_visa")
    other = shop.customer(None)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.customers.update(other.id, {"invoice_settings": {"default_payment_method": stranger.id}})
    assert refusal(caught) == (400, "resource_missing", "invoice_settings[default_payment_method]")


def test_a_product_id_is_the_callers_to_choose_once(shop: Shop) -> None:
    assert shop.client.v1.products.create({"id": "pro", "name": "Pro"}).id == "pro"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.products.create({"id": "pro", "name": "Other"})
    assert refusal(caught) == (400, "resource_already_exists", "id")
    assert shop.client.v1.products.retrieve("pro").name == "Pro"


def test_a_product_with_prices_cannot_be_deleted_and_without_them_can(shop: Shop) -> None:
    used = shop.price().product
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.products.delete(str(used))
    unused = shop.client.v1.products.create({"name": "x"})
    shop.client.v1.products.delete(unused.id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.products.retrieve(unused.id)
    assert refusal(caught) == (404, "resource_missing", "id")


def test_a_lookup_key_belongs_to_one_price_and_can_move(shop: Shop) -> None:
    first = shop.price(lookup_key="monthly")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.price(lookup_key="monthly")
    assert refusal(caught) == (400, None, "lookup_key")
    second = shop.price(lookup_key="monthly", transfer_lookup_key=True)
    assert [row.id for row in shop.client.v1.prices.list({"lookup_keys": ["monthly"]})] == [second.id]
    assert shop.client.v1.prices.retrieve(first.id).lookup_key is None


def test_part_of_a_cent_shows_only_as_a_decimal_and_is_rounded_once_per_line(shop: Shop) -> None:
    product = shop.client.v1.products.create({"name": "x"})
    given: Any = {"product": product.id, "currency": "USD", "unit_amount_decimal": "0.50", "recurring": {"interval": "day"}}
    price = shop.client.v1.prices.create(given)
    assert (price.currency, price.unit_amount, str(price.unit_amount_decimal)) == ("usd", None, "0.5")
    customer = shop.customer()
    subscription = shop.client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id, "quantity": 1001}]})
    assert shop.invoice(subscription).amount_paid == 501


def test_an_amount_is_given_once(shop: Shop) -> None:
    for both, code in (({"unit_amount": 5, "unit_amount_decimal": "5"}, "parameters_exclusive"), ({}, "parameter_missing")):
        given: Any = {"product": shop.client.v1.products.create({"name": "x"}).id, "currency": "usd", **both}
        with pytest.raises(stripe.InvalidRequestError) as caught:
            shop.client.v1.prices.create(given)
        assert refusal(caught) == (400, code, "unit_amount")


def test_inactive_and_one_time_prices_cannot_be_subscribed_to(shop: Shop) -> None:
    inactive = shop.price()
    shop.client.v1.prices.update(inactive.id, {"active": False})
    one_time = shop.client.v1.prices.create({"product": str(inactive.product), "currency": "usd", "unit_amount": 5})
    for price in (inactive, one_time):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            shop.client.v1.subscriptions.create({"customer": shop.customer().id, "items": [{"price": price.id}]})
        assert refusal(caught) == (400, None, "items[0][price]")


def test_a_changed_price_is_seen_changed_on_its_subscriptions(shop: Shop) -> None:
    subscription = shop.subscribe()
    (item,) = subscription.items.data
    shop.client.v1.prices.update(item.price.id, {"active": False, "nickname": "old"})
    (seen,) = shop.again(subscription).items.data
    assert (seen.price.active, seen.price.nickname, seen.plan.active, seen.plan.nickname) == (False, "old", False, "old")


def test_prices_are_filtered(shop: Shop) -> None:
    monthly, yearly = shop.price(), shop.price(currency="eur", interval="year")
    one_time = shop.client.v1.prices.create({"product": str(monthly.product), "currency": "usd", "unit_amount": 5, "active": False})
    filters: list[Any] = [{"active": False}, {"currency": "eur"}, {"type": "recurring"}, {"recurring": {"interval": "year"}}]
    found = [[row.id for row in shop.client.v1.prices.list(asked)] for asked in [*filters, {"product": str(monthly.product)}]]
    assert found == [[one_time.id], [yearly.id], [yearly.id, monthly.id], [yearly.id], [one_time.id, monthly.id]]


def test_a_detached_card_is_gone_for_good(shop: Shop) -> None:
    subscription = shop.subscribe()
    customer = str(subscription.customer)
    (card,) = shop.client.v1.customers.payment_methods.list(customer)
    shop.client.v1.payment_methods.detach(card.id)
    assert shop.client.v1.payment_methods.list({"customer": customer}).data == []
    settings = shop.client.v1.customers.retrieve(customer).invoice_settings
    assert settings is not None
    assert settings.default_payment_method is None
    with pytest.raises(stripe.InvalidRequestError, match="detached"):
        shop.client.v1.payment_methods.attach(card.id, {"customer": customer})
    shop.simulation.advance(days=28, hours=1)
    assert shop.again(subscription).status == "past_due"


def test_a_card_of_one_customer_cannot_be_attached_to_another(shop: Shop) -> None:
    card = shop.give_card(shop.customer(None).id, "tok_mastercard")
    assert card.card is not None
    assert (card.card.brand, card.card.last4) == ("mastercard", "4444")
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        shop.client.v1.payment_methods.attach(card.id, {"customer": shop.customer().id})


def test_a_test_name_becomes_a_new_card_each_time(shop: Shop) -> None:
    customer = shop.customer(None).id
    cards = {shop.client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id for _ in range(2)}
    assert {row.id for row in shop.client.v1.payment_methods.list({"customer": customer})} == cards
    assert "pm_card_visa" not in cards
    assert len(cards) == 2


def test_a_declined_payment_leaves_the_invoice_open_and_says_why(shop: Shop) -> None:
    invoice = shop.invoice(shop.subscribe("tok_chargeDeclinedInsufficientFunds"))
    with pytest.raises(stripe.CardError) as caught:
        shop.client.v1.invoices.pay(invoice.id)
    assert refusal(caught)[:2] == (402, "card_declined")
    assert caught.value.error is not None
    assert caught.value.error.decline_code == "insufficient_funds"
    assert caught.value.error.payment_intent is not None
    open_again = shop.client.v1.invoices.retrieve(invoice.id)
    assert (open_again.status, open_again.attempt_count, open_again.amount_remaining) == ("open", 2, 1900)


def test_a_paid_invoice_cannot_be_paid_or_voided(shop: Shop) -> None:
    invoice = shop.invoice(shop.subscribe())
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        shop.client.v1.invoices.pay(invoice.id)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.invoices.void_invoice(invoice.id)
    assert caught.value.code == "status_transition_invalid"


def test_voiding_the_first_invoice_expires_the_subscription(shop: Shop) -> None:
    subscription = shop.subscribe("tok_chargeDeclined")
    voided = shop.client.v1.invoices.void_invoice(str(subscription.latest_invoice))
    assert (voided.status, voided.status_transitions.voided_at) == ("void", voided.created)
    assert shop.again(subscription).status == "incomplete_expired"


def test_a_draft_finalized_by_hand_is_still_charged_when_its_hour_is_over(shop: Shop) -> None:
    subscription = shop.subscribe()
    shop.simulation.advance(days=28)
    draft = shop.invoice(subscription)
    opened = shop.client.v1.invoices.finalize_invoice(draft.id)
    assert (opened.status, opened.next_payment_attempt) == ("open", draft.automatically_finalizes_at)
    shop.simulation.advance(hours=1)
    assert shop.invoice(subscription).status == "paid"


def test_invoices_are_filtered_by_status_customer_and_subscription(shop: Shop) -> None:
    paid, unpaid = shop.subscribe(), shop.subscribe("tok_chargeDeclined")
    filters: list[Any] = [{"status": "open"}, {"customer": str(paid.customer)}, {"subscription": unpaid.id}, {"status": "draft"}]
    found = [[row.id for row in shop.client.v1.invoices.list(asked)] for asked in filters]
    assert found == [[str(unpaid.latest_invoice)], [str(paid.latest_invoice)], [str(unpaid.latest_invoice)], []]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.invoices.list({"customer": "cus_none"})
    assert refusal(caught) == (400, "resource_missing", "customer")
