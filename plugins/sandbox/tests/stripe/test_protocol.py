"""What every endpoint of the simulated Stripe has in common: keys, headers, parameters, idempotency, lists, errors."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import stripe
from billbridge_sandbox.kernel.http import Answer
from billbridge_sandbox.simulation import Simulation

from .shop import Shop

KEY = {"Authorization": "Bearer sk_test_x"}


def post(simulation: Simulation, path: str, params: dict[str, Any], **headers: str) -> Answer:
    sent = {**KEY, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return simulation.handle("POST", path, sent, urlencode(params).encode())


def error(answer: Answer) -> dict[str, Any]:
    found = json.loads(answer.body)["error"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("given", [{}, {"Authorization": ""}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic !!!"}])
def test_without_a_key_that_looks_like_one_the_answer_is_401(simulation: Simulation, given: dict[str, str]) -> None:
    answer = simulation.handle("GET", "/v1/customers", given)
    assert (answer.status, error(answer)["type"]) == (401, "invalid_request_error")
    assert "nonsense" not in answer.body.decode()


@pytest.mark.parametrize("given", ["Bearer rk_live_x", "Basic " + base64.b64encode(b"sk_test_x:").decode()])
def test_restricted_keys_and_basic_authentication_open_too(simulation: Simulation, given: str) -> None:
    assert simulation.handle("GET", "/v1/customers", {"authorization": given}).status == 200


def test_every_answer_has_a_request_id_of_its_own_and_the_version(simulation: Simulation) -> None:
    answers = [simulation.handle("GET", path, KEY) for path in ("/v1/customers", "/v1/customers/cus_none", "/v1/nothing")]
    ids = {answer.headers["request-id"] for answer in answers}
    assert len(ids) == 3
    assert all(id.startswith("req_") for id in ids)
    assert {answer.headers["stripe-version"] for answer in answers} == {"2026-10-28.endive"}
    assert [answer.status for answer in answers] == [200, 404, 404]


def test_another_api_version_is_refused_by_name(simulation: Simulation) -> None:
    answer = simulation.handle("GET", "/v1/customers", {**KEY, "Stripe-Version": "2022-11-15"})
    assert (answer.status, error(answer)["code"]) == (400, "billbridge_not_simulated")


def test_a_json_body_is_refused(simulation: Simulation) -> None:
    answer = simulation.handle("POST", "/v1/customers", {**KEY, "Content-Type": "application/json"}, b'{"name":"Ada"}')
    assert answer.status == 400
    assert simulation.handle("GET", "/v1/customers", KEY).body == b'{"object":"list","data":[],"has_more":false,"url":"/v1/customers"}'


BAD = [
    ("/v1/customers", {"address[town]": "x"}, "parameter_unknown", "address[town]"),
    ("/v1/customers", {"id": "ada"}, "parameter_unknown", "id"),
    ("/v1/customers", {"email": "ada"}, "email_invalid", "email"),
    ("/v1/customers", {"source": "tok_visa"}, "billbridge_not_simulated", "source"),
    ("/v1/customers", {"shipping[name]": "x"}, "parameter_missing", "shipping[address]"),
    ("/v1/customers", {"tax_exempt": "maybe"}, None, "tax_exempt"),
    ("/v1/products", {}, "parameter_missing", "name"),
    ("/v1/products", {"name": ""}, "parameter_invalid_empty", "name"),
    ("/v1/products", {"name": "x", "active": "1"}, None, "active"),
    ("/v1/prices", {"currency": "usd", "product": "x", "unit_amount": "1.5"}, "parameter_invalid_integer", "unit_amount"),
    ("/v1/prices", {"currency": "usd", "product": "x", "unit_amount": "-1"}, "parameter_invalid_integer", "unit_amount"),
    ("/v1/prices", {"currency": "usd", "product": "x", "unit_amount_decimal": "0.0000000000001"}, "parameter_invalid_decimal", None),
    ("/v1/prices", {"currency": "dollar", "product": "x", "unit_amount": "1"}, None, "currency"),
    ("/v1/prices", {"currency": "usd", "product": "x", "unit_amount": "1"}, "resource_missing", "product"),
    ("/v1/subscriptions", {"items[0][prize]": "x"}, "parameter_unknown", "items[0][prize]"),
    ("/v1/subscriptions", {"customer": "x"}, "parameter_missing", "items"),
    ("/v1/subscriptions", {"items": "x"}, None, "items"),
    ("/v1/payment_methods", {"type": "card", "card[token]": "tok_none"}, "resource_missing", "card[token]"),
    ("/v1/payment_methods", {"type": "card", "card[number]": "4242"}, "billbridge_not_simulated", "card[number]"),
]


@pytest.mark.parametrize(("path", "params", "code", "param"), BAD)
def test_a_bad_parameter_is_named(simulation: Simulation, path: str, params: dict[str, str], code: str | None, param: str | None) -> None:
    answer = post(simulation, path, params)
    found = error(answer)
    assert (answer.status, found["type"], found.get("code")) == (400, "invalid_request_error", code)
    assert param is None or found["param"] == param


def test_metadata_merges_deletes_and_clears(shop: Shop) -> None:
    customers = shop.client.v1.customers
    made = customers.create({"metadata": {"a": "1", "b": "2"}})
    merged = customers.update(made.id, {"metadata": {"b": "", "c": "3"}})
    assert merged.metadata is not None
    assert merged.metadata.to_dict() == {"a": "1", "c": "3"}
    cleared = customers.update(made.id, {"metadata": ""})
    assert cleared.metadata is not None
    assert cleared.metadata.to_dict() == {}


@pytest.mark.parametrize("metadata", [{"k" * 41: "v"}, {"k": "v" * 501}, {f"k{n}": "v" for n in range(51)}], ids=["key", "value", "count"])
def test_metadata_limits_hold_and_nothing_is_changed(shop: Shop, metadata: dict[str, str]) -> None:
    made = shop.client.v1.customers.create({"name": "Ada"})
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.customers.update(made.id, {"name": "Bob", "metadata": metadata})
    assert shop.client.v1.customers.retrieve(made.id).name == "Ada"


def test_parts_of_an_address_merge_and_an_empty_string_clears_a_field(shop: Shop) -> None:
    made = shop.client.v1.customers.create({"name": "Ada", "phone": "1", "address": {"city": "Oslo"}})
    merged = shop.client.v1.customers.update(made.id, {"address": {"country": "NO"}})
    assert merged.address is not None
    assert (merged.address.city, merged.address.country, merged.address.line1) == ("Oslo", "NO", None)
    cleared = shop.client.v1.customers.update(made.id, {"phone": "", "address": ""})
    assert (cleared.name, cleared.phone, cleared.address) == ("Ada", None, None)


def test_the_same_key_and_parameters_are_answered_from_memory(simulation: Simulation) -> None:
    first = post(simulation, "/v1/customers", {"name": "Ada"}, idempotency_key="k")
    again = post(simulation, "/v1/customers", {"name": "Ada"}, idempotency_key="k")
    assert first.body == again.body
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["original-request"] == first.headers["request-id"]
    assert len(json.loads(simulation.handle("GET", "/v1/customers", KEY).body)["data"]) == 1


@pytest.mark.parametrize(("path", "name"), [("/v1/customers", "Bob"), ("/v1/products", "Ada")])
def test_the_same_key_for_another_request_is_a_conflict(simulation: Simulation, path: str, name: str) -> None:
    post(simulation, "/v1/customers", {"name": "Ada"}, idempotency_key="k")
    answer = post(simulation, path, {"name": name}, idempotency_key="k")
    assert (answer.status, error(answer)["type"]) == (400, "idempotency_error")


def test_a_key_is_forgotten_after_a_day(simulation: Simulation) -> None:
    post(simulation, "/v1/customers", {"name": "Ada"}, idempotency_key="k")
    simulation.advance(hours=23, minutes=59)
    assert "idempotent-replayed" in post(simulation, "/v1/customers", {"name": "Ada"}, idempotency_key="k").headers
    simulation.advance(minutes=1)
    assert "idempotent-replayed" not in post(simulation, "/v1/customers", {"name": "Ada"}, idempotency_key="k").headers


def test_a_validation_failure_does_not_use_up_the_key_but_a_refusal_of_execution_does(simulation: Simulation) -> None:
    assert post(simulation, "/v1/customers", {"nam": "Ada"}, idempotency_key="k").status == 400
    assert post(simulation, "/v1/customers", {"name": "Ada"}, idempotency_key="k").status == 200
    missing = {"currency": "usd", "unit_amount": "5", "product": "pro"}
    assert post(simulation, "/v1/prices", missing, idempotency_key="p").status == 400
    post(simulation, "/v1/products", {"id": "pro", "name": "Pro"})
    replayed = post(simulation, "/v1/prices", missing, idempotency_key="p")
    assert (replayed.status, replayed.headers["idempotent-replayed"]) == (400, "true")


def test_a_key_of_more_than_255_characters_is_refused(simulation: Simulation) -> None:
    assert post(simulation, "/v1/customers", {}, idempotency_key="k" * 256).status == 400
    assert post(simulation, "/v1/customers", {}, idempotency_key="k" * 255).status == 200


def test_the_official_client_sees_a_replay_and_a_conflict(shop: Shop) -> None:
    options: stripe.RequestOptions = {"idempotency_key": "once"}
    first = shop.client.v1.customers.create({"name": "Ada"}, options)
    again = shop.client.v1.customers.create({"name": "Ada"}, options)
    assert first.id == again.id
    assert again.last_response is not None
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    with pytest.raises(stripe.IdempotencyError):
        shop.client.v1.customers.create({"name": "Bob"}, options)


def test_lists_are_newest_first_and_pages_join_without_gap_or_repeat(shop: Shop) -> None:
    made = [shop.client.v1.customers.create({"name": str(number)}).id for number in range(23)]
    listed = [row.id for row in shop.client.v1.customers.list({"limit": 5}).auto_paging_iter()]
    assert listed == made[::-1]
    assert len(shop.client.v1.customers.list().data) == 10
    before = shop.client.v1.customers.list({"ending_before": made[0], "limit": 3})
    assert ([row.id for row in before], before.has_more) == ([made[3], made[2], made[1]], True)
    last = shop.client.v1.customers.list({"starting_after": made[3], "limit": 3})
    assert ([row.id for row in last], last.has_more) == ([made[2], made[1], made[0]], False)


@pytest.mark.parametrize(
    ("query", "code", "param"),
    [
        ("limit=0", "parameter_invalid_integer", "limit"),
        ("limit=101", "parameter_invalid_integer", "limit"),
        ("starting_after=cus_none", "resource_missing", "starting_after"),
        ("starting_after=a&ending_before=b", "parameters_exclusive", "starting_after"),
        ("created[after]=5", "parameter_unknown", "created[after]"),
    ],
)
def test_a_bad_page_is_refused(simulation: Simulation, query: str, code: str, param: str) -> None:
    answer = simulation.handle("GET", f"/v1/customers?{query}", KEY)
    assert (answer.status, error(answer)["code"], error(answer)["param"]) == (400, code, param)


def test_created_filters_include_and_exclude_their_bounds(shop: Shop) -> None:
    times: list[int] = []
    for _ in range(3):
        times.append(shop.client.v1.customers.create().created)
        shop.simulation.advance(seconds=10)
    middle = times[1]
    filters: dict[str, Any] = {"gt": {"gt": middle}, "gte": {"gte": middle}, "lt": {"lt": middle}, "lte": {"lte": middle}, "is": middle}
    found = {name: [row.created for row in shop.client.v1.customers.list({"created": value})] for name, value in filters.items()}
    assert found == {"gt": [times[2]], "gte": times[:0:-1], "lt": [times[0]], "lte": times[1::-1], "is": [middle]}


def test_expanding_nothing_expandable_is_refused_before_anything_happens(simulation: Simulation) -> None:
    for path in ("name", "nothing", "data.customer", "invoice_settings", "a.b.c.d.e"):
        assert post(simulation, "/v1/customers", {"name": "Ada", "expand[]": path}).status == 400
    assert json.loads(simulation.handle("GET", "/v1/customers", KEY).body)["data"] == []


def test_an_id_with_a_slash_reaches_its_object(simulation: Simulation) -> None:
    post(simulation, "/v1/products", {"id": "pro/2 ü", "name": "Pro"})
    answer = simulation.handle("GET", f"/v1/products/{quote('pro/2 ü', safe='')}", KEY)
    assert json.loads(answer.body)["id"] == "pro/2 ü"


def test_two_simulations_of_one_seed_answer_alike_and_two_seeds_do_not() -> None:
    from billbridge_sandbox.stripe.vendor import StripeVendor

    from .conftest import START

    bodies = [post(Simulation(START, seed, [StripeVendor]), "/v1/customers", {"name": "Ada"}).body for seed in (1, 1, 2)]
    assert bodies[0] == bodies[1] != bodies[2]
