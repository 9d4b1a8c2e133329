"""Write docs/contract.md from the clauses: `python -m billbridge_contract.docs [--check] [FILE]`.

With --check it writes nothing and exits with 1 if the file is stale. The introduction is `introduction.md` beside this module.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path

from billbridge_contract.registry import Clause, clauses


def document() -> str:
    """Return the text of the page."""
    parts = [files("billbridge_contract").joinpath("introduction.md").read_text(encoding="utf-8").rstrip()]
    found = clauses()
    clock, cards = sum(one.clock for one in found), sum(one.cards for one in found)
    parts.append(f"## The clauses\n\n{len(found)} clauses; {clock} need a clock, {cards} need cards.")
    for chapter, members in groupby(found, key=lambda one: one.chapter):
        parts.append(_chapter(chapter, list(members)))
    return "\n\n".join(parts) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m billbridge_contract.docs", description="Write docs/contract.md from the clauses.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is stale")
    parser.add_argument("file", nargs="?", type=Path, default=Path("docs/contract.md"))
    given = parser.parse_args(arguments)
    text = document()
    if not given.check:
        given.file.write_text(text, encoding="utf-8")
        return 0
    if given.file.is_file() and given.file.read_text(encoding="utf-8") == text:
        return 0
    print(f"{given.file} is stale: run python -m billbridge_contract.docs", file=sys.stderr)
    return 1


def _chapter(name: str, members: list[Clause]) -> str:
    title = name.replace("_", " ").capitalize()
    introduction = (sys.modules[members[0].body.__module__].__doc__ or "").strip()
    return "\n\n".join([f"### {title}", introduction, *map(_clause, members)])


def _clause(one: Clause) -> str:
    wants = [word for word, wanted in (("clock", one.clock), ("cards", one.cards)) if wanted]
    needs = [f"`{need}`" for need in one.needs]
    lines = [f"**{one.id}** {one.promise}"]
    if one.note:
        lines.append(" ".join(one.note.split()))
    if needs or wants:
        lines.append(f"Needs {', '.join([*needs, *(f'*{word}*' for word in wants)])}.")
    return "  \n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
