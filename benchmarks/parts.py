"""The parts of a list of 100 in instructions, in-process: finding the JSON of each row, decoding it, mapping it, and the rest.

It shows how low a figure can be: it also counts what msgspec alone needs for the few fields of the raw contender. Needs valgrind.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import cast

from benchmarks import answers, instructions
from benchmarks.measure import FOLDER, error_text
from benchmarks.rows import Row, Vendor
from benchmarks.table import aligned

PARTS = ("raw", "cut", "decode", "map", "all")
LISTS = ("stripe_invoices", "chargebee_invoices", "stripe_customers", "chargebee_customers")
HEAD = ("million instructions a page", "raw msgspec", "each row's JSON", "decoding", "mapping", "all else", "in all", "of raw")


def table(say: Callable[[str], None]) -> str:
    """Return the parts of each list, or a line that tells what is missing."""
    answers.prepare(FOLDER)
    switch = instructions.switch()
    if switch is None:
        return instructions.MISSING
    lines: list[list[str]] = [[*HEAD]]
    for name in LISTS:
        vendor, _, kind = name.partition("_")
        found: dict[str, float] = {}
        for part in PARTS:
            say(f"{name}: {part}, instructions")
            row = Row(vendor=cast(Vendor, vendor), task=f"{kind}_{part}", title=name, mode="call", by="part", file=name)
            try:
                found[part] = instructions.collected(row, "part", switch) / 1e6
            except subprocess.SubprocessError as error:
                return f"{name}, {part}: {error_text(error)}"
        rest = found["all"] - found["cut"] - found["decode"] - found["map"]
        figures = [*(found[part] for part in PARTS[:-1]), rest, found["all"], found["all"] / found["raw"]]
        lines.append([f"100 {vendor.capitalize()} {kind}", *(f"{figure:.1f}" for figure in figures)])
    return aligned(lines)
