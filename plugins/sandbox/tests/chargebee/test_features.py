"""Features and entitlements: the three commands, the legal levels, and what a subscription has because of its items and overrides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from billbridge_sandbox import Simulation

from .conftest import Client

SEATS: dict[str, Any] = {
    "id": "seats",
    "name": "Seats",
    "type": "quantity",
    "unit": "seat",
    "levels[value][0]": "5",
    "levels[value][1]": "10",
    "levels[is_unlimited][2]": "true",
}


def give(client: Client, entity: str, value: str, *, feature: str = "seats", kind: str = "plan", action: str = "upsert") -> Any:
    row = {"entity_id": entity, "entity_type": kind, "feature_id": feature, "value": value}
    return client.post("/entitlements", {"action": action, **{f"entitlements[{name}][0]": each for name, each in row.items()}})


def has(client: Client, subscription: str) -> dict[str, str]:
    rows = client.get(f"/subscriptions/{subscription}/subscription_entitlements")["list"]
    return {row["subscription_entitlement"]["feature_id"]: row["subscription_entitlement"]["value"] for row in rows}


def override(client: Client, subscription: str, value: str, **more: Any) -> Any:
    row = {"feature_id": "seats", "value": value, **more}
    sent = {"action": "upsert", **{f"entitlement_overrides[{name}][0]": each for name, each in row.items()}}
    return client.post(f"/subscriptions/{subscription}/entitlement_overrides", sent)


def test_each_command_asks_for_one_status(client: Client) -> None:
    assert client.post("/features", SEATS)["feature"]["status"] == "draft"
    for command, status in (
        ("archive", 409),
        ("reactivate", 409),
        ("activate", 200),
        ("activate", 409),
        ("archive", 200),
        ("archive", 409),
    ):
        assert client.post(f"/features/seats/{command}_command").status == status
    assert client.post("/features/seats/reactivate_command")["feature"]["status"] == "active"
    assert client.get("/features", {"status[in]": '["active"]'}).names("feature") == ["seats"]
    assert client.post("/features", {**SEATS, "id": "other"}).code == (400, "duplicate_entry")


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"levels[value][0]": "many"}, "levels[value][0]"),
        ({"type": "switch", "unit": "", "levels[is_unlimited][2]": "", "levels[value][2]": "7"}, "levels"),
        ({"type": "range"}, "levels"),
        ({"type": "custom", "unit": ""}, "levels[is_unlimited][2]"),
        ({"type": "switch"}, "unit"),
        ({"levels[value][1]": "5"}, "levels"),
    ],
)
def test_levels_that_make_no_sense_are_refused_by_name(client: Client, fields: dict[str, Any], param: str) -> None:
    refused = client.post("/features", {**SEATS, **fields})
    assert (refused.status, refused.body["param"]) == (400, param)
    assert client.get("/features/seats").status == 404


def test_the_price_counts_instead_of_its_item_and_quantities_are_added(shop: Client) -> None:
    shop.price("more-monthly", "more", "addon")
    shop.post("/features", SEATS)
    assert give(shop, "pro", "5").status == 200
    subscription = shop.subscribe(addons=["more-monthly"])["subscription"]["id"]
    assert has(shop, subscription) == {}  # a draft gives nothing
    shop.post("/features/seats/activate_command")
    assert has(shop, subscription) == {"seats": "5"}
    give(shop, "more", "5", kind="addon")
    assert has(shop, subscription) == {"seats": "10"}
    give(shop, "pro-monthly", "10", kind="plan_price")
    assert has(shop, subscription) == {"seats": "15"}
    give(shop, "more-monthly", "unlimited", kind="addon_price")
    assert has(shop, subscription) == {"seats": "Unlimited"}
    give(shop, "more-monthly", "", kind="addon_price", action="remove")
    give(shop, "pro-monthly", "", kind="plan_price", action="remove")
    assert has(shop, subscription) == {"seats": "10"}
    shop.post("/features/seats/archive_command")
    assert has(shop, subscription) == {"seats": "10"}
    assert give(shop, "pro", "10").code == (409, "invalid_state_for_request")


def test_a_wrong_entity_feature_or_value_changes_nothing(shop: Client) -> None:
    shop.post("/features", SEATS)
    assert give(shop, "pro", "5", kind="addon").status == 404
    assert give(shop, "pro", "5", feature="none").status == 404
    assert give(shop, "pro", "7").body["param"] == "entitlements[value][0]"
    assert shop.get("/entitlements")["list"] == []


def test_an_override_counts_until_it_expires(shop: Client, simulation: Simulation) -> None:
    shop.post("/features", SEATS)
    shop.post("/features/seats/activate_command")
    give(shop, "pro", "5")
    subscription = shop.subscribe()["subscription"]["id"]
    end = int((simulation.now + timedelta(days=2)).timestamp())
    assert override(shop, subscription, "unlimited", expires_at=end).status == 200
    assert has(shop, subscription) == {"seats": "Unlimited"}
    simulation.advance(days=2)
    assert has(shop, subscription) == {"seats": "5"}
    assert shop.get(f"/subscriptions/{subscription}/entitlement_overrides")["list"] == []
    assert override(shop, subscription, "10", expires_at=end).body["param"] == "entitlement_overrides[expires_at][0]"
    assert override(shop, subscription, "10", is_enabled="false").status == 200
    (row,) = shop.get(f"/subscriptions/{subscription}/subscription_entitlements")["list"]
    assert (row["subscription_entitlement"]["value"], row["subscription_entitlement"]["is_enabled"]) == ("10", False)


def test_the_list_for_a_customer_is_not_enabled(shop: Client) -> None:
    assert shop.get("/customers/ada/customer_entitlements").code == (400, "configuration_incompatible")
