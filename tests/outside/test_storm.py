"""A small run of benchmarks/storm.py: under faults and kills, each write takes effect exactly once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

STORM = Path(__file__).parents[2] / "benchmarks" / "storm.py"


def test_under_faults_and_a_kill_every_write_happens_exactly_once() -> None:
    command = [sys.executable, str(STORM), "--writes", "40", "--share", "0.3", "--kills", "1", "--json"]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    rows = json.loads(run.stdout)
    assert run.returncode == 0, run.stdout
    assert [(row["vendor"], row["surface"]) for row in rows] == [(v, s) for v in ("stripe", "chargebee") for s in ("blocking", "async")]
    for row in rows:
        assert (row["writes"], row["kills"], row["lost"], row["doubled"], row["unsettled"]) == (40, 1, 0, 0, 0)
        assert row["faults"] > 5
