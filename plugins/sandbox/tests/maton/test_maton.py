"""The simulated Maton by raw requests: connections, the proxy, its refusals and its limit."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from billbridge_sandbox import Simulation
from billbridge_sandbox.kernel.http import Answer
from billbridge_sandbox.maton import SimulatedMaton

KEY = {"Authorization": "Bearer maton_x", "Host": "127.0.0.1:1"}
PATHS = {"stripe": "/maton/stripe/v1/customers", "chargebee": "/maton/chargebee/api/v2/customers"}


class Account:
    def __init__(self) -> None:
        self.simulation = Simulation()
        self.maton = self.simulation.part(SimulatedMaton)

    def ask(self, method: str, target: str, body: Any = None, **headers: str) -> Answer:
        sent = {**KEY, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.simulation.handle(method, target, sent, b"" if body is None else json.dumps(body).encode())

    def read(self, method: str, target: str, body: Any = None) -> Any:
        answer = self.ask(method, target, body)
        assert answer.status == 200
        return json.loads(answer.body)


@pytest.fixture
def account() -> Account:
    return Account()


def test_a_connection_is_pending_until_its_url_is_opened(account: Account) -> None:
    made = account.read("POST", "/maton/connections", {"app": "stripe"})["connection"]
    assert list(made) == ["connection_id", "status", "creation_time", "last_updated_time", "url", "app", "method", "metadata"]
    assert (made["status"], made["app"]) == ("PENDING", "stripe")
    assert made["creation_time"] == f"{account.simulation.now:%Y-%m-%dT%H:%M:%S}.000000Z"
    account.simulation.advance(hours=1)
    url = urlsplit(made["url"])
    assert (url.scheme, url.netloc) == ("http", "127.0.0.1:1")
    assert account.simulation.handle("GET", f"{url.path}?{url.query}", {}).status == 200
    active = account.read("GET", f"/maton/connections/{made['connection_id']}")["connection"]
    assert active["status"] == "ACTIVE"
    assert active["last_updated_time"] > active["creation_time"]


def test_a_wrong_session_token_opens_nothing(account: Account) -> None:
    account.read("POST", "/maton/connections", {"app": "stripe"})
    assert account.simulation.handle("GET", "/maton/connect?session_token=x", {}).status == 404
    assert account.simulation.handle("GET", "/maton/connect", {}).status == 404
    assert account.maton.connections.find(status="ACTIVE") == []


def test_without_a_host_the_url_is_maton_s(account: Account) -> None:
    answer = account.simulation.handle("POST", "/maton/connections", {"Authorization": "Bearer maton_x"}, b'{"app": "stripe"}')
    assert json.loads(answer.body)["connection"]["url"].startswith("https://connect.maton.ai/?session_token=")


def test_connections_are_listed_by_app_and_status(account: Account) -> None:
    stripe, chargebee = account.maton.connect("stripe"), account.maton.connect("chargebee")
    pending = account.maton.connections.create("stripe", "OAUTH2").id
    account.maton.fail(account.maton.connections.create("stripe", "OAUTH2").id)

    def ids(query: str) -> list[str]:
        return [row["connection_id"] for row in account.read("GET", f"/maton/connections{query}")["connections"]]

    assert len(ids("")) == 4
    assert ids("?app=stripe&status=ACTIVE") == [stripe]
    assert ids("?app=chargebee") == [chargebee]
    assert ids("?status=PENDING") == [pending]


def test_a_deleted_connection_is_gone(account: Account) -> None:
    id = account.maton.connect("stripe")
    assert account.read("DELETE", f"/maton/connections/{id}")["connection"]["connection_id"] == id
    assert account.ask("GET", f"/maton/connections/{id}").status == 404
    assert account.ask("DELETE", f"/maton/connections/{id}").status == 404
    assert account.ask("GET", PATHS["stripe"]).status == 400


@pytest.mark.parametrize("body", [None, {}, [], "stripe", {"app": "paypal"}, {"app": "stripe", "method": "PASSWORD"}, {"app": ["stripe"]}])
def test_a_connection_that_cannot_be_is_refused(account: Account, body: Any) -> None:
    assert account.ask("POST", "/maton/connections", body).status == 400
    assert account.maton.connections.find() == []


@pytest.mark.parametrize("app", PATHS)
def test_the_proxy_puts_the_vendor_s_key_in_the_place_of_maton_s(account: Account, app: str) -> None:
    id = account.maton.connect(app)
    path = PATHS[app]
    answer = account.ask("GET", f"{path}?limit=1", Maton_Connection=id, X_Other="kept")
    assert answer.status == 200
    (passed,) = account.maton.seen
    assert (passed.path, passed.query) == (path.removeprefix(f"/maton/{app}"), [("limit", "1")])
    assert passed.headers["x-other"] == "kept"
    assert not {"host", "maton-connection"} & set(passed.headers)
    assert "maton_x" not in str(passed.headers)


@pytest.mark.parametrize("key", ["", "Bearer sk_test_x", "Basic bWF0b25feDo=", "maton_x"])
@pytest.mark.parametrize("path", ["/maton/connections", *PATHS.values()])
def test_any_other_key_is_refused(account: Account, path: str, key: str) -> None:
    account.maton.connect("stripe")
    answer = account.simulation.handle("GET", path, {"Authorization": key})
    assert answer.status == 401
    assert list(json.loads(answer.body)) == ["message"]


@pytest.mark.parametrize("named", ["unknown", "of another app", "pending", "failed"])
def test_a_connection_that_does_not_fit_is_refused(account: Account, named: str) -> None:
    account.maton.connect("stripe")
    ids = {
        "of another app": account.maton.connect("chargebee"),
        "pending": account.maton.connections.create("stripe", "OAUTH2").id,
        "failed": account.maton.connections.create("stripe", "OAUTH2").id,
    }
    account.maton.fail(ids["failed"])
    assert account.ask("GET", PATHS["stripe"], Maton_Connection=ids.get(named, named)).status == 400
    assert account.maton.seen == []


def test_an_expired_sign_in_answers_500_and_stays_active(account: Account) -> None:
    id = account.maton.connect("stripe")
    account.maton.expire(id)
    assert account.ask("GET", PATHS["stripe"], Maton_Connection=id).status == 500
    assert account.read("GET", f"/maton/connections/{id}")["connection"]["status"] == "ACTIVE"


@pytest.mark.parametrize(
    "path", ["/maton/stripe/api/v2/customers", "/maton/chargebee/v1/customers", "/maton/stripe", "/maton/paypal/v1", "/maton/"]
)
def test_paths_that_lead_nowhere_are_404(account: Account, path: str) -> None:
    account.maton.connect("stripe")
    account.maton.connect("chargebee")
    assert account.ask("GET", path).status == 404
    assert account.maton.seen == []


def test_ten_requests_a_second_over_all_apps_when_it_is_limited(account: Account) -> None:
    account.maton.connect("stripe")
    for _ in range(30):
        assert account.ask("GET", PATHS["stripe"]).status == 200
    account.simulation.advance(seconds=1)
    account.maton.limited = True
    for path in [PATHS["stripe"], "/maton/connections"] * 5:
        assert account.ask("GET", path).status == 200
    refused = account.ask("GET", PATHS["stripe"])
    assert (refused.status, refused.headers["retry-after"]) == (429, "1")
    account.simulation.advance(seconds=1)
    assert account.ask("GET", PATHS["stripe"]).status == 200


def test_the_vendor_s_refusals_pass(account: Account) -> None:
    account.maton.connect("stripe")
    answer = account.ask("GET", "/maton/stripe/v1/customers/cus_none")
    assert answer.status == 404
    assert json.loads(answer.body)["error"]["code"] == "resource_missing"


def test_a_connection_that_does_not_exist_cannot_be_moved(account: Account) -> None:
    with pytest.raises(LookupError):
        account.maton.activate("none")


def test_a_part_that_is_not_there_is_an_error() -> None:
    with pytest.raises(LookupError, match="SimulatedMaton"):
        Simulation(proxies=[]).part(SimulatedMaton)
