"""The tests: every clause on both surfaces of every backend. Each test runs a clause, judges the run and reports the verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from unittest import SkipTest

import pytest
from billbridge.errors import BillingError, UnsupportedOperationError

from billbridge_contract.backend import Backend
from billbridge_contract.meter import Meter, causes
from billbridge_contract.registry import Clause, clauses
from billbridge_contract.surfaces import Surface, awaited, close, complete, metered
from billbridge_contract.verdict import Ending, Verdict, judge
from billbridge_contract.world import World

PROPERTY = "billbridge_contract"
_SKIPS = (pytest.skip.Exception, pytest.xfail.Exception, SkipTest)
_CAUGHT = (Exception, pytest.skip.Exception, pytest.fail.Exception)


class BrokenPromiseError(AssertionError):
    """A clause is not kept. The text holds the verdict and the reason. The cause is chained."""


@dataclass(frozen=True)
class Case:
    """One clause on one surface of one backend."""

    backend: type[Backend]
    surface: Surface
    clause: Clause

    @property
    def key(self) -> tuple[str, str, str]:
        """The backend, the surface and the clause, which name the case in a report."""
        return (self.backend.name, self.surface.value, self.clause.id)


@dataclass(frozen=True)
class Result:
    """The entry of one case in a report."""

    backend: str
    surface: str
    clause: str
    verdict: str
    detail: str
    provider: str
    gateway: str


@dataclass
class Run:
    """The facts of one run of a clause."""

    meter: Meter
    provider: str = ""
    gateway: str = ""
    undeclared: tuple[str, ...] = ()
    error: BaseException | None = None

    @property
    def ending(self) -> Ending:
        """How the run ended, by the error that it raised."""
        if self.error is None:
            return Ending.PASSED
        if isinstance(self.error, UnsupportedOperationError):
            return Ending.REFUSED
        if isinstance(self.error, _SKIPS):
            return Ending.SKIPPED
        if isinstance(self.error, BillingError | AssertionError | pytest.fail.Exception):
            return Ending.FAILED
        return Ending.CRASHED


def contract_tests(*backends: type[Backend]) -> Callable[..., None]:
    """Return a test function that runs every clause on both surfaces of each backend. Assign it to a name such as `test_contract`."""
    cases = [
        Case(backend, surface, clause)
        for backend in backends
        for surface in Surface
        for clause in clauses()
        if backend.missing(clock=clause.clock, cards=clause.cards, account=clause.account) is None
    ]

    @pytest.mark.parametrize("contract_case", cases, ids=["-".join(case.key) for case in cases])
    def test_contract(contract_case: Case, record_property: Callable[[str, object], None]) -> None:
        """Run one clause of docs/contract.md."""
        __tracebackhide__ = True
        run, verdict = judged(contract_case)
        clause = contract_case.clause
        detail = explained(run.error)
        result = Result(*contract_case.key, verdict.value, detail, run.provider, run.gateway)
        record_property(PROPERTY, asdict(result))
        if not verdict.kept:
            raise BrokenPromiseError(f"{clause.id} ({clause.promise}) {verdict.value}: {detail or 'the body passed'}") from run.error

    return test_contract


def explained(error: BaseException | None) -> str:
    """Return the text of an error for the report: the notes of the meter, the class and the text of the error."""
    if error is None:
        return ""
    notes = [note for one in causes(error) for note in getattr(one, "__notes__", ())]
    return ". ".join([*notes, f"{type(error).__name__}: {error}"])


def judged(case: Case) -> tuple[Run, Verdict]:
    """Run a case and judge it. If a need is not declared, run it again with every feature declared."""
    run, lifted = perform(case), None
    if run.undeclared:
        lifted = perform(case, lifted=True).ending
    refusal = run.error if isinstance(run.error, UnsupportedOperationError) else None
    named = refusal.capability if refusal else ""
    sent = run.meter.sent_before(refusal)
    return run, judge(run.ending, undeclared=run.undeclared, refused=named, requests=sent, lifted=lifted)


def perform(case: Case, *, lifted: bool = False) -> Run:
    """Run a clause once, on a new instance of the backend."""
    run = Run(Meter())

    async def play() -> None:
        backend = case.backend()
        client = backend.connect(metered(case.surface, run.meter, lifted=lifted))
        try:
            assert run.meter.provider is not None, f"{case.backend.__name__}.connect must make its client with the surface that it gets"
            info = client.info()
            run.provider, run.gateway = info.provider, info.gateway
            run.undeclared = tuple(need for need in case.clause.needs if not client.supports(need))
            billing: Any = awaited(client, run.meter)
            try:
                await case.clause.body(World(billing, backend, run.meter))
            finally:
                await backend.cleanup(billing, tuple(run.meter.made))
        finally:
            await close(client)

    try:
        complete(case.surface, play())
    except _CAUGHT as error:
        run.error = error
    return run
