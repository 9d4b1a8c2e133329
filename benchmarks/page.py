"""Write the results of a run into docs/performance.md, between its markers. The text around them is written by hand and stays."""

from __future__ import annotations

from benchmarks.measure import ROOT

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = '<!-- measured: written by `make bench ARGS="--docs"` -->', "<!-- /measured -->"


def write(tables: str, facts: dict[str, str]) -> None:
    """Replace the measured part."""
    head, _, rest = PAGE.read_text().partition(BEGIN)
    _, found, tail = rest.partition(END)
    if not found:
        raise SystemExit(f"{PAGE.name} lacks the markers {BEGIN} and {END}")
    made = "\n".join(f"- {name}: {fact}" for name, fact in facts.items())
    PAGE.write_text(f"{head}{BEGIN}\n{made}\n\n{tables}\n{END}{tail}")
