"""Starts the stub server on a core of its own: in C where there is a compiler, else in Python. It ends with the `with` block.

Does not know what is served.
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
    """Keeps this process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def command(folder: Path) -> tuple[list[str], str]:
    """How to start the stub, and what it is: compiled if there is a compiler."""
    compiler = next((found for name in ("gcc", "cc", "clang") if (found := shutil.which(name))), None)
    source, program = HERE / "stub.c", folder / "stub"
    if compiler and (not program.exists() or program.stat().st_mtime < source.stat().st_mtime):
        made = subprocess.run([compiler, "-O2", "-pthread", str(source), "-o", str(program)], check=False, capture_output=True)
        compiler = compiler if made.returncode == 0 else None
    if compiler:
        return [str(program)], "C"
    return [
        sys.executable,
        str(HERE / "stub_python.py"),
    ], "Python, as there is no compiler"


@contextmanager
def serving(folder: Path, pages: int) -> Iterator[str]:
    """The stub's address while it serves lists of so many pages."""
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
