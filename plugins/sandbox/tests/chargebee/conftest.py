"""A client of the simulated Chargebee that compares every object it is sent with the official SDK's resource classes."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, cast, get_args, get_origin, get_type_hints
from urllib.parse import urlencode

import pytest
from billbridge_sandbox import Simulation
from billbridge_sandbox.chargebee.vendor import ChargebeeVendor

START = datetime(2026, 1, 31, 12, tzinfo=UTC)
# chargebee 3.29.0 has type hints inside but no py.typed, so type checkers see nothing.
Chargebee: Any = import_module("chargebee").Chargebee
KINDS = (
    "card configuration coupon coupon_code coupon_set credit_note customer entitlement entitlement_override feature hosted_page invoice "
    "item item_family item_price payment_intent payment_source promotional_credit subscription subscription_entitlement transaction "
    "unbilled_charge usage"
)
RESOURCES: dict[str, Any] = {
    kind: getattr(import_module(f"chargebee.models.{kind}.responses"), kind.title().replace("_", "") + "Response") for kind in KINDS.split()
}


def compare(value: Any, kind: Any, path: str) -> None:
    """Fail when `value` has a field that the SDK's class does not know, a null, or a value of another type."""
    assert value is not None, f"{path} is null; Chargebee leaves such fields out"
    if get_origin(kind) is list:
        for entry in value:
            compare(entry, get_args(kind)[0], f"{path}[]")
    elif kind in (int, str, float, bool):
        assert type(value) is kind, f"{path} is {value!r}"
    elif hasattr(kind, "construct"):
        known = get_type_hints(kind)
        for name, entry in value.items():
            if name != "object":
                assert name in known, f"{path}.{name} is not a field of the SDK's {kind.__name__}"
                compare(entry, known[name], f"{path}.{name}")


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    @property
    def code(self) -> tuple[int, str | None]:
        """The HTTP status and the vendor's error code."""
        return self.status, self.body.get("api_error_code")

    def names(self, kind: str, field: str = "id") -> list[Any]:
        """One field of every object of a list."""
        return [entry[kind][field] for entry in self.body["list"]]


class Client:
    """Calls the simulation directly, as an HTTP client would."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.vendor = next(each for each in simulation.vendors if isinstance(each, ChargebeeVendor))

    def __call__(self, method: str, path: str, params: dict[str, Any] | None = None, /, **headers: str) -> Reply:
        query = urlencode(params or {})
        sent = {
            "Authorization": "Basic " + b64encode(b"test_key:").decode(),
            **{name.replace("_", "-"): each for name, each in headers.items()},
        }
        sent = {name: value for name, value in sent.items() if value}
        if method == "GET":
            answer = self.simulation.handle(method, f"/api/v2{path}" + (f"?{query}" if query else ""), sent)
        else:
            sent.setdefault("content-type", "application/x-www-form-urlencoded")
            answer = self.simulation.handle(method, f"/api/v2{path}", sent, query.encode())
        body = json.loads(answer.body)
        if answer.status == 200:
            for entry in body.get("list", [body]):
                for name, value in entry.items():
                    kind = name.removesuffix("s") if isinstance(value, list) else name
                    if kind in RESOURCES:
                        for each in value if isinstance(value, list) else [value]:
                            assert each["object"] == kind
                            compare(each, RESOURCES[kind], kind)
        else:
            assert body["http_status_code"] == answer.status
            assert body["error_msg"] == body["message"]
        return Reply(answer.status, answer.headers, body)

    def get(self, path: str, params: dict[str, Any] | None = None, /, **headers: str) -> Reply:
        return self("GET", path, params, **headers)

    def post(self, path: str, params: dict[str, Any] | None = None, /, **headers: str) -> Reply:
        return self("POST", path, params, **headers)

    def customer(self, id: str = "ada", token: str | None = "tok_visa", **fields: Any) -> dict[str, Any]:
        """A customer, with a card unless `token` is None."""
        made = self.post("/customers", {"id": id, **fields})
        assert made.status == 200, made.body
        if token:
            assert self.post("/payment_sources/create_using_token", {"customer_id": id, "token_id": token}).status == 200
        return cast(dict[str, Any], made["customer"])

    def price(self, id: str, item: str, kind: str = "plan", **fields: Any) -> dict[str, Any]:
        """An item price, and its item and family when they are not there; $19.00 a month and per unit unless said otherwise."""
        self.post("/item_families", {"id": "family", "name": "Family"})
        self.post("/items", {"id": item, "name": item, "type": kind, "item_family_id": "family"})
        period = {} if kind == "charge" else {"period": 1, "period_unit": "month"}
        values = {"currency_code": "USD", "pricing_model": "per_unit", "price": 1900, **period, **fields}
        made = self.post("/item_prices", {"id": id, "name": id, "item_id": item, **{k: v for k, v in values.items() if v is not None}})
        assert made.status == 200, made.body
        return cast(dict[str, Any], made["item_price"])

    def subscribe(
        self,
        price: str = "pro-monthly",
        quantity: int | None = None,
        customer: str = "ada",
        *,
        coupons: Sequence[str] = (),
        addons: Sequence[str] = (),
        **fields: Any,
    ) -> Reply:
        columns: dict[str, Any] = {"subscription_items[item_price_id][0]": price}
        columns |= {f"subscription_items[item_price_id][{index}]": id for index, id in enumerate(addons, 1)}
        columns |= {f"coupon_ids[{index}]": id for index, id in enumerate(coupons)}
        if quantity is not None:
            columns["subscription_items[quantity][0]"] = quantity
        return self.post(f"/customers/{customer}/subscription_for_items", {**columns, **fields})

    def subscription(self, id: str) -> dict[str, Any]:
        return cast(dict[str, Any], self.get(f"/subscriptions/{id}")["subscription"])

    def change(self, *items: tuple[str, int | None], **fields: Any) -> Reply:
        """Change the items of the subscription "s": item prices with their quantities, None where there is none."""
        columns: dict[str, Any] = {f"subscription_items[item_price_id][{index}]": id for index, (id, _) in enumerate(items)}
        columns |= {f"subscription_items[quantity][{index}]": quantity for index, (_, quantity) in enumerate(items) if quantity is not None}
        return self.post("/subscriptions/s/update_for_items", {**columns, **fields})

    def use(self, token: str) -> None:
        """Make the source of a test token the one that "ada" pays with."""
        fields = {"customer_id": "ada", "token_id": token, "replace_primary_payment_source": "true"}
        assert self.post("/payment_sources/create_using_token", fields).status == 200

    def notes(self, subscription: str = "s") -> list[dict[str, Any]]:
        return [entry["credit_note"] for entry in self.get("/credit_notes", {"subscription_id[is]": subscription, "limit": 100})["list"]]

    def invoices(self, subscription: str) -> list[dict[str, Any]]:
        return [entry["invoice"] for entry in self.get("/invoices", {"subscription_id[is]": subscription, "limit": 100})["list"]]


@pytest.fixture
def simulation() -> Simulation:
    return Simulation(START)


@pytest.fixture
def client(simulation: Simulation) -> Client:
    return Client(simulation)


@pytest.fixture
def shop(client: Client) -> Client:
    """A client of a site with the customer "ada", who has a good card, and the plan "pro-monthly"."""
    client.price("pro-monthly", "pro")
    client.customer()
    return client


@pytest.fixture
def sdk(simulation: Simulation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The official client, over HTTP."""
    monkeypatch.setattr(Chargebee, "verify_ca_certs", False)
    with simulation.serve() as server:
        port = server.chargebee_url.rsplit(":", 1)[1]
        yield Chargebee(api_key="test_key", site="127", chargebee_domain=f"0.0.1:{port}", protocol="http")


@pytest.fixture
def site(sdk: Any) -> Any:
    """A site with a family, a plan of $19.00 a month, and the customer "ada" with a good card."""
    sdk.ItemFamily.create({"id": "family", "name": "Family"})
    sdk.Item.create({"id": "pro", "name": "Pro", "type": sdk.Item.Type.PLAN, "item_family_id": "family"})
    sdk.ItemPrice.create(
        {
            "id": "pro-monthly",
            "name": "Pro monthly",
            "item_id": "pro",
            "currency_code": "USD",
            "pricing_model": "per_unit",
            "price": 1900,
            "period": 1,
            "period_unit": sdk.ItemPrice.PeriodUnit.MONTH,
        }
    )
    sdk.Customer.create({"id": "ada", "email": "ada@example.com", "billing_address": {"line1": "1 Street", "country": "GB"}})
    sdk.PaymentSource.create_using_token({"customer_id": "ada", "token_id": "tok_visa"})
    return sdk


def seconds(year: int, month: int, day: int, hour: int = 12) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp())
