"""The facts of a measurement: processor, system, Python, and the versions of the contenders. No name of the machine."""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from benchmarks import stub
from benchmarks.measure import FOLDER, Effort

PACKAGES = ("stripe", "chargebee", "httpx", "httpcore", "msgspec", "requests", "pycurl", "aiohttp", "pyreqwest")


def facts(effort: Effort) -> dict[str, str]:
    """Return each fact by its name."""
    versions = {name: found for name in PACKAGES if (found := _version(name))}
    return {
        "date": f"{datetime.now(UTC):%d %B %Y}",
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "stub": stub.command(FOLDER)[1],
        "cores": "stub and client on one core each" if stub.STUB_CORE != stub.CLIENT_CORE else "stub and client share a core",
        "effort": f"{effort.rounds} rounds, medians",
        "versions": ", ".join(f"{name} {found}" for name, found in versions.items()),
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    if sys.platform == "linux":
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
