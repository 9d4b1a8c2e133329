"""Measure what calls cost beyond the network: official SDKs, raw httpx + msgspec and Billbridge, against a stub that answers at once.

    python -m benchmarks [--row NAME ...] [--by NAME ...] [--rounds 3] [--quick] [--instructions] [--parts] [--json FILE] [--docs]

Each measurement runs in a new process on one core. The stub runs on the other. The figures are CPU time, which a busy machine disturbs
little. It prints the table, its goals and the facts of the machine; progress goes to stderr. The exit code does not depend on the figures.
It is 1 if a contender could not be measured.
"""

from __future__ import annotations

import argparse
import sys

import msgspec

from benchmarks import instructions, machine, page, parts
from benchmarks.measure import FOLDER, QUICK, Effort, measure
from benchmarks.rows import CONTENDERS, ROWS, only, quick
from benchmarks.table import tables


def main() -> int:
    """Measure the selected rows."""
    given = _parser().parse_args()
    rows = [row for row in (quick() if given.quick else ROWS) if given.row is None or row.name in given.row]
    if given.by:
        rows = [narrowed for row in rows if (narrowed := only(row, given.by)).by]
    effort = QUICK if given.quick else Effort(rounds=given.rounds, seconds=given.seconds)
    FOLDER.mkdir(parents=True, exist_ok=True)
    results = measure(rows, effort, _say)
    if given.instructions:
        instructions.count(rows, results, _say)
    _say("\n")
    made, facts = tables(rows, results), machine.facts(effort)
    if given.parts:
        made = f"{made}\n\n{parts.table(_say)}"
        _say("\n")
    print(made, *(f"{name}: {fact}" for name, fact in facts.items()), sep="\n")
    if given.json:
        with open(given.json, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode({"machine": facts, "results": results})))
    if given.docs:
        page.write(made, facts)
    wanted = sum(len(row.contenders) for row in rows)
    return 0 if len(results) == wanted else 1


def _say(text: str) -> None:
    """Show progress on one line. A text that ends with a newline stays."""
    print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--row", action="append", choices=[row.name for row in ROWS], help="only this row; may be repeated")
    parser.add_argument("--by", action="append", choices=CONTENDERS, help="only this contender; may be repeated")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.5, help="seconds of CPU time for each round and contender (%(default)s)")
    parser.add_argument("--quick", action="store_true", help="run one short round of some rows, as a report for CI")
    parser.add_argument("--instructions", action="store_true", help="count instructions too (valgrind; takes some minutes)")
    parser.add_argument("--parts", action="store_true", help="count where the instructions of lists go (valgrind; a minute)")
    parser.add_argument("--json", metavar="FILE", help="write the results there too")
    parser.add_argument("--docs", action="store_true", help="write the run into docs/performance.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
