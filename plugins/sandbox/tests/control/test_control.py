"""The control path, over HTTP as a program in another language uses it: what it takes, what it refuses, and in which words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from billbridge_sandbox import Fault, Simulation
from billbridge_sandbox.control import PREFIX
from hypothesis import given
from hypothesis import strategies as st

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def simulation() -> Simulation:
    return Simulation(START)


@pytest.fixture
def control(simulation: Simulation) -> Iterator[httpx.Client]:
    with simulation.serve() as server, httpx.Client(base_url=server.control_url, trust_env=False) as client:
        yield client


def test_the_clock_is_read_as_text_and_as_unix_seconds(control: httpx.Client) -> None:
    answer = control.get("/clock")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json() == {"now": "2026-01-31T12:00:00Z", "timestamp": int(START.timestamp())}


@pytest.mark.parametrize(
    ("step", "after"),
    [
        ({"days": 31}, timedelta(days=31)),
        ({"hours": 1.5}, timedelta(minutes=90)),
        ({"days": 1, "hours": 2, "minutes": 3, "seconds": 4}, timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ({"seconds": 0}, timedelta()),
        ({"to": "2026-02-01T00:00:00+01:00"}, timedelta(hours=11)),
        ({"to": "2026-02-01T00:00:00Z"}, timedelta(hours=12)),
        ({"to": int(START.timestamp()) + 60}, timedelta(minutes=1)),
    ],
    ids=str,
)
def test_the_clock_moves_by_an_amount_or_to_a_time(
    control: httpx.Client, simulation: Simulation, step: dict[str, Any], after: timedelta
) -> None:
    moved = START + after
    text = f"{moved:%Y-%m-%dT%H:%M:%S}Z"
    assert control.post("/advance", json=step).json() == {
        "now": text,
        "timestamp": int(moved.timestamp()),
        "before": "2026-01-31T12:00:00Z",
    }
    assert simulation.now == moved
    assert control.get("/clock").json()["now"] == text


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "the body is not JSON: pass days, hours"),
        ("days=31", "the body is not JSON: pass days, hours"),
        ("[" * 100_000, "the body is not JSON: pass days, hours"),
        ("\udcff", "the body is not JSON: pass days, hours"),
        ("{}", "the body says no time: pass days, hours"),
        ("31", "the body says no time: pass days, hours"),
        ('{"weeks": 1}', '"weeks" is unknown: pass days, hours'),
        ('{"days": 1, "to": "2026-03-01T00:00:00Z"}', '"to" cannot be combined with an amount: pass days'),
        ('{"days": "31"}', '"days" is "31"; pass a number that is 0 or more'),
        ('{"days": true}', '"days" is true; pass a number that is 0 or more'),
        ('{"days": [1]}', '"days" is a list; pass a number that is 0 or more'),
        ('{"hours": -1}', '"hours" is -1; pass a number that is 0 or more'),
        ('{"hours": NaN}', '"hours" is NaN; pass a number that is 0 or more'),
        ('{"hours": 1e999}', '"hours" is Infinity; pass a number that is 0 or more'),
        ('{"seconds": 0.5}', "the clock counts whole seconds; pass a time without a fraction of a second"),
        ('{"to": "2026-03-01T00:00:00.5Z"}', "the clock counts whole seconds; pass a time without a fraction of a second"),
        ('{"days": 3000000}', "the clock cannot reach the year 9000; pass an earlier time"),
        ('{"days": 1' + "0" * 400 + "}", "the clock cannot reach the year 9000; pass an earlier time"),
        ('{"to": "9999-12-31T23:59:59-12:00"}', "the clock cannot reach the year 9000; pass an earlier time"),
        ('{"to": "2026-03-01T00:00:00"}', '"to" is "2026-03-01T00:00:00"; pass ISO 8601 text with a zone'),
        ('{"to": "soon"}', '"to" is "soon"; pass ISO 8601 text with a zone'),
        ('{"to": false}', '"to" is false; pass ISO 8601 text with a zone'),
        ('{"to": {}}', '"to" is an object; pass ISO 8601 text with a zone'),
        (
            '{"to": "2026-01-31T11:59:59Z"}',
            "the clock is at 2026-01-31T12:00:00Z and cannot go back to 2026-01-31T11:59:59Z; pass a later time",
        ),
    ],
    ids=lambda text: text[:30],
)
def test_a_body_that_names_no_time_ahead_is_refused_in_plain_text_and_the_clock_stays(
    control: httpx.Client, simulation: Simulation, body: str, error: str
) -> None:
    answer = control.post("/advance", content=body.encode(errors="surrogateescape"))
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json")
    assert list(answer.json()) == ["error"]
    assert answer.json()["error"].startswith(error)
    assert simulation.now == START


def test_another_method_is_refused_with_the_one_that_is_taken(control: httpx.Client) -> None:
    answer = control.get("/advance")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json() == {"error": "/_sandbox/advance takes POST, not GET"}
    assert control.post("/clock").headers["allow"] == "GET"


def test_an_unknown_control_path_names_the_known_ones(control: httpx.Client) -> None:
    answer = control.post("/rewind")
    assert answer.status_code == 404
    assert answer.json() == {
        "error": 'the sandbox has no control path "/_sandbox/rewind"; it has GET /_sandbox/clock and POST /_sandbox/advance'
    }


def test_faults_never_hit_the_control_path(control: httpx.Client, simulation: Simulation) -> None:
    simulation.faults.random(seed=1, probability=1, kinds=[Fault.DROP_BEFORE])
    assert control.post("/advance", json={"hours": 1}).status_code == 200
    assert simulation.faults.log == []


def test_no_vendor_hides_the_control_path() -> None:
    simulation = Simulation(START)
    assert [part.prefix for part in (*simulation.vendors, *simulation.proxies) if PREFIX.startswith(part.prefix)] == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
_STEPS = st.dictionaries(st.sampled_from(["days", "hours", "minutes", "seconds", "to", "more"]), _JSON, max_size=3)


@given(body=st.binary(max_size=50) | _JSON.map(json.dumps).map(str.encode) | _STEPS.map(json.dumps).map(str.encode))
def test_any_body_moves_the_clock_ahead_or_is_refused(body: bytes) -> None:
    simulation = Simulation(START, vendors=[], proxies=[])
    answer = simulation.handle("POST", f"{PREFIX}advance", {}, body)
    told = json.loads(answer.body)
    if answer.status == 200:
        assert simulation.now >= START
        assert told["timestamp"] == int(simulation.now.timestamp())
    else:
        assert (answer.status, list(told), simulation.now) == (400, ["error"], START)
