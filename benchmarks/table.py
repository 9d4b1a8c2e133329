"""The results as Markdown tables, which are also readable in a terminal: the figures, the goals, and the instructions if counted.

The tables also show every row in which Billbridge is slower. Measures nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.measure import Result
from benchmarks.rows import CONTENDERS, Goal, Row

OTHER_SDK = ("pycurl", "aiohttp")
COLUMNS = ("sdk", "raw", "floor", "billbridge", "fast")
STEPS = ((1e-2, 1e6, "µs"), (1.0, 1e3, "ms"), (float("inf"), 1.0, "s"))
Found = dict[tuple[str, str], Result]


def tables(rows: Sequence[Row], results: Iterable[Result]) -> str:
    """Return all tables, one below the other."""
    found: Found = {(each.row, each.contender): each for each in results}
    parts = [figures(rows, found), goals(rows, found)]
    if any("instructions" in each.figures for each in found.values()):
        parts.append(instructions(rows, found))
    return "\n\n".join(parts)


def figures(rows: Sequence[Row], found: Found) -> str:
    """Return the table of the CPU time of one call, or of the memory, for every contender."""
    columns = [each for each in COLUMNS if any(contender == each for _, contender in found)]
    head = ["figure (CPU; memory)", *(CONTENDERS[each] for each in columns)]
    return aligned([head, *([row.title, *(_cell(row, each, found) for each in columns)] for row in rows)])


def goals(rows: Sequence[Row], found: Found) -> str:
    """Return the table of each goal and the reached figure."""
    lines = [["reached, of the goal", "compared with", CONTENDERS["billbridge"], CONTENDERS["fast"]]]
    for row in rows:
        for of, figure in dict.fromkeys((goal.of, goal.figure) for goal in row.goals):
            cells = {goal.ours: _reached(row, goal, found) for goal in row.goals if (goal.of, goal.figure) == (of, figure)}
            against = CONTENDERS[of] if of else {"peak": "peak memory", "growth": "growth after 1,000 rows"}[figure]
            if any(cells.values()):
                lines.append([row.title, against, cells.get("billbridge", ""), cells.get("fast", "")])
    return aligned(lines)


def instructions(rows: Sequence[Row], found: Found) -> str:
    """Return the table of the instructions of one call, in thousands."""
    contenders = [each for each in CONTENDERS if any("instructions" in f.figures for (_, by), f in found.items() if by == each)]
    lines = [["thousand instructions a call", *(CONTENDERS[each] for each in contenders)]]
    for row in rows:
        counted = [found[row.name, each].figures.get("instructions") if (row.name, each) in found else None for each in contenders]
        if any(counted):
            lines.append([row.title, *("" if each is None else f"{each / 1000:,.0f}" for each in counted)])
    return aligned(lines)


def _cell(row: Row, contender: str, found: Found) -> str:
    result = found.get((row.name, contender))
    if result is None:
        return ""
    if row.figure == "peak":
        return f"{result.figures['peak'] / 1e6:.1f} MB (+{result.figures['growth'] / 1e6:.1f})"
    others = [
        f"{each} {_time(found[row.name, each].figures['cpu'])}" for each in OTHER_SDK if contender == "sdk" and (row.name, each) in found
    ]
    return _time(result.figures["cpu"]) + (f" ({', '.join(others)})" if others else "")


def _reached(row: Row, goal: Goal, found: Found) -> str:
    ours, other = found.get((row.name, goal.ours)), found.get((row.name, goal.of))
    if ours is None or (goal.of and other is None):
        return ""
    value = ours.figures[goal.figure] / (other.figures[goal.figure] if other else 1)
    verdict = "met" if value <= goal.most else "missed"
    if not goal.of:
        return f"{value / 1e6:.1f} of {goal.most / 1e6:.0f} MB, {verdict}"
    if row.times:
        return f"{1 / value:.0f} of {1 / goal.most:.0f} times, {verdict}"
    return f"{_ratio(value)} of {_ratio(goal.most)}, {verdict}"


def _ratio(value: float) -> str:
    return f"{value:.2f}" if value >= 0.1 else f"{value:.4f}".rstrip("0")


def _time(seconds: float) -> str:
    scale, unit = next((scale, unit) for below, scale, unit in STEPS if seconds < below)
    value = seconds * scale
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def aligned(lines: list[list[str]]) -> str:
    """Return an aligned table. The first line is its head."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    written = ["| " + " | ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) + " |" for line in lines]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([written[0], rule, *written[1:]])
