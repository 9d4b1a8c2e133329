"""Pricing models: decimals, packages, steps on invoices, cycles, and what deleting does to the catalogue. Through the official client."""

from __future__ import annotations

from importlib import import_module
from typing import Any, TypeAlias

import pytest
from billbridge_sandbox import Simulation
from billbridge_sandbox.chargebee.catalog.pricing import amount
from billbridge_sandbox.chargebee.store.catalog import ItemPrice, Tier

from .conftest import Client

InvalidRequestError: Any = import_module("chargebee").InvalidRequestError
Sdk: TypeAlias = Any

MONTHLY = {"period": 1, "period_unit": "month"}


def columns(*tiers: dict[str, Any]) -> dict[str, Any]:
    """Tiers as Chargebee takes them: column by column, the index last."""
    return {f"tiers[{name}][{index}]": value for index, tier in enumerate(tiers) for name, value in tier.items()}


@pytest.mark.parametrize(
    ("model", "quantity", "expected", "used"),
    [
        ("tiered", 12, 10 * 100 + 2 * 80, [(1, 10), (11, 2)]),
        ("volume", 12, 12 * 80, [(11, 12)]),
        ("stairstep", 12, 80, [(11, 12)]),
        ("stairstep", 10, 100, [(1, 10)]),
    ],
)
def test_a_subscription_bills_the_steps_of_its_price_and_the_invoice_shows_them(
    shop: Client, model: str, quantity: int, expected: int, used: list[tuple[int, int]]
) -> None:
    tiers = columns({"starting_unit": 1, "ending_unit": 10, "price": 100}, {"starting_unit": 11, "price": 80})
    shop.price("seats", "seats", price=None, pricing_model=model, **tiers)
    made = shop.subscribe("seats", quantity)
    invoice = made["invoice"]
    assert (made["subscription"]["subscription_items"][0]["amount"], invoice["total"], invoice["status"]) == (expected, expected, "paid")
    assert [(tier["starting_unit"], tier["quantity_used"]) for tier in invoice["line_item_tiers"]] == used
    assert {tier["line_item_id"] for tier in invoice["line_item_tiers"]} == {invoice["line_items"][0]["id"]}


@pytest.mark.parametrize(("quantity", "packages"), [(1, 1), (999, 1), (1000, 1), (1001, 2), (1500, 2)])
def test_whole_packages_are_billed(shop: Client, quantity: int, packages: int) -> None:
    tier = {"starting_unit": 1, "price": 125, "pricing_type": "package", "package_size": 1000}
    made = shop.price("tokens", "tokens", price=None, pricing_model="volume", **columns(tier))
    assert made["tiers"] == [{"object": "tier", **tier}]
    assert shop.subscribe("tokens", quantity)["invoice"]["total"] == 125 * packages


def test_packages_are_rounded_up_within_each_step() -> None:
    tiers = [
        Tier(starting_unit=1, ending_unit=150, price=300, pricing_type="package", package_size=100),
        Tier(starting_unit=151, price=100, pricing_type="package", package_size=100),
    ]
    price = ItemPrice(
        id="p",
        name="p",
        item_id="i",
        item_family_id="f",
        item_type="plan",
        currency_code="USD",
        created_at=0,
        pricing_model="tiered",
        tiers=tiers,
    )
    assert [amount(price, quantity) for quantity in (100, 101, 150, 151, 350)] == [300, 600, 600, 700, 800]


def test_packages_are_a_feature_of_the_site_and_of_two_models(shop: Client) -> None:
    package = columns({"starting_unit": 1, "price": 125, "pricing_type": "package", "package_size": 10})
    refused = shop.post(
        "/item_prices",
        {"id": "s", "name": "s", "item_id": "pro", "pricing_model": "stairstep", "period": 1, "period_unit": "year", **package},
    )
    assert (refused.code, refused["param"]) == ((400, "param_wrong_value"), "tiers[pricing_type][0]")
    fields = {"id": "v", "name": "v", "item_id": "pro", "pricing_model": "volume", "period": 1, "period_unit": "year", **package}
    for word in ("metered", "off"):
        shop.vendor.site.settings.package_pricing = word
        assert shop.post("/item_prices", fields).code == (400, "configuration_incompatible")
    shop.vendor.site.settings.package_pricing = "metered"
    shop.post("/items", {"id": "calls", "name": "calls", "type": "plan", "item_family_id": "family", "metered": "true"})
    assert shop.post("/item_prices", {**fields, "item_id": "calls"}).status == 200


def test_a_price_finer_than_the_minor_unit_is_billed_exactly_and_rounded_once(shop: Client) -> None:
    shop.vendor.site.settings.multi_decimal = True
    made = shop.price("calls", "calls", price=None, price_in_decimal="0.005")
    assert ("price" in made, made["price_in_decimal"]) == (False, "0.005")
    subscription = shop.subscribe("calls", 1001)
    item = subscription["subscription"]["subscription_items"][0]
    assert (item["unit_price_in_decimal"], "unit_price" in item, item["amount"]) == ("0.005", False, 501)
    line = subscription["invoice"]["line_items"][0]
    assert (line["unit_amount_in_decimal"], line["unit_amount"], line["amount"]) == ("0.005", 1, 501)


def test_decimal_steps_keep_their_exact_price(shop: Client) -> None:
    shop.vendor.site.settings.multi_decimal = True
    tiers = columns(
        {"starting_unit_in_decimal": "0", "ending_unit_in_decimal": "10", "price_in_decimal": "0.015"},
        {"starting_unit_in_decimal": "10", "price_in_decimal": "0.01"},
    )
    made = shop.price("calls", "calls", price=None, pricing_model="tiered", **tiers)
    assert [(tier["starting_unit"], tier["price_in_decimal"], tier["price"]) for tier in made["tiers"]] == [
        (1, "0.015", 2),
        (11, "0.01", 1),
    ]
    assert shop.subscribe("calls", 11)["invoice"]["total"] == 16
    refused = shop.post("/item_prices/calls", columns({"starting_unit_in_decimal": "0.5", "price": 1}))
    assert refused.code == (400, "configuration_incompatible")


def test_free_units_are_taken_off_the_bill(shop: Client) -> None:
    shop.price("seats", "seats", free_quantity=3)
    assert shop.subscribe("seats", 5)["invoice"]["total"] == 2 * 1900
    assert shop.subscribe("seats", 2)["invoice"]["total"] == 0


@pytest.mark.parametrize(("currency", "amount"), [("JPY", 500), ("KWD", 123), ("EUR", 1)])
def test_other_currencies_are_a_setting_of_the_site(shop: Client, currency: str, amount: int) -> None:
    shop.price("abroad", "pro", currency_code=currency, price=amount)
    assert shop.subscribe("abroad", 2)["invoice"]["total"] == 2 * amount
    shop.vendor.site.settings.multi_currency = False
    refused = shop.post("/item_prices", {"id": "x", "name": "x", "item_id": "pro", "currency_code": "CHF", "price": 1, **MONTHLY})
    assert (refused.code, refused["param"]) == ((400, "configuration_incompatible"), "currency_code")


def test_a_plan_with_billing_cycles_ends_by_itself(shop: Client, simulation: Simulation) -> None:
    shop.price("twice", "twice", billing_cycles=2)
    made = shop.subscribe("twice")["subscription"]
    assert (made["status"], made["remaining_billing_cycles"]) == ("active", 1)
    simulation.advance(days=28)
    last = shop.subscription(made["id"])
    assert (last["status"], last["remaining_billing_cycles"]) == ("non_renewing", 0)
    simulation.advance(days=31)
    assert shop.subscription(made["id"])["status"] == "cancelled"
    assert len(shop.invoices(made["id"])) == 2


def test_the_client_deletes_what_nothing_uses_and_may_use_its_id_again(shop: Client, sdk: Sdk) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        sdk.ItemFamily.delete("family")
    assert refused.value.http_code == 409
    with pytest.raises(InvalidRequestError) as refused:
        sdk.Item.delete("pro")
    assert refused.value.api_error_code == "invalid_state_for_request"
    price = sdk.ItemPrice.delete("pro-monthly").item_price
    assert (price.status, price.deleted) == ("deleted", True)
    assert sdk.Item.delete("pro").item.status == "deleted"
    assert sdk.ItemFamily.delete("family").item_family.status == "deleted"
    for read, id in ((sdk.ItemPrice.retrieve, "pro-monthly"), (sdk.Item.retrieve, "pro"), (sdk.ItemFamily.retrieve, "family")):
        with pytest.raises(InvalidRequestError) as gone:
            read(id)
        assert gone.value.http_code == 404
    shop.price("pro-monthly", "pro")
    assert sdk.ItemPrice.retrieve("pro-monthly").item_price.status == "active"


def test_a_price_in_use_is_archived_instead_and_keeps_what_makes_it(shop: Client, sdk: Sdk) -> None:
    shop.subscribe(id="s")
    for change in ({"pricing_model": "flat_fee", "price": 5}, {"currency_code": "EUR"}, {"period": 2}):
        assert shop.post("/item_prices/pro-monthly", change).code == (409, "invalid_state_for_request")
    archived = sdk.ItemPrice.delete("pro-monthly").item_price
    assert (archived.status, archived.deleted) == ("archived", None)
    assert shop.subscribe().code == (400, "param_wrong_value")
    assert shop.subscription("s")["status"] == "active"


def test_metering_is_for_plans_and_addons_and_never_changes(shop: Client, sdk: Sdk) -> None:
    made = sdk.Item.create({"id": "calls", "name": "Calls", "type": "addon", "item_family_id": "family", "metered": True}).item
    assert (made.metered, made.usage_calculation) == (True, "sum_of_usages")
    charge = {"id": "x", "name": "x", "type": "charge", "item_family_id": "family"}
    assert shop.post("/items", {**charge, "metered": "true"})["param"] == "metered"
    assert shop.post("/items", {**charge, "type": "plan", "usage_calculation": "last_usage"})["param"] == "usage_calculation"
    shop.post("/items/calls", {"metered": "false"})
    assert shop.get("/items/calls")["item"]["metered"] is True
    assert [each.item.id for each in sdk.Item.list({"metered": {"is": True}}).list] == ["calls"]


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("/items/pro", "bundle_configuration[type]", "fixed"),
        ("/items/pro", "applicable_items[0]", "x"),
        ("/item_prices/pro-monthly", "tax_detail[tax_profile_id]", "x"),
        ("/item_prices/pro-monthly", "accounting_detail[sku]", "x"),
        ("/item_prices/pro-monthly", "shipping_period", "1"),
    ],
)
def test_a_legal_parameter_that_is_not_simulated_is_refused_by_name(shop: Client, path: str, name: str, value: str) -> None:
    refused = shop.post(path, {name: value})
    assert (refused.code, refused["param"]) == ((400, "configuration_incompatible"), name)
