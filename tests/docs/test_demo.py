"""The output of `make demo` is short, the same on both vendors, and says that the vendors are simulated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_demo_tells_the_same_story_of_both_vendors_and_says_that_they_are_simulated() -> None:
    run = subprocess.run([sys.executable, str(EXAMPLES / "quickstart.py")], capture_output=True, text=True, check=False, env={}, timeout=60)
    assert (run.returncode, run.stderr) == (0, "")
    title, _, *story = run.stdout.split("\n\nSimulated vendors are not real accounts")[0].splitlines()
    assert title.split("  ")[0] == "stripe (simulated)"
    assert "chargebee (simulated)" in title
    assert len(story) == 9
    for line in story:
        left, right = line[: title.index("chargebee")].rstrip(), line[title.index("chargebee") :].rstrip()
        assert left == right
    assert "57.00 USD paid, 0.00 USD due" in run.stdout


def test_the_application_is_at_most_forty_lines_and_names_vendors_on_one() -> None:
    text = (EXAMPLES / "quickstart.py").read_text()
    code = [line for line in text.split('"""', 2)[2].splitlines() if line.strip()]
    assert len(code) <= 40
    assert sum("stripe" in line.lower() or "chargebee" in line.lower() for line in code) == 1
