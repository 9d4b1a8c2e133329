"""Whatever is asked, the simulated Chargebee answers: a fault of its own would be an exception."""

from __future__ import annotations

from typing import Any

from billbridge_sandbox import Simulation
from billbridge_sandbox.chargebee import vendor
from billbridge_sandbox.chargebee.catalog import item_prices, items, tiers
from billbridge_sandbox.chargebee.coupons import coupons
from billbridge_sandbox.chargebee.customers import billing_info, customers
from billbridge_sandbox.chargebee.payments import payment_intents
from billbridge_sandbox.chargebee.subscriptions import pausing, subscription_changes, subscription_items
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .conftest import START, Client

ROUTES = [(method, path) for module in vendor._MODULES for method, path, _ in module.ROUTES]
PLAIN = (
    {**customers._PROFILE, **billing_info.TAX, **items._CHANGEABLE, **items._FIXED, **item_prices._FIELDS}
    | {**coupons._HARMLESS, **coupons._KIND, **payment_intents._FIELDS, **pausing.PAUSE, **pausing.RESUME}
    | dict.fromkeys(
        ("id", "code", "coupon_id", "coupon_set_name", "item_id", "item_price_id", "customer_id", "type", "description", "role")
    )
    | dict.fromkeys(
        ("quantity", "usage_date", "trial_end", "start_date", "cancel_option", "cancel_at", "price_in_decimal", "dedupe_option")
    )
    | dict.fromkeys(("prorate", "invoice_immediately", "force_term_reset", "replace_items_list", "change_option", "end_of_term"))
    | dict.fromkeys(
        ("credit_option_for_current_term_charges", "account_receivables_handling", "unbilled_charges_option", "subscription_id")
    )
    | dict.fromkeys(("token_id", "tmp_token", "reference_id", "payment_source_id", "discount_percentage", "replace_coupon_list", "offset"))
)
GROUPS = {
    "tiers": tiers.TIER,
    "item_constraints": coupons.CONSTRAINT,
    "entity_identifiers": billing_info.IDENTIFIER,
    "subscription_items": {**subscription_items._COLUMNS, **subscription_changes.PRORATION},
}
NAMES = (
    [
        *PLAIN,
        "coupon_ids[0]",
        "coupon_ids[1]",
        "code[0]",
        "mandatory_items_to_remove[0]",
        "payment_intent[id]",
        "customer[id]",
        "sort_by[asc]",
    ]
    + [f"billing_address[{name}]" for name in billing_info.ADDRESS]
    + [f"{group}[{name}][{index}]" for group, table in GROUPS.items() for name in table for index in (0, 1)]
    + [f"{name}[{operator}]" for name in ("id", "status", "created_at", "amount") for operator in ("is", "in", "between", "after", "gt")]
)
IDS = ["ada", "pro", "pro-monthly", "family", "half", "A1", "s", "calls"]
WORDS = [
    *("", "0", "1", "2", "-1", "10", "9" * 18, "1.5", "0.005", "true", "false", "{}", "[]", "[1,2]", '["pro-monthly"]', "USD", "JPY"),
    *("month", "tiered", "stairstep", "package", "fixed_amount", "percentage", "limited_period", "each_specified_item", "plan", "addon"),
    *(
        "specific",
        "all",
        "end_of_term",
        "specific_date",
        "billing_cycles",
        "tok_visa",
        "tok_bank",
        "card",
        "direct_debit",
        "archived",
        "delete",
        "primary",
        "immediately",
        "created_at",
    ),
]
ASKED = st.tuples(
    st.sampled_from(ROUTES),
    st.sampled_from([*IDS, "", "nobody"]),
    st.dictionaries(st.sampled_from(NAMES), st.one_of(st.sampled_from(IDS + WORDS), st.text(max_size=8)), max_size=8),
)


def furnished() -> Client:
    """A site with one of each, so that a request finds something."""
    client = Client(Simulation(START))
    client.price("pro-monthly", "pro")
    client.customer()
    client.post("/items", {"id": "calls", "name": "calls", "type": "addon", "item_family_id": "family", "metered": "true"})
    client.price("calls", "calls", "addon")
    client.post("/coupons/create_for_items", {"id": "half", "name": "half", "apply_on": "invoice_amount", "discount_percentage": 50})
    client.post("/coupon_codes", {"coupon_id": "half", "coupon_set_name": "A", "code": "A1"})
    assert client.subscribe(id="s", addons=["calls"]).status == 200
    return client


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(requests=st.lists(ASKED, min_size=1, max_size=12), decimals=st.booleans())
def test_every_request_is_answered_and_every_object_is_legal(
    requests: list[tuple[tuple[str, str], str, dict[str, Any]]], decimals: bool
) -> None:
    client = furnished()
    client.vendor.site.settings.multi_decimal = decimals
    for (method, path), id, params in requests:
        answer = client(method, path.replace("{id}", id), params)
        assert answer.status in (200, 400, 404, 405, 409), answer.body
    client.simulation.advance(days=70)
    assert client.get("/invoices", {"limit": 100}).status == 200
