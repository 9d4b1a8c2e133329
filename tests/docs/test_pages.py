"""Every code block of the documentation runs unchanged, on every vendor that its page is for."""

from __future__ import annotations

import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from billbridge import errors
from pages import EITHER, GUIDES, ROOT, VENDORS, blocks, for_vendor, pages
from shell import Shell

PACKAGES: Final = {"docs/providers.md"}
"""Pages whose blocks are the files of a package: `test_providers_page.py` writes them to disk and runs their tests."""
BESIDE_THE_PACKAGE: Final = {"docs/contract.md"}
"""Pages with a test file for the provider that docs/providers.md builds: `test_providers_page.py` runs it there."""
EXCERPTS: Final = {"docs/decisions/surfaces.md": "core/src/billbridge/client/resources.py"}
"""Pages that quote a file of the code."""
ONE_VENDOR: Final = {
    "docs/guides/airbyte.md": "Airbyte reads Stripe's customers only",
    "docs/guides/sandbox.md": "it connects both vendors, to show that they share a clock",
}
"""Guides whose code does not change the vendor, with the reason."""
SHELLS: Final = ("sh", "console")
DATA: Final = {"toml": tomllib.loads, "json": json.loads}
PAGES: Final = pages()
ALL: Final = [block for page in PAGES for block in blocks(page)]
PYTHON: Final = sorted({block.page for block in ALL if block.language == "python"} - PACKAGES - BESIDE_THE_PACKAGE - EXCERPTS.keys())


@pytest.mark.parametrize("block", ALL, ids=str)
def test_somebody_runs_every_block(block: object) -> None:
    block = next(each for each in ALL if each is block)
    if block.title is not None:
        assert block.page in PACKAGES, "a block with a title is a file: name its page in PACKAGES and test it"
    else:
        assert block.language in ("python", "text", *SHELLS, *DATA), f"nobody runs a block in {block.language!r}"


@pytest.mark.parametrize(
    ("page", "vendor"),
    [(page, vendor) for page in PYTHON for vendor in VENDORS if vendor == "stripe" or EITHER.search((ROOT / page).read_text())],
)
def test_the_python_of_a_page_runs_from_top_to_bottom(page: str, vendor: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks(page):
        if block.language == "python":
            code = for_vendor("\n" * (block.line - 1) + block.text, vendor)
            exec(compile(code, str(ROOT / page), "exec"), names)


def test_every_guide_runs_on_every_vendor_or_says_why_not() -> None:
    guides = {page for page in PYTHON if page.startswith(GUIDES)}
    assert guides
    assert {page for page in guides if not EITHER.search((ROOT / page).read_text())} == ONE_VENDOR.keys()


@pytest.mark.parametrize("page", sorted({block.page for block in ALL if block.language in SHELLS}))
def test_the_commands_of_a_page_do_what_it_says(page: str, tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    try:
        for block in blocks(page):
            if block.language in SHELLS:
                shell.run(block)
    finally:
        shell.close()


@pytest.mark.parametrize("page", EXCERPTS)
def test_a_quotation_stands_in_the_code_as_it_stands_in_the_page(page: str) -> None:
    source = iter((ROOT / EXCERPTS[page]).read_text().splitlines())
    for block in blocks(page):
        missing = [line for line in block.text.splitlines() if line and line not in source]
        assert missing == []


def test_data_can_be_read_by_what_reads_it() -> None:
    for block in ALL:
        if block.language in DATA:
            assert DATA[block.language](block.text)


def test_a_text_is_the_tree_of_the_errors() -> None:
    tree = {line.strip() for line in (errors.__doc__ or "").splitlines()}
    for block in ALL:
        if block.language == "text":
            assert [line for line in block.text.splitlines() if line.strip() not in tree] == [], block


def test_the_quickstart_of_the_readme_tells_the_same_story_on_both_vendors(capsys: pytest.CaptureFixture[str]) -> None:
    code = next(block.text for block in blocks("README.md") if block.language == "python")
    exec(compile(code, "README.md", "exec"), {"__name__": "page"})
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1:] for line in lines] == [["57.00", "USD", "paid"]] * 4


@pytest.mark.parametrize("page", [page for page in PYTHON if page.endswith("README.md")])
def test_a_readme_says_what_to_install_right_before_its_first_python(page: str) -> None:
    """`.ci/readme` runs both from nothing."""
    before, first = next((one, two) for one, two in pairwise([None, *blocks(page)]) if two is not None and two.language == "python")
    assert before is not None, first
    assert (before.language, before.text.split()[:2]) == ("sh", ["pip", "install"]), first


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(page: str) -> None:
    prose = re.sub(r"^ *```.*?^ *```$|`[^`\n]*`", "", (ROOT / page).read_text(), flags=re.M | re.S)
    links = [link for link in re.findall(r"\]\(([^)#]+)", prose) if not link.startswith("https://")]
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []
