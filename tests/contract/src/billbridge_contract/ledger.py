"""The report of a test run as data: what it proved, compared with the suite's list of clauses. Does not use pytest."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from billbridge_contract.verdict import Verdict

Run = tuple[str, str]
"""A backend's name and a surface."""


@dataclass
class Ledger:
    """The facts of one test run, as plain values, because pytest-xdist collects them from several processes."""

    expected: dict[Run, list[str]] = field(default_factory=dict)
    """The clauses that each backend and surface must prove."""
    unproven: dict[Run, dict[str, str]] = field(default_factory=dict)
    """The clauses that each backend and surface cannot prove, and why."""
    results: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=dict)
    """The verdicts, by backend, surface and clause."""
    skipped_modules: list[str] = field(default_factory=list)
    """Test modules that skipped themselves during collection. Their tests are unknown."""
    partial: str | None = None
    """The reason if only some tests were selected. Then the report claims no conformity."""

    def announce(self, run: Run, expected: list[str], unproven: dict[str, str]) -> None:
        """Note what a backend and surface must prove."""
        self.expected[run] = expected
        self.unproven[run] = unproven

    def record(self, result: dict[str, str]) -> None:
        """Note one verdict."""
        self.results[result["backend"], result["surface"], result["clause"]] = result

    def missing(self, run: Run) -> list[str]:
        """Return the clauses of a run that have no verdict."""
        return [clause for clause in self.expected[run] if (*run, clause) not in self.results]

    @property
    def incomplete(self) -> bool:
        """Whether a clause did not run that should have run."""
        return self.partial is None and bool(self.skipped_modules or any(self.missing(run) for run in self.expected))

    def conforms(self, run: Run) -> bool:
        """Return whether a backend and surface proved every clause that they can prove."""
        if self.partial is not None or self.skipped_modules or self.missing(run):
            return False
        return all(Verdict(self.results[(*run, clause)]["verdict"]).kept for clause in self.expected[run])

    def as_json(self) -> dict[str, Any]:
        """Return the contents of the report file."""
        return {
            "suite": "billbridge-contract",
            "version": version("billbridge-contract"),
            "partial": self.partial,
            "skipped_modules": self.skipped_modules,
            "runs": [self._run_as_json(run) for run in self.expected],
        }

    def verdicts(self, run: Run) -> dict[str, dict[str, str]]:
        """Return the results of a run by clause, in the order of the page."""
        return {clause: self.results[(*run, clause)] for clause in self.expected[run] if (*run, clause) in self.results}

    def _run_as_json(self, run: Run) -> dict[str, Any]:
        verdicts = self.verdicts(run)
        whose = next(iter(verdicts.values()), {})
        return {
            "provider": whose.get("provider", ""),
            "gateway": whose.get("gateway", ""),
            "backend": run[0],
            "surface": run[1],
            "conforms": self.conforms(run),
            "verdicts": {clause: result["verdict"] for clause, result in verdicts.items()},
            "details": {clause: result["detail"] for clause, result in verdicts.items() if not Verdict(result["verdict"]).kept},
            "unproven": self.unproven[run],
            "missing": self.missing(run),
        }


def summary(ledger: Ledger) -> list[str]:
    """Return the lines of the report for a terminal, or none if no contract test was collected."""
    if not ledger.expected and not ledger.skipped_modules:
        return []
    lines = [f"partial run ({ledger.partial}): no conformity is claimed"] if ledger.partial else []
    lines += [f"skipped while it was collected: {module}" for module in ledger.skipped_modules]
    for run in ledger.expected:
        lines += _run_summary(ledger, run)
    return lines


def _run_summary(ledger: Ledger, run: Run) -> list[str]:
    verdicts = ledger.verdicts(run)
    counts = {verdict: sum(1 for result in verdicts.values() if result["verdict"] == verdict) for verdict in Verdict}
    told = ", ".join(f"{count} {verdict.value}" for verdict, count in counts.items() if count) or "nothing run"
    whose = next(iter(verdicts.values()), None)
    provider = f"{whose['provider']} by {whose['gateway']}" if whose else "?"
    conforms = "conforms" if ledger.conforms(run) else "no claim" if ledger.partial else "DOES NOT CONFORM"
    lines = [f"{run[0]}, {run[1]} ({provider}): {told}: {conforms}"]
    unproven = ledger.unproven[run]
    for why in sorted(set(unproven.values())):
        lines.append(f"  unproven, {why}: {' '.join(clause for clause, reason in unproven.items() if reason == why)}")
    if ledger.partial is None and (missing := ledger.missing(run)):
        lines.append(f"  NOT RUN: {' '.join(missing)}")
    bad = (result for result in verdicts.values() if not Verdict(result["verdict"]).kept)
    return [*lines, *(f"  {result['verdict']} {result['clause']}: {_first_line(result['detail'])}" for result in bad)]


def _first_line(detail: str) -> str:
    line = detail.partition("\n")[0]
    return line if len(line) <= 200 else f"{line[:200]}…"
