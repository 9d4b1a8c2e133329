"""`billbridge sandbox serve --faults`, in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import httpx
from billbridge_sandbox import Fault, Faults

SERVE = [sys.executable, "-m", "billbridge.cli", "sandbox", "serve", "--json", "--port", "0"]
UNHURT = 401  # no key is sent
STATUSES = {Fault.DROP_BEFORE: None, Fault.DROP_AFTER: None, Fault.RATE_LIMITED: 429}


def test_the_served_sandbox_has_the_faults_of_its_seed() -> None:
    like = Faults()
    like.random(seed=4, probability=0.7)
    plans = [like.due("GET", "/v1/customers") for _ in range(12)]
    expected: list[int | None] = []
    for plan in plans:
        failing = plan is not None and plan.fault in (Fault.UNAVAILABLE, Fault.UNAVAILABLE_AFTER)
        expected.append(plan.status if plan and failing else STATUSES.get(plan.fault, UNHURT) if plan else UNHURT)
    assert len(set(expected)) >= 4

    with subprocess.Popen([*SERVE, "--faults", "0.7", "--seed", "4"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            url = json.loads("".join(process.stdout.readline() for _ in range(7)))["stripe_url"]
            found: list[int | None] = []
            for _ in expected:
                try:
                    found.append(httpx.get(f"{url}/v1/customers", trust_env=False, timeout=10).status_code)
                except httpx.RemoteProtocolError:
                    found.append(None)
        finally:
            process.send_signal(signal.SIGTERM)  # SIGINT may be ignored, as it is by what a shell runs in the background
        assert process.wait(timeout=10) == 0
        errors = process.stderr.read().splitlines()
    assert found == expected
    assert [line for line in errors if not line.startswith("simulated time")] == ["stopped"]


def test_a_share_that_cannot_be_is_refused_in_one_line() -> None:
    done = subprocess.run([*SERVE, "--faults", "2"], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].endswith("argument --faults: a share must be 0 to 1, not 2")
