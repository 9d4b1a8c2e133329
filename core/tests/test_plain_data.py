"""Entities and money as plain data: `to_dict`, msgspec, Pydantic, FastAPI, sets and dicts. The vendor's own JSON is in none of them."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import msgspec
import pytest
from billbridge import Customer, Money, Subscription, SubscriptionStatus
from billbridge.model import Page, SubscriptionItem
from billbridge.model.raw import RawJson
from fastapi import FastAPI
from pydantic import BaseModel, TypeAdapter, ValidationError

SECRET = b'{"id": "sub_1", "secret": "vendor payload", "price": 0.1}'
SUBSCRIPTION = Subscription(
    provider="stripe",
    id="sub_1",
    raw=RawJson(SECRET),
    customer_id="cus_1",
    status=SubscriptionStatus.ACTIVE,
    vendor_status="active",
    items=[SubscriptionItem(id="si_1", price_id="price_1", quantity=Decimal(3), unit_amount=Money("19.00", "USD"))],
    created_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
)
PLAIN = {
    "provider": "stripe",
    "id": "sub_1",
    "status": "active",
    "created_at": "2026-01-31T12:00:00Z",
}


def encoded_by_fastapi(endpoint: Any) -> Any:
    app = FastAPI()
    app.get("/")(endpoint)

    async def main() -> Any:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            assert (await client.get("/openapi.json")).status_code == 200
            return (await client.get("/")).json()

    return asyncio.run(main())


def untyped() -> Any:
    return SUBSCRIPTION


def typed() -> Subscription:
    return SUBSCRIPTION


def several() -> list[Subscription]:
    return [SUBSCRIPTION]


WAYS: dict[str, Any] = {
    "to_dict": SUBSCRIPTION.to_dict,
    "dict": lambda: dict(SUBSCRIPTION),
    "msgspec.to_builtins": lambda: msgspec.to_builtins(SUBSCRIPTION),
    "msgspec.json.encode": lambda: json.loads(msgspec.json.encode(SUBSCRIPTION)),
    "msgspec.json.encode of a page": lambda: json.loads(msgspec.json.encode(Page(items=[SUBSCRIPTION])))["items"][0],
    "pydantic": lambda: TypeAdapter(Subscription).dump_python(SUBSCRIPTION),
    "pydantic json": lambda: json.loads(TypeAdapter(Subscription).dump_json(SUBSCRIPTION)),
    "fastapi": lambda: encoded_by_fastapi(typed),
    "fastapi, no annotation": lambda: encoded_by_fastapi(untyped),
    "fastapi, a list": lambda: encoded_by_fastapi(several)[0],
}


@pytest.mark.parametrize("way", WAYS)
def test_an_entity_becomes_plain_data_without_the_vendors_payload(way: str) -> None:
    data = WAYS[way]()
    assert {name: data[name] for name in PLAIN} == PLAIN
    (item,) = data["items"]
    assert item["unit_amount"] == {"amount": "19.00", "currency": "USD"}
    assert "vendor payload" not in json.dumps(data)
    assert not data.get("raw")


def test_to_dict_has_every_field_but_raw() -> None:
    assert set(SUBSCRIPTION.to_dict()) == set(SUBSCRIPTION.__struct_fields__) - {"raw"}


def test_the_vendors_payload_is_there_when_it_is_asked_for() -> None:
    assert bytes(SUBSCRIPTION.raw) == SECRET
    assert SUBSCRIPTION.raw_json() == {"id": "sub_1", "secret": "vendor payload", "price": Decimal("0.1")}
    assert repr(SUBSCRIPTION.raw) == f"RawJson({len(SECRET)} bytes)"


@pytest.mark.parametrize(
    "again", [copy.copy, copy.deepcopy, lambda entity: pickle.loads(pickle.dumps(entity))], ids=["copy", "deep", "pickle"]
)
def test_a_copy_keeps_the_payload(again: Any) -> None:
    assert again(SUBSCRIPTION) == SUBSCRIPTION
    assert bytes(again(SUBSCRIPTION).raw) == SECRET


def test_entities_fit_into_sets_by_provider_and_id() -> None:
    changed = msgspec.structs.replace(SUBSCRIPTION, status=SubscriptionStatus.PAUSED)
    assert hash(changed) == hash(SUBSCRIPTION)
    assert changed != SUBSCRIPTION
    assert len({SUBSCRIPTION, copy.copy(SUBSCRIPTION), Customer(provider="stripe", id="sub_1")}) == 2
    assert hash(msgspec.structs.replace(SUBSCRIPTION, provider="chargebee")) != hash(SUBSCRIPTION)


class Order(BaseModel):
    total: Money
    subscription: Subscription | None = None


def test_pydantic_models_hold_money_and_entities() -> None:
    order = Order(total=Money("5.00", "USD"), subscription=SUBSCRIPTION)
    assert order.subscription is SUBSCRIPTION
    assert json.loads(order.model_dump_json())["total"] == {"amount": "5.00", "currency": "USD"}
    assert "vendor payload" not in order.model_dump_json()
    assert Order.model_validate({"total": {"amount": "5.00", "currency": "usd"}}).total == Money("5.00", "USD")
    assert Order.model_json_schema()["$defs" if "$defs" in Order.model_json_schema() else "properties"]


@pytest.mark.parametrize(
    "total", [{"amount": "x", "currency": "USD"}, {"amount": 1.5, "currency": "USD"}, {"amount": "1"}, "5 USD", 5, None]
)
def test_pydantic_refuses_what_is_not_money(total: Any) -> None:
    with pytest.raises(ValidationError):
        Order.model_validate({"total": total})
