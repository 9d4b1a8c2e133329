"""Changes of items in the middle of a term: what they charge, what they credit, and what is paid with the credits."""

from __future__ import annotations

from typing import Any

import pytest
from billbridge_sandbox import Simulation

from .conftest import START, Client, seconds

NOW = int(START.timestamp())
DAY = 86400
MIDDLE = NOW + 14 * DAY  # the first term has 28 days
TERM_END = seconds(2026, 2, 28)


@pytest.fixture
def shop(shop: Client) -> Client:
    """A shop with a dearer plan, a plan for a year, and two addons."""
    shop.price("max-monthly", "max", price=3800)
    shop.price("pro-yearly", "pro", period_unit="year", price=19000)
    shop.price("seat", "seat", "addon", price=500)
    shop.price("support", "support", "addon", price=1000, pricing_model="flat_fee")
    return shop


def paid(invoice: dict[str, Any]) -> tuple[int, int, int, int]:
    return invoice["total"], invoice["credits_applied"], invoice["amount_paid"], invoice["amount_due"]


def test_an_upgrade_credits_the_rest_of_the_old_plan_and_charges_the_rest_of_the_new(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    simulation.advance(days=14)
    changed = shop.change(("max-monthly", 1))
    invoice, (note,) = changed["invoice"], changed["credit_notes"]
    assert paid(invoice) == (1900, 950, 950, 0)
    assert (invoice["status"], invoice["date"], invoice["first_invoice"]) == ("paid", MIDDLE, False)
    (line,) = invoice["line_items"]
    assert (line["date_from"], line["date_to"], line["amount"], line["unit_amount"]) == (MIDDLE, TERM_END, 1900, 1900)
    assert (line["entity_id"], line["description"]) == ("max-monthly", "max-monthly - Prorated Charges")
    assert (note["id"], note["type"], note["reason_code"], note["status"]) == ("CN-1", "refundable", "subscription_change", "refunded")
    assert (note["total"], note["amount_allocated"], note["amount_available"]) == (950, 950, 0)
    assert note["reference_invoice_id"] == "1"
    (taken,) = note["line_items"]
    first = shop.invoices("s")[0]
    assert taken["reference_line_item_id"] == first["line_items"][0]["id"]
    assert (taken["amount"], taken["date_from"], taken["date_to"]) == (950, MIDDLE, TERM_END)
    assert [(each["cn_id"], each["cn_total"], each["cn_status"]) for each in first["issued_credit_notes"]] == [("CN-1", 950, "refunded")]
    (used,) = invoice["applied_credits"]
    assert (used["cn_id"], used["applied_amount"], used["cn_status"]) == ("CN-1", 950, "refunded")
    assert note["allocations"] == [
        {
            "object": "allocation",
            "invoice_id": "2",
            "allocated_amount": 950,
            "allocated_at": MIDDLE,
            "invoice_date": MIDDLE,
            "invoice_status": "paid",
        }
    ]
    assert changed["customer"]["refundable_credits"] == 0
    simulation.advance(days=14)
    assert paid(shop.invoices("s")[2]) == (3800, 0, 3800, 0)


def test_a_downgrade_leaves_credits_that_pay_the_next_invoices(shop: Client, simulation: Simulation) -> None:
    shop.subscribe("max-monthly", id="s")
    simulation.advance(days=7)
    changed = shop.change(("pro-monthly", 1))
    assert paid(changed["invoice"]) == (1425, 1425, 0, 0)
    assert changed["invoice"]["linked_payments"] == []
    assert changed["customer"]["refundable_credits"] == 1425
    assert changed["customer"]["balances"][0]["refundable_credits"] == 1425
    (note,) = shop.notes()
    assert (note["total"], note["status"], note["amount_available"]) == (2850, "refund_due", 1425)
    simulation.advance(days=21)
    assert paid(shop.invoices("s")[2]) == (1900, 1425, 475, 0)
    assert shop.get("/customers/ada")["customer"]["refundable_credits"] == 0


def test_more_of_the_same_is_billed_by_the_difference_and_less_is_credited_without_an_invoice(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", quantity=2)
    simulation.advance(days=7)
    more = shop.change(("pro-monthly", 5))
    assert "credit_notes" not in more.body
    (line,) = more["invoice"]["line_items"]
    assert (line["quantity"], line["unit_amount"], line["amount"], line["proration_mode"]) == (3, 1425, 4275, "delta")
    simulation.advance(days=7)
    less = shop.change(("pro-monthly", 1))
    assert "invoice" not in less.body
    # Four of five units for 14 of 28 days: 3 of them were billed by the second invoice, 1 by the first.
    assert [(note["reference_invoice_id"], note["total"]) for note in less["credit_notes"]] == [("2", 2850), ("1", 950)]
    assert less["customer"]["refundable_credits"] == 3800
    simulation.advance(days=14)
    assert paid(shop.invoices("s")[2]) == (1900, 1900, 0, 0)


def test_addons_come_and_go_beside_the_plan(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    simulation.advance(days=14)
    added = shop.change(("seat", 4), ("support", None))
    assert [line["amount"] for line in added["invoice"]["line_items"]] == [1000, 500]
    simulation.advance(days=7)
    gone = shop.change(("pro-monthly", 1), ("seat", 4), replace_items_list="true")
    assert [note["total"] for note in gone["credit_notes"]] == [250]
    assert [item["item_price_id"] for item in gone["subscription"]["subscription_items"]] == ["pro-monthly", "seat"]
    without = shop.change(**{"mandatory_items_to_remove[0]": "seat"})
    assert [note["total"] for note in without["credit_notes"]] == [500]
    refused = shop.change(**{"mandatory_items_to_remove[0]": "seat"})
    assert (refused.code, refused["param"]) == ((400, "param_wrong_value"), "mandatory_items_to_remove[0]")


def test_days_count_from_midnight_where_the_site_bills_by_the_day(shop: Client, simulation: Simulation) -> None:
    shop.vendor.site.settings.billing_mode = "day"
    shop.subscribe(id="s")
    simulation.advance(days=7, hours=11)  # 7 February, 23:00: 21 of 28 days are left
    changed = shop.change(("max-monthly", 1))
    assert paid(changed["invoice"]) == (2850, 1425, 1425, 0)


def test_seconds_count_where_the_site_bills_by_the_millisecond(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    simulation.advance(days=7, hours=11)
    rest = 28 * DAY - (7 * DAY + 11 * 3600)
    changed = shop.change(("max-monthly", 1))
    assert changed["invoice"]["total"] == round(3800 * rest / (28 * DAY)) == 2788
    assert changed["credit_notes"][0]["total"] == round(1900 * rest / (28 * DAY)) == 1394


def test_without_proration_nothing_is_billed_until_the_renewal(shop: Client, simulation: Simulation) -> None:
    shop.vendor.site.settings.prorate = False
    shop.subscribe(id="s")
    simulation.advance(days=14)
    changed = shop.change(("max-monthly", 1), ("seat", 1))
    assert not {"invoice", "credit_notes"} & set(changed.body)
    assert changed["subscription"]["mrr"] == 4300
    back = shop.change(("pro-monthly", 1), prorate="true")
    assert back["invoice"]["total"] == 950  # the dearer plan was never billed, so nothing of it is credited
    assert "credit_notes" not in back.body


def test_credits_lower_what_an_unpaid_invoice_owes(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s", auto_collection="off")
    simulation.advance(days=14)
    changed = shop.change(("seat", 2), ("max-monthly", 1), replace_items_list="true")
    (note,) = changed["credit_notes"]
    assert (note["type"], note["status"], note["total"], note["amount_available"]) == ("adjustment", "adjusted", 950, 0)
    first, second = shop.invoices("s")
    assert (first["amount_adjusted"], first["amount_due"], first["status"]) == (950, 950, "payment_due")
    assert [(each["cn_id"], each["cn_total"]) for each in first["adjustment_credit_notes"]] == [(note["id"], 950)]
    assert paid(second) == (2400, 0, 0, 2400)
    assert changed["subscription"]["total_dues"] == 3350


def test_an_invoice_that_its_credits_settle_is_paid_and_leaves_dunning(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    shop.post(
        "/payment_sources/create_using_token",
        {"customer_id": "ada", "token_id": "tok_chargeDeclined", "replace_primary_payment_source": "true"},
    )
    simulation.advance(days=28)
    assert shop.invoices("s")[1]["dunning_status"] == "in_progress"
    shop.price("free-monthly", "free", price=0)
    changed = shop.change(("free-monthly", 1))
    assert "invoice" not in changed.body
    renewal = shop.invoices("s")[1]
    assert (renewal["status"], renewal["amount_due"], renewal["amount_adjusted"], renewal["dunning_status"]) == ("paid", 0, 1900, "success")
    assert changed["subscription"]["due_invoices_count"] == 0
    simulation.advance(days=10)
    assert shop.subscription("s")["status"] == "active"
    assert len(shop.get("/transactions", {"limit": 100})["list"]) == 2


def test_a_change_that_cannot_be_paid_changes_nothing(shop: Client, simulation: Simulation) -> None:
    before = shop.subscribe(id="s")["subscription"]
    shop.post(
        "/payment_sources/create_using_token",
        {"customer_id": "ada", "token_id": "tok_chargeDeclined", "replace_primary_payment_source": "true"},
    )
    simulation.advance(days=14)
    assert shop.change(("max-monthly", 1)).code == (400, "payment_processing_failed")
    assert shop.subscription("s") == before
    assert shop.notes() == []
    assert len(shop.invoices("s")) == 1


def test_another_billing_period_begins_a_term_now_and_bills_it_in_full(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    simulation.advance(days=14)
    changed = shop.change(("pro-yearly", 1))
    assert paid(changed["invoice"]) == (19000, 950, 18050, 0)
    assert changed["invoice"]["line_items"][0]["date_to"] == seconds(2027, 2, 14)
    subscription = changed["subscription"]
    assert (subscription["current_term_start"], subscription["current_term_end"]) == (MIDDLE, seconds(2027, 2, 14))
    assert subscription["billing_period_unit"] == "year"
    simulation.advance(days=365)
    assert [each["total"] for each in shop.invoices("s")] == [1900, 19000, 19000]


def test_a_term_can_be_reset_with_the_same_items(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    simulation.advance(days=7)
    changed = shop.change(force_term_reset="true")
    assert paid(changed["invoice"]) == (1900, 1425, 475, 0)
    assert changed["subscription"]["current_term_end"] == seconds(2026, 3, 7)
    kept = shop.change(("seat", 1), force_term_reset="true", prorate="false")
    assert paid(kept["invoice"]) == (2400, 0, 2400, 0)
    assert "credit_notes" not in kept.body


def test_an_addon_says_how_it_is_prorated_itself_or_in_the_request(shop: Client, simulation: Simulation) -> None:
    shop.price("whole", "whole", "addon", price=700, proration_type="full_term")
    shop.subscribe(id="s")
    simulation.advance(days=14)
    assert shop.change(("whole", 1))["invoice"]["total"] == 700
    assert shop.change(("pro-monthly", 1), replace_items_list="true")["credit_notes"][0]["total"] == 700
    sent: dict[str, Any] = {"subscription_items[proration_type][0]": "none"}
    assert "invoice" not in shop.change(("seat", 1), **sent).body
    sent = {"subscription_items[proration_type][0]": "full_term"}
    assert shop.change(("seat", 3), prorate="false", **sent)["invoice"]["total"] == 1000
    assert shop.change(("pro-monthly", 3), **sent).code == (400, "param_wrong_value")


def test_a_charge_is_billed_in_full_when_it_is_added_and_only_then(shop: Client, simulation: Simulation) -> None:
    shop.price("setup", "setup", "charge", price=5000, pricing_model="flat_fee")
    shop.subscribe(id="s")
    simulation.advance(days=14)
    assert paid(shop.change(("setup", None), prorate="false")["invoice"]) == (5000, 0, 5000, 0)
    assert "invoice" not in shop.change(("setup", None)).body
    simulation.advance(days=14)
    assert [each["total"] for each in shop.invoices("s")] == [1900, 5000, 1900]


def test_usages_before_a_change_are_billed_with_the_renewal_or_the_new_term(shop: Client, simulation: Simulation) -> None:
    shop.post("/items", {"id": "calls", "name": "calls", "type": "addon", "item_family_id": "family", "metered": "true"})
    shop.price("calls", "calls", "addon", price=10)
    shop.subscribe(id="s", addons=["calls"])
    shop.post("/subscriptions/s/usages", {"item_price_id": "calls", "quantity": "7", "usage_date": NOW})
    simulation.advance(days=14)
    shop.change(("seat", 1))
    assert shop.change(force_term_reset="true", invoice_immediately="false")["subscription"]["current_term_start"] == MIDDLE
    shop.post("/subscriptions/s/usages", {"item_price_id": "calls", "quantity": "5", "usage_date": MIDDLE})
    reset = shop.change(force_term_reset="true")
    assert [line["amount"] for line in reset["invoice"]["line_items"] if line["metered"]] == [70]
    simulation.advance(days=28)
    assert [line["amount"] for line in shop.invoices("s")[-1]["line_items"] if line["metered"]] == [50]


def test_credits_are_net_of_the_discount_that_the_bill_had(shop: Client, simulation: Simulation) -> None:
    shop.post("/coupons/create_for_items", {"id": "fifth", "name": "fifth", "apply_on": "invoice_amount", "discount_percentage": 20})
    shop.subscribe(id="s", coupons=["fifth"])
    simulation.advance(days=14)
    changed = shop.change(("max-monthly", 1))
    (note,) = changed["credit_notes"]
    assert (note["sub_total"], note["total"]) == (950, 760)
    assert [(each["amount"], each["entity_id"]) for each in note["discounts"]] == [(190, "fifth")]
    assert note["line_items"][0]["discount_amount"] == 190
    assert paid(changed["invoice"]) == (1520, 760, 760, 0)


def test_a_fixed_discount_counts_once_in_a_term_and_its_rest_goes_to_the_change(shop: Client, simulation: Simulation) -> None:
    fixed = {"id": "off", "name": "off", "discount_type": "fixed_amount", "discount_amount": "2500", "apply_on": "invoice_amount"}
    shop.post("/coupons/create_for_items", fixed)
    assert shop.subscribe(id="s", coupons=["off"])["invoice"]["total"] == 0
    simulation.advance(days=14)
    changed = shop.change(("max-monthly", 1))
    assert "credit_notes" not in changed.body  # nothing was paid for the old plan
    assert paid(changed["invoice"]) == (1300, 0, 1300, 0)
    simulation.advance(days=14)
    assert shop.invoices("s")[2]["total"] == 1300


def test_a_partly_paid_invoice_gets_an_adjustment_and_a_refundable_credit(shop: Client, simulation: Simulation) -> None:
    shop.subscribe("max-monthly", id="s")
    simulation.advance(days=21)
    shop.change(("pro-monthly", 1))  # leaves 475 of credits
    shop.change(auto_collection="off")
    simulation.advance(days=7)
    renewal = shop.invoices("s")[-1]
    assert paid(renewal) == (1900, 475, 0, 1425)
    shop.price("free-monthly", "free", price=0)
    changed = shop.change(("free-monthly", 1))
    assert [(note["type"], note["total"]) for note in changed["credit_notes"]] == [("adjustment", 1425), ("refundable", 475)]
    assert (shop.invoices("s")[-1]["status"], shop.invoices("s")[-1]["amount_due"]) == ("paid", 0)
    assert changed["customer"]["refundable_credits"] == 475


def test_credit_notes_are_retrieved_and_filtered(shop: Client, simulation: Simulation) -> None:
    shop.subscribe(id="s")
    simulation.advance(days=14)
    note = shop.change(("max-monthly", 1))["credit_notes"][0]
    assert shop.get("/credit_notes/CN-1")["credit_note"] == note
    assert shop.get("/credit_notes/CN-2").code == (404, "resource_not_found")
    for name, value in (("type[is]", "refundable"), ("status[in]", '["refunded"]'), ("total[gte]", 950), ("reference_invoice_id[is]", "1")):
        assert shop.get("/credit_notes", {name: value}).names("credit_note") == ["CN-1"]
    assert shop.get("/credit_notes", {"reason_code[is_not]": "subscription_change"}).names("credit_note") == []
