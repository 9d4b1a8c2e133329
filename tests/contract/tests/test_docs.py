"""docs/contract.md matches the suite."""

from __future__ import annotations

from pathlib import Path

import pytest
from billbridge_contract.docs import document, main
from billbridge_contract.registry import CHAPTERS, clauses
from billbridge_contract.verdict import Verdict


def test_every_clause_stands_in_the_document_once() -> None:
    text = document()
    for one in clauses():
        assert text.count(f"**{one.id}** {one.promise}") == 1
        assert all(f"`{need}`" in text for need in one.needs)
    assert text.count("### ") == len(CHAPTERS)


def test_every_verdict_is_explained() -> None:
    text = document()
    for verdict in Verdict:
        assert f"\n| {verdict.value} | " in text


def test_a_stale_document_is_noticed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "contract.md"
    assert main(["--check", str(file)]) == 1
    assert main([str(file)]) == 0
    assert main(["--check", str(file)]) == 0
    file.write_text(file.read_text(encoding="utf-8").replace("CUS-01", "CUS-99"), encoding="utf-8")
    assert main(["--check", str(file)]) == 1
    assert "stale" in capsys.readouterr().err
