"""The simulated Airbyte, asked over plain HTTP: tokens, all three generations of paths, the envelopes, and what it refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from billbridge_sandbox.airbyte import Envelope, SimulatedAirbyte
from billbridge_sandbox.simulation import Simulation

CUSTOMERS = {"entity": "customers", "action": "list", "skip_truncation": True}
PATHS = ("/api/v1/connectors/instances/c/execute", "/api/v1/connectors/sources/c/execute", "/api/v1/integrations/connectors/c/execute")
CLIENT = {"client_id": "i", "client_secret": "s"}


class Asked:
    """A simulation with two customers at Stripe, and a way to ask its Airbyte."""

    def __init__(self) -> None:
        self.simulation = Simulation(datetime(2026, 1, 31, 12, tzinfo=UTC))
        self.airbyte = self.simulation.part(SimulatedAirbyte)
        self.ids = [self.stripe("POST", "/v1/customers", name=name, description="x" * 300)["id"] for name in ("Ada", "Bob")]

    def stripe(self, method: str, path: str, **params: str) -> Any:
        answer = self.simulation.handle(method, path, {"Authorization": "Bearer sk_test_x"}, urlencode(params).encode())
        assert answer.status == 200
        return json.loads(answer.body)

    def post(self, path: str, body: object, token: str | None = "sandbox_token") -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self.simulation.handle("POST", path, headers, sent)
        return answer.status, json.loads(answer.body)

    def execute(self, **body: Any) -> tuple[int, Any]:
        return self.post(PATHS[2], {"entity": "customers", "skip_truncation": True, **body})


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.mark.parametrize("path", PATHS)
def test_every_generation_of_paths_executes(asked: Asked, path: str) -> None:
    status, body = asked.post(path, CUSTOMERS)
    assert status == 200
    assert [record["id"] for record in body["result"]] == asked.ids[::-1]
    assert body["status"] == "success"


@pytest.mark.parametrize("path", ["/api/v1/applications/token", "/api/v1/account/applications/token"])
def test_a_token_is_good_for_a_quarter_of_an_hour(asked: Asked, path: str) -> None:
    status, body = asked.post(path, CLIENT, token=None)
    assert (status, body["expires_in"], body["token_type"]) == (200, 900, "bearer")
    token = body["access_token"]
    asked.simulation.advance(seconds=899)
    assert asked.post(PATHS[2], CUSTOMERS, token)[0] == 200
    asked.simulation.advance(seconds=1)
    assert asked.post(PATHS[2], CUSTOMERS, token)[0] == 401


def test_tokens_differ_and_can_be_taken_back(asked: Asked) -> None:
    tokens = [asked.post("/api/v1/applications/token", CLIENT, token=None)[1]["access_token"] for _ in range(2)]
    assert tokens[0] != tokens[1]
    asked.airbyte.revoke()
    assert [asked.post(PATHS[2], CUSTOMERS, token)[0] for token in tokens] == [401, 401]


@pytest.mark.parametrize("token", [None, "", "abt_made_up"])
def test_nobody_else_is_let_in(asked: Asked, token: str | None) -> None:
    assert asked.post(PATHS[2], CUSTOMERS, token) == (401, {"message": "Unauthorized"})


@pytest.mark.parametrize("body", [{}, {"client_id": "i"}, {"client_id": "i", "client_secret": ""}, {"client_id": 7, "client_secret": "s"}])
def test_a_client_needs_an_id_and_a_secret(asked: Asked, body: object) -> None:
    assert asked.post("/api/v1/applications/token", body, token=None)[0] == 401


def test_the_envelope_can_be_chosen(asked: Asked) -> None:
    newest = asked.stripe("GET", f"/v1/customers/{asked.ids[1]}")
    listed = {"object": "list", "data": [newest], "has_more": True, "url": "/v1/customers"}
    wrapped: dict[str, Any] = {"status": "success", "connector_metadata": None, "execution_metadata": {}, "warning": None}
    wanted: dict[Envelope, tuple[Any, Any]] = {
        Envelope.RECORDS: (wrapped | {"result": [newest], "connector_metadata": {"has_more": True}}, wrapped | {"result": newest}),
        Envelope.LIST: (wrapped | {"result": listed}, wrapped | {"result": newest}),
        Envelope.META: ({"data": [newest], "meta": {"has_more": True}}, {"data": newest, "meta": {}}),
        Envelope.BARE: (listed, newest),
    }
    for envelope in Envelope:
        asked.airbyte.envelope = envelope
        assert asked.execute(action="list", params={"limit": 1}) == (200, wanted[envelope][0])
        assert asked.execute(action="get", params={"id": asked.ids[1]}) == (200, wanted[envelope][1])


def test_parameters_reach_stripe(asked: Asked) -> None:
    _, body = asked.execute(action="list", params={"starting_after": asked.ids[1], "limit": 5})
    assert [record["id"] for record in body["result"]] == [asked.ids[0]]
    _, body = asked.execute(action="list", params={"email": "nobody@example.com"})
    assert body["result"] == []


def test_long_texts_are_cut_unless_it_is_told_not_to(asked: Asked) -> None:
    _, whole = asked.execute(action="list")
    _, cut = asked.execute(action="list", skip_truncation=False)
    assert [len(record["description"]) for record in whole["result"]] == [300, 300]
    assert [len(record["description"]) for record in cut["result"]] == [201, 201]
    assert [record["name"] for record in cut["result"]] == ["Bob", "Ada"]


def test_an_error_of_stripes_comes_with_its_status_and_its_object(asked: Asked) -> None:
    status, body = asked.execute(action="get", params={"id": "cus_nobody"})
    assert status == 404
    assert body["error"]["code"] == "resource_missing"
    assert body["message"] == body["error"]["message"]


def test_an_id_does_not_lead_elsewhere(asked: Asked) -> None:
    assert asked.execute(action="get", params={"id": f"x/../{asked.ids[0]}"})[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        {},
        {"entity": "customers", "action": "create", "params": {"email": "ada@example.com"}},
        {"entity": "invoices", "action": "list"},
        {"entity": "customers", "action": ["list"]},
        {"entity": "customers", "action": "list", "params": {"created": 1}},
        {"entity": "customers", "action": "list", "params": [1]},
        {"entity": "customers", "action": "list", "select_fields": ["id"]},
        {"entity": "customers", "action": "get"},
        {"entity": "customers", "action": "get", "params": {"id": 7}},
    ],
)
def test_what_is_not_simulated_is_refused(asked: Asked, body: object) -> None:
    assert asked.post(PATHS[0], body)[0] == 422
    assert len(asked.execute(action="list")[1]["result"]) == 2


def test_other_paths_and_methods_are_refused(asked: Asked) -> None:
    assert asked.post("/api/v1/workspaces", {})[0] == 404
    assert asked.simulation.handle("GET", PATHS[0], {}).status == 405
