"""Start the stub server on its own core: in C if there is a compiler, else in Python. It stops at the end of the `with` block.

Knows nothing about the answers.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).parent


_USABLE = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
STUB_CORE, CLIENT_CORE = _USABLE[0], _USABLE[-1]
"""The same where there is only one."""


def pin(core: int) -> None:
    """Keep this process on one core, if the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def built(source: Path, program: Path, *flags: str) -> bool:
    """Return whether `program` exists. Compile it from `source` if it does not."""
    if program.exists() and program.stat().st_mtime >= source.stat().st_mtime:
        return True
    compiler = next((found for name in ("gcc", "cc", "clang") if (found := shutil.which(name))), None)
    if compiler is None:
        return False
    program.parent.mkdir(parents=True, exist_ok=True)
    command = [compiler, "-O2", "-pthread", *flags, str(source), "-o", str(program)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def command(folder: Path) -> tuple[list[str], str]:
    """Return the command that starts the stub, and its description."""
    program = folder / "stub"
    if built(HERE / "stub.c", program):
        return [str(program)], "in C"
    return [sys.executable, str(HERE / "stub_python.py")], "in Python, as there is no compiler"


@contextmanager
def serving(folder: Path, pages: int) -> Iterator[str]:
    """Serve lists of `pages` pages, and return the address of the stub."""
    start, _ = command(folder)
    process = subprocess.Popen([*start, str(folder / "answers"), str(pages)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(process.pid, {STUB_CORE})
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.wait(10)
        process.stdout.close()
