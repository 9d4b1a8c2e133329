"""Customers and their payment sources."""

from __future__ import annotations

import json

import pytest
from billbridge_sandbox import Simulation

from .conftest import START, Client


def test_a_customer_has_the_callers_id_or_one_of_the_vendors(client: Client) -> None:
    assert client.customer("ada", None)["id"] == "ada"
    made = client.post("/customers", {"first_name": "Grace"})["customer"]
    assert len(made["id"]) == 17
    assert client.get(f"/customers/{made['id']}")["customer"] == made
    assert client.post("/customers", {"id": "ada"}).code == (400, "duplicate_entry")
    assert client.post("/customers", {"id": "x" * 51}).code == (400, "param_wrong_value")


def test_fields_that_are_null_are_absent_and_times_are_the_simulations(client: Client) -> None:
    made = client.customer("ada", None)
    assert not {"email", "billing_address", "meta_data", "card"} & set(made)
    assert made["created_at"] == made["updated_at"] == int(START.timestamp())
    assert made["resource_version"] // 1000 == made["created_at"]


def test_meta_data_is_one_json_object_and_is_replaced_as_a_whole(client: Client) -> None:
    client.customer("ada", None, meta_data=json.dumps({"tier": "gold", "nested": {"deep": [1]}}))
    assert client.get("/customers/ada")["customer"]["meta_data"] == {"tier": "gold", "nested": {"deep": [1]}}
    client.post("/customers/ada", {"meta_data": json.dumps({"plan": "x"})})
    assert client.get("/customers/ada")["customer"]["meta_data"] == {"plan": "x"}


@pytest.mark.parametrize("value", ["{'tier': 'gold'}", '["a"]', "gold", "1"])
def test_meta_data_that_is_not_a_json_object_is_refused(client: Client, value: str) -> None:
    refused = client.post("/customers", {"meta_data": value})
    assert refused.code == (400, "param_wrong_value")
    assert refused["param"] == "meta_data"


def test_update_leaves_alone_what_is_not_sent_and_clears_what_is_sent_empty(client: Client) -> None:
    client.customer("ada", None, first_name="Ada", company="Engines", phone="1")
    changed = client.post("/customers/ada", {"company": "", "first_name": "Augusta"})["customer"]
    assert (changed["first_name"], changed["phone"]) == ("Augusta", "1")
    assert "company" not in changed
    assert changed["resource_version"] > client.vendor.site.now * 1000


def test_update_does_not_take_the_address_but_update_billing_info_does(client: Client) -> None:
    client.customer("ada", None, **{"billing_address[line1]": "1 Street", "billing_address[country]": "GB"})
    client.post("/customers/ada", {"billing_address[line1]": "2 Street"})
    assert client.get("/customers/ada")["customer"]["billing_address"]["line1"] == "1 Street"
    assert "POST /customers/{id} billing_address[line1]" in client.vendor.ignored_params
    changed = client.post("/customers/ada/update_billing_info", {"billing_address[city]": "London", "vat_number": "GB1"})["customer"]
    assert changed["billing_address"] == {"object": "billing_address", "city": "London", "validation_status": "not_validated"}
    assert changed["vat_number_status"] == "not_validated"


@pytest.mark.parametrize(
    ("name", "value"),
    [("auto_collection", "true"), ("allow_direct_debit", "True"), ("net_term_days", "1.5"), ("preferred_currency_code", "usd")],
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(client: Client, name: str, value: str) -> None:
    refused = client.post("/customers", {name: value})
    assert refused.code == (400, "param_wrong_value")
    assert refused["param"] == name


def test_a_deleted_customer_leaves_the_lists_and_is_gone_after_a_while(shop: Client, simulation: Simulation) -> None:
    subscription = shop.subscribe()["subscription"]["id"]
    deleted = shop.post("/customers/ada/delete", {"delete_payment_method": "false"})["customer"]
    assert deleted["deleted"] is True
    assert shop.get("/customers/ada")["customer"]["deleted"] is True
    assert shop.get("/customers")["list"] == []
    assert shop.get("/customers", {"include_deleted": "true"}).names("customer") == ["ada"]
    assert shop.post("/customers/ada", {"phone": "1"}).code == (404, "resource_not_found")
    assert shop.get(f"/subscriptions/{subscription}").code == (404, "resource_not_found")
    assert shop.get("/invoices")["list"] == []
    simulation.advance(days=400)
    assert shop.get("/customers/ada").code == (404, "resource_not_found")
    assert shop.get("/invoices")["list"] == []


def test_the_first_payment_source_becomes_primary_and_its_card_is_sent_beside_the_customer(client: Client) -> None:
    client.customer("ada", None)
    assert client.get("/customers/ada")["customer"]["card_status"] == "no_card"
    first = client.post("/payment_sources/create_using_token", {"customer_id": "ada", "token_id": "tok_visa"})["payment_source"]
    second = client.post("/payment_sources/create_using_token", {"customer_id": "ada", "token_id": "tok_mastercard"})["payment_source"]
    shown = client.get("/customers/ada")
    assert shown["customer"]["primary_payment_source_id"] == first["id"] == shown["card"]["payment_source_id"]
    assert (shown["card"]["last4"], shown["card"]["card_type"], shown["customer"]["card_status"]) == ("4242", "visa", "valid")
    assert second["card"]["brand"] == "mastercard"


def test_a_source_can_replace_the_primary_one_and_roles_can_be_given(client: Client) -> None:
    client.customer("ada")
    second = client.post(
        "/payment_sources/create_using_temp_token",
        {"customer_id": "ada", "type": "card", "tmp_token": "tok_mastercard", "replace_primary_payment_source": "true"},
    )
    id = second["payment_source"]["id"]
    assert second["customer"]["primary_payment_source_id"] == id
    moved = client.post("/customers/ada/assign_payment_role", {"payment_source_id": id, "role": "backup"})
    assert moved["customer"]["backup_payment_source_id"] == id == moved["payment_source"]["id"]
    assert "primary_payment_source_id" not in moved["customer"]
    assert "card" not in client.get("/customers/ada").body


@pytest.mark.parametrize("action", ["delete", "delete_local"])
def test_a_deleted_source_is_hidden_from_lists_and_no_longer_primary(client: Client, action: str) -> None:
    client.customer("ada")
    id = client.get("/customers/ada")["customer"]["primary_payment_source_id"]
    gone = client.post(f"/payment_sources/{id}/{action}")
    assert gone["payment_source"]["deleted"] is True
    assert gone["customer"]["card_status"] == "no_card"
    assert client.get("/payment_sources", {"customer_id[is]": "ada"})["list"] == []
    assert client.get("/payment_sources", {"include_deleted": "true"}).names("payment_source") == [id]
    assert client.get(f"/payment_sources/{id}")["payment_source"]["deleted"] is True
    assert client.post(f"/payment_sources/{id}/{action}").code == (404, "resource_not_found")


@pytest.mark.parametrize("backup", [False, True])
def test_another_source_takes_the_place_of_a_deleted_primary_one(client: Client, backup: bool) -> None:
    client.customer("ada")
    first = client.get("/customers/ada")["customer"]["primary_payment_source_id"]
    token = {"customer_id": "ada", "token_id": "tok_visa"}
    second, third = (client.post("/payment_sources/create_using_token", token)["payment_source"]["id"] for _ in range(2))
    if backup:
        client.post("/customers/ada/assign_payment_role", {"payment_source_id": second, "role": "backup"})
    client.price("pro-monthly", "pro")
    client.subscribe(id="s", payment_source_id=first)
    left = client.post(f"/payment_sources/{first}/delete_local")["customer"]
    assert left["primary_payment_source_id"] == (second if backup else third)
    assert "backup_payment_source_id" not in left
    assert "payment_source_id" not in client.get("/subscriptions/s")["subscription"]


def test_a_source_of_another_customer_cannot_be_used(client: Client) -> None:
    client.customer("ada")
    client.customer("bob")
    id = client.get("/customers/bob")["customer"]["primary_payment_source_id"]
    refused = client.post("/customers/ada/assign_payment_role", {"payment_source_id": id, "role": "primary"})
    assert refused.code == (404, "resource_not_found")


def test_an_unknown_token_is_a_payment_error_that_does_not_repeat_it(client: Client) -> None:
    client.customer("ada", None)
    refused = client.post("/payment_sources/create_using_token", {"customer_id": "ada", "token_id": "tok_secret123"})
    assert refused.code == (400, "payment_method_verification_failed")
    assert refused["type"] == "payment"
    assert "tok_secret123" not in json.dumps(refused.body)
    assert client.get("/payment_sources")["list"] == []


def test_an_expired_card_attaches_and_says_so(client: Client) -> None:
    client.customer("ada", "tok_expired")
    assert client.get("/customers/ada")["card"]["status"] == "expired"


@pytest.mark.parametrize(
    "token", [{"payment_method_token": "tok_visa", "customer_profile_token": "cus_1"}, {"reference_id": "cus_1/tok_visa"}]
)
def test_a_card_that_the_gateway_holds_can_be_taken_over(client: Client, token: dict[str, str]) -> None:
    client.customer("ada", None)
    taken = client.post("/payment_sources/create_using_permanent_token", {"customer_id": "ada", "type": "card", **token})
    assert taken["payment_source"]["card"]["last4"] == "4242"
    refused = client.post("/payment_sources/create_using_permanent_token", {"customer_id": "ada", "type": "card"})
    assert (refused.code, refused["param"]) == ((400, "param_wrong_value"), "reference_id")
    assert client.vendor.ignored_params == []


def test_no_record_shows_what_it_holds(shop: Client) -> None:
    shop.customer("grace", email="grace@example.com")
    site = shop.vendor.site
    assert "example.com" not in repr(site.customers.get("grace"))
    assert "4242" not in repr(site.payment_sources.values())


def test_a_customer_can_be_created_with_a_card_or_not_at_all(client: Client) -> None:
    made = client.post("/customers", {"id": "ada", "token_id": "tok_visa"})
    assert made["card"]["last4"] == "4242"
    assert client.post("/customers", {"id": "bob", "token_id": "tok_none"}).status == 400
    assert client.get("/customers/bob").status == 404
