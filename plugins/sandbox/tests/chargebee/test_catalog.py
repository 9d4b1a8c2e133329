"""Item families, items and item prices."""

from __future__ import annotations

import json
from typing import Any

import pytest
from billbridge_sandbox.chargebee.catalog.pricing import amount, exponent
from billbridge_sandbox.chargebee.store.catalog import ItemPrice, Tier
from hypothesis import given
from hypothesis import strategies as st

from .conftest import Client


def test_ids_and_names_are_unique(client: Client) -> None:
    client.price("pro-monthly", "pro")
    taken: list[tuple[str, dict[str, Any], str]] = [
        ("/item_families", {"id": "family", "name": "Other"}, "id"),
        ("/item_families", {"id": "other", "name": "Family"}, "name"),
        ("/items", {"id": "pro", "name": "Other", "type": "plan", "item_family_id": "family"}, "id"),
        ("/items", {"id": "other", "name": "pro", "type": "plan", "item_family_id": "family"}, "name"),
        ("/item_prices", {"id": "pro-monthly", "name": "Other", "item_id": "pro", "price": 1, "period": 1, "period_unit": "year"}, "id"),
        ("/item_prices", {"id": "other", "name": "pro-monthly", "item_id": "pro", "price": 1, "period": 1, "period_unit": "year"}, "name"),
    ]
    for path, params, param in taken:
        refused = client.post(path, params)
        assert refused.code == (400, "duplicate_entry"), path
        assert refused["param"] == param


def test_an_item_has_one_price_per_currency_and_period(client: Client) -> None:
    client.price("pro-monthly", "pro")
    same = {"id": "again", "name": "again", "item_id": "pro", "currency_code": "USD", "price": 1, "period": 1, "period_unit": "month"}
    assert client.post("/item_prices", same).code == (400, "duplicate_entry")
    assert client.post("/price_variants", {"id": "v", "name": "V"}).status == 200
    for difference in ({"currency_code": "EUR"}, {"period": 2}, {"period_unit": "year"}, {"price_variant_id": "v"}):
        name = "-".join(difference)
        assert client.post("/item_prices", {**same, **difference, "id": name, "name": name}).status == 200


def test_what_an_item_or_price_refers_to_must_exist(client: Client) -> None:
    refused = client.post("/items", {"id": "pro", "name": "Pro", "type": "plan", "item_family_id": "none"})
    assert refused.code == (404, "resource_not_found")
    assert refused["param"] == "item_family_id"
    refused = client.post("/item_prices", {"id": "p", "name": "p", "item_id": "none", "price": 1})
    assert (refused.status, refused["param"]) == (404, "item_id")


@pytest.mark.parametrize(
    ("kind", "fields", "param"),
    [
        ("plan", {"price": 1}, "period"),
        ("plan", {"price": 1, "period": 1}, "period_unit"),
        ("charge", {"price": 1, "period": 1, "period_unit": "month"}, "period"),
        ("plan", {"period": 1, "period_unit": "month"}, "price"),
        ("plan", {"period": 1, "period_unit": "month", "pricing_model": "tiered"}, "tiers"),
        ("plan", {"price": 1, "period": 1, "period_unit": "month", "tiers[starting_unit][0]": 1, "tiers[price][0]": 5}, "tiers"),
        ("plan", {"price": 1, "period": 1, "period_unit": "fortnight"}, "period_unit"),
        ("plan", {"price": -1, "period": 1, "period_unit": "month"}, "price"),
        ("plan", {"price": "19.00", "period": 1, "period_unit": "month"}, "price"),
        ("plan", {"price": 1, "period": 1, "period_unit": "month", "trial_period": 7}, "trial_period"),
        ("plan", {"price": 1, "period": 1, "period_unit": "month", "metadata": "no"}, "metadata"),
    ],
)
def test_a_price_that_makes_no_sense_is_refused_by_name(client: Client, kind: str, fields: dict[str, Any], param: str) -> None:
    client.post("/item_families", {"id": "family", "name": "Family"})
    client.post("/items", {"id": "it", "name": "it", "type": kind, "item_family_id": "family"})
    refused = client.post("/item_prices", {"id": "p", "name": "p", "item_id": "it", **fields})
    assert refused.code == (400, "param_wrong_value")
    assert refused["param"] == param


@pytest.mark.parametrize(
    "tiers",
    [
        {"tiers[starting_unit][0]": 2, "tiers[price][0]": 5},
        {"tiers[starting_unit][0]": 1, "tiers[ending_unit][0]": 10, "tiers[price][0]": 5},
        {"tiers[starting_unit][0]": 1, "tiers[price][0]": 5, "tiers[starting_unit][1]": 11, "tiers[price][1]": 4},
        {
            "tiers[starting_unit][0]": 1,
            "tiers[ending_unit][0]": 10,
            "tiers[price][0]": 5,
            "tiers[starting_unit][1]": 12,
            "tiers[price][1]": 4,
        },
        {"tiers[starting_unit][0]": 1},
    ],
)
def test_tiers_must_begin_at_one_follow_on_another_and_end_open(client: Client, tiers: dict[str, int]) -> None:
    client.price("other", "pro")
    refused = client.post(
        "/item_prices", {"id": "t", "name": "t", "item_id": "pro", "period": 1, "period_unit": "year", "pricing_model": "volume", **tiers}
    )
    assert refused.code == (400, "param_wrong_value")


def test_tiers_are_read_by_column_and_sent_back_by_row(client: Client) -> None:
    tiers: dict[str, Any] = {
        "tiers[starting_unit][0]": 1,
        "tiers[starting_unit][1]": 11,
        "tiers[ending_unit][0]": 10,
        "tiers[price][0]": 500,
        "tiers[price][1]": 400,
    }
    made = client.price("t", "pro", pricing_model="tiered", price=None, **tiers)
    assert made["tiers"] == [
        {"object": "tier", "starting_unit": 1, "ending_unit": 10, "price": 500},
        {"object": "tier", "starting_unit": 11, "price": 400},
    ]
    flat = client.post("/item_prices/t", {"pricing_model": "flat_fee", "price": 900})["item_price"]
    assert (flat["price"], "tiers" in flat) == (900, False)


def test_archiving_hides_nothing_and_can_be_undone(client: Client) -> None:
    client.price("pro-monthly", "pro")
    archived = client.post("/item_prices/pro-monthly", {"status": "archived"})["item_price"]
    assert archived["archived_at"] == client.vendor.site.now
    assert client.get("/item_prices", {"status[is]": "archived"}).names("item_price") == ["pro-monthly"]
    assert "archived_at" not in client.post("/item_prices/pro-monthly", {"status": "active"})["item_price"]
    assert client.post("/items/pro", {"status": "archived"})["item"]["status"] == "archived"
    assert client.get("/items", {"status[in]": '["archived"]'}).names("item") == ["pro"]


def test_metadata_is_replaced_as_a_whole_and_names_cannot_be_cleared(client: Client) -> None:
    client.price("pro-monthly", "pro", metadata=json.dumps({"a": "1"}))
    assert client.post("/item_prices/pro-monthly", {"metadata": '{"b":"2"}'})["item_price"]["metadata"] == {"b": "2"}
    assert client.post("/items/pro", {"metadata": '{"c":"3"}', "description": "Best"})["item"]["metadata"] == {"c": "3"}
    assert client.post("/items/pro", {"name": ""}).code == (400, "param_wrong_value")
    assert "description" not in client.post("/items/pro", {"description": ""})["item"]


def test_decimal_prices_need_the_sites_feature_and_are_major_units(client: Client) -> None:
    client.price("other", "pro")
    fields = {
        "id": "d",
        "name": "d",
        "item_id": "pro",
        "period": 1,
        "period_unit": "year",
        "price_in_decimal": "5.12",
        "currency_code": "KWD",
    }
    assert client.post("/item_prices", fields).code == (400, "configuration_incompatible")
    client.vendor.site.settings.multi_decimal = True
    made = client.post("/item_prices", fields)["item_price"]
    assert (made["price"], made["price_in_decimal"]) == (512, "5.12")
    finer = client.post("/item_prices/d", {"price_in_decimal": "5.124"})["item_price"]
    assert ("price" in finer, finer["price_in_decimal"]) == (False, "5.124")
    whole = client.post("/item_prices/d", {"price": 500})["item_price"]
    assert (whole["price"], "price_in_decimal" in whole) == (500, False)


@pytest.mark.parametrize(("currency", "decimals"), [("USD", 2), ("JPY", 0), ("KRW", 0), ("KWD", 2), ("ISK", 2), ("UGX", 0)])
def test_the_minor_unit_is_chargebees_own(currency: str, decimals: int) -> None:
    assert exponent(currency) == decimals


def priced(model: str, **fields: Any) -> ItemPrice:
    tiers = [
        Tier(starting_unit=1, ending_unit=10, price=100),
        Tier(starting_unit=11, ending_unit=20, price=80),
        Tier(starting_unit=21, price=50),
    ]
    shape = {"price": 100} if model in ("flat_fee", "per_unit") else {"tiers": tiers}
    return ItemPrice(
        id="p",
        name="p",
        item_id="i",
        item_family_id="f",
        item_type="plan",
        currency_code="USD",
        created_at=0,
        pricing_model=model,
        **{**shape, **fields},
    )


@pytest.mark.parametrize(
    ("model", "quantity", "expected"),
    [
        ("flat_fee", None, 100),
        ("per_unit", 7, 700),
        ("tiered", 10, 1000),
        ("tiered", 11, 1080),
        ("tiered", 25, 2050),
        ("volume", 10, 1000),
        ("volume", 11, 880),
        ("volume", 25, 1250),
        ("stairstep", 10, 100),
        ("stairstep", 11, 80),
        ("stairstep", 1000, 50),
    ],
)
def test_an_amount_follows_the_pricing_model(model: str, quantity: int | None, expected: int) -> None:
    assert amount(priced(model), quantity) == expected


def test_free_units_are_not_billed() -> None:
    assert amount(priced("per_unit", free_quantity=3), 5) == 200
    assert amount(priced("tiered", free_quantity=10), 10) == 0


@given(st.integers(1, 300))
def test_tiered_bills_each_unit_at_its_own_step(quantity: int) -> None:
    steps = [100] * 10 + [80] * 10 + [50] * 300
    assert amount(priced("tiered"), quantity) == sum(steps[:quantity])


def test_price_variants_live_and_end(client: Client) -> None:
    attributes = {"attributes[name][0]": "region", "attributes[value][0]": "EU"}
    made = client.post("/price_variants", {"id": "eu", "name": "EU", "description": "Europe", **attributes})["price_variant"]
    assert (made["id"], made["status"], made["attributes"]) == ("eu", "active", [{"name": "region", "value": "EU"}])
    assert client.post("/price_variants", {"id": "eu", "name": "other"}).code == (400, "duplicate_entry")
    assert client.post("/price_variants/eu", {"name": "Europe"})["price_variant"]["name"] == "Europe"
    assert client.get("/price_variants")["list"][0]["price_variant"]["id"] == "eu"
    client.price("pro-monthly", "pro")
    second = {
        "id": "eu-monthly",
        "name": "eu-monthly",
        "item_id": "pro",
        "currency_code": "USD",
        "price": 1,
        "period": 1,
        "period_unit": "month",
    }
    assert client.post("/item_prices", {**second, "price_variant_id": "none"}).code == (404, "resource_not_found")
    assert client.post("/item_prices", {**second, "price_variant_id": "eu"})["item_price"]["price_variant_id"] == "eu"
    assert client.post("/price_variants/eu/delete").code == (409, "invalid_state_for_request")
    client.post("/item_prices/eu-monthly/delete")
    assert client.post("/price_variants/eu/delete")["price_variant"]["deleted"] is True
    assert client.get("/price_variants/eu").code == (404, "resource_not_found")


def test_a_site_has_at_most_a_hundred_price_variants(client: Client) -> None:
    for number in range(100):
        assert client.post("/price_variants", {"id": f"v{number}", "name": f"v{number}"}).status == 200
    assert client.post("/price_variants", {"id": "more", "name": "more"}).code == (400, "resource_limit_exhausted")
