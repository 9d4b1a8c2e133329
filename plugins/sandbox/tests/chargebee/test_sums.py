"""Whatever meets on an invoice: prices of every model, coupons of every kind, credits, usages and declines add up."""

from __future__ import annotations

from typing import Any

from billbridge_sandbox import Simulation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import START, Client

TIERS = {"tiers[starting_unit][0]": 1, "tiers[ending_unit][0]": 5, "tiers[starting_unit][1]": 6}
COUPONS = st.lists(
    st.tuples(
        st.sampled_from(["invoice_amount", "plan", "addon"]),
        st.sampled_from(["forever", "one_time", "limited_period"]),
        st.one_of(
            st.integers(0, 3000).map(lambda amount: ("fixed", str(amount))), st.integers(1, 10000).map(lambda part: ("percent", part))
        ),
    ),
    max_size=4,
)


def shop_of(client: Client, model: str, prices: tuple[int, int]) -> None:
    tiered = model not in ("per_unit", "flat_fee")
    shape: dict[str, Any] = {"price": prices[0]}
    if tiered:
        shape = {"price": None, **TIERS, "tiers[price][0]": prices[0], "tiers[price][1]": prices[1]}
    client.customer()
    client.price("plan", "plan", pricing_model=model, **shape)
    client.post("/items", {"id": "used", "name": "used", "type": "addon", "item_family_id": "family", "metered": "true"})
    client.price("used", "used", "addon", price=prices[1])


def coupons_of(client: Client, drawn: list[tuple[str, str, tuple[str, Any]]]) -> list[str]:
    for position, (scope, duration, (kind, value)) in enumerate(drawn):
        fields: dict[str, Any] = {"id": f"c{position}", "name": f"c{position}", "duration_type": duration}
        if duration == "limited_period":
            fields |= {"period": 1, "period_unit": "month"}
        if kind == "fixed":
            fields |= {"discount_type": "fixed_amount", "discount_amount": value}
        else:
            fields |= {"discount_percentage": value / 100}
        fields |= {"apply_on": "invoice_amount" if scope == "invoice_amount" else "each_specified_item"}
        if scope != "invoice_amount":
            fields |= {"item_constraints[constraint][0]": "all", "item_constraints[item_type][0]": scope}
        made = client.post("/coupons/create_for_items", fields)
        assert made.status == 200, made.body
    return [f"c{position}" for position in range(len(drawn))]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    model=st.sampled_from(["per_unit", "flat_fee", "tiered", "volume", "stairstep"]),
    prices=st.tuples(st.integers(0, 2000), st.integers(0, 2000)),
    quantity=st.integers(1, 12),
    drawn=COUPONS,
    credit=st.integers(0, 5000),
    used=st.integers(0, 9),
    token=st.sampled_from(["tok_visa", "tok_bank"]),
)
def test_invoices_discounts_and_credits_add_up(
    model: str,
    prices: tuple[int, int],
    quantity: int,
    drawn: list[tuple[str, str, tuple[str, Any]]],
    credit: int,
    used: int,
    token: str,
) -> None:
    simulation = Simulation(START)
    client = Client(simulation)
    shop_of(client, model, prices)
    client.post("/payment_sources/create_using_token", {"customer_id": "ada", "token_id": token, "replace_primary_payment_source": "true"})
    client.post("/promotional_credits/add", {"customer_id": "ada", "amount": credit, "currency_code": "USD", "description": "d"})
    sent = {f"coupon_ids[{index}]": id for index, id in enumerate(coupons_of(client, drawn))}
    amount = {} if model == "flat_fee" else {"subscription_items[quantity][0]": quantity}
    items = {"subscription_items[item_price_id][0]": "plan", "subscription_items[item_price_id][1]": "used"}
    made = client.post("/customers/ada/subscription_for_items", {"id": "s", **items, **amount, **sent})
    assert made.status == 200, made.body
    client.post("/subscriptions/s/usages", {"item_price_id": "used", "quantity": used, "usage_date": client.vendor.site.now})
    simulation.advance(days=90)
    client.post("/subscriptions/s/cancel_for_items", {"cancel_option": "immediately"})
    spent = 0
    for invoice in client.invoices("s"):
        lines, cuts = invoice["line_items"], invoice.get("discounts", [])
        assert invoice["sub_total"] == sum(line["amount"] for line in lines)
        assert invoice["total"] == invoice["sub_total"] - sum(cut["amount"] for cut in cuts)
        assert 0 <= invoice["total"] == invoice["amount_paid"] + invoice["amount_due"]
        assert all(0 <= line["discount_amount"] <= line["amount"] for line in lines)
        assert sum(line["discount_amount"] for line in lines) == sum(cut["amount"] for cut in cuts)
        assert sum(each["discount_amount"] for each in invoice.get("line_item_discounts", [])) == sum(cut["amount"] for cut in cuts)
        assert [line["date_to"] >= line["date_from"] for line in lines] == [True] * len(lines)
        spent += sum(cut["amount"] for cut in cuts if cut["entity_type"] == "promotional_credits")
    assert client.get("/customers/ada")["customer"]["promotional_credits"] == credit - spent
    billed = sum(line["quantity"] for invoice in client.invoices("s") for line in invoice["line_items"] if line["metered"])
    assert billed == used
    paid = sum(entry["transaction"]["amount"] for entry in client.get("/transactions", {"limit": 100})["list"])
    assert paid == sum(invoice["total"] for invoice in client.invoices("s"))
