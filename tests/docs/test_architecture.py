"""Every file and function that docs/architecture.md names exists, and its table of rooms matches the folder."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text()
HOPS = re.findall(r"`([\w./]+\.py)::(\w+)`", TEXT)


@pytest.mark.parametrize(("file", "function"), HOPS, ids=lambda part: part)
def test_every_step_of_a_call_is_a_function_of_the_file_it_names(file: str, function: str) -> None:
    tree = ast.parse((ROOT / file).read_text())
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert function in defined


def test_the_way_of_a_call_is_drawn_both_ways() -> None:
    assert len(HOPS) == 16


def test_every_path_of_the_page_exists() -> None:
    paths = re.findall(r"`((?:core|plugins|tests|docs)/[\w./]*)`", TEXT)
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_top_of_the_core_holds_what_the_page_lists_and_nothing_else() -> None:
    top = {path.stem for path in (ROOT / "core/src/billbridge").iterdir() if path.name not in ("__init__.py", "py.typed", "__pycache__")}
    table = TEXT.partition("| from top to bottom")[2].partition("\n\n")[0]
    listed = {name.rstrip("/") for line in table.splitlines()[2:] for name in re.findall(r"`(\w+/?)`", line.split("|")[1])}
    assert top == listed
    assert len(top) <= 10
