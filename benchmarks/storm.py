"""Writes under faults: customers are created while a share of all requests goes wrong and the writing process is killed and started again.

    python benchmarks/storm.py [--writes 10000] [--share 0.2] [--kills 3] [--json]

For each vendor and surface a simulated vendor is served on loopback by this process, and a worker process creates customers by the public
API. Requests are dropped before or after their effect, answered with 5xx before or after it, cut short, or delivered twice. The worker
notes each finished write in a file. It is killed without warning, and the next one goes on with what is not noted, each write under its
own key as before. At the end the customers in the sandbox are counted: every effect must be there exactly once. Progress goes to
stderr, counts to stdout.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from billbridge import AsyncBilling, Billing
from billbridge.errors import BillingError, OutcomeUnknownError, ProtocolError
from billbridge_sandbox import Fault, Sandbox
from billbridge_sandbox.server import Server

KINDS = [Fault.DROP_BEFORE, Fault.DROP_AFTER, Fault.UNAVAILABLE, Fault.UNAVAILABLE_AFTER, Fault.TRUNCATED, Fault.DUPLICATE]
OPTIONS = {"stripe": {"api_key": "sk_test_storm"}, "chargebee": {"api_key": "test_storm", "site": "storm"}}
SURFACES = ("blocking", "async")
TASKS = 8
"""Writes under way at once on the async surface."""


def main() -> int:
    given = _parser().parse_args()
    if given.work:
        vendor, surface, url, folder = given.work
        work(vendor, surface, url, Path(folder), given.writes)
        return 0
    rows = [storm(vendor, surface, given.writes, given.share, given.kills) for vendor in OPTIONS for surface in SURFACES]
    if given.json:
        print(json.dumps(rows))
    else:
        print(f"{'vendor':<11}{'surface':<10}{'writes':>8}{'faults':>8}{'kills':>7}{'lost':>6}{'doubled':>9}{'seconds':>9}")
        for row in rows:
            print("{vendor:<11}{surface:<10}{writes:>8}{faults:>8}{kills:>7}{lost:>6}{doubled:>9}{seconds:>9.1f}".format(**row))
    return 1 if any(row["lost"] or row["doubled"] for row in rows) else 0


def storm(vendor: str, surface: str, writes: int, share: float, kills: int) -> dict[str, Any]:
    """One vendor on one surface: how many effects are missing, and how many are there more than once."""
    sandbox = Sandbox()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, sandbox.serve() as server:
        sandbox.faults.random(seed=7, probability=share, kinds=KINDS)
        done = _with_kills(vendor, surface, server, Path(folder), writes, kills)
        seconds = time.monotonic() - started
        faults = len(sandbox.faults.log)
        sandbox.faults.clear()
        with Billing.connect(vendor, gateway=sandbox) as billing:
            effects = Counter(customer.email for customer in billing.customers.list())
    wanted = {_email(number) for number in range(writes)}
    return {
        "vendor": vendor,
        "surface": surface,
        "writes": writes,
        "faults": faults,
        "kills": done,
        "lost": len(wanted - set(effects)),
        "doubled": sum(count - 1 for count in effects.values()),
        "seconds": round(seconds, 1),
    }


def _with_kills(vendor: str, surface: str, server: Server, folder: Path, writes: int, kills: int) -> int:
    """Runs workers until everything is written; all but the last are killed on the way. Returns how many were."""
    url = server.stripe_url if vendor == "stripe" else server.chargebee_url
    command = [sys.executable, __file__, "--writes", str(writes), "--work", vendor, surface, url, str(folder)]
    for killed in range(kills + 1):
        worker = subprocess.Popen(command)
        target = writes * (killed + 1) // (kills + 1) if killed < kills else writes
        while worker.poll() is None and (killed == kills or len(_finished(folder)) < target):
            time.sleep(0.02)
            print(f"\r{vendor} {surface}: {len(_finished(folder))} of {writes}", end="", file=sys.stderr, flush=True)
        if worker.poll() is None:
            worker.kill()
        if worker.wait() > 0:
            sys.exit(f"the worker of {vendor}, {surface}, failed")
    print(file=sys.stderr)
    return kills


def work(vendor: str, surface: str, url: str, folder: Path, writes: int) -> None:
    """The worker: writes what is not noted yet, each under its own key, and notes it."""
    options: dict[str, Any] = {**OPTIONS[vendor], "base_url": url}
    finished = _finished(folder)
    left = [number for number in range(writes) if number not in finished]
    with (folder / "finished").open("a", buffering=1) as notes:
        if surface == "blocking":
            with Billing.connect(vendor, **options) as billing:
                for number in left:
                    _write(billing, number)
                    print(number, file=notes)
        else:
            asyncio.run(_work_async(AsyncBilling.connect(vendor, **options), left, notes))


async def _work_async(billing: AsyncBilling, left: list[int], notes: Any) -> None:
    waiting = iter(left)

    async def task() -> None:
        for number in waiting:
            await _write_async(billing, number)
            print(number, file=notes)

    async with billing:
        await asyncio.gather(*(task() for _ in range(TASKS)))


def _write(billing: Billing, number: int) -> None:
    view = billing.with_options(idempotency_key=f"storm-{number}", retries=0)
    unknown: OutcomeUnknownError | None = None
    while True:
        try:
            view.customers.create(email=_email(number)) if unknown is None else billing.with_options(retries=0).resolve(unknown)
        except OutcomeUnknownError as error:
            unknown = error
        except BillingError as error:
            if not (error.retryable or isinstance(error, ProtocolError)):
                raise
        else:
            return


async def _write_async(billing: AsyncBilling, number: int) -> None:
    view = billing.with_options(idempotency_key=f"storm-{number}", retries=0)
    unknown: OutcomeUnknownError | None = None
    while True:
        try:
            if unknown is None:
                await view.customers.create(email=_email(number))
            else:
                await billing.with_options(retries=0).resolve(unknown)
        except OutcomeUnknownError as error:
            unknown = error
        except BillingError as error:
            if not (error.retryable or isinstance(error, ProtocolError)):
                raise
        else:
            return


def _email(number: int) -> str:
    return f"customer-{number}@example.com"


def _finished(folder: Path) -> set[int]:
    """The writes that were noted; the last line may be cut short by a kill."""
    file = folder / "finished"
    lines = file.read_text().split("\n")[:-1] if file.exists() else []
    return {int(line) for line in lines if line}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--writes", type=int, default=10_000)
    parser.add_argument("--share", type=float, default=0.2, help="of requests that go wrong (%(default)s)")
    parser.add_argument("--kills", type=int, default=3, help="of the worker process, per vendor and surface (%(default)s)")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--work", nargs=4, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
