"""Customers whole against the simulated Stripe, through the public API: credit, tax ids, search, orders of lists, setups, awaited too."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from billbridge import AsyncBilling, Billing, Item, Money
from billbridge.errors import NotFoundError, UnsupportedOperationError, ValidationError
from billbridge.model import (
    Address,
    BankAccount,
    CardBrand,
    InvoiceStatus,
    NewTaxId,
    PaymentMethodType,
    SetupStatus,
    SetupWay,
    Shipping,
    TaxExempt,
    TaxIdStatus,
)
from billbridge_sandbox import Sandbox

from .selling import START, billing, sandbox

__all__ = ["billing", "sandbox"]  # fixtures

SHIPPING = Shipping(name="Aunt", phone="+33 1", address=Address(line1="2 Rue", city="Paris", country="FR"))


def test_every_field_is_written_changed_and_cleared(billing: Billing) -> None:
    """Case 2."""
    made = billing.customers.create(
        name="Ada",
        company="Engines",
        description="D",
        locale="fr-CA",
        shipping=SHIPPING,
        tax_exempt="reverse",
        tax_ids=[NewTaxId(type="eu_vat", value="DE123456789"), NewTaxId(type="us_ein", value="12-3456789")],
    )
    assert made == billing.customers.get(made.id)
    assert (made.company, made.description, made.locale, made.shipping) == ("Engines", "D", "fr-CA", SHIPPING)
    assert (made.tax_exempt, made.currency, made.credit_balance, made.delinquent) == (TaxExempt.REVERSE, None, [], False)
    assert {(each.type, each.value) for each in made.tax_ids or []} == {("eu_vat", "DE123456789"), ("us_ein", "12-3456789")}
    moved = Shipping(name="Ada", address=Address(city="Bonn"))
    changed = billing.customers.update(made.id, company=None, locale="de", shipping=moved, tax_exempt=None)
    assert (changed.company, changed.locale, changed.shipping, changed.tax_exempt) == (None, "de", moved, TaxExempt.NONE)
    assert (changed.description, changed.tax_ids) == ("D", made.tax_ids)
    cleared = billing.customers.update(made.id, description=None, shipping=None)
    assert (cleared.description, cleared.shipping) == (None, None)
    assert billing.payment_methods.set_default(
        made.id, billing.payment_methods.attach(made.id, token="tok_visa", make_default=False).id
    ) == billing.customers.get(made.id)


def test_credit_pays_the_next_invoice(billing: Billing) -> None:
    """Case 28: positive is credit, here as at every vendor."""
    ada = billing.customers.create(name="Ada")
    billing.payment_methods.attach(ada.id, token="tok_visa")
    given = billing.customers.adjust_credit(ada.id, amount=Money("50.00", "USD"), reason="Sorry")
    assert (given.customer_id, given.amount, given.balance, given.reason) == (ada.id, Money(50, "USD"), Money(50, "USD"), "Sorry")
    taken = billing.customers.adjust_credit(ada.id, amount=Money("-20", "USD"), reason="Too much")
    assert (taken.amount, taken.balance) == (Money(-20, "USD"), Money(30, "USD"))
    assert billing.customers.get(ada.id).credit_balance == [Money(30, "USD")]
    product = billing.products.create(name="Pro")
    price = billing.prices.create(product=product.id, amount=Money(19, "USD"), every="month")
    billing.subscriptions.create(customer=ada.id, items=[Item(price=price.id)])
    (invoice,) = billing.invoices.list(customer=ada.id)
    assert (invoice.status, invoice.credits_applied, invoice.amount_paid) == (InvoiceStatus.PAID, Money(19, "USD"), Money(0, "USD"))
    assert billing.customers.get(ada.id).credit_balance == [Money(11, "USD")]
    owed = billing.customers.adjust_credit(ada.id, amount=Money(-15, "USD"), reason="A fee")
    assert owed.balance == Money(-4, "USD")
    assert billing.customers.get(ada.id).credit_balance == [Money(-4, "USD")]


def test_tax_ids_come_and_go(billing: Billing, sandbox: Sandbox) -> None:
    ada = billing.customers.create(name="Ada")
    assert billing.customers.get(ada.id).tax_ids == []
    added = billing.customers.add_tax_id(ada.id, type="eu_vat", value="DE123456789")
    assert (added.type, added.value, added.status, added.country) == ("eu_vat", "DE123456789", TaxIdStatus.PENDING, "DE")
    sandbox.advance(hours=1)
    (verified,) = billing.customers.get(ada.id).tax_ids or []
    assert (verified.id, verified.status) == (added.id, TaxIdStatus.VERIFIED)
    assert [each.tax_ids for each in billing.customers.list()] == [[verified]]
    billing.customers.remove_tax_id(ada.id, added.id)
    assert billing.customers.get(ada.id).tax_ids == []
    with pytest.raises(NotFoundError):
        billing.customers.remove_tax_id(ada.id, added.id)
    with pytest.raises(ValidationError):
        billing.customers.add_tax_id(ada.id, type="eu_vat", value="x")


def test_a_search_finds_what_matches_and_nothing_that_only_looks_so(billing: Billing) -> None:
    ada = billing.customers.create(name="Ada Lovelace", email="ada@example.com", phone="+44 20", metadata={'k":"x': 'v" OR name:"Bob'})
    bob = billing.customers.create(name="Bob", email="bob@example.com")
    assert [each.id for each in billing.customers.search(email="ada@example.com", phone="+44 20")] == [ada.id]
    assert [each.id for each in billing.customers.search(name="lovel")] == [ada.id]
    assert [each.id for each in billing.customers.search(metadata={'k":"x': 'v" OR name:"Bob'})] == [ada.id]
    assert list(billing.customers.search(email='x" OR name:"Bob')) == []
    made = {billing.customers.create(name="Grace").id for _ in range(5)}
    pages = list(billing.customers.search(name="Grace", page_size=2).pages())
    assert [len(page.items) for page in pages] == [2, 2, 1]
    assert {each.id for page in pages for each in page.items} == made
    assert billing.customers.get(bob.id).name == "Bob"


def test_lists_in_both_orders_and_cut_to_a_time(billing: Billing, sandbox: Sandbox) -> None:
    """Cases 20 and 23: 205 objects, page boundaries, a cursor that resumes."""
    early = [billing.customers.create(name=str(number)).id for number in range(100)]
    sandbox.advance(seconds=10)
    late = [billing.customers.create(name=str(number)).id for number in range(105)]
    border = START + timedelta(seconds=10)
    assert [each.id for each in billing.customers.list(order="oldest_first")] == early + late
    assert [each.id for each in billing.customers.list(order="newest_first")] == (early + late)[::-1]
    pages = list(billing.customers.list(order="oldest_first", page_size=80).pages())
    assert [len(page.items) for page in pages] == [80, 80, 45]
    rest = billing.customers.list(order="oldest_first", page_size=80, cursor=pages[0].next_cursor)
    assert [each.id for each in rest] == (early + late)[80:]
    assert [each.id for each in billing.customers.list(created_lt=border, order="oldest_first")] == early
    assert [each.id for each in billing.customers.list(created_gte=border)] == late[::-1]
    assert list(billing.customers.list(created_gte=border + timedelta(seconds=1), order="oldest_first")) == []


def test_payment_methods_are_cut_to_a_time_here(billing: Billing, sandbox: Sandbox) -> None:
    """Case 20: pages of other times do not end the list."""
    ada = billing.customers.create(name="Ada")
    first = billing.payment_methods.attach(ada.id, token="tok_visa")
    sandbox.advance(seconds=10)
    others = [billing.payment_methods.attach(ada.id, token="pm_card_mastercard").id for _ in range(3)]
    border = START + timedelta(seconds=10)
    assert [each.id for each in billing.payment_methods.list(customer=ada.id, created_lt=border, page_size=1)] == [first.id]
    oldest = billing.payment_methods.list(customer=ada.id, created_gte=border, page_size=1, order="oldest_first")
    assert [each.id for each in oldest] == others


def test_a_payment_method_is_read_and_detached_for_good(billing: Billing) -> None:
    ada = billing.customers.create(name="Ada")
    card = billing.payment_methods.attach(ada.id, token="tok_visa")
    assert billing.payment_methods.get(card.id) == card
    assert card.card is not None
    assert card.card.brand is CardBrand.VISA
    billing.payment_methods.detach(card.id)
    assert billing.payment_methods.get(card.id).customer_id is None
    assert billing.customers.get(ada.id).default_payment_method_id is None
    with pytest.raises((NotFoundError, ValidationError)):
        billing.payment_methods.detach(card.id)
    with pytest.raises(NotFoundError):
        billing.payment_methods.get("pm_none")


def test_a_bank_account_is_debited(billing: Billing) -> None:
    ada = billing.customers.create(name="Ada")
    bank = billing.payment_methods.attach(ada.id, token="pm_usBankAccount")
    assert (bank.type, bank.vendor_type, bank.card) == (PaymentMethodType.BANK_DEBIT, "us_bank_account", None)
    assert bank.bank == BankAccount(last4="6789", bank_name="STRIPE TEST BANK")


def test_a_new_method_is_set_up_on_a_page_or_in_the_application(billing: Billing) -> None:
    ada = billing.customers.create(name="Ada")
    page = billing.payment_methods.setup(ada.id, return_url="https://app.example/back")
    assert (page.customer_id, page.way, page.status, page.client_secret) == (ada.id, SetupWay.HOSTED, SetupStatus.PENDING, None)
    assert (page.url or "").startswith("https://")
    assert page.expires_at is not None
    assert page.expires_at > START
    assert billing.payment_methods.get_setup(page.id) == page
    own = billing.payment_methods.setup(ada.id, way="client_side")
    assert (own.customer_id, own.way, own.status, own.url) == (ada.id, SetupWay.CLIENT_SIDE, SetupStatus.PENDING, None)
    assert (own.client_secret or "").startswith(f"{own.id}_secret_")
    billing.raw.post(f"/v1/setup_intents/{own.id}/confirm", {"payment_method": "pm_card_visa", "return_url": "https://app.example/"})
    done = billing.payment_methods.get_setup(own.id)
    assert done.status is SetupStatus.COMPLETED
    assert [each.id for each in billing.payment_methods.list(customer=ada.id)] == [done.payment_method_id]
    for id in ("cs_none", "seti_none"):
        with pytest.raises(NotFoundError):
            billing.payment_methods.get_setup(id)


def test_what_stripe_has_not_is_refused_with_advice(billing: Billing) -> None:
    with pytest.raises(UnsupportedOperationError, match="delete the customer"):
        billing.customers.anonymise("cus_1")
    with pytest.raises(UnsupportedOperationError, match="pass name"):
        billing.customers.create(given_name="Ada")


def test_the_same_names_can_be_awaited(sandbox: Sandbox) -> None:
    async def story() -> tuple[list[Money], list[str], list[str | None], SetupStatus]:
        async with AsyncBilling.connect("stripe", gateway=sandbox) as billing:
            ada = await billing.customers.create(name="Ada", tax_ids=[NewTaxId(type="gb_vat", value="GB123456789")])
            await billing.customers.create(name="Bob")
            await billing.customers.adjust_credit(ada.id, amount=Money(500, "JPY"), reason="Sorry")
            ada = await billing.customers.get(ada.id)
            found = [each.name async for each in billing.customers.list(order="oldest_first", page_size=1)]
            page = await billing.payment_methods.setup(ada.id, return_url="https://app.example/")
            return ada.credit_balance, [each.value for each in ada.tax_ids or []], found, page.status

    assert asyncio.run(story()) == ([Money(500, "JPY")], ["GB123456789"], ["Ada", "Bob"], SetupStatus.PENDING)
