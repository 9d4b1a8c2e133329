"""Instructions of one call, counted by valgrind's callgrind: free of noise, so that small changes show. Linux, and valgrind installed.

Two runs of different length are compared, so that start and imports fall out. Counts the client's user space; the kernel is not seen.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence

from benchmarks.measure import Effort, Result, error_text, run
from benchmarks.rows import Row

FEW, MANY = 5, 15
COMMAND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
_COUNT = re.compile(r"Collected *: *(\d+)")


def count(rows: Sequence[Row], results: list[Result], say: Callable[[str], None]) -> None:
    """Adds `instructions` to the results of the rows that make calls."""
    if not shutil.which(COMMAND[0]):
        say("instructions are not counted: valgrind is not installed\n")
        return
    for row in rows:
        for contender in row.contenders if row.mode == "call" else ():
            say(f"{row.title}: {contender}, instructions")
            try:
                many, few = (_collected(row, contender, calls) for calls in (MANY, FEW))
            except subprocess.SubprocessError as error:
                say(f"{row.title}: {contender} failed under valgrind: {error_text(error)}\n")
                continue
            for result in results:
                if (result.row, result.contender) == (row.name, contender):
                    result.figures["instructions"] = (many - few) / (MANY - FEW)


def _collected(row: Row, contender: str, calls: int) -> int:
    found = _COUNT.search(run(row, contender, Effort(), before=COMMAND, calls=calls).stderr)
    if found is None:
        raise subprocess.SubprocessError("valgrind gave no count")
    return int(found[1])
