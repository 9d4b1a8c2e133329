"""Setting up a payment method: SetupIntents, hosted pages, bank accounts, and what can be done with a method that is saved."""

from __future__ import annotations

from typing import Any

import pytest
import stripe
from billbridge_sandbox.stripe.api.errors import StripeError

from .conftest import START, Judged
from .shop import Shop

NEVER: Any = {"enabled": True, "allow_redirects": "never"}
CARD = ["card"]


def intent(shop: Shop, **given: Any) -> stripe.SetupIntent:
    params: Any = {"automatic_payment_methods": NEVER, **given}
    return shop.client.v1.setup_intents.create(params)


def methods(shop: Shop, customer: str) -> list[str]:
    return [row.id for row in shop.client.v1.payment_methods.list({"customer": customer})]


def test_a_confirmed_intent_attaches_its_payment_method(shop: Shop) -> None:
    customer = shop.customer(None).id
    made = intent(shop, customer=customer, metadata={"a": "b"})
    assert (made.status, made.usage, made.payment_method) == ("requires_payment_method", "off_session", None)
    assert str(made.client_secret).startswith(f"{made.id}_secret_")
    chosen = shop.client.v1.setup_intents.update(made.id, {"payment_method": "pm_card_visa"})
    assert chosen.status == "requires_confirmation"
    assert methods(shop, customer) == []
    done = shop.client.v1.setup_intents.confirm(made.id)
    assert (done.status, methods(shop, customer)) == ("succeeded", [done.payment_method])
    assert shop.client.v1.setup_intents.retrieve(made.id, {"expand": ["payment_method", "customer"]}).status == "succeeded"
    for again in (shop.client.v1.setup_intents.confirm, shop.client.v1.setup_intents.cancel):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            again(made.id)
        assert (caught.value.http_status, caught.value.code) == (400, "setup_intent_unexpected_state")


def test_an_intent_can_be_confirmed_at_once(shop: Shop) -> None:
    customer = shop.customer(None).id
    token = shop.client.v1.payment_methods.create({"type": "card", "card": {"token": "tok_visa"}})
    done = intent(shop, customer=customer, payment_method=token.id, confirm=True)
    assert (done.status, methods(shop, customer)) == ("succeeded", [token.id])


def test_a_card_that_wants_authentication_waits_for_it(shop: Shop, simulation: Judged) -> None:
    customer = shop.customer(None).id
    waiting = intent(shop, customer=customer, payment_method="pm_card_authenticationRequired", confirm=True)
    assert (waiting.status, waiting.next_action and waiting.next_action.type) == ("requires_action", "use_stripe_sdk")
    assert methods(shop, customer) == []
    simulation.stripe.authenticate(waiting.id)
    assert shop.client.v1.setup_intents.retrieve(waiting.id).status == "succeeded"
    assert len(methods(shop, customer)) == 1
    with pytest.raises(StripeError):
        simulation.stripe.authenticate(waiting.id)
    redirected = intent(shop, payment_method="pm_card_authenticationRequired", confirm=True, return_url="https://example.com")
    assert redirected.next_action is not None
    assert redirected.next_action.redirect_to_url is not None


@pytest.mark.parametrize(
    ("name", "code"),
    [("pm_card_visa_chargeDeclined", "card_declined"), ("pm_card_chargeDeclinedExpiredCard", "expired_card")],
)
def test_a_declined_card_is_told_and_can_be_replaced(shop: Shop, name: str, code: str) -> None:
    customer = shop.customer(None).id
    with pytest.raises(stripe.CardError) as caught:
        intent(shop, customer=customer, payment_method=name, confirm=True)
    assert (caught.value.http_status, caught.value.code) == (402, code)
    (left,) = shop.client.v1.setup_intents.list({"customer": customer}).data
    assert (left.status, left.payment_method, left.last_setup_error and left.last_setup_error.code) == (
        "requires_payment_method",
        None,
        code,
    )
    assert methods(shop, customer) == []
    assert shop.client.v1.setup_intents.confirm(left.id, {"payment_method": "pm_card_visa"}).status == "succeeded"


def test_what_may_redirect_needs_an_address_to_come_back_to(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.setup_intents.create({"payment_method": "pm_card_visa", "confirm": True})
    assert caught.value.param == "return_url"
    only_cards: Any = {"payment_method": "pm_card_visa", "confirm": True, "allowed_payment_method_types": CARD}
    made = shop.client.v1.setup_intents.create(only_cards)
    assert (made.status, made.automatic_payment_methods, made.payment_method_types) == ("succeeded", None, CARD)
    both: Any = {"allowed_payment_method_types": CARD, "automatic_payment_methods": NEVER}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.setup_intents.create(both)
    assert caught.value.code == "parameters_exclusive"


def test_an_intent_can_be_canceled_while_it_is_open(shop: Shop) -> None:
    made = shop.client.v1.setup_intents.cancel(intent(shop).id, {"cancellation_reason": "abandoned"})
    assert (made.status, made.cancellation_reason) == ("canceled", "abandoned")


def test_the_method_of_another_customer_cannot_be_set_up(shop: Shop) -> None:
    card = shop.give_card(shop.customer(None).id, "tok_visa")
    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        intent(shop, customer=shop.customer(None).id, payment_method=card.id, confirm=True)


def session(shop: Shop, **given: Any) -> stripe.checkout.Session:
    params: Any = {"mode": "setup", "currency": "usd", "success_url": "https://example.com/ok", **given}
    return shop.client.v1.checkout.sessions.create(params)


def test_a_hosted_page_sets_up_a_method(shop: Shop, simulation: Judged) -> None:
    customer = shop.customer(None).id
    made = session(
        shop, customer=customer, cancel_url="https://example.com/no", metadata={"a": "b"}, setup_intent_data={"metadata": {"c": "d"}}
    )
    assert (made.status, made.mode, made.payment_status, made.customer) == ("open", "setup", "no_payment_required", customer)
    assert str(made.url).startswith("https://checkout.stripe.com/c/pay/cs_test_")
    assert made.expires_at == int(START.timestamp()) + 86400
    with pytest.raises(StripeError):
        simulation.stripe.complete_checkout(made.id, "tok_chargeDeclined")
    simulation.stripe.complete_checkout(made.id, "tok_authenticationRequired")
    done = shop.client.v1.checkout.sessions.retrieve(made.id, {"expand": ["setup_intent.payment_method"]})
    assert (done.status, done.url, done.customer_details and done.customer_details.email) == ("complete", None, "ada@example.com")
    assert isinstance(done.setup_intent, stripe.SetupIntent)
    assert isinstance(done.setup_intent.payment_method, stripe.PaymentMethod)
    assert done.setup_intent.metadata is not None
    assert done.setup_intent.metadata.to_dict() == {"c": "d"}
    assert methods(shop, customer) == [done.setup_intent.payment_method.id]
    with pytest.raises(StripeError):
        simulation.stripe.complete_checkout(made.id, "tok_visa")
    shop.simulation.advance(days=2)
    assert [row.id for row in shop.client.v1.checkout.sessions.list({"status": "complete", "customer": customer})] == [made.id]


def test_a_page_closes_by_time_and_on_demand(shop: Shop) -> None:
    short, other = session(shop, expires_at=int(START.timestamp()) + 1800), session(shop)
    assert shop.client.v1.checkout.sessions.expire(other.id).status == "expired"
    shop.simulation.advance(minutes=30)
    seen = shop.client.v1.checkout.sessions.retrieve(short.id)
    assert (seen.status, seen.url) == ("expired", None)
    assert shop.client.v1.setup_intents.retrieve(str(seen.setup_intent)).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError, match="can be expired"):
        shop.client.v1.checkout.sessions.expire(short.id)


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"mode": "payment"}, "mode"),
        ({"ui_mode": "embedded_page"}, "ui_mode"),
        ({"customer": "cus_none"}, "customer"),
        ({"success_url": "example"}, "success_url"),
        ({"expires_at": int(START.timestamp()) + 60}, "expires_at"),
        ({"customer": "cus_none", "customer_email": "ada@example.com"}, "customer"),
    ],
)
def test_a_page_that_cannot_be_is_refused(shop: Shop, wrong: dict[str, Any], param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        session(shop, **wrong)
    assert (caught.value.http_status, caught.value.param) == (400, param)


def test_a_bank_account_is_listed_by_its_type_and_pays(shop: Shop) -> None:
    customer = shop.customer().id
    bank = shop.client.v1.payment_methods.attach("pm_usBankAccount", {"customer": customer})
    assert bank.us_bank_account is not None
    assert (bank.type, bank.us_bank_account.last4, bank.us_bank_account.bank_name) == ("us_bank_account", "6789", "STRIPE TEST BANK")
    assert [row.id for row in shop.client.v1.payment_methods.list({"customer": customer, "type": "us_bank_account"})] == [bank.id]
    assert shop.client.v1.customers.payment_methods.retrieve(customer, bank.id).id == bank.id
    asked: Any = {"customer": customer, "items": [{"price": shop.price().id}], "default_payment_method": bank.id}
    assert shop.client.v1.subscriptions.create(asked).status == "active"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.customers.payment_methods.retrieve(shop.customer(None).id, bank.id)
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_a_saved_card_can_be_updated_and_a_loose_one_cannot(shop: Shop) -> None:
    card = shop.give_card(shop.customer(None).id, "tok_visa")
    asked: Any = {
        "card": {"exp_month": 1, "exp_year": 2040},
        "billing_details": {"name": "Ada", "address": {"city": "Oslo"}},
        "metadata": {"a": "b"},
    }
    changed = shop.client.v1.payment_methods.update(card.id, asked)
    assert changed.card is not None
    assert (changed.card.exp_month, changed.card.exp_year, changed.billing_details.name) == (1, 2040, "Ada")
    shop.client.v1.payment_methods.detach(card.id)
    with pytest.raises(stripe.InvalidRequestError, match="save this PaymentMethod"):
        shop.client.v1.payment_methods.update(card.id, {"metadata": {"a": "c"}})
    with pytest.raises(stripe.InvalidRequestError, match="detachment is impossible"):
        shop.client.v1.payment_methods.detach(card.id)
