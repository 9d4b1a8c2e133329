"""The rows of the table as data: the subject, the contenders and the goal of each. Measures nothing."""

from __future__ import annotations

from collections.abc import Collection
from importlib.util import find_spec
from typing import Literal, TypeAlias

import msgspec

Mode: TypeAlias = Literal["call", "async", "walk", "first", "import", "export"]
Vendor: TypeAlias = Literal["stripe", "chargebee"]

CONTENDERS = {
    "sdk": "official SDK",
    "pycurl": "SDK on pycurl",
    "aiohttp": "SDK on aiohttp",
    "raw": "raw httpx + msgspec",
    "floor": "socket + msgspec",
    "billbridge": "Billbridge",
    "fast": "Billbridge [fast]",
}
NEEDS = {"pycurl": "pycurl", "aiohttp": "aiohttp", "fast": "pyreqwest"}
"""Packages without which a contender is left out; the rest are dependencies."""
SUBJECTS = {
    "sdk": "{vendor}_sdk:{task}",
    "pycurl": "{vendor}_sdk:{task}_pycurl",
    "aiohttp": "{vendor}_sdk:{task}_aiohttp",
    "raw": "raw:{vendor}_{task}",
    "floor": "floor:{vendor}_{task}",
    "billbridge": "ours:{vendor}_{task}",
    "fast": "ours:{vendor}_{task}",
    "part": "parts:{vendor}_{task}",
}
ROUNDS = {"export": 1, "walk": 3}
"""At most so many where a round takes minutes and differs little."""
MODULES = {"sdk": "{vendor}", "raw": "httpx", "billbridge": "billbridge"}
"""What an application imports before it makes a client."""


class Goal(msgspec.Struct, frozen=True):
    """A goal: `ours` needs at most `most` times as much as `of`. Without `of`, it needs at most `most` bytes."""

    ours: str
    most: float
    of: str = ""
    figure: str = "cpu"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table. `file` holds the bodies of a row without HTTP. Else the stub serves, and lists have `pages` pages of 100."""

    vendor: Vendor
    task: str
    title: str
    mode: Mode
    by: str
    """The contenders, in words of `CONTENDERS`."""
    goals: tuple[Goal, ...] = ()
    file: str = ""
    pages: int = 1000
    figure: str = "cpu"
    times: bool = False
    """Whether the goal is said as how many times faster."""

    @property
    def name(self) -> str:
        """The name for `--row`."""
        return f"{self.vendor}-{self.mode if self.mode in ('import', 'first', 'export') else self.task}"

    @property
    def contenders(self) -> list[str]:
        """The contenders that can run here."""
        return [each for each in self.by.split() if each not in NEEDS or find_spec(NEEDS[each])]

    def subject(self, contender: str) -> str:
        """Return the "module:function" of a contender for this row, or the name of a module to import."""
        if self.mode == "import":
            return MODULES[contender].format(vendor=self.vendor)
        return "benchmarks.subjects." + SUBJECTS[contender].format(vendor=self.vendor, task=self.task)


def _of(other: str, default: float, fast: float) -> tuple[Goal, ...]:
    return (Goal("billbridge", default, other), Goal("fast", fast, other))


def _both(other: str, most: float) -> tuple[Goal, ...]:
    return (Goal("billbridge", most, other),)


ALL = "sdk raw floor billbridge fast"
EVERY = "sdk pycurl raw floor billbridge fast"
TOP = (*_of("sdk", 0.45, 0.15), *_of("raw", 1.0, 0.35))
MEMORY = tuple(Goal(ours, most, figure=figure) for figure, most in (("peak", 36e6), ("growth", 3e6)) for ours in ("billbridge", "fast"))

ROWS = (
    Row(vendor="stripe", task="retrieve", title="Stripe retrieve, blocking", mode="call", by=EVERY, goals=TOP),
    Row(vendor="stripe", task="create", title="Stripe create, blocking", mode="call", by=EVERY, goals=TOP),
    Row(vendor="stripe", task="page", title="Stripe list of 100 customers", mode="call", by=ALL, goals=_of("sdk", 0.040, 0.018)),
    Row(vendor="chargebee", task="page", title="Chargebee list of 100 customers", mode="call", by=ALL, goals=_of("sdk", 0.025, 0.013)),
    Row(vendor="chargebee", task="retrieve", title="Chargebee retrieve, blocking", mode="call", by=ALL, goals=_of("sdk", 0.022, 0.006)),
    Row(
        vendor="stripe",
        task="concurrent",
        title="Stripe retrieve, async, 50 in flight",
        mode="async",
        by="sdk aiohttp raw billbridge fast",
        goals=(*_of("sdk", 0.25, 0.05), *_of("aiohttp", 1.1, 0.25)),
    ),
    Row(
        vendor="stripe",
        task="invoices",
        title="decode and map 100 Stripe invoices",
        mode="call",
        by="sdk raw billbridge",
        goals=_both("sdk", 0.010),
        file="stripe_invoices",
    ),
    Row(
        vendor="chargebee",
        task="invoices",
        title="decode and map 100 Chargebee invoices",
        mode="call",
        by="sdk raw billbridge",
        goals=_both("sdk", 0.013),
        file="chargebee_invoices",
    ),
    Row(
        vendor="stripe",
        task="amounts",
        title="the same of Stripe, then read totals and line amounts as decimals",
        mode="call",
        by="sdk raw billbridge",
        file="stripe_invoices",
    ),
    Row(
        vendor="stripe",
        task="walk",
        title="10,000 Stripe customers by auto-paging",
        mode="walk",
        by=ALL,
        goals=_of("sdk", 0.045, 0.025),
        pages=100,
    ),
    Row(
        vendor="chargebee",
        task="walk",
        title="10,000 Chargebee customers by auto-paging",
        mode="walk",
        by=ALL,
        goals=_of("sdk", 0.024, 0.012),
        pages=100,
    ),
    Row(
        vendor="stripe",
        task="webhook",
        title="verify and parse a Stripe webhook",
        mode="call",
        by="sdk raw floor billbridge",
        goals=_both("sdk", 1 / 85),
        file="stripe_events",
        times=True,
    ),
    Row(
        vendor="stripe", task="", title="import without a client, Stripe", mode="import", by="sdk raw billbridge", goals=_both("sdk", 0.28)
    ),
    Row(
        vendor="chargebee",
        task="",
        title="import without a client, Chargebee",
        mode="import",
        by="sdk raw billbridge",
        goals=_both("sdk", 0.05),
    ),
    Row(vendor="stripe", task="client", title="import, then first client, Stripe", mode="first", by="sdk raw billbridge fast"),
    Row(vendor="chargebee", task="client", title="import, then first client, Chargebee", mode="first", by="sdk raw billbridge fast"),
    Row(
        vendor="stripe",
        task="walk",
        title="memory of exporting 100,000 Stripe customers",
        mode="export",
        by=ALL,
        goals=MEMORY,
        figure="peak",
    ),
    Row(
        vendor="chargebee",
        task="walk",
        title="memory of exporting 100,000 Chargebee customers",
        mode="export",
        by=ALL,
        goals=MEMORY,
        figure="peak",
    ),
)

QUICK_ROWS = (
    "stripe-retrieve",
    "stripe-create",
    "stripe-page",
    "chargebee-retrieve",
    "stripe-concurrent",
    "stripe-invoices",
    "stripe-webhook",
    "stripe-import",
)
QUICK_BY = ("sdk", "raw", "billbridge", "fast")
"""What is quick enough to be reported with every change."""


def quick() -> list[Row]:
    """Return the rows of a quick run, with their contenders."""
    return [only(row, QUICK_BY) for row in ROWS if row.name in QUICK_ROWS]


def only(row: Row, contenders: Collection[str]) -> Row:
    """Return the row with these contenders only."""
    return msgspec.structs.replace(row, by=" ".join(each for each in row.by.split() if each in contenders))
