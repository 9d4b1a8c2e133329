"""The pages of the documentation and their code blocks. Runs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
GUIDES: Final = "docs/guides/"
VENDORS: Final = ("stripe", "chargebee")
EITHER: Final = re.compile(r'^.*"stripe".*# or "chargebee"', re.MULTILINE)
"""A line that a reader may change to the other vendor: the tests run its page on both."""
_FENCE: Final = re.compile(r'^(?P<indent> *)```(?P<language>\S*)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^(?P=indent)```$', re.M | re.S)
_DEPENDENCIES: Final = {".venv", ".tools", "node_modules", "site", "build"}


@dataclass(frozen=True)
class Block:
    """One fenced block. `line` is the number of its first line in the page."""

    page: str
    line: int
    language: str
    title: str | None
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[str]:
    """Every page of docs/, and every other Markdown file that readers open, by its path from the root."""
    others = ("*.md", "core/*.md", "plugins/*/*.md", "tests/*.md", "tests/contract/*.md", "benchmarks/*.md", "examples/*.md", "tools/*.md")
    found = {path.relative_to(ROOT).as_posix() for pattern in ("docs/**/*.md", *others) for path in ROOT.glob(pattern)}
    return sorted(name for name in found if name.split("/")[0] not in _DEPENDENCIES)


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, from top to bottom."""
    text = (ROOT / page).read_text(encoding="utf-8")
    assert len(re.findall(r"^ *```", text, re.M)) == 2 * len(_FENCE.findall(text)), f"{page} has a fence that is not closed or not read"
    for match in _FENCE.finditer(text):
        yield Block(page, text[: match.start("text")].count("\n") + 1, match["language"], match["title"], match["text"])


def for_vendor(text: str, vendor: str) -> str:
    """The text with its changeable lines for that vendor."""
    return EITHER.sub(lambda line: line[0].replace('"stripe"', f'"{vendor}"', 1), text)
