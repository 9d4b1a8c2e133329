"""Promotional credits, tax numbers and identifiers, and clearing personal data. Through the official client."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any, TypeAlias

import pytest
from billbridge_sandbox import Simulation

from .conftest import Client

InvalidRequestError: Any = import_module("chargebee").InvalidRequestError
Sdk: TypeAlias = Any


def credit(amount: int | None = None, currency: str = "USD", **fields: Any) -> dict[str, Any]:
    return {
        "customer_id": "ada",
        "currency_code": currency,
        "description": "Sorry",
        **({} if amount is None else {"amount": amount}),
        **fields,
    }


def test_the_client_gives_takes_and_sets_credits_and_reads_the_book(shop: Client, sdk: Sdk, simulation: Simulation) -> None:
    given = sdk.PromotionalCredit.add(credit(500, credit_type="loyalty_credits", reference="r1"))
    assert (given.customer.promotional_credits, given.promotional_credit.closing_balance) == (500, 500)
    assert (given.promotional_credit.type, given.promotional_credit.credit_type) == ("increment", "loyalty_credits")
    taken = sdk.PromotionalCredit.deduct(credit(200))
    assert (taken.customer.promotional_credits, taken.promotional_credit.type, taken.promotional_credit.amount) == (300, "decrement", 200)
    simulation.advance(minutes=1)
    assert sdk.PromotionalCredit.set(credit(1000)).promotional_credit.amount == 700
    assert sdk.PromotionalCredit.retrieve(given.promotional_credit.id).promotional_credit.reference == "r1"
    assert [row.promotional_credit.amount for row in sdk.PromotionalCredit.list({"customer_id": {"is": "ada"}}).list] == [500, 200, 700]
    assert len(sdk.PromotionalCredit.list({"type": {"is": "decrement"}}).list) == 1
    assert sdk.PromotionalCredit.deduct(credit()).promotional_credit.amount == 1000
    assert sdk.Customer.retrieve("ada").customer.promotional_credits == 0


def test_balances_are_kept_for_each_currency(shop: Client) -> None:
    shop.post("/promotional_credits/add", credit(500, "EUR"))
    customer = shop.post("/promotional_credits/add", credit(70))["customer"]
    assert customer["promotional_credits"] == 70
    assert {row["currency_code"]: row["promotional_credits"] for row in customer["balances"]} == {"EUR": 500, "USD": 70}
    assert shop.post("/customers/ada", {"preferred_currency_code": "EUR"})["customer"]["promotional_credits"] == 500


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"amount": 501}, "amount"),
        ({"amount": -1}, "amount"),
        ({"description": ""}, "description"),
        ({"currency_code": ""}, "currency_code"),
        ({"customer_id": "nobody"}, "customer_id"),
        ({"amount_in_decimal": "1.5"}, "amount_in_decimal"),
    ],
)
def test_credits_cannot_be_taken_wrongly(shop: Client, change: dict[str, Any], param: str) -> None:
    shop.post("/promotional_credits/add", credit(500))
    refused = shop.post("/promotional_credits/deduct", {**credit(1), **change})
    assert (refused.status, refused["param"]) == (404 if param == "customer_id" else 400, param)
    assert shop.get("/customers/ada")["customer"]["promotional_credits"] == 500


def test_the_client_clears_personal_data_and_the_customer_stays(shop: Client, sdk: Sdk) -> None:
    sdk.Customer.update(
        "ada", {"first_name": "Ada", "email": "a@example.com", "phone": "1", "company": "E", "meta_data": json.dumps({"a": 1})}
    )
    sdk.Customer.update_billing_info("ada", {"billing_address": {"line1": "1 Street"}, "vat_number": "GB1"})
    shop.subscribe(id="s")
    with pytest.raises(InvalidRequestError) as refused:
        sdk.Customer.clear_personal_data("ada")
    assert refused.value.http_code == 409
    sdk.Subscription.cancel_for_items("s", {"cancel_option": "immediately"})
    cleared = sdk.Customer.clear_personal_data("ada").customer
    assert (cleared.id, cleared.pii_cleared, cleared.deleted) == ("ada", "cleared", False)
    kept = shop.get("/customers/ada")["customer"]
    assert not {"first_name", "email", "phone", "company", "billing_address", "vat_number", "vat_number_status", "meta_data"} & set(kept)
    assert shop.invoices("s")[0]["billing_address"]["line1"] == "1 Street"


def test_tax_numbers_have_a_status_and_further_identifiers_are_kept(shop: Client, sdk: Sdk) -> None:
    shop.vendor.site.settings.vat_statuses = {"DE1": "valid"}
    made = sdk.Customer.update_billing_info("ada", {"vat_number": "DE1", "vat_number_prefix": "DE"}).customer
    assert (made.vat_number_status, made.vat_number_prefix) == ("valid", "DE")
    rows = [{"scheme": "DK:CVR", "value": "1"}, {"id": "mine", "scheme": "0060", "value": "2"}]
    made = sdk.Customer.update_billing_info("ada", {"vat_number": "DE1", "entity_identifiers": rows}).customer
    assert [(each.scheme, each.value) for each in made.entity_identifiers] == [("DK:CVR", "1"), ("0060", "2")]
    change = [{"id": "mine", "value": "3", "operation": "update"}, {"id": made.entity_identifiers[0].id, "operation": "delete"}]
    made = sdk.Customer.update_billing_info("ada", {"vat_number": "DE1", "entity_identifiers": change}).customer
    assert [(each.id, each.scheme, each.value) for each in made.entity_identifiers] == [("mine", "0060", "3")]
    assert (made.vat_number, made.vat_number_status, made.vat_number_prefix) == ("DE1", "valid", None)


def test_what_billing_info_does_not_name_again_is_gone_except_identifiers(shop: Client) -> None:
    rows = {"entity_identifiers[scheme][0]": "0060", "entity_identifiers[value][0]": "2"}
    path = "/customers/ada/update_billing_info"
    shop.post(path, {"billing_address[city]": "London", "vat_number": "GB1", "registered_for_gst": "true", **rows})
    moved = shop.post(path, {"billing_address[city]": "Leeds"})["customer"]
    assert (moved["billing_address"]["city"], "vat_number" in moved, "registered_for_gst" in moved) == ("Leeds", False, False)
    assert [row["value"] for row in moved["entity_identifiers"]] == ["2"]
    assert "billing_address" not in shop.post(path, {"vat_number": "GB1"})["customer"]


def test_a_refused_billing_info_changes_nothing(shop: Client) -> None:
    for wrong in ({"billing_address[country]": "GBR"}, {"entity_identifiers[id][0]": "no", "entity_identifiers[operation][0]": "delete"}):
        assert shop.post("/customers/ada/update_billing_info", {"vat_number": "GB9", **wrong}).status in (400, 404)
    assert "vat_number" not in shop.get("/customers/ada")["customer"]


@pytest.mark.parametrize(
    "name", ["card[number]", "bank_account[iban]", "exemption_details", "relationship[parent_id]", "client_profile_id"]
)
def test_what_a_customer_cannot_have_here_is_refused_by_name(client: Client, name: str) -> None:
    refused = client.post("/customers", {"id": "x", name: "4242"})
    assert (refused.code, refused["param"]) == ((400, "configuration_incompatible"), name)
    assert client.get("/customers/x").status == 404
