"""Run one story on several vendors, each on a real test account or in the sandbox, and print the results in columns."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import zip_longest
from uuid import uuid4

from billbridge import Billing
from billbridge.errors import BillingError
from billbridge_sandbox import Sandbox

START = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
"""The simulated first day: the last day of a month, where mistakes with dates show."""

Line = tuple[str, object]
Story = Callable[[Billing, "Stage", Callable[[], bool]], Iterator[Line]]


class Stage:
    """The differences between a real test account and the sandbox: unique names, and the payment token.

    BILLBRIDGE_<VENDOR>_TOKEN is a token from the vendor's client-side library. The default is "tok_visa", which no real Chargebee site
    knows.
    """

    def __init__(self, vendor: str) -> None:
        keys = {name: value for name, value in os.environ.items() if name.startswith(f"BILLBRIDGE_{vendor.upper()}_") and value}
        self.token = keys.pop(f"BILLBRIDGE_{vendor.upper()}_TOKEN", "tok_visa")
        self.vendor = vendor
        self.environment = {"BILLBRIDGE_PROVIDER": vendor, **keys}
        self.simulated = not keys

    def unique(self, name: str) -> str:
        """Return the name in the sandbox. On a real account, add a random prefix, because the last run left its names there."""
        return name if self.simulated else f"{uuid4().hex[:8]}.{name}"


def show(story: Story, vendors: Sequence[str]) -> None:
    """Run the story on each vendor and print the results side by side. Exit with 1 if one of them failed."""
    stages = [Stage(vendor) for vendor in vendors]
    columns = [list(_told(story, stage)) for stage in stages]
    _print_columns([_title(stage) for stage in stages], columns)
    if any(stage.simulated for stage in stages):
        print(
            "\nSimulated vendors are not real accounts: they use no key and send nothing to the network."
            f" Their clocks started at {START:%d %b %Y}."
        )
    sys.exit(any(label == "failed" for column in columns for label, _ in column))


def _told(story: Story, stage: Stage) -> Iterator[Line]:
    sandbox = Sandbox(start=START)

    def a_month_passes() -> bool:
        if stage.simulated:
            sandbox.advance(days=31)
        return stage.simulated

    try:
        with Billing.connect(stage.vendor, gateway=sandbox) if stage.simulated else Billing.from_env(stage.environment) as billing:
            yield from story(billing, stage, a_month_passes)
    except BillingError as error:
        yield "failed", error


def _title(stage: Stage) -> str:
    return f"{stage.vendor} ({'simulated' if stage.simulated else 'your test account'})"


def _print_columns(titles: Iterable[str], columns: list[list[Line]]) -> None:
    texts = [[title, "", *(f"{label:<18}{_text(value)}" for label, value in column)] for title, column in zip(titles, columns, strict=True)]
    widths = [max(map(len, text)) for text in texts]
    for row in zip_longest(*texts, fillvalue=""):
        print("    ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _text(value: object) -> str:
    return f"{value:%d %b %Y}" if isinstance(value, datetime) else str(value)
