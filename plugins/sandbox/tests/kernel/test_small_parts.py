"""Router, store, ids, cards and remembered answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from billbridge_sandbox.kernel.cards import TEST_TOKENS
from billbridge_sandbox.kernel.clock import Clock
from billbridge_sandbox.kernel.http import Router, json_answer
from billbridge_sandbox.kernel.idempotency import Replays
from billbridge_sandbox.kernel.ids import Ids
from billbridge_sandbox.kernel.store import Table


def router() -> Router[str]:
    return Router(
        [
            ("GET", "/v1/things/{id}", "one"),
            ("POST", "/v1/things/{id}", "change"),
            ("POST", "/v1/things/new", "new"),
            ("GET", "/v1/things/{id}/parts/{part}", "part"),
        ]
    )


def test_ids_are_decoded_after_the_path_is_split() -> None:
    assert router().match("GET", "/v1/things/a%2Fb%20%C3%BC%25") == ("one", {"id": "a/b ü%"})
    assert router().match("GET", "/v1/things/a%2Fb/parts/c") == ("part", {"id": "a/b", "part": "c"})


def test_a_literal_wins_over_a_name() -> None:
    assert router().match("POST", "/v1/things/new") == ("new", {})
    assert router().match("POST", "/v1/things/old") == ("change", {"id": "old"})
    assert router().match("GET", "/v1/things/new") == ("one", {"id": "new"})


def test_an_unknown_path_is_told_from_a_wrong_method() -> None:
    assert router().match("DELETE", "/v1/things/a") is None
    assert router().allowed("/v1/things/a") == ["GET", "POST"]
    assert router().match("GET", "/v1/other") is None
    assert router().allowed("/v1/other") == []


def test_a_json_answer_is_utf8_and_says_so() -> None:
    answer = json_answer(402, {"name": "Zoë"}, {"x": "y"})
    assert (answer.status, answer.headers) == (402, {"content-type": "application/json", "x": "y"})
    assert "Zoë".encode() in answer.body
    assert json.loads(answer.body) == {"name": "Zoë"}


def test_a_table_keeps_the_order_of_making() -> None:
    table: Table[str] = Table()
    for name in ("b", "a", "c"):
        table.put(name, name.upper())
    table.put("b", "again")
    assert table.values() == list(table.oldest_first()) == ["again", "A", "C"]
    assert list(table.newest_first()) == ["C", "A", "again"]
    assert (table.delete("a"), table.delete("a"), table.get("a"), "a" in table, len(table)) == ("A", None, None, False, 2)


def test_an_index_finds_the_rows_of_a_key_in_their_order() -> None:
    table: Table[tuple[str, int]] = Table(initial=lambda row: row[0][0], letters=lambda row: set(row[0]))
    for name in ("ab", "ba", "ac", "bc"):
        table.put(name, (name, 1))
    table.put("ab", ("ab", 2))
    assert table.among("initial", "a") == [("ab", 2), ("ac", 1)]
    assert table.among("letters", "c") == [("ac", 1), ("bc", 1)]
    table.delete("ac")
    assert (table.among("initial", "a"), table.among("letters", "c"), table.among("initial", "z")) == ([("ab", 2)], [("bc", 1)], ())
    assert (table.indexed("initial"), table.indexed("other")) == (True, False)


def test_ids_repeat_for_a_seed_and_never_within_it() -> None:
    first, again, other = ([source.next("cus_") for _ in range(500)] for source in (Ids(1), Ids(1), Ids(2)))
    assert first == again
    assert len({*first, *other}) == 1000
    assert all(id.startswith("cus_") and len(id) == 18 and id[4:].isalnum() for id in first)


def test_an_answer_is_remembered_for_its_window_only() -> None:
    clock = Clock(datetime(2026, 1, 1, tzinfo=UTC))
    replays, answer = Replays(60, clock), json_answer(200, {})
    replays.put("k", "print", answer)
    clock.advance_to(clock.now + timedelta(seconds=59))
    assert replays.get("k") == ("print", answer)
    assert replays.get("other") is None
    clock.advance_to(clock.now + timedelta(seconds=1))
    assert replays.get("k") is None


def test_the_test_tokens_cover_every_outcome() -> None:
    assert {card.outcome for card in TEST_TOKENS.values()} == {"ok", "declined", "insufficient_funds", "expired", "authentication_required"}
