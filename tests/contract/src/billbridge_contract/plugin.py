"""The pytest plugin: turns skips into failures, compares what ran with the suite's list, writes the report. Runs no clause itself.

Every pytest run with this distribution loads it, so it imports little until it sees a contract test.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from billbridge_contract.cases import Case

pytest.register_assert_rewrite("billbridge_contract.clauses", "billbridge_contract.world", "billbridge_contract.same")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --contract-report."""
    group = parser.getgroup("billbridge contract")
    group.addoption("--contract-report", type=Path, metavar="FILE", help="write the verdict of every contract clause to FILE, as JSON")


def pytest_configure(config: pytest.Config) -> None:
    """Register the recorder of the test run."""
    config.pluginmanager.register(Recorder(config), "billbridge_contract_recorder")


class Recorder:
    """Records one test run: in the process that reports, or in a worker of pytest-xdist, which sends it what it collected."""

    def __init__(self, config: pytest.Config) -> None:
        from billbridge_contract.ledger import Ledger

        self.config = config
        self.ledger = Ledger()
        self.report_file: Path | None = config.getoption("contract_report")

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Note what must be proved, before pytest can deselect a test."""
        if (case := _case(item)) is None or (case.backend.name, case.surface.value) in self.ledger.expected:
            return
        from billbridge_contract.registry import clauses

        reasons = {clause.id: case.backend.missing(clock=clause.clock, cards=clause.cards, account=clause.account) for clause in clauses()}
        unproven = {clause: reason for clause, reason in reasons.items() if reason is not None}
        self.ledger.announce((case.backend.name, case.surface.value), [name for name in reasons if name not in unproven], unproven)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note modules that skip themselves, if a report is asked for, because their tests are unknown."""
        if report.skipped and self.report_file is not None:
            self.ledger.skipped_modules.append(report.nodeid)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn a skip into a failure. An expected failure that ran and has a reason stays, with its verdict."""
        report = yield
        case = _case(item)
        if case is None or report.outcome != "skipped" or (report.when == "call" and vars(report).get("wasxfail")):
            return report
        from billbridge_contract.cases import PROPERTY, Result
        from billbridge_contract.verdict import Verdict

        report.outcome = "failed"
        report.longrepr = f"{case.clause.id}: a clause cannot be skipped, and an expected failure (xfail) needs a reason"
        vars(report).pop("wasxfail", None)
        if PROPERTY not in dict(report.user_properties):  # else the clause ran and has a verdict
            skipper = Result(*case.key, Verdict.SKIPPER.value, report.longrepr, "", "")
            report.user_properties.append((PROPERTY, asdict(skipper)))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect the verdicts."""
        for name, value in report.user_properties:
            if name == "billbridge_contract" and isinstance(value, dict):
                self.ledger.record(value)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker collected."""
        output = getattr(node, "workeroutput", {}).get("billbridge_contract", {})
        for backend, surface, expected, unproven in output.get("announced", ()):
            self.ledger.announce((backend, surface), expected, unproven)
        seen = self.ledger.skipped_modules
        seen += [module for module in output.get("skipped_modules", ()) if module not in seen]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Compare what ran with the list, and write the report. A worker sends its part to the main process instead."""
        ledger = self.ledger
        if (output := getattr(self.config, "workeroutput", None)) is not None:
            announced = [(*run, ledger.expected[run], ledger.unproven[run]) for run in ledger.expected]
            output["billbridge_contract"] = {"announced": announced, "skipped_modules": ledger.skipped_modules}
            return
        if self.config.option.collectonly:
            return
        ledger.partial = _selection(session)
        if self.report_file is not None:
            self.report_file.parent.mkdir(parents=True, exist_ok=True)
            self.report_file.write_text(json.dumps(ledger.as_json(), indent=2) + "\n", encoding="utf-8")
        nothing = self.report_file is not None and not ledger.expected
        if (ledger.incomplete or nothing) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Write the summary to the terminal."""
        from billbridge_contract.ledger import summary

        if not self.config.option.collectonly and (lines := summary(self.ledger)):
            terminalreporter.section("billbridge contract")
            for line in lines:
                terminalreporter.line(line)


def _case(item: pytest.Item) -> Case | None:
    callspec = getattr(item, "callspec", None)
    case: Case | None = callspec.params.get("contract_case") if callspec else None
    return case


def _selection(session: pytest.Session) -> str | None:
    """Return why only some tests ran: a selection on the command line, or an early stop. None if all ran."""
    option = session.config.option
    reasons = {
        "selected by -k": option.keyword,
        "selected by -m": option.markexpr,
        "selected by name": any("::" in argument for argument in session.config.args),
        "only what failed last time": getattr(option, "lf", False),
        "stopped early": session.shouldstop or session.shouldfail,
    }
    return next((reason for reason, given in reasons.items() if given), None)
