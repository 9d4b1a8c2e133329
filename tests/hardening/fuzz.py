"""Call a target with wrong values, and collect the exceptions that it must not raise."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Container, Mapping
from contextlib import AbstractContextManager
from typing import Any

from billbridge import AsyncBilling, Journal
from billbridge.client.pager import AsyncPager, Pager
from billbridge.errors import BillingError, ValidationError
from billbridge_maton import AsyncConnections

from .public import Target
from .wrong_values import WRONG


class Findings:
    """What was raised that must not be."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.calls = 0

    def note(self, called: Target, parameter: str, value: str, error: BaseException) -> None:
        self.lines.append(f"{called.name}({parameter}={value}): {type(error).__name__}: {str(error)[:200]}")

    def check(self) -> None:
        assert self.calls, "nothing was called"
        assert not self.lines, "\n".join([f"{len(self.lines)} calls:", *self.lines[:60]])


async def finish(result: Any) -> None:
    """Await what is awaited, take the first object of a list, and close what was opened."""
    if inspect.isawaitable(result):
        result = await result
    if isinstance(result, Pager):
        next(iter(result), None)
    elif isinstance(result, AsyncPager):
        await anext(aiter(result), None)
    elif isinstance(result, AbstractContextManager):
        with result:
            pass
    elif isinstance(result, AsyncBilling | AsyncConnections):
        await result.close()
    elif isinstance(result, Journal):
        result.close()


def _show(error: BillingError) -> None:
    """An error can always be shown."""
    assert str(error)
    assert repr(error)


async def fuzz(
    called: Target,
    findings: Findings,
    also: tuple[type[Exception], ...] = (),
    *,
    sent: Callable[[], int] | None = None,
    without: Container[str] = (),
) -> None:
    """Call with a wrong value for each parameter in turn. With `sent`, an error before any request must name an argument."""
    for parameter in called.parameters:
        if f"{called.name.rpartition('.')[2]}({parameter.name})" in without:
            continue
        for name, wrong in WRONG.items():
            args, kwargs = called.arguments(parameter.name, wrong())
            before = sent() if sent else 0
            findings.calls += 1
            try:
                await finish(called.call(*args, **kwargs))
            except BillingError as error:
                _show(error)
                if sent and isinstance(error, ValidationError) and sent() == before and not _names(error, called, kwargs):
                    findings.note(called, parameter.name, f"{name}, param {error.param!r}", error)
            except also:
                pass
            except Exception as error:
                findings.note(called, parameter.name, name, error)


def _names(error: ValidationError, called: Target, given: Mapping[str, Any]) -> bool:
    """Whether the error names one of the arguments, or for `raw` one of the vendor's parameters."""
    found = (error.param or "").partition(".")[0].partition("[")[0]
    return found in {each.name for each in called.parameters} or found in (given.get("params") or ())
