"""What calls cost beyond the network: official SDKs, raw httpx + msgspec and Billbridge against a stub that answers at once.

    python -m benchmarks [--row NAME ...] [--by NAME ...] [--rounds 3] [--quick] [--instructions] [--parts] [--json FILE] [--docs]

Each measurement is a fresh process on one core; the stub has the other. Figures are CPU time, so that a busy machine disturbs them little.
Prints the table, its goals and what was measured on; progress goes to stderr. No figure is judged: the exit code is 1
only where a contender could not be measured at all.
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
    """Measures what was asked for."""
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
    """Progress on one line; what ends with a newline stays."""
    print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--row", action="append", choices=[row.name for row in ROWS], help="only this row; may be repeated")
    parser.add_argument("--by", action="append", choices=CONTENDERS, help="only this contender; may be repeated")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.5, help="of CPU time in each round and contender (%(default)s)")
    parser.add_argument("--quick", action="store_true", help="one short round of some rows: a report for CI")
    parser.add_argument("--instructions", action="store_true", help="count instructions too (valgrind; takes some minutes)")
    parser.add_argument("--parts", action="store_true", help="count where the instructions of lists go (valgrind; a minute)")
    parser.add_argument("--json", metavar="FILE", help="write the results there too")
    parser.add_argument("--docs", action="store_true", help="write the run into docs/performance.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
