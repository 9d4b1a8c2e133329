"""The Python of README.md and of the pages in docs/ runs as it is written, against the sandbox."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READMES = [
    ROOT / "README.md",
    *(ROOT / part / "README.md" for part in ("core", "plugins/stripe", "plugins/chargebee", "plugins/airbyte", "tests/contract")),
]
PAGES = [
    *READMES,
    *(
        ROOT / "docs" / f"{name}.md"
        for name in ("quickstart", "concepts", "guides/catalog", "guides/maton", "guides/airbyte", "guides/sandbox")
    ),
]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_python_of_a_page_runs_from_top_to_bottom(page: Path) -> None:
    text = page.read_text()
    blocks = list(BLOCK.finditer(text))
    assert blocks
    names: dict[str, object] = {"__name__": "page"}
    for block in blocks:
        before = text[: block.start(1)].count("\n")
        exec(compile("\n" * before + block[1], str(page), "exec"), names)


def test_the_quickstart_page_is_the_same_on_chargebee() -> None:
    code = "".join(BLOCK.findall((ROOT / "docs" / "quickstart.md").read_text()))
    on_stripe, on_chargebee = (f'connect("{vendor}", gateway=sandbox)' for vendor in ("stripe", "chargebee"))
    assert on_stripe in code
    exec(compile(code.replace(on_stripe, on_chargebee), "quickstart.md", "exec"), {"__name__": "page"})


def test_the_quickstart_of_the_readme_tells_the_same_story_on_both_vendors(capsys: pytest.CaptureFixture[str]) -> None:
    code = BLOCK.findall((ROOT / "README.md").read_text())[0]
    exec(compile(code, "README.md", "exec"), {"__name__": "page"})
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1:] for line in lines] == [["57.00", "USD", "paid"]] * 4


@pytest.mark.parametrize(
    "page",
    [*READMES, *(ROOT / "plugins" / name / "README.md" for name in ("maton", "sandbox"))],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_every_link_of_a_readme_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", page.read_text())
    assert links
    assert [link for link in links if not link.startswith("https://") and not (page.parent / link).exists()] == []
