"""`billbridge journal`: `list`, and what `resolve` and `forget` refuse. `tests/outside/test_journal_commands.py` runs them at vendors."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from billbridge.cli.main import main
from billbridge.flow.journal import Entry, Journal

ENTRY = Entry(
    provider="stripe",
    account="a",
    operation="customers.create",
    idempotency_key="k-1",
    arguments=b'[[],{"email":"ada@example.com"}]',
    at=datetime(2026, 1, 31, 12, tzinfo=UTC),
)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "billing.journal"
    written = Journal(path)
    written.begin(ENTRY)
    written.close()
    return path


def test_list_shows_what_is_pending_without_the_arguments(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "list", str(journal)]) == 0
    out, err = capsys.readouterr()
    assert out.split() == ["2026-01-31", "12:00:00+00:00", "stripe", "customers.create", "k-1", "pending"]
    assert err == ""


def test_list_marks_a_call_that_another_process_is_making(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = Journal(journal)
    other.begin(ENTRY)
    assert main(["journal", "list", str(journal)]) == 0
    assert capsys.readouterr().out.endswith("k-1  in flight\n")


def test_list_writes_json(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "list", str(journal), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {
            "at": "2026-01-31T12:00:00Z",
            "provider": "stripe",
            "operation": "customers.create",
            "idempotency_key": "k-1",
            "state": "pending",
        }
    ]


def test_an_empty_journal_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Journal(tmp_path / "j").close()
    assert main(["journal", "list", str(tmp_path / "j")]) == 0
    assert capsys.readouterr().out == "nothing is pending\n"
    assert main(["journal", "list", str(tmp_path / "j"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize("command", [["list"], ["resolve"], ["forget"]], ids=lambda command: command[0])
def test_a_file_that_is_not_there_is_not_made(command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = ["k"] if command == ["forget"] else []
    assert main(["journal", *command, str(tmp_path / "none"), *key]) == 1
    assert "there is no journal" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_forget_deletes_the_entry_and_sends_nothing(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "forget", str(journal), "k-1"]) == 0
    assert capsys.readouterr().out.endswith("k-1  forgotten\n")
    assert Journal(journal).pending() == []


@pytest.mark.parametrize("command", ["resolve", "forget"])
def test_an_unknown_key_is_refused(
    command: str, journal: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILLBRIDGE_PROVIDER", "stripe")
    monkeypatch.setenv("BILLBRIDGE_STRIPE_API_KEY", "sk_test_x")
    assert main(["journal", command, str(journal), "k-2"]) == 1
    assert "no entry with the idempotency key 'k-2'" in capsys.readouterr().err
    assert Journal(journal).pending() == [ENTRY]
