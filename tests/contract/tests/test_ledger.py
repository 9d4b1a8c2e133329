"""When a run is complete, and when the report may claim conformity."""

from __future__ import annotations

import pytest
from billbridge_contract.ledger import Ledger, summary

RUN = ("acme-memory", "blocking")


def ledger(**verdicts: str) -> Ledger:
    """A run that must prove CUS1 and CUS2, with these verdicts."""
    made = Ledger()
    made.announce(RUN, ["CUS1", "CUS2"], {"TIM1": "no clock"})
    for clause, verdict in verdicts.items():
        names = {"backend": RUN[0], "surface": RUN[1], "clause": clause, "verdict": verdict}
        made.record(names | {"detail": f"about {clause}", "provider": "acme", "gateway": "memory"})
    return made


def test_all_kept_conforms() -> None:
    run = ledger(CUS1="kept", CUS2="absent")
    assert run.conforms(RUN)
    assert not run.incomplete
    assert run.as_json()["runs"] == [
        {
            "provider": "acme",
            "gateway": "memory",
            "backend": "acme-memory",
            "surface": "blocking",
            "conforms": True,
            "verdicts": {"CUS1": "kept", "CUS2": "absent"},
            "details": {},
            "unproven": {"TIM1": "no clock"},
            "missing": [],
        }
    ]


@pytest.mark.parametrize("verdict", ["broken", "liar", "late refuser", "shy", "skipper", "crasher"])
def test_one_bad_verdict_does_not_conform(verdict: str) -> None:
    run = ledger(CUS1="kept", CUS2=verdict)
    assert not run.conforms(RUN)
    assert run.as_json()["runs"][0]["details"] == {"CUS2": "about CUS2"}
    assert f"  {verdict} CUS2: about CUS2" in summary(run)


def test_a_clause_without_a_verdict_is_missing() -> None:
    run = ledger(CUS1="kept")
    assert run.incomplete
    assert not run.conforms(RUN)
    assert run.as_json()["runs"][0]["missing"] == ["CUS2"]
    assert "  NOT RUN: CUS2" in summary(run)


def test_a_partial_run_is_no_fault_and_no_claim() -> None:
    run = ledger(CUS1="kept", CUS2="kept")
    run.partial = "selected by -k"
    assert not run.incomplete
    assert not run.conforms(RUN)
    assert summary(run)[0] == "partial run (selected by -k): no conformity is claimed"


def test_a_module_that_skipped_itself_makes_a_run_incomplete() -> None:
    run = ledger(CUS1="kept", CUS2="kept")
    run.skipped_modules.append("test_more.py")
    assert run.incomplete
    assert not run.conforms(RUN)


def test_a_run_without_contract_tests_says_nothing() -> None:
    assert summary(Ledger()) == []
