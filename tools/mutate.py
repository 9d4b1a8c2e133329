"""Delete one line at a time from a plugin's translation and check that a test fails: `python tools/mutate.py stripe [N] [SEED]`.

It draws N lines at random (default 10, 0 for all) and runs the plugin's own tests for each. It prints each line that no test needs, and
exits with 1 if there is one. It works on a copy of the plugin in a temporary folder, so your files never change. It skips imports,
docstrings, comments, and lines whose deletion is a syntax error.
"""

from __future__ import annotations

import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent


def candidates(file: Path) -> Iterator[tuple[int, str]]:
    """Iterate over the lines that can be deleted, each with the module without this line."""
    lines = file.read_text().splitlines(keepends=True)
    silent = {number for node in ast.walk(ast.parse("".join(lines))) for number in _silent_lines(node)}
    for number, line in enumerate(lines, 1):
        if number in silent or not line.strip(" )]},\n") or line.lstrip().startswith("#"):
            continue
        rest = "".join(lines[: number - 1] + lines[number:])
        try:
            ast.parse(rest)
        except SyntaxError:
            continue
        yield number, rest


def _silent_lines(node: ast.AST) -> range:
    """Return the lines of an import or of a docstring."""
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    if isinstance(node, ast.Import | ast.ImportFrom) or text:
        return range(node.lineno, (node.end_lineno or node.lineno) + 1)  # type: ignore[attr-defined]  # both kinds have lines
    return range(0)


def noticed(vendor: str, package: Path, file: Path, module: str) -> bool:
    """Return whether a test of the plugin fails if `module` is the text of `file`."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / package.name
        shutil.copytree(package, copy, ignore=shutil.ignore_patterns("__pycache__"))
        (copy / file.relative_to(package)).write_text(module)
        command = [sys.executable, "-m", "pytest", f"plugins/{vendor}/tests", "-x", "-q", "-p", "no:cacheprovider", "--no-header"]
        environment = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600)
        if run.returncode not in (0, 1, 2, 4):
            sys.exit(f"pytest did not run: {run.stdout}{run.stderr}")
        return run.returncode != 0


def main() -> int:
    vendor = sys.argv[1]
    count, seed = (int(argument) for argument in [*sys.argv[2:], "10", "0"][:2])
    package = ROOT / "plugins" / vendor / "src" / f"billbridge_{vendor}"
    deletions = [(file, number, rest) for file in sorted((package / "translate").glob("*.py")) for number, rest in candidates(file)]
    drawn = random.Random(seed).sample(deletions, count) if count else deletions
    unnoticed = 0
    for file, number, rest in drawn:
        line = file.read_text().splitlines()[number - 1].strip()
        caught = noticed(vendor, package, file, rest)
        unnoticed += not caught
        print(f"{'noticed  ' if caught else 'UNNOTICED'} {file.relative_to(ROOT)}:{number}: {line}", flush=True)
    print(f"{len(drawn) - unnoticed} of {len(drawn)} deleted lines noticed (of {len(deletions)} that can be deleted)")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
