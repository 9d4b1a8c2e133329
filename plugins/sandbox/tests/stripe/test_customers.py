"""Customers: balance, tax ids, search, and what invoices take from them."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from billbridge_sandbox.stripe.api.errors import StripeError
from billbridge_sandbox.stripe.endpoints.search import matcher

from .shop import Shop


def refused(caught: pytest.ExceptionInfo[stripe.InvalidRequestError]) -> tuple[int | None, str | None, str | None]:
    return caught.value.http_status, caught.value.code, caught.value.param


def test_a_customer_keeps_everything_that_was_written(shop: Shop) -> None:
    given: Any = {
        "business_name": "Analytical Engines",
        "description": "first",
        "individual_name": "Ada Lovelace",
        "preferred_locales": ["en", "fr"],
        "shipping": {"name": "Ada", "address": {"line1": "1 St", "country": "GB"}},
        "tax_exempt": "reverse",
        "invoice_settings": {"footer": "Thanks", "custom_fields": [{"name": "PO", "value": "7"}]},
    }
    made = shop.client.v1.customers.create(given)
    seen = shop.client.v1.customers.retrieve(made.id)
    assert (seen.business_name, seen.individual_name, seen.description) == ("Analytical Engines", "Ada Lovelace", "first")
    assert (seen.preferred_locales, seen.tax_exempt) == (["en", "fr"], "reverse")
    assert seen.shipping is not None
    assert seen.invoice_settings is not None
    assert seen.invoice_settings.footer == "Thanks"
    cleared = shop.client.v1.customers.update(made.id, {"shipping": "", "business_name": "", "tax_exempt": ""})
    assert (cleared.shipping, cleared.tax_exempt) == (None, "none")
    assert "business_name" not in cleared


def test_a_negative_transaction_is_credit_and_fixes_the_currency(shop: Shop) -> None:
    customer = shop.customer(None).id
    made = shop.client.v1.customers.balance_transactions.create(customer, {"amount": -500, "currency": "eur", "description": "sorry"})
    assert (made.amount, made.ending_balance, made.type, made.description) == (-500, -500, "adjustment", "sorry")
    seen = shop.client.v1.customers.retrieve(customer, {"expand": ["invoice_credit_balance"]})
    assert (seen.balance, seen.currency, str(seen.invoice_credit_balance)) == (-500, "eur", str(seen.invoice_credit_balance))
    assert seen.to_dict()["invoice_credit_balance"] == {"eur": 500}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.customers.balance_transactions.create(customer, {"amount": -500, "currency": "usd"})
    assert refused(caught) == (400, None, "currency")
    shop.client.v1.customers.balance_transactions.create(customer, {"amount": 200, "currency": "eur"})
    rows = shop.client.v1.customers.balance_transactions.list(customer).data
    assert [(row.amount, row.ending_balance) for row in rows] == [(200, -300), (-500, -500)]
    assert shop.client.v1.customers.balance_transactions.retrieve(customer, made.id).id == made.id
    changed = shop.client.v1.customers.balance_transactions.update(customer, made.id, {"metadata": {"a": "b"}})
    assert changed.metadata is not None
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.customers.balance_transactions.retrieve(shop.customer(None).id, made.id)
    assert refused(caught)[:2] == (404, "resource_missing")


def test_a_balance_that_is_set_leaves_a_transaction_over_the_difference(shop: Shop) -> None:
    customer = shop.client.v1.customers.create({"balance": -300})
    shop.client.v1.customers.update(customer.id, {"balance": 100})
    rows = shop.client.v1.customers.balance_transactions.list(customer.id).data
    assert [(row.amount, row.type) for row in rows] == [(400, "adjustment"), (-300, "initial")]


@pytest.mark.parametrize(
    ("balance", "due", "left"),
    [(-500, 1400, 0), (-1900, 0, 0), (-2500, 0, -600), (300, 2200, 0), (0, 1900, 0)],
)
def test_an_invoice_takes_the_balance_first(shop: Shop, balance: int, due: int, left: int) -> None:
    customer = shop.customer()
    shop.client.v1.customers.update(customer.id, {"balance": balance})
    subscription = shop.client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": shop.price().id}]})
    invoice = shop.invoice(subscription)
    assert (invoice.status, invoice.total, invoice.amount_due, invoice.amount_paid) == ("paid", 1900, due, due)
    assert (invoice.starting_balance, invoice.ending_balance) == (balance, left)
    assert shop.client.v1.customers.retrieve(customer.id).balance == left
    used = shop.client.v1.customers.balance_transactions.list(customer.id, {"invoice": invoice.id}).data
    assert [(row.amount, row.type) for row in used] == ([(left - balance, "applied_to_invoice")] if left != balance else [])


def test_credit_that_covers_everything_needs_no_card(shop: Shop) -> None:
    customer = shop.customer(None)
    shop.client.v1.customers.update(customer.id, {"balance": -1900})
    subscription = shop.client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": shop.price().id}]})
    assert (subscription.status, shop.invoice(subscription).status) == ("active", "paid")


def test_a_debt_waits_for_the_first_invoice_with_something_due(shop: Shop) -> None:
    customer = shop.customer()
    shop.client.v1.customers.update(customer.id, {"balance": 300})
    asked: Any = {"customer": customer.id, "items": [{"price": shop.price().id}], "trial_period_days": 7}
    subscription = shop.client.v1.subscriptions.create(asked)
    assert (subscription.status, shop.invoice(subscription).amount_due) == ("trialing", 0)
    shop.simulation.advance(days=7, hours=1)
    assert (shop.invoice(subscription).status, shop.invoice(subscription).amount_paid) == ("paid", 2200)


def test_voiding_gives_the_credit_back(shop: Shop) -> None:
    customer = shop.customer("tok_chargeDeclined")
    shop.client.v1.customers.update(customer.id, {"balance": -500})
    subscription = shop.client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": shop.price().id}]})
    assert shop.invoice(subscription).amount_remaining == 1400
    shop.client.v1.invoices.void_invoice(str(subscription.latest_invoice))
    assert shop.client.v1.customers.retrieve(customer.id).balance == -500
    assert shop.client.v1.customers.balance_transactions.list(customer.id).data[0].type == "unapplied_from_invoice"


def test_a_tax_id_is_verified_after_a_while_and_seen_on_invoices(shop: Shop) -> None:
    given: Any = [{"type": "eu_vat", "value": "DE123456789"}, {"type": "us_ein", "value": "12-3456789"}]
    customer = shop.client.v1.customers.create({"tax_id_data": given, "expand": ["tax_ids"], "payment_method": "pm_card_visa"})
    assert customer.tax_ids is not None
    american, european = customer.tax_ids.data
    assert (european.country, european.verification and european.verification.status) == ("DE", "pending")
    assert (american.country, american.verification and american.verification.status) == ("US", "unavailable")
    wrong = shop.client.v1.customers.tax_ids.create(customer.id, {"type": "gb_vat", "value": "GB111111111"})
    shop.simulation.advance(minutes=1)
    for id, status in ((european.id, "verified"), (wrong.id, "unverified")):
        seen = shop.client.v1.customers.tax_ids.retrieve(customer.id, id)
        assert seen.verification is not None
        assert seen.verification.status == status
    shop.client.v1.customers.tax_ids.delete(customer.id, wrong.id)
    assert [row.id for row in shop.client.v1.customers.tax_ids.list(customer.id)] == [american.id, european.id]
    shop.give_card(customer.id, "tok_visa")
    subscription = shop.client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": shop.price().id}]})
    taxed = shop.invoice(subscription).customer_tax_ids
    assert taxed is not None
    assert [(row.type, row.value) for row in taxed] == [("eu_vat", "DE123456789"), ("us_ein", "12-3456789")]


def test_a_tax_id_that_cannot_be_one_is_refused_and_no_customer_is_made(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.customers.create({"tax_id_data": [{"type": "eu_vat", "value": "1"}]})
    assert refused(caught) == (400, "tax_id_invalid", "tax_id_data[0][value]")
    assert shop.client.v1.customers.list().data == []


def test_search_finds_what_is_there_now_page_by_page(shop: Shop) -> None:
    made = [shop.client.v1.customers.create({"email": f"Ada{n}@example.com", "metadata": {"tier": "gold"}}).id for n in range(3)]
    shop.client.v1.customers.create({"email": "bob@example.com"})
    query = 'email~"ada" AND metadata["tier"]:"GOLD"'
    first = shop.client.v1.customers.search({"query": query, "limit": 2})
    assert ([row.id for row in first.data], first.has_more) == (made[:0:-1], True)
    second = shop.client.v1.customers.search({"query": query, "limit": 2, "page": str(first.next_page)})
    assert ([row.id for row in second.data], second.has_more) == (made[:1], False)
    assert {row.id for row in first.auto_paging_iter()} == set(made)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.customers.search({"query": 'email:"x"', "page": str(first.next_page)})
    assert refused(caught) == (400, None, "page")


ADA = {"created": 100, "email": "ada@example.com", "name": 'Ada "Countess" Lovelace', "phone": None, "metadata": {"k": "v"}}
FIELDS: dict[str, type] = {"created": int, "email": str, "metadata": dict, "name": str, "phone": str}


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        ('email:"ADA@example.com"', True),
        ("email:'ada@example.com'", True),
        ('email:"ada"', False),
        ('name~"love"', True),
        (r'name~"\"Countess\""', True),
        ('-name~"love"', False),
        ("created>99 AND created<=100", True),
        ("created>100 OR created<100", False),
        ('created>100 OR email:"ada@example.com"', True),
        ("created:100", True),
        ('metadata["k"]:"v"', True),
        ("metadata['k']:'w'", False),
        ('metadata["x"]:null', True),
        ('-metadata["k"]:null', True),
        ("phone:null", True),
        ('phone~"123"', False),
        ('-phone:"123"', True),
    ],
)
def test_the_query_language(query: str, matches: bool) -> None:
    assert matcher(query, FIELDS)(ADA) is matches


@pytest.mark.parametrize(
    "query",
    [
        "",
        "ada",
        'email:"a',
        "email:ada",
        'colour:"red"',
        "created~1",
        'created>"x"',
        'name~"ab"',
        'name>"abc"',
        'metadata:"v"',
        'email["k"]:"v"',
        'email:"a" name:"b"',
        'email:"a" AND name:"b" OR phone:"c"',
        " AND ".join(["created>1"] * 11),
        'email:"a" AND',
    ],
)
def test_a_query_that_cannot_be_read_is_refused(query: str) -> None:
    with pytest.raises(StripeError) as caught:
        matcher(query, FIELDS)
    assert caught.value.body["error"]["param"] == "query"
