"""Which requests fail, and how: by a script, by chance with a seed, or both. `injection` then changes the answers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random
from threading import Lock
from typing import TypedDict, Unpack


class Fault(StrEnum):
    """What can go wrong between a client and a vendor."""

    DROP_BEFORE = "drop_before"
    """The connection breaks before the request reaches the vendor. The client cannot tell this from DROP_AFTER."""
    DROP_AFTER = "drop_after"
    """The vendor executes the request, then the connection breaks before the answer."""
    DELAY = "delay"
    """The vendor executes the request; the answer is `seconds` late. In-process it is a time-out at once, without a wait."""
    RATE_LIMITED = "rate_limited"
    """The vendor's own 429 with a Retry-After of `retry_after` seconds (None: no header). The request is not executed."""
    UNAVAILABLE = "unavailable"
    """A 5xx (`status`) with an HTML body. The request is not executed."""
    UNAVAILABLE_AFTER = "unavailable_after"
    """A 5xx (`status`) with an HTML body. The vendor executes the request."""
    TRUNCATED = "truncated"
    """The vendor executes the request; the body of its answer ends half-way."""
    DUPLICATE = "duplicate"
    """The vendor gets the request twice in a row; the client gets the second answer."""
    SLOW = "slow"
    """The bytes of the answer's body arrive over `seconds`. In-process the body arrives at once."""


class Details(TypedDict, total=False):
    """Settings of a fault. Each kind of fault takes only some of them."""

    seconds: float
    retry_after: int | None
    status: int


STATUSES = (500, 502, 503, 504)
_TAKES = {
    "seconds": {Fault.DELAY, Fault.SLOW},
    "retry_after": {Fault.RATE_LIMITED},
    "status": {Fault.UNAVAILABLE, Fault.UNAVAILABLE_AFTER},
}


@dataclass(frozen=True)
class Plan:
    """One fault with its settings."""

    fault: Fault
    seconds: float = 1.0
    retry_after: int | None = 1
    status: int = 503


@dataclass(frozen=True)
class Injected:
    """One fault that hit one request. `path` is as sent, without the query."""

    fault: Fault
    method: str
    path: str


@dataclass
class _Rule:
    """The requests that a fault is for. A scripted rule ends after `times` requests; a rule of chance stays."""

    method: str
    path: str

    def fits(self, method: str, path: str) -> bool:
        return fnmatchcase(method, self.method.upper()) and fnmatchcase(path, self.path)


@dataclass
class _Scripted(_Rule):
    plan: Plan
    times: int


@dataclass
class _Chance(_Rule):
    plans: list[Plan]
    probability: float
    source: Random
    any_status: bool

    def drawn(self) -> Plan | None:
        if self.source.random() >= self.probability:
            return None
        plan = self.source.choice(self.plans)
        return replace(plan, status=self.source.choice(STATUSES)) if self.any_status else plan


class Faults:
    """The faults of one simulation: `sandbox.faults.next(Fault.DROP_AFTER)`. Safe to use from several threads.

    `path` and `method` say which requests are meant. Both may hold the wildcards `*` and `?`. A path is compared as it is sent,
    percent-encoded and without its query. `log` lists the faults that happened, oldest first.
    """

    def __init__(self) -> None:
        self.log: list[Injected] = []
        self._script: list[_Scripted] = []
        self._chances: list[_Chance] = []
        self._lock = Lock()

    def next(self, fault: Fault, *, path: str = "*", method: str = "*", times: int = 1, **details: Unpack[Details]) -> None:
        """Let the next `times` matching requests meet this fault. Faults queue up: each request takes the first that matches.

        Details, where the fault has them: `seconds` (default 1), `retry_after` (whole seconds or None, default 1), `status` (default 503).
        Raises ValueError for a detail that the fault does not have, or a number out of range.
        """
        _check_number("times", times)
        if times < 1:
            raise ValueError(f"times is {times}; it must be 1 or more")
        plan = _planned([fault], details)[0]
        with self._lock:
            self._script.append(_Scripted(method, path, plan, times))

    def random(
        self,
        *,
        seed: int,
        probability: float,
        kinds: Iterable[Fault] = tuple(Fault),
        path: str = "*",
        method: str = "*",
        **details: Unpack[Details],
    ) -> None:
        """Let each matching request meet one of the `kinds` with `probability` (0 to 1). The same seed and requests give the same faults.

        Scripted faults (`next`) go first. A 5xx is one of 500, 502, 503 and 504, unless `status` is given. Details are those of `next`.
        Raises ValueError for a probability outside 0 to 1, no kinds, or details that none of the kinds has.
        """
        _check_number("probability", probability)
        if not isinstance(seed, int | float | str | bytes):
            raise ValueError(f"seed must be an int, not {type(seed).__name__}")
        if not isinstance(kinds, Iterable) or isinstance(kinds, str):
            raise ValueError(f"kinds must be a list of Fault, not {type(kinds).__name__}")
        if not 0 <= probability <= 1:
            raise ValueError(f"probability is {probability}; it must be between 0 and 1")
        plans = _planned(list(kinds), details)
        with self._lock:
            self._chances.append(_Chance(method, path, plans, probability, Random(seed), "status" not in details))  # noqa: S311  # no secret

    def clear(self) -> None:
        """Cancel all faults that have not happened yet. The log stays."""
        with self._lock:
            self._script.clear()
            self._chances.clear()

    def due(self, method: str, path: str) -> Plan | None:
        """The fault for this request, which is logged as done; None for no fault."""
        if not self._script and not self._chances:
            return None
        with self._lock:
            plan = self._scripted(method, path) or self._by_chance(method, path)
            if plan is not None:
                self.log.append(Injected(plan.fault, method, path))
            return plan

    def _scripted(self, method: str, path: str) -> Plan | None:
        for rule in self._script:
            if rule.fits(method, path):
                rule.times -= 1
                if not rule.times:
                    self._script.remove(rule)
                return rule.plan
        return None

    def _by_chance(self, method: str, path: str) -> Plan | None:
        drawn = (rule.drawn() for rule in self._chances if rule.fits(method, path))
        return next((plan for plan in drawn if plan is not None), None)


def _check_number(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{name} must be a number, not {type(value).__name__}")


def _planned(faults: list[Fault], details: Details) -> list[Plan]:
    """One plan per fault, with the details that it takes. Raises ValueError for a detail that none of them takes."""
    if not faults:
        raise ValueError("kinds is empty; pass at least one Fault")
    for each in faults:
        if not isinstance(each, Fault):
            raise ValueError(f"a fault must be one of {', '.join(f'Fault.{kind.name}' for kind in Fault)}, not {type(each).__name__}")
    for name in details:
        if name not in _TAKES:
            raise ValueError(f"no fault takes {name}; the details are {', '.join(_TAKES)}")
        if not _TAKES[name].intersection(faults):
            raise ValueError(f"{', '.join(faults)} takes no {name}; it belongs to {', '.join(sorted(_TAKES[name]))}")
    for name, value in details.items():
        if value is not None or name != "retry_after":
            _check_number(name, value)
    seconds, advice, status = details.get("seconds", 1), details.get("retry_after"), details.get("status", 503)
    if not (math.isfinite(seconds) and seconds > 0):
        raise ValueError(f"seconds is {seconds}; it must be more than 0, and finite")
    if advice is not None and advice < 0:
        raise ValueError(f"retry_after is {advice}; it must be 0 or more, or None")
    if status not in STATUSES:
        raise ValueError(f"status is {status}; it must be one of {', '.join(map(str, STATUSES))}")
    return [Plan(fault, **details) for fault in faults]
