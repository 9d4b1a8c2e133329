"""The table of verdicts, row by row."""

from __future__ import annotations

import pytest
from billbridge_contract.verdict import Ending, Verdict, judge

NEED = ("customers.delete",)


@pytest.mark.parametrize("undeclared", [(), NEED])
@pytest.mark.parametrize(
    ("ending", "verdict"), [(Ending.FAILED, Verdict.BROKEN), (Ending.SKIPPED, Verdict.SKIPPER), (Ending.CRASHED, Verdict.CRASHER)]
)
def test_what_was_declared_excuses_no_failure(ending: Ending, verdict: Verdict, undeclared: tuple[str, ...]) -> None:
    assert judge(ending, undeclared=undeclared) is verdict
    assert not verdict.kept


def test_declared_and_passed_is_kept() -> None:
    assert judge(Ending.PASSED) is Verdict.KEPT
    assert Verdict.KEPT.kept


def test_declared_and_refused_is_a_liar() -> None:
    assert judge(Ending.REFUSED, refused="customers.delete") is Verdict.LIAR
    assert not Verdict.LIAR.kept


def test_refused_after_a_request_is_a_late_refuser_whatever_was_declared() -> None:
    assert judge(Ending.REFUSED, refused="customers.delete", requests=1) is Verdict.LATE_REFUSER
    assert judge(Ending.REFUSED, undeclared=NEED, refused="customers.delete", requests=1) is Verdict.LATE_REFUSER
    assert not Verdict.LATE_REFUSER.kept


@pytest.mark.parametrize("lifted", [None, Ending.FAILED, Ending.REFUSED, Ending.CRASHED, Ending.SKIPPED])
def test_undeclared_and_refused_by_name_is_properly_absent(lifted: Ending | None) -> None:
    assert judge(Ending.REFUSED, undeclared=NEED, refused="customers.delete", lifted=lifted) is Verdict.ABSENT
    assert Verdict.ABSENT.kept


def test_undeclared_and_refused_by_another_name_is_a_liar() -> None:
    assert judge(Ending.REFUSED, undeclared=NEED, refused="customers.get") is Verdict.LIAR


def test_undeclared_and_working_is_shy() -> None:
    assert judge(Ending.PASSED, undeclared=NEED) is Verdict.SHY
    assert not Verdict.SHY.kept


def test_undeclared_and_working_without_the_guard_is_shy() -> None:
    assert judge(Ending.REFUSED, undeclared=NEED, refused="customers.delete", lifted=Ending.PASSED) is Verdict.SHY
