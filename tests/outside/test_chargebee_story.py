"""The official Chargebee client runs a story on the sandbox over HTTP, and every exchange is checked (see `watched.py`).

The client has two known faults. Like its users, the test passes free-form dicts and `in` arrays as JSON texts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from law.chargebee.sdk import chargebee
from watched import START, Watched

PRICE = "pro-usd-monthly"


@pytest.fixture
def shop(site: Any) -> Any:
    """The client of a site with a monthly plan of 19.00 USD per unit."""
    site.ItemFamily.create({"id": "software", "name": "Software"})
    site.Item.create({"id": "pro", "name": "Pro", "type": "plan", "item_family_id": "software", "metadata": '{"tier": "gold"}'})
    site.ItemPrice.create(
        {
            "id": PRICE,
            "name": "Pro, monthly",
            "item_id": "pro",
            "currency_code": "USD",
            "pricing_model": "per_unit",
            "price": 1900,
            "period": 1,
            "period_unit": "month",
        }
    )
    return site


def customer_with_card(site: Any, id: str, token: str) -> Any:
    customer = site.Customer.create(
        {
            "id": id,
            "first_name": "Ada",
            "email": "ada@example.com",
            "meta_data": '{"a": 1}',
            "billing_address": {"city": "London", "country": "GB"},
        }
    ).customer
    site.PaymentSource.create_using_token({"customer_id": id, "token_id": token, "replace_primary_payment_source": True})
    return customer


def subscribe(site: Any, customer: str, **more: Any) -> Any:
    return site.Subscription.create_with_items(customer, {"subscription_items": [{"item_price_id": PRICE, "quantity": 3}], **more})


def test_a_subscription_is_paid_and_renews_after_a_month(watched: Watched, shop: Any) -> None:
    customer_with_card(shop, "ada", "tok_visa")
    made = subscribe(shop, "ada")
    assert (made.subscription.status, made.invoice.status, made.invoice.total, made.invoice.amount_paid) == ("active", "paid", 5700, 5700)

    watched.simulation.advance(to=datetime(2026, 2, 28, 13, tzinfo=UTC))

    listed = shop.Invoice.list({"subscription_id": {"is": made.subscription.id}, "sort_by": {"asc": "date"}}).list
    assert [(each.invoice.status, each.invoice.total, each.invoice.first_invoice) for each in listed] == [
        ("paid", 5700, True),
        ("paid", 5700, False),
    ]
    renewed = shop.Subscription.retrieve(made.subscription.id).subscription
    assert datetime.fromtimestamp(renewed.current_term_end, UTC) == START.replace(month=3)
    assert shop.Invoice.retrieve(listed[1].invoice.id).invoice.line_items[0].amount == 5700


def test_more_than_a_hundred_customers_are_paged_through_once_each(site: Any) -> None:
    for number in range(105):
        site.Customer.create({"id": f"customer-{number}"})
    listed: list[str] = []
    page = site.Customer.list({"limit": 50, "sort_by": {"asc": "created_at"}})
    listed += [each.customer.id for each in page.list]
    while page.next_offset:
        page = site.Customer.list({"limit": 50, "sort_by": {"asc": "created_at"}, "offset": page.next_offset})
        listed += [each.customer.id for each in page.list]
    assert sorted(listed) == sorted(f"customer-{number}" for number in range(105))


def test_filters_are_understood(shop: Any) -> None:
    customer_with_card(shop, "ada", "tok_visa")
    customer_with_card(shop, "grace", "tok_visa")
    kept, ended = subscribe(shop, "ada").subscription, subscribe(shop, "grace").subscription
    shop.Subscription.cancel_for_items(ended.id, {"cancel_option": "immediately"})
    found = shop.Subscription.list({"status": {"in": '["active","in_trial"]'}, "customer_id": {"in": '["ada","grace"]'}}).list
    assert [each.subscription.id for each in found] == [kept.id]


def test_a_declined_card_leaves_nothing_behind(shop: Any) -> None:
    customer_with_card(shop, "ada", "tok_chargeDeclined")
    with pytest.raises(chargebee.PaymentError) as caught:
        subscribe(shop, "ada")
    assert (caught.value.http_status_code, caught.value.type) == (400, "payment")
    assert shop.Subscription.list({"customer_id": {"is": "ada"}}).list == []


def test_an_unpaid_renewal_goes_into_dunning(watched: Watched, shop: Any) -> None:
    customer_with_card(shop, "ada", "tok_visa")
    made = subscribe(shop, "ada")
    (source,) = shop.PaymentSource.list({"customer_id": {"is": "ada"}}).list
    shop.PaymentSource.delete_local(source.payment_source.id)
    watched.simulation.advance(days=29)
    again = shop.Subscription.retrieve(made.subscription.id).subscription
    assert (again.due_invoices_count, again.total_dues) == (1, 5700)


def test_a_trial_raises_no_invoice_and_charges_at_its_end(watched: Watched, shop: Any) -> None:
    customer_with_card(shop, "ada", "tok_visa")
    made = subscribe(shop, "ada", trial_end=int(START.timestamp()) + 7 * 86400)
    assert (made.subscription.status, made.invoice) == ("in_trial", None)
    watched.simulation.advance(days=7, hours=3)
    assert [each.invoice.amount_paid for each in shop.Invoice.list({"subscription_id": {"is": made.subscription.id}}).list] == [5700]
    assert shop.Subscription.retrieve(made.subscription.id).subscription.status == "active"


def test_a_subscription_is_cancelled_at_the_end_of_its_term(watched: Watched, shop: Any) -> None:
    customer_with_card(shop, "ada", "tok_visa")
    id = subscribe(shop, "ada").subscription.id
    assert shop.Subscription.cancel_for_items(id, {"cancel_option": "end_of_term"}).subscription.status == "non_renewing"
    watched.simulation.advance(days=40)
    ended = shop.Subscription.retrieve(id).subscription
    assert (ended.status, datetime.fromtimestamp(ended.cancelled_at, UTC)) == ("cancelled", START.replace(month=2, day=28))
    assert len(shop.Invoice.list({"subscription_id": {"is": id}}).list) == 1


def test_an_unknown_customer_is_not_found(site: Any) -> None:
    with pytest.raises(chargebee.InvalidRequestError) as caught:
        site.Customer.retrieve("nobody")
    assert (caught.value.http_status_code, caught.value.api_error_code) == (404, "resource_not_found")


def test_a_taken_id_is_refused(site: Any) -> None:
    site.Customer.create({"id": "ada"})
    with pytest.raises(chargebee.InvalidRequestError) as caught:
        site.Customer.create({"id": "ada"})
    assert (caught.value.http_status_code, caught.value.api_error_code, caught.value.param) == (400, "duplicate_entry", "id")


def test_a_repeated_key_replays_the_answer(site: Any) -> None:
    key = {"chargebee-idempotency-key": "once"}
    first, again = (site.Customer.create({"first_name": "Ada"}, dict(key)) for _ in range(2))
    assert first.customer.id == again.customer.id
    assert (first.is_idempotency_replayed, again.is_idempotency_replayed) == (False, True)
    assert len(site.Customer.list().list) == 1


def test_an_in_filter_as_the_client_writes_it_is_refused(watched: Watched, site: Any) -> None:
    with pytest.raises(chargebee.InvalidRequestError) as caught:
        site.Customer.list({"id": {"in": ["ada"]}})
    assert caught.value.api_error_code == "param_wrong_value"
    assert len(watched.faults) == 1
    assert "request: id[in]: \"['ada']\" is not a JSON array with double quotes" in watched.faults[0]
    watched.faults.clear()


def test_every_kind_of_object_can_be_read_back(shop: Any) -> None:
    customer_with_card(shop, "ada", "tok_visa")
    made = subscribe(shop, "ada")
    (source,) = shop.PaymentSource.list({"customer_id": {"is": "ada"}}).list
    assert shop.PaymentSource.retrieve(source.payment_source.id).payment_source.customer_id == "ada"
    assert shop.ItemFamily.list().list[0].item_family.id == shop.ItemFamily.retrieve("software").item_family.id
    assert shop.Item.list({"id": {"is": "pro"}}).list[0].item.id == shop.Item.retrieve("pro").item.id
    assert shop.ItemPrice.list({"item_id": {"in": '["pro"]'}}).list[0].item_price.id == shop.ItemPrice.retrieve(PRICE).item_price.id
    assert shop.Subscription.retrieve(made.subscription.id).subscription.subscription_items[0].quantity == 3
    assert shop.Customer.update("ada", {"first_name": "", "meta_data": '{"b": 2}'}).customer.meta_data == {"b": 2}
    assert shop.Customer.update_billing_info("ada", {"billing_address": {"city": "Paris"}}).customer.billing_address.city == "Paris"
    assert shop.Customer.assign_payment_role("ada", {"payment_source_id": source.payment_source.id, "role": "primary"}).customer.id == "ada"
    assert shop.Configuration.list().configurations
