"""Write under faults: create customers while a share of the requests fails and the writing process is killed and started again.

    python benchmarks/storm.py [--writes 10000] [--share 0.2] [--kills 3] [--json]

For each vendor and surface, this process serves a simulated vendor on loopback. A worker process creates customers with the public API and
a journal. The faults drop requests before or after their effect, answer with 5xx before or after it, cut answers, or deliver requests
twice. The worker is killed without warning. The next worker resolves the entries of the journal, then continues with the unfinished
writes, each with its own key as before. At the end, every customer must exist exactly once, and the journal must be empty. Progress goes
to stderr, counts go to stdout.
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
from billbridge.flow.journal import Entry, Journal
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
        print(f"{'vendor':<11}{'surface':<10}{'writes':>8}{'faults':>8}{'kills':>7}{'resolved':>10}{'lost':>6}{'doubled':>9}{'seconds':>9}")
        for row in rows:
            print(
                "{vendor:<11}{surface:<10}{writes:>8}{faults:>8}{kills:>7}{resolved:>10}{lost:>6}{doubled:>9}{seconds:>9.1f}".format(**row)
            )
    return 1 if any(row["lost"] or row["doubled"] or row["unsettled"] for row in rows) else 0


def storm(vendor: str, surface: str, writes: int, share: float, kills: int) -> dict[str, Any]:
    """Run one vendor on one surface. Return how many effects are missing, and how many happened more than once."""
    sandbox = Sandbox()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, sandbox.serve() as server:
        sandbox.faults.random(seed=7, probability=share, kinds=KINDS)
        done, resolved = _with_kills(vendor, surface, server, Path(folder), writes, kills)
        seconds = time.monotonic() - started
        faults, unsettled = len(sandbox.faults.log), len(Journal(Path(folder) / "journal").pending())
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
        "resolved": resolved,
        "unsettled": unsettled,
        "lost": len(wanted - set(effects)),
        "doubled": sum(count - 1 for count in effects.values()),
        "seconds": round(seconds, 1),
    }


def _with_kills(vendor: str, surface: str, server: Server, folder: Path, writes: int, kills: int) -> tuple[int, int]:
    """Run workers until everything is written, and kill all but the last. Return the numbers of kills and of resolved writes."""
    url = server.stripe_url if vendor == "stripe" else server.chargebee_url
    command = [sys.executable, __file__, "--writes", str(writes), "--work", vendor, surface, url, str(folder)]
    killed = 0
    for turn in range(kills + 1):
        worker = subprocess.Popen(command)
        target = writes * (turn + 1) // (kills + 1)
        while worker.poll() is None and (turn == kills or len(_noted(folder / "finished")) < target):
            time.sleep(0.02)
            print(f"\r{vendor} {surface}: {len(_noted(folder / 'finished'))} of {writes}", end="", file=sys.stderr, flush=True)
        if worker.poll() is None:
            worker.kill()
        if worker.wait() > 0:
            sys.exit(f"the worker of {vendor}, {surface}, failed")
        killed += worker.returncode < 0
    print(file=sys.stderr)
    return killed, len(_noted(folder / "resolved"))


def work(vendor: str, surface: str, url: str, folder: Path, writes: int) -> None:
    """Run the worker: resolve the entries of the journal, then make the unfinished writes, each with its own key."""
    journal = Journal(folder / "journal")
    options: dict[str, Any] = {**OPTIONS[vendor], "base_url": url, "journal": journal}
    with (folder / "finished").open("a", buffering=1) as finished, (folder / "resolved").open("a", buffering=1) as resolved:
        if surface == "blocking":
            with Billing.connect(vendor, **options) as billing:
                for entry in journal.pending():
                    print(_settled(billing, entry), file=resolved)
                for number in _left(folder, writes):
                    _write(billing, number)
                    print(number, file=finished)
        else:
            asyncio.run(_work_async(AsyncBilling.connect(vendor, **options), journal, folder, writes, finished, resolved))


async def _work_async(billing: AsyncBilling, journal: Journal, folder: Path, writes: int, finished: Any, resolved: Any) -> None:
    async with billing:
        for entry in journal.pending():
            print(await _settled_async(billing, entry), file=resolved)
        waiting = iter(_left(folder, writes))

        async def task() -> None:
            for number in waiting:
                await _write_async(billing, number)
                print(number, file=finished)

        await asyncio.gather(*(task() for _ in range(TASKS)))


def _write(billing: Billing, number: int) -> None:
    view = billing.with_options(idempotency_key=f"storm-{number}", retries=0)
    while True:
        try:
            view.customers.create(email=_email(number))
        except OutcomeUnknownError as error:
            _settled(billing, error)
        except BillingError as error:
            if not _worth_another_try(error):
                raise
            continue
        return


async def _write_async(billing: AsyncBilling, number: int) -> None:
    view = billing.with_options(idempotency_key=f"storm-{number}", retries=0)
    while True:
        try:
            await view.customers.create(email=_email(number))
        except OutcomeUnknownError as error:
            await _settled_async(billing, error)
        except BillingError as error:
            if not _worth_another_try(error):
                raise
            continue
        return


def _settled(billing: Billing, unsettled: OutcomeUnknownError | Entry) -> str:
    """Return the id of the object that a write created. Repeat `resolve` until it is known."""
    while True:
        try:
            return str(billing.with_options(retries=0).resolve(unsettled).id)
        except BillingError as error:
            if not (isinstance(error, OutcomeUnknownError) or _worth_another_try(error)):
                raise


async def _settled_async(billing: AsyncBilling, unsettled: OutcomeUnknownError | Entry) -> str:
    while True:
        try:
            return str((await billing.with_options(retries=0).resolve(unsettled)).id)
        except BillingError as error:
            if not (isinstance(error, OutcomeUnknownError) or _worth_another_try(error)):
                raise


def _worth_another_try(error: BillingError) -> bool:
    return error.retryable or isinstance(error, ProtocolError)


def _email(number: int) -> str:
    return f"customer-{number}@example.com"


def _left(folder: Path, writes: int) -> list[int]:
    finished = _noted(folder / "finished")
    return [number for number in range(writes) if str(number) not in finished]


def _noted(file: Path) -> set[str]:
    """Return the lines of a file. A kill can cut the last one."""
    return set(file.read_text().split("\n")[:-1]) if file.exists() else set()


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
