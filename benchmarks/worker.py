"""One measurement in a new process: python -m benchmarks.worker '{"mode": ..., "subject": "module:function", "where": ..., ...}'.

It prints one JSON object. It imports little, because its own memory and imports count too.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any

WARM_UP = 30
COUNTED_WARM_UP = 3
SLICE = 0.02
"""CPU seconds of calls that are timed together: the collector's work is in each."""
SLICES = 8
"""At least so many, of whoever is measured."""
TAKEN = 1_000
"""Rows of a walk that are timed together."""
TOGETHER = 50
"""Requests in flight at once on the async surface."""


def calls(made: Callable[[], object], seconds: float) -> dict[str, float]:
    """Return the CPU seconds of one call, from as many calls as fit into `seconds`."""
    one = _seconds_of(made)
    for _ in range(WARM_UP if one < SLICE else 1):
        made()
    each = max(1, round(SLICE / one))

    def several() -> int:
        for _ in range(each):
            made()
        return each

    return sliced(several, seconds)


def sliced(several: Callable[[], int], seconds: float) -> dict[str, float]:
    """Return the CPU and wall time of one call, at the first quartile of slices of work. Each slice yields how many calls it made.

    An average would be wrong on a virtual machine: other guests take up to half the speed, for tenths of a second at a time.
    """
    found: list[tuple[float, float]] = []
    spent = 0.0
    while spent < seconds or len(found) < SLICES:
        wall, cpu = time.perf_counter(), time.process_time()
        count = several()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        spent += cpu
        found.append((cpu / count, wall / count))
    cpus, walls = zip(*found, strict=True)
    return {"cpu": sorted(cpus)[len(found) // 4], "wall": sorted(walls)[len(found) // 4]}


def counted(made: Callable[[], object], count: int, switch: str) -> dict[str, float]:
    """Make a number of calls between the switch's `start` and `stop`, for a tool that counts instructions."""
    import ctypes

    counting = ctypes.CDLL(switch)
    for _ in range(COUNTED_WARM_UP):
        made()
    counting.start()
    for _ in range(count):
        made()
    counting.stop()
    return {}


def calls_async(made: Callable[[str], Callable[[], Awaitable[object]]], where: str, seconds: float) -> dict[str, float]:
    """Return the CPU seconds of one call with `TOGETHER` calls in flight."""
    import asyncio

    async def client(call: Callable[[], Awaitable[object]], left: Iterator[int]) -> None:
        for _ in left:
            await call()

    async def batch(call: Callable[[], Awaitable[object]], size: int) -> None:
        left = iter(range(size))
        await asyncio.gather(*(client(call, left) for _ in range(TOGETHER)))

    with asyncio.Runner() as runner:
        call = made(where)
        runner.run(batch(call, TOGETHER * 2))

        def several() -> int:
            runner.run(batch(call, TOGETHER * 4))
            return TOGETHER * 4

        return sliced(several, seconds)


def walk(rows: Callable[[], Iterator[Any]], expected: int, seconds: float) -> dict[str, float]:
    """Return the CPU seconds to read a whole list, after a first read of two pages, from the first quartile of slices of rows."""
    for _ in islice(rows(), 150):
        pass
    left = whole(rows, expected)
    figures = sliced(lambda: sum(1 for _ in islice(left, TAKEN)), seconds)
    return {name: value * expected for name, value in figures.items()}


def whole(rows: Callable[[], Iterator[Any]], expected: int) -> Iterator[Any]:
    """Read the list again and again. Raises `SystemExit` if a list is not complete."""
    while True:
        found = 0
        for row in rows():
            found += 1
            yield row
        _check(found, expected)


def export(rows: Callable[[], Iterator[tuple[Any, ...]]], expected: int) -> dict[str, float]:
    """Return the peak memory of writing a list to a file in bytes, and how much of it came after the first 1,000 rows."""
    import csv
    import os

    early = found = 0
    with open(os.devnull, "w", newline="") as file:
        writer = csv.writer(file)
        for found, row in enumerate(rows(), 1):
            writer.writerow(row)
            if found == 1_000:
                early = _peak_memory()
    _check(found, expected)
    return {"peak": _peak_memory(), "growth": _peak_memory() - early}


def start(module: str, client: str | None, where: str) -> dict[str, float]:
    """Return the CPU seconds of importing a module, and of making a first client with it."""
    wall, cpu = time.perf_counter(), time.process_time()
    loaded = import_module(module)
    if client is not None:
        getattr(loaded, client)(where)
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def main(task: dict[str, Any]) -> dict[str, float]:
    """Run one task."""
    mode, where = task["mode"], task["where"]
    module, _, function = task["subject"].partition(":")
    if mode == "import":
        return start(module, None, where)
    if mode == "first":
        return start(module, function, where)
    subject = getattr(import_module(module), function)
    if mode == "async":
        return calls_async(subject, where, task["seconds"])
    if mode == "walk":
        return walk(subject(where), task["expected"], task["seconds"])
    if mode == "export":
        return export(subject(where), task["expected"])
    if task["calls"]:
        return counted(subject(where), task["calls"], task["switch"])
    return calls(subject(where), task["seconds"])


def _seconds_of(made: Callable[[], object]) -> float:
    """Return roughly the seconds of one call. The first call opens the connection."""
    made()
    began = time.process_time()
    made()
    return max(time.process_time() - began, 1e-6)


def _check(found: int, expected: int) -> None:
    if found != expected:
        raise SystemExit(f"the list had {found} rows, not {expected}")


def _peak_memory() -> int:
    """Return the peak memory in bytes, from Linux. `getrusage` would include the memory of the process that started this one."""
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    # httpx loads its command line wherever click is installed, httpcore a backend wherever trio is: tools and tests need them here.
    for optional in ("click", "trio"):
        sys.modules[optional] = None  # type: ignore[assignment]  # makes the import fail
    print(json.dumps(main(json.loads(sys.argv[1]))))
