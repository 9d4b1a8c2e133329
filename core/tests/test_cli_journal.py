"""`billbridge journal FILE`."""

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


def test_it_lists_what_is_pending_without_the_arguments(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", str(journal)]) == 0
    out, err = capsys.readouterr()
    assert out.split() == ["2026-01-31", "12:00:00+00:00", "stripe", "customers.create", "k-1"]
    assert err == ""


def test_it_is_json_when_asked_for(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", str(journal), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found == [{"at": "2026-01-31T12:00:00Z", "provider": "stripe", "operation": "customers.create", "idempotency_key": "k-1"}]


def test_an_empty_journal_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Journal(tmp_path / "j").close()
    assert main(["journal", str(tmp_path / "j")]) == 0
    assert capsys.readouterr().out == "nothing is pending\n"
    assert main(["journal", str(tmp_path / "j"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", str(tmp_path / "none")]) == 1
    assert "there is no journal" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
