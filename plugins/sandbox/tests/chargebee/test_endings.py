"""What a cancellation does with the bill: credits for the current term, unbilled charges, unpaid invoices."""

from __future__ import annotations

from typing import Any

import pytest
from billbridge_sandbox import Simulation

from .conftest import START, Client, Reply

NOW = int(START.timestamp())
DAY = 86400


@pytest.fixture
def shop(shop: Client) -> Client:
    shop.price("seat", "seat", "addon", price=500)
    shop.price("setup", "setup", "charge", price=5000, pricing_model="flat_fee")
    return shop


def end(client: Client, credit: str = "none", **fields: Any) -> Reply:
    return client.post("/subscriptions/s/cancel_for_items", {"credit_option_for_current_term_charges": credit, **fields})


def credited(reply: Reply) -> list[tuple[str, str, int]]:
    return [(note["type"], note["reason_code"], note["total"]) for note in reply.body.get("credit_notes", [])]


@pytest.mark.parametrize(("option", "amount"), [("none", None), ("prorate", 1800), ("full", 2400)])
def test_credits_are_none_the_unused_time_or_the_whole_term(shop: Client, simulation: Simulation, option: str, amount: int | None) -> None:
    shop.subscribe(id="s", addons=["seat", "setup"])  # the charge of 5000 is billed once, and is not credited
    simulation.advance(days=7)
    gone = end(shop, option)
    assert credited(gone) == ([] if amount is None else [("refundable", "subscription_cancellation", amount)])
    assert gone["subscription"]["status"] == "cancelled"
    assert gone["customer"]["refundable_credits"] == (amount or 0)
    assert "invoice" not in gone.body


def test_the_site_says_what_is_credited_when_the_request_does_not(shop: Client, simulation: Simulation) -> None:
    shop.vendor.site.settings.cancel_credit = "prorate"
    shop.subscribe(id="s")
    simulation.advance(days=14)
    gone = shop.post("/subscriptions/s/cancel_for_items", {"cancel_option": "immediately"})
    assert credited(gone) == [("refundable", "subscription_cancellation", 950)]


def test_full_credits_take_back_only_what_is_left_of_the_bill(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", quantity=3)
    simulation.advance(days=14)
    assert shop.change(("pro-monthly", 1))["credit_notes"][0]["total"] == 1900
    assert credited(end(shop, "full")) == [("refundable", "subscription_cancellation", 3800)]


def test_credits_of_an_unpaid_term_lower_its_invoice(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", auto_collection="off")
    simulation.advance(days=7)
    assert credited(end(shop, "prorate")) == [("adjustment", "subscription_cancellation", 1425)]
    (invoice,) = shop.invoices("s")
    assert (invoice["amount_adjusted"], invoice["amount_due"], invoice["status"]) == (1425, 475, "payment_due")


def test_a_cancellation_at_a_date_credits_when_the_date_comes(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    assert "credit_notes" not in end(shop, "prorate", cancel_option="specific_date", cancel_at=NOW + 21 * DAY).body
    simulation.advance(days=21)
    (note,) = shop.notes()
    assert (note["total"], note["date"]) == (475, NOW + 21 * DAY)


def test_a_cancellation_that_is_withdrawn_credits_nothing(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    end(shop, "full", cancel_option="end_of_term", account_receivables_handling="write_off")
    shop.post("/subscriptions/s/remove_scheduled_cancellation")
    shop.use("tok_chargeDeclined")
    simulation.advance(days=40)
    assert (shop.subscription("s")["status"], shop.subscription("s")["cancel_reason"]) == ("cancelled", "not_paid")
    assert shop.notes() == []


def test_unbilled_charges_are_invoiced_or_deleted(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    simulation.advance(days=14)
    shop.change(("seat", 2), invoice_immediately="false")
    assert end(shop, unbilled_charges_option="invoice")["invoice"]["total"] == 500
    shop.post("/subscriptions/s/reactivate")
    shop.change(("seat", 4), invoice_immediately="false")
    gone = end(shop, unbilled_charges_option="delete")
    assert "invoice" not in gone.body
    assert gone["customer"]["unbilled_charges"] == 0


def test_credits_pay_the_closing_invoice(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    simulation.advance(days=7)
    shop.change(("seat", 2), invoice_immediately="false")  # 750 for 21 days
    simulation.advance(days=7)
    invoice = end(shop, "prorate", unbilled_charges_option="invoice")["invoice"]
    assert (invoice["total"], invoice["credits_applied"], invoice["amount_due"]) == (250, 250, 0)
    assert shop.get("/customers/ada")["customer"]["refundable_credits"] == 700


def test_unpaid_invoices_stay_are_collected_or_written_off(shop: Client, simulation: Simulation) -> None:
    for id, handling, outcome in (
        ("a", "no_action", ("payment_due", 1900, 0, 0)),
        ("b", "schedule_payment_collection", ("paid", 0, 1900, 0)),
        ("c", "write_off", ("paid", 0, 0, 1900)),
    ):
        shop.subscribe(id=id, auto_collection="off")
        shop.post(f"/subscriptions/{id}/update_for_items", {"auto_collection": "on"})
        gone = shop.post(f"/subscriptions/{id}/cancel_for_items", {"account_receivables_handling": handling})
        (invoice,) = shop.invoices(id)
        assert (invoice["status"], invoice["amount_due"], invoice["amount_paid"], invoice["write_off_amount"]) == outcome
        assert credited(gone) == ([("adjustment", "write_off", 1900)] if handling == "write_off" else [])
        assert gone["subscription"]["due_invoices_count"] == (handling == "no_action")


def test_refunds_and_what_is_not_simulated_are_refused_by_name(shop: Client) -> None:
    shop.subscribe(id="s")
    for fields in (
        {"refundable_credits_handling": "schedule_refund"},
        {"credit_option_for_current_term_charges": "consumption_based"},
        {"contract_term_cancel_option": "terminate_immediately"},
        {"include_cancellation_day_in_billing": "true"},
    ):
        refused = shop.post("/subscriptions/s/cancel_for_items", fields)
        assert (refused.code, refused["param"]) == ((400, "configuration_incompatible"), next(iter(fields)))
    assert shop.subscription("s")["status"] == "active"
