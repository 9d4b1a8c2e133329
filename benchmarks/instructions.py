"""Count the instructions of one call with valgrind's callgrind, without noise, so that small changes show. Needs valgrind and a compiler.

It counts the calls, not the start, because the worker switches counting on and off. It counts user space, not the kernel.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import stub
from benchmarks.measure import FOLDER, Effort, Result, error_text, run
from benchmarks.rows import Row

CALLS = 10
COMMAND = ("valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=/dev/null")
SOURCE = Path(__file__).with_name("callgrind.c")
MISSING = "instructions are not counted: valgrind, its headers or a compiler is not installed"
_COUNT = re.compile(r"Collected *: *(\d+)")


def count(rows: Sequence[Row], results: list[Result], say: Callable[[str], None]) -> None:
    """Add `instructions` to the results of the rows that make calls."""
    found = switch()
    if found is None:
        say(f"{MISSING}\n")
        return
    for row in rows:
        for contender in row.contenders if row.mode == "call" else ():
            say(f"{row.title}: {contender}, instructions")
            try:
                counted = collected(row, contender, found)
            except subprocess.SubprocessError as error:
                say(f"{row.title}: {contender} failed under valgrind: {error_text(error)}\n")
                continue
            for result in results:
                if (result.row, result.contender) == (row.name, contender):
                    result.figures["instructions"] = counted


def switch() -> Path | None:
    """Return the library with which a worker starts and stops the count, or None if valgrind or a compiler is missing."""
    library = FOLDER / "callgrind.so"
    return library if shutil.which(COMMAND[0]) and stub.built(SOURCE, library, "-shared", "-fPIC") else None


def collected(row: Row, contender: str, switch: Path) -> float:
    """Return the instructions of one call. Raises `SubprocessError` if they cannot be counted."""
    ended = run(row, contender, Effort(), before=COMMAND, calls=CALLS, switch=str(switch))
    found = _COUNT.search(ended.stderr)
    if found is None:
        raise subprocess.SubprocessError("valgrind gave no count")
    return int(found[1]) / CALLS
