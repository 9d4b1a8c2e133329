"""One measurement in a fresh process: python -m benchmarks.worker '{"mode": ..., "subject": "module:function", "where": ..., ...}'.

Prints one JSON object. Imports as little as it can, because its own memory and imports would be counted.
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
TOGETHER = 50
"""Requests in flight at once on the async surface."""


def calls(made: Callable[[], object], seconds: float) -> dict[str, float]:
    """CPU seconds of one call: of as many as fill `seconds`."""
    quick = _is_quick(made)
    for _ in range(WARM_UP if quick else 1):
        made()
    batch = 10 if quick else 1
    done, wall, cpu = 0, time.perf_counter(), time.process_time()
    while time.process_time() - cpu < seconds:
        for _ in range(batch):
            made()
        done += batch
    return {"cpu": (time.process_time() - cpu) / done, "wall": (time.perf_counter() - wall) / done, "calls": done}


def counted(made: Callable[[], object], count: int, switch: str) -> dict[str, float]:
    """Makes so many calls between the switch's `start` and `stop`, for a tool that counts instructions."""
    import ctypes

    counting = ctypes.CDLL(switch)
    for _ in range(COUNTED_WARM_UP):
        made()
    counting.start()
    for _ in range(count):
        made()
    counting.stop()
    return {"calls": count}


def calls_async(made: Callable[[str], Callable[[], Awaitable[object]]], where: str, seconds: float) -> dict[str, float]:
    """The same with `TOGETHER` calls in flight."""
    import asyncio

    async def several(call: Callable[[], Awaitable[object]], left: Iterator[int]) -> None:
        for _ in left:
            await call()

    async def batch(call: Callable[[], Awaitable[object]], size: int) -> None:
        left = iter(range(size))
        await asyncio.gather(*(several(call, left) for _ in range(TOGETHER)))

    async def measured() -> dict[str, float]:
        call, size, done = made(where), TOGETHER * 4, 0
        await batch(call, TOGETHER * 2)
        wall, cpu = time.perf_counter(), time.process_time()
        while time.process_time() - cpu < seconds:
            await batch(call, size)
            done += size
        return {"cpu": (time.process_time() - cpu) / done, "wall": (time.perf_counter() - wall) / done, "calls": done}

    return asyncio.run(measured())


def walk(rows: Callable[[], Iterator[Any]], expected: int) -> dict[str, float]:
    """CPU seconds of one walk over a whole list, after a first look at two pages."""
    for _ in islice(rows(), 150):
        pass
    wall, cpu = time.perf_counter(), time.process_time()
    found = sum(1 for _ in rows())
    _check(found, expected)
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "calls": 1}


def export(rows: Callable[[], Iterator[tuple[Any, ...]]], expected: int) -> dict[str, float]:
    """Peak memory (bytes) of writing a list to a file, and how much of it came after the first 1,000 rows."""
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
    return {"peak": _peak_memory(), "growth": _peak_memory() - early, "calls": 1}


def start(module: str, client: str | None, where: str) -> dict[str, float]:
    """CPU seconds of importing a module, and of making a first client with it."""
    wall, cpu = time.perf_counter(), time.process_time()
    loaded = import_module(module)
    if client is not None:
        getattr(loaded, client)(where)
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "calls": 1}


def main(task: dict[str, Any]) -> dict[str, float]:
    """Does one task."""
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
        return walk(subject(where), task["expected"])
    if mode == "export":
        return export(subject(where), task["expected"])
    if task["calls"]:
        return counted(subject(where), task["calls"], task["switch"])
    return calls(subject(where), task["seconds"])


def _is_quick(made: Callable[[], object]) -> bool:
    """Whether a call is quick enough to be made many times; the first makes the connection."""
    made()
    began = time.process_time()
    made()
    return time.process_time() - began < 0.005


def _check(found: int, expected: int) -> None:
    if found != expected:
        raise SystemExit(f"the list had {found} rows, not {expected}")


def _peak_memory() -> int:
    """The high-water mark in bytes. `getrusage` would count the memory of the process that started this one, so Linux is asked itself."""
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    # httpx imports its command line, and with it rich, wherever click is installed. It is here for other tools; no contender asks for it.
    sys.modules["click"] = None  # type: ignore[assignment]  # makes `import click` fail
    print(json.dumps(main(json.loads(sys.argv[1]))))
