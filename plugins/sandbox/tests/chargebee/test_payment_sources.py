"""Payment sources: every way in, every way out, hosted pages and payment intents. Through the official client."""

from __future__ import annotations

from importlib import import_module
from typing import Any, TypeAlias

import pytest
from billbridge_sandbox import Simulation
from billbridge_sandbox.chargebee.api.errors import Refusal

from .conftest import START, Client

NOW = int(START.timestamp())
InvalidRequestError: Any = import_module("chargebee").InvalidRequestError
PaymentError: Any = import_module("chargebee").PaymentError
Sdk: TypeAlias = Any


@pytest.fixture
def eve(client: Client) -> Client:
    """A site with the customer "eve", who has no payment source."""
    client.customer("eve", None)
    return client


def test_a_bank_account_is_a_source_and_is_debited(shop: Client, sdk: Sdk) -> None:
    made = sdk.PaymentSource.create_using_temp_token(
        {"customer_id": "ada", "type": "direct_debit", "tmp_token": "tok_bank", "replace_primary_payment_source": True}
    )
    assert (made.payment_source.type, made.payment_source.bank_account.last4, made.payment_source.card) == ("direct_debit", "6789", None)
    assert (made.customer.primary_payment_source_id, made.customer.payment_method.type) == (made.payment_source.id, "direct_debit")
    assert made.customer.card_status == "no_card"
    subscription = shop.subscribe(id="s")
    assert (subscription["invoice"]["status"], "card" in subscription.body) == ("paid", False)
    paid = shop.get("/transactions", {"subscription_id[is]": "s"})["list"][0]["transaction"]
    assert (paid["payment_method"], "last4" in paid) == ("direct_debit", False)
    assert [row.payment_source.type for row in sdk.PaymentSource.list({"type": {"is": "direct_debit"}}).list] == ["direct_debit"]


def test_the_type_must_be_what_the_gateway_holds(eve: Client) -> None:
    for kind, token in (("card", "tok_bank"), ("direct_debit", "tok_visa")):
        refused = eve.post("/payment_sources/create_using_temp_token", {"customer_id": "eve", "type": kind, "tmp_token": token})
        assert (refused.code, refused["param"]) == ((400, "param_wrong_value"), "type")


def test_what_is_deleted_only_locally_can_be_taken_over_again(eve: Client, sdk: Sdk) -> None:
    source = sdk.PaymentSource.create_using_token({"customer_id": "eve", "token_id": "tok_visa"}).payment_source
    again = {"customer_id": "eve", "type": "card", "reference_id": source.reference_id}
    gone = sdk.PaymentSource.delete_local(source.id)
    assert (gone.payment_source.deleted, gone.customer.primary_payment_source_id) == (True, None)
    taken = sdk.PaymentSource.create_using_permanent_token(again).payment_source
    assert (taken.reference_id, taken.id == source.id) == (source.reference_id, False)
    sdk.PaymentSource.delete(taken.id)
    with pytest.raises(PaymentError) as refused:
        sdk.PaymentSource.create_using_permanent_token(again)
    assert refused.value.api_error_code == "payment_method_verification_failed"
    assert sdk.PaymentSource.list({"customer_id": {"is": "eve"}}).list == []
    assert len(sdk.PaymentSource.list({"customer_id": {"is": "eve"}, "include_deleted": True}).list) == 2


@pytest.mark.parametrize(("keep", "status"), [("false", 200), ("true", 400), (None, 400)])
def test_deleting_a_customer_deletes_at_the_gateway_unless_told_not_to(eve: Client, keep: str | None, status: int) -> None:
    token = {"customer_id": "eve", "token_id": "tok_visa"}
    reference = eve.post("/payment_sources/create_using_token", token)["payment_source"]["reference_id"]
    eve.post("/customers/eve/delete", {} if keep is None else {"delete_payment_method": keep})
    eve.customer("bob", None)
    sent = {"customer_id": "bob", "type": "card", "reference_id": reference}
    assert eve.post("/payment_sources/create_using_permanent_token", sent).status == status


def test_roles_move_between_sources(eve: Client, sdk: Sdk) -> None:
    first = sdk.PaymentSource.create_using_token({"customer_id": "eve", "token_id": "tok_visa"}).payment_source.id
    second = sdk.PaymentSource.create_using_token({"customer_id": "eve", "token_id": "tok_mastercard"}).payment_source.id

    def roles(id: str, role: str) -> tuple[str | None, str | None]:
        customer = sdk.Customer.assign_payment_role("eve", {"payment_source_id": id, "role": role}).customer
        return customer.primary_payment_source_id, customer.backup_payment_source_id

    assert roles(second, "backup") == (first, second)
    assert roles(second, "primary") == (second, None)
    assert roles(first, "backup") == (second, first)
    assert roles(second, "none") == (None, first)


def test_the_client_lets_a_customer_authorize_and_attaches_it(eve: Client, sdk: Sdk) -> None:
    intent = sdk.PaymentIntent.create(
        {"customer_id": "eve", "amount": 0, "currency_code": "USD", "payment_method_type": "card"}
    ).payment_intent
    assert (intent.status, intent.expires_at) == ("inited", NOW + 1800)
    asked = {"customer_id": "eve", "payment_intent": {"id": intent.id}}
    with pytest.raises(PaymentError) as refused:
        sdk.PaymentSource.create_using_payment_intent(asked)
    assert refused.value.api_error_code == "payment_intent_invalid"
    assert sdk.PaymentIntent.update(intent.id, {"amount": 100}).payment_intent.amount == 100
    eve.vendor.authorize_payment_intent(intent.id, "tok_chargeDeclined")
    assert sdk.PaymentIntent.retrieve(intent.id).payment_intent.active_payment_attempt.status == "refused"
    eve.vendor.authorize_payment_intent(intent.id, "tok_visa")
    found = sdk.PaymentIntent.retrieve(intent.id).payment_intent
    assert (found.status, len(found.payment_attempts)) == ("authorized", 2)
    made = sdk.PaymentSource.create_using_payment_intent({**asked, "replace_primary_payment_source": True})
    assert (made.payment_source.card.last4, made.customer.primary_payment_source_id) == ("4242", made.payment_source.id)
    assert sdk.PaymentIntent.retrieve(intent.id).payment_intent.status == "consumed"
    with pytest.raises(PaymentError):
        sdk.PaymentSource.create_using_payment_intent(asked)


def test_an_intent_expires_and_belongs_to_its_customer(eve: Client, simulation: Simulation) -> None:
    eve.customer("bob", None)

    def intent() -> str:
        made = eve.post("/payment_intents", {"customer_id": "bob", "amount": 5, "currency_code": "USD"})
        return str(made["payment_intent"]["id"])

    id = intent()
    eve.vendor.authorize_payment_intent(id, "tok_visa")
    asked = {"customer_id": "eve", "payment_intent[id]": id}
    assert eve.post("/payment_sources/create_using_payment_intent", asked).code == (400, "payment_intent_invalid")
    late = intent()
    simulation.advance(minutes=30)
    assert eve.get(f"/payment_intents/{late}")["payment_intent"]["status"] == "expired"
    assert eve.post(f"/payment_intents/{late}", {"amount": 6}).code == (409, "invalid_state_for_request")
    with pytest.raises(Refusal):
        eve.vendor.authorize_payment_intent(late, "tok_visa")
    assert eve.post("/payment_sources/create_using_payment_intent", {**asked, "customer_id": "bob"}).status == 400


def test_the_client_opens_a_page_on_which_a_customer_adds_a_card(eve: Client, sdk: Sdk) -> None:
    page = sdk.HostedPage.manage_payment_sources({"customer": {"id": "eve"}, "redirect_url": "https://example.com/done"}).hosted_page
    assert (page.type, page.state, page.expires_at) == ("manage_payment_sources", "created", NOW + 5 * 86400)
    assert page.url == f"https://simulated-test.chargebee.com/pages/v3/{page.id}/"
    with pytest.raises(InvalidRequestError) as refused:
        sdk.HostedPage.acknowledge(page.id)
    assert refused.value.http_code == 409
    eve.vendor.complete_hosted_page(page.id, "tok_mastercard")
    done = sdk.HostedPage.retrieve(page.id).hosted_page
    assert (done.state, done.content["payment_source"]["card"]["last4"]) == ("succeeded", "4444")
    assert sdk.Customer.retrieve("eve").card.card_type == "mastercard"
    assert sdk.HostedPage.acknowledge(page.id).hosted_page.state == "acknowledged"
    assert [row.hosted_page.id for row in sdk.HostedPage.list({"state": {"is": "acknowledged"}}).list] == [page.id]
    with pytest.raises(Refusal):
        eve.vendor.complete_hosted_page(page.id, "tok_visa")


def test_a_page_expires_after_five_days_and_needs_a_customer(eve: Client, simulation: Simulation) -> None:
    assert eve.post("/hosted_pages/manage_payment_sources", {"customer[id]": "nobody"})["param"] == "customer[id]"
    page = eve.post("/hosted_pages/manage_payment_sources", {"customer[id]": "eve"})["hosted_page"]["id"]
    simulation.advance(days=5)
    with pytest.raises(Refusal):
        eve.vendor.complete_hosted_page(page, "tok_visa")


def test_nothing_shows_the_address_of_a_page(eve: Client) -> None:
    eve.post("/hosted_pages/manage_payment_sources", {"customer[id]": "eve"})
    page = eve.vendor.site.hosted_pages.values()[0]
    assert page.id not in repr(page)
    assert page.url not in repr(eve.vendor.site)


@pytest.mark.parametrize(("way", "name"), [("permanent_token", "card[last4]"), ("permanent_token", "mandate_id"), ("token", "brand_id")])
def test_what_a_source_cannot_have_here_is_refused_by_name(eve: Client, way: str, name: str) -> None:
    sent = {"customer_id": "eve", "type": "card", "reference_id": "tok_visa", "token_id": "tok_visa", name: "1"}
    refused = eve.post(f"/payment_sources/create_using_{way}", sent)
    assert (refused.code, refused["param"]) == ((400, "configuration_incompatible"), name)
