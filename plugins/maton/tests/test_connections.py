"""Connections, stepped by hand: every request, and what every answer means."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from billbridge.errors import (
    AuthenticationError,
    ConnectionNotConfiguredError,
    NotFoundError,
    OutcomeUnknownError,
    ProtocolError,
    RateLimitError,
    TransportError,
    ValidationError,
)
from billbridge.flow import Ask, Call, Flow, Pause, Request, Response
from billbridge_maton import ConnectionQuery, ConnectionStatus, NewConnection
from billbridge_maton.account import Account
from billbridge_maton.connections import ConnectionService

SERVICE = ConnectionService(Account("maton_hush", "legacy", ""))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "https://connect.maton.ai/?session_token=hush"


def answer(body: Any = None, status: int = 200, **headers: str) -> Response:
    return Response(status=status, headers=headers, body=json.dumps(body).encode())


def row(id: str = "con_1", status: str = "ACTIVE", app: str = "stripe", **more: Any) -> dict[str, Any]:
    return {
        "connection_id": id,
        "status": status,
        "creation_time": "2025-12-08T07:20:53.488460Z",
        "last_updated_time": "2026-01-31T20:03:32.593153Z",
        "url": SECRET,
        "app": app,
        "metadata": {"owner": "ada@example.com"},
        **more,
    }


def one(**more: Any) -> Response:
    return answer({"connection": row(**more)})


def lost(*, sent: bool = True) -> TransportError:
    error = TransportError("no answer", retryable=True)
    error.sent = sent
    return error


class Walk:
    """Runs a flow on prepared answers (a Response, or an exception to throw), all of which must be asked for."""

    def __init__(self, *answers: Response | Exception, retries: int = 0) -> None:
        self.answers = list(answers)
        self.retries = retries
        self.sent: list[Request] = []
        self.pauses: list[float] = []

    def run(self, flow: Flow[Any]) -> Any:
        try:
            effect = next(flow)
            while True:
                reply: Any = None
                if isinstance(effect, Ask):
                    reply = Call(operation="tests.step", key="key", now=NOW, retries=self.retries)
                elif isinstance(effect, Pause):
                    self.pauses.append(effect.high)
                else:
                    assert isinstance(effect, Request)
                    self.sent.append(effect)
                    reply = self.answers.pop(0)
                effect = flow.throw(reply) if isinstance(reply, Exception) else flow.send(reply)
        except StopIteration as stop:
            assert not self.answers
            return stop.value

    @property
    def lines(self) -> list[str]:
        return [f"{each.method} {each.path}{'?' if each.query else ''}{each.query}" for each in self.sent]


def test_get_reads_every_field() -> None:
    walk = Walk(one(method="OAUTH2"))
    found = walk.run(SERVICE.get("con_1"))
    assert walk.lines == ["GET /connections/con_1"]
    (request,) = walk.sent
    assert request.route is not None
    assert (request.route.base_url, dict(request.route.headers)) == ("https://ctrl.maton.ai", {"Authorization": "Bearer maton_hush"})
    assert (found.provider, found.id, found.app, found.status, found.vendor_status) == ("maton", "con_1", "stripe", "ACTIVE", "ACTIVE")
    assert (found.method, found.url) == ("OAUTH2", SECRET)
    assert found.created_at == datetime(2025, 12, 8, 7, 20, 53, 488460, tzinfo=UTC)
    assert found.updated_at == datetime(2026, 1, 31, 20, 3, 32, 593153, tzinfo=UTC)
    assert found.raw_json() == row(method="OAUTH2")


def test_the_url_and_the_metadata_are_not_shown() -> None:
    found = Walk(one()).run(SERVICE.get("con_1"))
    assert repr(found) == "Connection(id='con_1', app='stripe', status='ACTIVE', provider='maton')"
    assert "hush" not in f"{found}{[found]}"


def test_fields_that_older_answers_lack_are_none() -> None:
    bare = answer({"connection": {"connection_id": "c", "status": "PENDING", "app": "stripe"}})
    found = Walk(bare).run(SERVICE.get("c"))
    assert (found.method, found.url, found.created_at, found.updated_at) == (None, None, None, None)


def test_an_unknown_status_is_kept_in_maton_s_word() -> None:
    found = Walk(one(status="PAUSED")).run(SERVICE.get("con_1"))
    assert (found.status, found.vendor_status) == (ConnectionStatus.UNKNOWN, "PAUSED")


@pytest.mark.parametrize("id", ["a b", "a\r\nb", "ä", ""])
@pytest.mark.parametrize("operation", [SERVICE.get, SERVICE.delete, SERVICE.wait_until_active])
def test_an_id_that_cannot_be_one_is_refused_before_any_request(operation: Any, id: str) -> None:
    walk = Walk()
    with pytest.raises(ValidationError):
        walk.run(operation(id))
    assert walk.sent == []


@pytest.mark.parametrize(("id", "path"), [("a/../b", "a%2F..%2Fb"), ("a?b=c#d", "a%3Fb%3Dc%23d"), ("%2e", "%252e")])
def test_an_id_cannot_leave_its_place_in_the_path(id: str, path: str) -> None:
    walk = Walk(one())
    walk.run(SERVICE.get(id))
    assert walk.lines == [f"GET /connections/{path}"]


@pytest.mark.parametrize("id", [".", ".."])
def test_dots_are_no_ids(id: str) -> None:
    with pytest.raises(ValidationError):
        Walk().run(SERVICE.get(id))


def test_an_id_of_maton_s_that_would_smuggle_a_header_is_refused() -> None:
    with pytest.raises(ProtocolError, match="connection id that is not printable ASCII"):
        Walk(one(id="a\r\nX-Evil: 1")).run(SERVICE.get("con_1"))


@pytest.mark.parametrize("body", [{}, {"connection": {}}, {"connection": row(creation_time="soon")}, [], {"connection": None}])
def test_an_answer_that_is_not_a_connection_is_a_protocol_error(body: Any) -> None:
    with pytest.raises(ProtocolError):
        Walk(answer(body)).run(SERVICE.get("con_1"))


class TestList:
    @pytest.mark.parametrize(
        ("query", "line"),
        [
            (ConnectionQuery(), "GET /connections"),
            (ConnectionQuery(app="stripe"), "GET /connections?app=stripe"),
            (ConnectionQuery(app="a b&c", status="PENDING"), "GET /connections?app=a+b%26c&status=PENDING"),
        ],
    )
    def test_filters_are_sent(self, query: ConnectionQuery, line: str) -> None:
        walk = Walk(answer({"connections": []}))
        assert walk.run(SERVICE.list(query)) == ()
        assert walk.lines == [line]

    def test_what_was_not_asked_for_is_left_out(self) -> None:
        rows = [row("a"), row("b", app="chargebee"), row("c", status="PENDING"), row("d", status="NEW")]
        walk = Walk(answer({"connections": rows}))
        assert [each.id for each in walk.run(SERVICE.list(ConnectionQuery(app="stripe", status="ACTIVE")))] == ["a"]

    def test_further_pages_are_fetched(self) -> None:
        walk = Walk(answer({"connections": [row("a")], "next_token": "t 1"}), answer({"connections": [row("b")], "next_token": ""}))
        assert [each.id for each in walk.run(SERVICE.list(ConnectionQuery(app="stripe")))] == ["a", "b"]
        assert walk.lines == ["GET /connections?app=stripe", "GET /connections?app=stripe&next_token=t+1"]

    def test_a_list_that_would_never_end_is_an_error(self) -> None:
        page = answer({"connections": [row("a")], "next_token": "t"})
        with pytest.raises(ProtocolError, match="never end"):
            Walk(page, page).run(SERVICE.list(ConnectionQuery()))

    @pytest.mark.parametrize("status", ["UNKNOWN", "active", "x"])
    def test_a_status_that_does_not_exist_is_refused(self, status: Any) -> None:
        with pytest.raises(ValidationError, match="ACTIVE, PENDING, FAILED"):
            ConnectionQuery(status=status)

    def test_it_is_asked_again_when_no_answer_comes(self) -> None:
        walk = Walk(lost(), answer({"connections": []}), retries=1)
        assert walk.run(SERVICE.list(ConnectionQuery())) == ()


class TestCreate:
    @pytest.mark.parametrize(
        ("new", "body"),
        [
            (NewConnection(app="stripe"), {"app": "stripe"}),
            (NewConnection(app="chargebee", method="API_KEY"), {"app": "chargebee", "method": "API_KEY"}),
        ],
    )
    def test_the_body_is_json_without_an_idempotency_key(self, new: NewConnection, body: Any) -> None:
        walk = Walk(one(status="PENDING"))
        made = walk.run(SERVICE.create(new))
        (request,) = walk.sent
        assert (walk.lines, json.loads(request.body or b"")) == (["POST /connections"], body)
        assert request.headers == {"Content-Type": "application/json"}
        assert (made.status, made.url) == (ConnectionStatus.PENDING, SECRET)

    def test_a_lost_answer_is_an_unknown_outcome_and_nothing_is_sent_again(self) -> None:
        walk = Walk(lost(), retries=5)
        with pytest.raises(OutcomeUnknownError, match="PENDING"):
            walk.run(SERVICE.create(NewConnection(app="stripe")))
        assert len(walk.sent) == 1

    def test_a_request_that_was_never_sent_is_a_transport_error(self) -> None:
        with pytest.raises(TransportError):
            Walk(lost(sent=False)).run(SERVICE.create(NewConnection(app="stripe")))

    @pytest.mark.parametrize(("status", "kind"), [(400, ValidationError), (401, AuthenticationError), (429, RateLimitError)])
    def test_refusals(self, status: int, kind: type[Exception]) -> None:
        with pytest.raises(kind):
            Walk(answer({"message": "no"}, status)).run(SERVICE.create(NewConnection(app="stripe")))

    @pytest.mark.parametrize("bad", [{"app": ""}, {"app": "stripe", "method": "UNKNOWN"}, {"app": "stripe", "method": "PASSWORD"}])
    def test_what_cannot_be_right_is_refused_before_any_request(self, bad: Any) -> None:
        with pytest.raises(ValidationError):
            NewConnection(**bad)


class TestDelete:
    def test_it_returns_nothing(self) -> None:
        walk = Walk(one())
        assert walk.run(SERVICE.delete("con_1")) is None
        assert walk.lines == ["DELETE /connections/con_1"]

    def test_an_unknown_one_is_not_found(self) -> None:
        with pytest.raises(NotFoundError):
            Walk(answer({}, 404)).run(SERVICE.delete("con_1"))

    def test_one_that_is_gone_after_a_lost_answer_was_deleted_by_us(self) -> None:
        walk = Walk(lost(), answer({}, 404), retries=1)
        assert walk.run(SERVICE.delete("con_1")) is None
        assert len(walk.sent) == 2


class TestWait:
    def test_it_looks_every_two_seconds(self) -> None:
        walk = Walk(one(status="PENDING"), one(status="NEW"), one())
        assert walk.run(SERVICE.wait_until_active("con_1")).status is ConnectionStatus.ACTIVE
        assert walk.pauses == [2.0, 2.0]

    def test_an_active_one_is_not_waited_for(self) -> None:
        walk = Walk(one())
        walk.run(SERVICE.wait_until_active("con_1", timeout=0))
        assert walk.pauses == []

    def test_a_failed_one_is_an_error_at_once(self) -> None:
        with pytest.raises(ConnectionNotConfiguredError, match="con_1 failed"):
            Walk(one(status="FAILED")).run(SERVICE.wait_until_active("con_1"))

    def test_it_gives_up_after_the_timeout_with_a_last_look_and_does_not_show_the_url(self) -> None:
        walk = Walk(*[one(status="PENDING")] * 4)
        with pytest.raises(ConnectionNotConfiguredError, match=r"still PENDING.*open its url") as caught:
            walk.run(SERVICE.wait_until_active("con_1", timeout=5))
        assert walk.pauses == [2.0, 2.0, 1.0]
        assert "hush" not in str(caught.value)

    @pytest.mark.parametrize("timeout", [-1, float("nan")])
    def test_a_timeout_that_is_none_is_refused(self, timeout: float) -> None:
        with pytest.raises(ValidationError, match="timeout"):
            Walk().run(SERVICE.wait_until_active("con_1", timeout=timeout))
