"""Holds both type checkers to the snippets beside this file: every call in right.py accepted, every line marked `# wrong` refused.

Run by `make check`. Exits with 1 and names the lines where a checker disagrees. The snippets are never run.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SNIPPETS = ("right.py", "wrong.py")


def marked() -> set[tuple[str, int]]:
    """The lines that must be refused."""
    return {
        (name, number)
        for name in SNIPPETS
        for number, line in enumerate((HERE / name).read_text().splitlines(), 1)
        if line.endswith("# wrong")
    }


def by_mypy() -> set[tuple[str, int]]:
    """The lines that mypy --strict refuses."""
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--no-pretty", *(str(HERE / name) for name in SNIPPETS)]
    output = subprocess.run(command, capture_output=True, text=True, check=False)
    if output.returncode > 1 or output.stderr.strip():
        sys.exit(f"mypy did not run: {output.stdout}{output.stderr}")
    found = re.findall(r"(?m)^(?:.*/)?(\w+\.py):(\d+): error:", output.stdout)
    return {(name, int(number)) for name, number in found}


def by_pyright() -> set[tuple[str, int]]:
    """The lines that pyright refuses."""
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, *(str(HERE / name) for name in SNIPPETS)]
    output = subprocess.run(command, capture_output=True, text=True, check=False)
    if output.returncode > 1:
        sys.exit(f"pyright did not run: {output.stdout}{output.stderr}")
    diagnostics = json.loads(output.stdout)["generalDiagnostics"]
    return {(Path(d["file"]).name, d["range"]["start"]["line"] + 1) for d in diagnostics if d["severity"] == "error"}


def main() -> int:
    wanted = marked()
    faults = 0
    for checker, refused in (("mypy --strict", by_mypy()), ("pyright", by_pyright())):
        for name, number in sorted(wanted - refused):
            print(f"{checker} accepts tests/typing/{name}:{number}, which is wrong")
        for name, number in sorted(refused - wanted):
            print(f"{checker} refuses tests/typing/{name}:{number}, which is right")
        faults += len(wanted ^ refused)
        print(f"{checker}: {len(wanted & refused)} of {len(wanted)} wrong calls refused")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
