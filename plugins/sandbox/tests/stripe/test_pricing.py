"""What subscriptions to tiered, packaged, metered and many-currency prices are billed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
import stripe
from billbridge_sandbox.kernel.clock import Clock
from billbridge_sandbox.kernel.ids import Ids
from billbridge_sandbox.stripe.catalog.price_object import new_price
from billbridge_sandbox.stripe.catalog.pricing import parts
from billbridge_sandbox.stripe.store.account import Account
from hypothesis import given
from hypothesis import strategies as st

from .conftest import START
from .shop import Shop

TIERS: list[Any] = [
    {"up_to": 10, "unit_amount": 700, "flat_amount": 500},
    {"up_to": 20, "unit_amount": 600, "flat_amount": 300},
    {"up_to": "inf", "unit_amount": 500},
]


def billed(shop: Shop, quantity: int, **price: Any) -> int:
    """The first invoice of a subscription to a quantity of a price."""
    product = shop.client.v1.products.create({"name": "Pro"})
    params: Any = {"product": product.id, "currency": "usd", "recurring": {"interval": "month"}, **price}
    made = shop.client.v1.prices.create(params)
    customer = shop.customer()
    subscription = shop.client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": made.id, "quantity": quantity}]})
    invoice = shop.invoice(subscription)
    assert (invoice.status, sum(line.amount for line in invoice.lines.data)) == ("paid", invoice.total)
    return invoice.total


@pytest.mark.parametrize(
    ("mode", "quantity", "total"),
    [
        ("graduated", 0, 500),
        ("graduated", 10, 500 + 7000),
        ("graduated", 11, 500 + 7000 + 300 + 600),
        ("graduated", 25, 500 + 7000 + 300 + 6000 + 2500),
        ("volume", 10, 500 + 7000),
        ("volume", 11, 300 + 6600),
        ("volume", 25, 12500),
    ],
)
def test_tiers_bill_every_unit_where_it_lies_or_all_of_them_in_one_tier(shop: Shop, mode: str, quantity: int, total: int) -> None:
    assert billed(shop, quantity, billing_scheme="tiered", tiers_mode=mode, tiers=TIERS) == total


def test_a_stair_costs_its_flat_amount_whatever_the_quantity(shop: Shop) -> None:
    stairs = [{"up_to": 10, "flat_amount": 500}, {"up_to": "inf", "flat_amount": 900}]
    assert [billed(shop, n, billing_scheme="tiered", tiers_mode="volume", tiers=stairs) for n in (1, 10, 11, 99)] == [500, 500, 900, 900]


@pytest.mark.parametrize(("rounding", "totals"), [("up", [1000, 1000, 2000]), ("down", [0, 1000, 1000])])
def test_packages_are_rounded_as_the_price_says(shop: Shop, rounding: str, totals: list[int]) -> None:
    package = {"divide_by": 10, "round": rounding}
    assert [billed(shop, quantity, unit_amount=1000, transform_quantity=package) for quantity in (9, 10, 11)] == totals


def test_parts_of_a_cent_are_rounded_once_per_line(shop: Shop) -> None:
    assert billed(shop, 101, unit_amount_decimal="0.5") == 51


@given(st.integers(0, 200), st.lists(st.integers(1, 40), max_size=4), st.integers(0, 999))
def test_graduated_units_lie_each_in_one_tier(quantity: int, widths: list[int], unit: int) -> None:
    account = Account(Clock(START), Ids(0))
    ends = [sum(widths[: index + 1]) for index in range(len(widths))]
    tiers: list[Any] = [{"up_to": end, "unit_amount": unit} for end in [*ends, "inf"]]
    price = {"currency": "usd", "billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": tiers, "recurring": {"interval": "month"}}
    found = parts(account, new_price(account, price, "pro"), Decimal(quantity), "usd")
    assert sum(part.quantity for part in found) == quantity
    assert sum(part.amount for part in found) == quantity * unit


def test_a_subscription_can_be_in_any_currency_of_its_price(shop: Shop) -> None:
    price = shop.price(currency_options={"eur": {"unit_amount": 1700}})
    customer = shop.customer()
    subscription = shop.client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}], "currency": "eur"})
    invoice = shop.invoice(subscription)
    assert (subscription.currency, invoice.currency, invoice.total) == ("eur", "eur", 1700)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.create({"customer": shop.customer().id, "items": [{"price": price.id}], "currency": "gbp"})
    assert caught.value.http_status == 400


def meter(shop: Shop, formula: str = "sum") -> stripe.billing.Meter:
    params: Any = {"display_name": "Calls", "event_name": f"calls_{formula}", "default_aggregation": {"formula": formula}}
    return shop.client.v1.billing.meters.create(params)


def send(shop: Shop, formula: str, customer: str, value: str, **more: Any) -> stripe.billing.MeterEvent:
    params: Any = {"event_name": f"calls_{formula}", "payload": {"stripe_customer_id": customer, "value": value}, **more}
    return shop.client.v1.billing.meter_events.create(params)


@pytest.mark.parametrize(("formula", "total"), [("sum", 60), ("count", 30), ("last", 20)])
def test_usage_is_billed_at_the_end_of_its_period(shop: Shop, formula: str, total: int) -> None:
    metered = {"interval": "month", "usage_type": "metered", "meter": meter(shop, formula).id}
    price, customer = shop.price(amount=10, recurring=metered), shop.customer()
    subscription = shop.client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}]})
    assert "quantity" not in subscription.items.data[0]
    assert shop.invoice(subscription).total == 0
    for value in ("1", "3", "2"):
        send(shop, formula, customer.id, value)
        shop.simulation.advance(days=1)
    send(shop, formula, shop.customer().id, "100")
    send(shop, formula, customer.id, "many")
    shop.simulation.advance(days=26, hours=2)
    invoice = shop.invoice(subscription)
    assert (invoice.status, invoice.total) == ("paid", total)
    (line,) = invoice.lines.data
    assert (line.period.start, line.period.end) == (subscription.start_date, invoice.period_end)
    shop.simulation.advance(days=31)
    assert shop.invoice(subscription).total == 0


def test_usage_runs_through_tiers(shop: Shop) -> None:
    product = shop.client.v1.products.create({"name": "Pro"})
    recurring: Any = {"interval": "month", "usage_type": "metered", "meter": meter(shop).id}
    tiers: Any = {"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": TIERS, "recurring": recurring}
    params: Any = {"product": product.id, "currency": "usd", **tiers}
    price = shop.client.v1.prices.create(params)
    customer = shop.customer()
    subscription = shop.client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": price.id}]})
    send(shop, "sum", customer.id, "10.5")
    shop.simulation.advance(days=31)
    assert shop.invoice(subscription).total == 500 + 7000 + 300 + 300


def test_an_identifier_counts_once_and_a_time_must_be_near(shop: Shop) -> None:
    made, customer = meter(shop), shop.customer().id
    send(shop, "sum", customer, "5", identifier="a")
    with pytest.raises(stripe.InvalidRequestError, match="identifier a"):
        send(shop, "sum", customer, "5", identifier="a")
    for seconds in (-36 * 86400, 301):
        with pytest.raises(stripe.InvalidRequestError, match="35 days"):
            send(shop, "sum", customer, "5", timestamp=int(START.timestamp()) + seconds)
    with pytest.raises(stripe.InvalidRequestError, match="No active meter"):
        send(shop, "count", customer, "5")
    start = int(START.timestamp()) - 3600
    asked: Any = {"customer": customer, "start_time": start, "end_time": start + 10800, "value_grouping_window": "hour"}
    rows = shop.client.v1.billing.meters.event_summaries.list(made.id, asked).data
    assert [row.aggregated_value for row in rows] == [0, 5, 0]


def test_a_meter_can_be_switched_off_and_on(shop: Shop) -> None:
    made = meter(shop)
    meters = shop.client.v1.billing.meters
    assert meters.update(made.id, {"display_name": "New"}).display_name == "New"
    off = meters.deactivate(made.id)
    assert (off.status, off.status_transitions.deactivated_at) == ("inactive", made.created)
    with pytest.raises(stripe.InvalidRequestError, match="No active meter"):
        send(shop, "sum", "cus_x", "5")
    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        shop.price(recurring={"interval": "month", "usage_type": "metered", "meter": made.id})
    assert [row.id for row in meters.list({"status": "inactive"})] == [made.id]
    assert meters.reactivate(made.id).status == "active"
    with pytest.raises(stripe.InvalidRequestError, match="already exists"):
        meter(shop)


def test_a_metered_item_takes_no_quantity(shop: Shop) -> None:
    price = shop.price(recurring={"interval": "month", "usage_type": "metered", "meter": meter(shop).id})
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.subscriptions.create({"customer": shop.customer().id, "items": [{"price": price.id, "quantity": 1}]})
    assert caught.value.param == "items[0][quantity]"


def test_usage_during_a_trial_is_free(shop: Shop) -> None:
    price = shop.price(amount=10, recurring={"interval": "month", "usage_type": "metered", "meter": meter(shop).id})
    customer = shop.customer()
    asked: Any = {"customer": customer.id, "items": [{"price": price.id}], "trial_period_days": 7}
    subscription = shop.client.v1.subscriptions.create(asked)
    send(shop, "sum", customer.id, "5")
    shop.simulation.advance(days=8)
    assert shop.invoice(subscription).total == 0
    send(shop, "sum", customer.id, "7")
    shop.simulation.advance(days=31)
    assert shop.invoice(subscription).total == 70


@pytest.mark.parametrize(
    ("code", "unit", "too_few", "enough"),
    [("isk", "5", 1, 20), ("ugx", "50", 1, 2), ("kwd", "1.234", 1, 5000), ("jpy", "0.5", None, 3)],
)
def test_a_fine_unit_price_is_refused_only_when_its_total_cannot_be_charged(
    shop: Shop, code: str, unit: str, too_few: int | None, enough: int
) -> None:
    terms: dict[str, Any] = {"currency": code, "unit_amount_decimal": unit}
    if too_few is not None:
        with pytest.raises(stripe.InvalidRequestError) as caught:
            billed(shop, too_few, **terms)
        assert caught.value.code == "invalid_charge_amount_no_decimal_compatible"
    assert billed(shop, enough, **terms) == int((Decimal(unit) * enough).to_integral_value(ROUND_HALF_UP))


def test_tiers_can_be_read_through_a_subscription(shop: Shop) -> None:
    product = shop.client.v1.products.create({"name": "Pro"}).id
    recurring: Any = {"interval": "month"}
    params: Any = {
        "product": product,
        "currency": "usd",
        "billing_scheme": "tiered",
        "tiers_mode": "volume",
        "tiers": TIERS,
        "recurring": recurring,
    }
    price = shop.client.v1.prices.create(params)
    expand = ["items.data.price.tiers", "items.data.plan.tiers", "items.data.price.currency_options"]
    asked: Any = {"customer": shop.customer().id, "items": [{"price": price.id}], "expand": expand}
    (item,) = shop.client.v1.subscriptions.create(asked).items.data
    assert [len(each.tiers or []) for each in (item.price, item.plan)] == [3, 3]
    assert "tiers" not in shop.client.v1.subscription_items.retrieve(item.id).price
