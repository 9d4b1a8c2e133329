"""Charges that are left unbilled: listed, invoiced on demand or with the next renewal, voided by later changes, deleted."""

from __future__ import annotations

from typing import Any

import pytest
from billbridge_sandbox import Simulation

from .conftest import START, Client, seconds

NOW = int(START.timestamp())
DAY = 86400
LATER = {"invoice_immediately": "false"}


@pytest.fixture
def shop(shop: Client) -> Client:
    shop.price("max-monthly", "max", price=3800)
    shop.price("seat", "seat", "addon", price=500)
    return shop


def charges(client: Client, **fields: Any) -> list[dict[str, Any]]:
    return [entry["unbilled_charge"] for entry in client.get("/unbilled_charges", {"subscription_id[is]": "s", **fields})["list"]]


def invoice_now(client: Client, **fields: Any) -> Any:
    return client.post("/unbilled_charges/invoice_unbilled_charges", fields or {"subscription_id": "s"})


def test_the_charges_of_a_change_wait_for_the_renewal_and_its_credits_do_not(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    simulation.advance(days=14)
    changed = shop.change(("max-monthly", 1), **LATER)
    assert "invoice" not in changed.body
    (charge,) = changed["unbilled_charges"]
    assert (charge["amount"], charge["entity_id"], charge["is_voided"]) == (1900, "max-monthly", False)
    assert (charge["date_from"], charge["date_to"], charge["created_at"]) == (NOW + 14 * DAY, seconds(2026, 2, 28), NOW + 14 * DAY)
    assert charges(shop) == [charge]
    assert (changed["credit_notes"][0]["total"], changed["customer"]["refundable_credits"]) == (950, 950)
    assert changed["customer"]["unbilled_charges"] == 1900
    simulation.advance(days=14)
    renewal = shop.invoices("s")[1]
    assert [line["amount"] for line in renewal["line_items"]] == [3800, 1900]
    assert (renewal["total"], renewal["credits_applied"], renewal["amount_paid"]) == (5700, 950, 4750)
    assert charges(shop) == []
    assert shop.get("/customers/ada")["customer"]["unbilled_charges"] == 0


def test_they_are_invoiced_on_demand_for_a_subscription_or_a_customer(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    shop.subscribe(id="other")
    simulation.advance(days=7)
    shop.change(("seat", 4), **LATER)
    (invoice,) = invoice_now(shop)["invoices"]
    assert (invoice["total"], invoice["status"], invoice["subscription_id"]) == (1500, "paid", "s")
    assert charges(shop) == []
    assert invoice_now(shop).code == (409, "invalid_state_for_request")
    shop.change(("pro-monthly", 2), **LATER)
    assert [each["total"] for each in invoice_now(shop, customer_id="ada")["invoices"]] == [1425]
    assert invoice_now(shop, customer_id="ada", subscription_id="s").code == (400, "param_wrong_value")
    assert shop.get("/customers/ada")["customer"]["unbilled_charges"] == 0


def test_discounts_are_taken_when_the_charges_are_invoiced(shop: Client, simulation: Simulation) -> None:
    shop.post("/coupons/create_for_items", {"id": "half", "name": "half", "apply_on": "invoice_amount", "discount_percentage": 50})
    shop.subscribe(id="s", coupons=["half"])
    simulation.advance(days=14)
    assert shop.change(("seat", 2), **LATER)["unbilled_charges"][0]["discount_amount"] == 0
    assert invoice_now(shop)["invoices"][0]["total"] == 250


def test_a_later_change_voids_them_and_keeps_the_time_that_was_used(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    simulation.advance(days=7)
    shop.change(("seat", 4), **LATER)  # 2000 a month: 1500 for 21 days
    simulation.advance(days=7)
    fewer = shop.change(("seat", 1))
    assert "credit_notes" not in fewer.body
    used, rest = charges(shop)
    assert [(each["amount"], each["date_from"], each["date_to"]) for each in (used, rest)] == [
        (500, NOW + 7 * DAY, NOW + 14 * DAY),
        (250, NOW + 14 * DAY, NOW + 28 * DAY),
    ]
    assert [each["amount"] for each in charges(shop, is_voided="true")] == [1500]
    simulation.advance(days=7)
    shop.change(("pro-monthly", 1), replace_items_list="true")
    assert [each["amount"] for each in charges(shop)] == [500, 125]
    assert shop.get("/customers/ada")["customer"]["unbilled_charges"] == 625


def test_a_deleted_charge_is_never_invoiced(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    (charge,) = shop.change(("seat", 1), **LATER)["unbilled_charges"]
    assert shop.post(f"/unbilled_charges/{charge['id']}/delete")["unbilled_charge"]["deleted"] is True
    assert shop.post(f"/unbilled_charges/{charge['id']}/delete").code == (404, "resource_not_found")
    simulation.advance(days=28)
    assert [each["total"] for each in shop.invoices("s")] == [1900, 2400]


def test_a_first_term_can_be_left_unbilled(shop: Client, simulation: Simulation) -> None:
    made = shop.subscribe(id="s", quantity=2, **LATER)
    assert "invoice" not in made.body
    assert [each["amount"] for each in made["unbilled_charges"]] == [3800]
    simulation.advance(days=28)
    (renewal,) = shop.invoices("s")
    assert (renewal["total"], renewal["status"]) == (7600, "paid")


def test_a_payment_that_fails_leaves_the_invoice_in_dunning(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    shop.change(("seat", 1), **LATER)
    shop.use("tok_chargeDeclined")
    (invoice,) = invoice_now(shop)["invoices"]
    assert (invoice["status"], invoice["dunning_status"], invoice["amount_due"]) == ("payment_due", "in_progress", 500)
