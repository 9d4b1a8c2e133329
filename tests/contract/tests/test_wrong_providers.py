"""Tests of the suite itself: a right provider passes, and every kind of wrong one fails. Each test is a pytest run inside this one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from billbridge_contract.registry import clauses

pytest_plugins = ["pytester"]
HERE = Path(__file__).parent
clauses()  # imported here once, or every inner run would import and rewrite them again

SUITE = """
from acme import AcmeGateway, AcmeProvider
from billbridge_contract import Backend, contract_tests
import wrong

class Acme(Backend):
    name = "acme-memory"

    def connect(self, surface):
        return surface({provider}, gateway=AcmeGateway())

test_contract = contract_tests(Acme)
"""


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A directory with Acme in it."""
    for module in ("acme", "wrong"):
        (pytester.path / f"{module}.py").write_text((HERE / f"{module}.py").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.syspath_prepend(pytester.path)
    return pytester


def suite(inner: pytest.Pytester, provider: str, *, more: str = "") -> Path:
    """A test module for a provider."""
    return inner.makepyfile(test_acme=SUITE.replace("{provider}", provider) + more)


def run(inner: pytest.Pytester, *arguments: str) -> tuple[pytest.RunResult, dict[str, Any]]:
    """The result and the report of an inner run."""
    file = inner.path / "out" / "report.json"
    result = inner.runpytest_inprocess(
        "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "--tb=no", "--assert=plain", "-q", f"--contract-report={file}", *arguments
    )
    report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return result, report


def test_a_right_provider_conforms_and_says_what_is_unproven(inner: pytest.Pytester) -> None:
    suite(inner, "AcmeProvider()")
    result, report = run(inner)
    assert result.ret == pytest.ExitCode.OK
    assert [(one["provider"], one["gateway"], one["backend"], one["surface"]) for one in report["runs"]] == [
        ("acme", "memory", "acme-memory", "blocking"),
        ("acme", "memory", "acme-memory", "async"),
    ]
    for one in report["runs"]:
        assert one["conforms"]
        assert (one["missing"], one["details"]) == ([], {})
        assert one["verdicts"]["CUS-01"] == "kept"
        assert one["verdicts"]["SUB-02"] == "absent"
        assert one["unproven"]["TIM-01"] == "no clock"
        assert "TIM-01" not in one["verdicts"]
    result.stdout.fnmatch_lines(["acme-memory, async (acme by memory): * kept, * absent: conforms", "  unproven, no clock: LST-03 *"])


@pytest.mark.parametrize(
    ("provider", "clause", "verdict"),
    [
        ("AcmeProvider(wrong.Liar())", "CUS-14", "liar"),
        ("AcmeProvider(wrong.LateRefuser())", "CUS-14", "late refuser"),
        ("AcmeProvider(wrong.Skipper())", "CUS-12", "skipper"),
        ("AcmeProvider(wrong.Excuser())", "CUS-12", "skipper"),
        ("AcmeProvider(wrong.Crasher())", "CUS-07", "crasher"),
        ("AcmeProvider(wrong.Forgetful())", "CUS-09", "broken"),
        ("AcmeProvider(wrong.Chatty())", "ERR-02", "broken"),
        ("AcmeProvider(wrong.Timeless())", "FLT-11", "broken"),
        ("AcmeProvider(wrong.Taxing())", "CUD-01", "broken"),
        ("wrong.Shy()", "CUS-05", "shy"),
        ("wrong.Shy()", "CUD-07", "shy"),
    ],
)
def test_a_wrong_provider_is_caught_and_named(inner: pytest.Pytester, provider: str, clause: str, verdict: str) -> None:
    suite(inner, provider)
    result, report = run(inner, "-k", clause)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    for one in report["runs"]:
        assert one["verdicts"] == {clause: verdict}
        assert list(one["details"]) == [clause]
    result.stdout.fnmatch_lines([f"  {verdict} {clause}: *"])


MARKED = """
import pytest
test_contract = pytest.mark.skip(reason="later")(test_contract)
"""
DESELECTING = """
def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if "CUS-09" not in item.name]
"""
SKIPPED_MODULE = """
import pytest
pytest.importorskip("a_module_that_nobody_has")
"""
CLOCK = """
from datetime import UTC, datetime
Acme.now = lambda self: datetime(2001, 1, 1, tzinfo=UTC)
"""
ONE_KEY = """
Acme.connect = lambda self, surface: surface(AcmeProvider(), gateway=AcmeGateway()).with_options(idempotency_key="one")
"""
EXPECTED = """
import pytest
def pytest_collection_modifyitems(items):
    for item in items:
        if "CUS-09" in item.name:
            item.add_marker(pytest.mark.xfail({reason}))
"""


def test_a_skip_mark_is_a_failure(inner: pytest.Pytester) -> None:
    suite(inner, "AcmeProvider()", more=MARKED)
    result, report = run(inner, "-k", "CUS-01")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.parseoutcomes().get("skipped", 0) == 0
    assert [one["verdicts"] for one in report["runs"]] == [{"CUS-01": "skipper"}] * 2


def test_a_clause_that_was_taken_out_is_missed(inner: pytest.Pytester) -> None:
    suite(inner, "AcmeProvider()")
    inner.makeconftest(DESELECTING)
    result, report = run(inner)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert result.parseoutcomes().get("failed", 0) == 0
    assert [(one["missing"], one["conforms"]) for one in report["runs"]] == [(["CUS-09"], False)] * 2
    result.stdout.fnmatch_lines(["  NOT RUN: CUS-09"])


def test_a_clause_that_was_taken_out_is_missed_with_xdist_too(inner: pytest.Pytester) -> None:
    suite(inner, "AcmeProvider()")
    inner.makeconftest(DESELECTING)
    file = inner.path / "report.json"
    result = inner.runpytest_subprocess("-q", "-n2", "-p", "no:hypothesispytest", "--tb=no", "--assert=plain", f"--contract-report={file}")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    report = json.loads(file.read_text(encoding="utf-8"))
    assert [(one["missing"], len(one["verdicts"]) > 100) for one in report["runs"]] == [(["CUS-09"], True)] * 2


def test_a_module_that_skips_itself_fails_the_run(inner: pytest.Pytester) -> None:
    inner.makepyfile(test_other=SKIPPED_MODULE, test_one="def test_nothing() -> None: ...")
    result, report = run(inner)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert report["skipped_modules"] == ["test_other.py"]
    result.stdout.fnmatch_lines(["skipped while it was collected: test_other.py"])


def test_a_report_of_nothing_fails(inner: pytest.Pytester) -> None:
    inner.makepyfile(test_other="def test_nothing() -> None: ...")
    result, report = run(inner)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert report["runs"] == []


def test_a_selection_claims_nothing(inner: pytest.Pytester) -> None:
    suite(inner, "AcmeProvider()")
    result, report = run(inner, "-k", "CUS-01")
    assert result.ret == pytest.ExitCode.OK
    assert report["partial"] == "selected by -k"
    assert not any(one["conforms"] for one in report["runs"])
    result.stdout.fnmatch_lines(["partial run (selected by -k): no conformity is claimed"])


def test_an_expected_failure_with_a_reason_is_allowed_and_keeps_its_verdict(inner: pytest.Pytester) -> None:
    suite(inner, "AcmeProvider(wrong.Forgetful())")
    inner.makeconftest(EXPECTED.replace("{reason}", "reason='acme issue 7'"))
    result, report = run(inner, "-k", "CUS-09")
    assert result.ret == pytest.ExitCode.OK
    assert result.parseoutcomes()["xfailed"] == 2
    assert [one["verdicts"] for one in report["runs"]] == [{"CUS-09": "broken"}] * 2


def test_an_expected_failure_without_a_reason_fails(inner: pytest.Pytester) -> None:
    suite(inner, "AcmeProvider(wrong.Forgetful())")
    inner.makeconftest(EXPECTED.replace("{reason}", ""))
    result, report = run(inner, "-k", "CUS-09")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert [one["verdicts"] for one in report["runs"]] == [{"CUS-09": "broken"}] * 2


def test_a_backend_that_ignores_the_surface_it_is_given_is_told_so(inner: pytest.Pytester) -> None:
    suite(
        inner,
        "AcmeProvider()",
        more="from billbridge import Billing\nAcme.connect = lambda self, surface: Billing(AcmeProvider(), gateway=AcmeGateway())\n",
    )
    result, report = run(inner, "-k", "CUS-01")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "must make its client with the surface" in report["runs"][0]["details"]["CUS-01"]


@pytest.mark.parametrize(("provider", "error"), [("Keyless", "IdempotencyConflictError"), ("HalfDone", "PartialFailureError")])
def test_two_posts_with_one_key_are_told_what_they_lack(inner: pytest.Pytester, provider: str, error: str) -> None:
    suite(inner, f"AcmeProvider(wrong.{provider}())")
    result, report = run(inner, "-k", "CUS-01")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    for one in report["runs"]:
        assert one["details"]["CUS-01"].startswith("customers.create sent 2 POSTs: each further POST of an operation needs a `step`")
        assert f"{error}: " in one["details"]["CUS-01"]
    result.stdout.fnmatch_lines(["  broken CUS-01: *needs a `step`*"])


def test_one_post_with_a_used_key_is_told_nothing_of_steps(inner: pytest.Pytester) -> None:
    suite(inner, "AcmeProvider()", more=ONE_KEY)
    result, report = run(inner, "-k", "LST-01")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    for one in report["runs"]:
        assert one["details"]["LST-01"].startswith("IdempotencyConflictError: ")
        assert "step" not in one["details"]["LST-01"]


def test_a_vendor_with_a_clock_of_its_own_is_told_to_say_so(inner: pytest.Pytester) -> None:
    suite(inner, "AcmeProvider()", more=CLOCK)
    result, report = run(inner, "-k", "CUS-01")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    for one in report["runs"]:
        assert re.search(r"Customer.created_at is 20.*, the backend's now\(\) is 2001-.*: override Backend.now", one["details"]["CUS-01"])
