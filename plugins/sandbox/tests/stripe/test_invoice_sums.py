"""Whatever prices, coupons and balances meet in one subscription, its invoices add up, and so does the customer's balance."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billbridge_sandbox.simulation import Simulation
from billbridge_sandbox.stripe.vendor import StripeVendor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import START
from .test_every_object import form, read

AMOUNT = st.integers(0, 5000)
PLAIN = st.builds(lambda amount: {"unit_amount": amount}, AMOUNT)
FINE = st.builds(lambda amount: {"unit_amount_decimal": str(Decimal(amount).scaleb(-3))}, AMOUNT)
PACKED = st.builds(
    lambda amount, size, rounding: {"unit_amount": amount, "transform_quantity[divide_by]": size, "transform_quantity[round]": rounding},
    AMOUNT,
    st.integers(1, 7),
    st.sampled_from(["up", "down"]),
)


def tiers(mode: str, rows: list[tuple[int, int]]) -> dict[str, Any]:
    ends = [str(3 * index + 3) for index in range(len(rows) - 1)] + ["inf"]
    found: dict[str, Any] = {"billing_scheme": "tiered", "tiers_mode": mode}
    for index, (end, (unit, flat)) in enumerate(zip(ends, rows, strict=True)):
        found |= {f"tiers[{index}][up_to]": end, f"tiers[{index}][unit_amount]": unit, f"tiers[{index}][flat_amount]": flat}
    return found


TIERED = st.builds(tiers, st.sampled_from(["graduated", "volume"]), st.lists(st.tuples(AMOUNT, AMOUNT), min_size=1, max_size=4))
PERCENT = st.builds(lambda percent: {"percent_off": str(Decimal(percent).scaleb(-2))}, st.integers(1, 10_000))
FIXED = st.builds(lambda amount: {"amount_off": amount, "currency": "usd"}, st.integers(1, 5000))
LASTING = st.sampled_from([{"duration": "once"}, {"duration": "forever"}, {"duration": "repeating", "duration_in_months": 1}])
COUPON = st.builds(lambda terms, lasting: {**terms, **lasting}, PERCENT | FIXED, LASTING)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(PLAIN | FINE | PACKED | TIERED, st.integers(0, 12)), min_size=1, max_size=3),
    st.lists(COUPON, max_size=3),
    st.integers(-9000, 3000),
)
def test_invoices_and_balances_add_up(prices: list[tuple[dict[str, Any], int]], coupons: list[dict[str, Any]], balance: int) -> None:
    simulation = Simulation(START, vendors=[StripeVendor])
    card = {"payment_method": "pm_card_visa", "invoice_settings[default_payment_method]": "pm_card_visa"}
    customer = form(simulation, "/v1/customers", {**card, "balance": balance})["id"]
    form(simulation, "/v1/products", {"id": "pro", "name": "Pro"})
    wish: dict[str, Any] = {"customer": customer}
    for index, (terms, quantity) in enumerate(prices):
        price = form(simulation, "/v1/prices", {"product": "pro", "currency": "usd", "recurring[interval]": "month", **terms})
        wish |= {f"items[{index}][price]": price["id"], f"items[{index}][quantity]": quantity}
    for index, terms in enumerate(coupons):
        wish[f"discounts[{index}][coupon]"] = form(simulation, "/v1/coupons", terms)["id"]
    form(simulation, "/v1/subscriptions", wish)
    simulation.advance(days=62)
    invoices = read(simulation, "/v1/invoices")["data"]
    assert len(invoices) == 3
    for invoice in invoices:
        discounts = invoice["total_discount_amounts"]
        lines = read(simulation, f"/v1/invoices/{invoice['id']}/lines?limit=100")["data"]  # an invoice itself shows ten
        assert invoice["subtotal"] == sum(line["amount"] for line in lines)
        assert invoice["total"] == invoice["subtotal"] - sum(discount["amount"] for discount in discounts) >= 0
        for discount in discounts:
            shares = [share for line in lines for share in line["discount_amounts"] if share["discount"] == discount["discount"]]
            assert sum(share["amount"] for share in shares) == discount["amount"]
        assert all(sum(share["amount"] for share in line["discount_amounts"]) <= line["amount"] for line in lines)
        if invoice["status"] == "paid":
            assert invoice["amount_due"] + invoice["ending_balance"] == invoice["total"] + invoice["starting_balance"]
            assert invoice["amount_paid"] == invoice["amount_due"] >= 0
    moves = read(simulation, f"/v1/customers/{customer}/balance_transactions?limit=100")["data"]
    assert sum(move["amount"] for move in moves) == read(simulation, f"/v1/customers/{customer}")["balance"]
