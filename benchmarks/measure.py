"""Run the rows: each measurement in a new process, the contenders one after the other in each round, and the median of the rounds.

The stub has one core, and everything else has the other. Knows no contender and prints no table.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from benchmarks import answers, bodies, stub
from benchmarks.rows import ROUNDS, Row

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "bench"
STRAYS = ("PYTHONDONTWRITEBYTECODE", "PYTHONOPTIMIZE", "PYTHONDEVMODE", "PYTHONMALLOC")
LIMIT = 900
"""Seconds after which a measurement is given up."""


class Effort(msgspec.Struct, frozen=True, kw_only=True):
    """The effort of a measurement: rounds, CPU seconds of calls in each round, and the most pages of a list."""

    rounds: int = 3
    seconds: float = 1.5
    pages: int = 1000


QUICK = Effort(rounds=1, seconds=0.05, pages=10)


class Result(msgspec.Struct, kw_only=True):
    """One contender in one row: the median of each figure (`cpu` and `wall` in seconds, `peak` and `growth` in bytes, `instructions`)
    and its spread, (highest - lowest) / median of the row's own figure."""

    row: str
    contender: str
    figures: dict[str, float]
    spread: float = 0.0


def measure(rows: Sequence[Row], effort: Effort, say: Callable[[str], None]) -> list[Result]:
    """Return the results in the order of the rows. If a contender fails, report it and leave it out."""
    answers.prepare(FOLDER)
    stub.pin(stub.CLIENT_CORE)
    results: list[Result] = []
    for row in rows:
        found: dict[str, list[dict[str, float]]] = {}
        if row.mode in ("import", "first"):
            _compile(row, effort)
        rounds = min(effort.rounds, ROUNDS.get(row.mode, effort.rounds))
        for number in range(rounds):
            for contender in row.contenders:
                say(f"{row.title}: {contender}, round {number + 1} of {rounds}")
                try:
                    figures = json.loads(run(row, contender, effort).stdout)
                    found.setdefault(contender, []).append(figures)
                except subprocess.SubprocessError as error:
                    say(f"{row.title}: {contender} failed: {error_text(error)}\n")
        results += [_result(row, contender, each) for contender, each in found.items()]
    return results


def _compile(row: Row, effort: Effort) -> None:
    """Let each contender write its bytecode first."""
    for contender in row.contenders:
        with suppress(subprocess.SubprocessError):
            run(row, contender, effort)


def run(
    row: Row, contender: str, effort: Effort, *, before: Sequence[str] = (), calls: int = 0, switch: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run the worker and return its finished process. `before` is a command to run it with. `switch` is the library that counts `calls`.

    Raises `SubprocessError` if it fails.
    """
    pages = min(row.pages, effort.pages)
    with nullcontext(str(FOLDER / row.file)) if row.file else stub.serving(FOLDER, pages) as where:
        task = {
            "mode": row.mode,
            "subject": row.subject(contender),
            "where": where,
            "seconds": effort.seconds,
            "calls": calls,
            "switch": switch,
            "expected": pages * bodies.PER_PAGE,
        }
        command = [*before, sys.executable, "-m", "benchmarks.worker", json.dumps(task)]
        return subprocess.run(command, cwd=ROOT, env=_environment(contender), capture_output=True, text=True, check=True, timeout=LIMIT)


def error_text(error: subprocess.SubprocessError) -> str:
    """Return the last line that the worker wrote."""
    lines = str(getattr(error, "stderr", "") or error).strip().splitlines()
    return lines[-1] if lines else type(error).__name__


def _environment(contender: str) -> dict[str, str]:
    """Return this environment without proxies and Python settings, with one hash seed for all and with bytecode on disk.

    The bytecode saves each contender the compilation at its start.
    """
    kept = {name: value for name, value in os.environ.items() if not (name.lower().endswith("_proxy") or name.startswith(STRAYS))}
    return {**kept, "PYTHONHASHSEED": "0", "PYTHONPYCACHEPREFIX": str(FOLDER / "bytecode"), "BENCH_CONTENDER": contender}


def _result(row: Row, contender: str, rounds: list[dict[str, Any]]) -> Result:
    figures = {name: median(each[name] for each in rounds) for name in rounds[0]}
    own = [each[row.figure] for each in rounds]
    spread = (max(own) - min(own)) / figures[row.figure] if figures[row.figure] else 0.0
    return Result(row=row.name, contender=contender, figures=figures, spread=round(spread, 3))
