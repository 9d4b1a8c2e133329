"""The judgement of one run of a clause: a pure function of what was declared and what happened. Runs nothing."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Ending(StrEnum):
    """How a body ended."""

    PASSED = "passed"
    FAILED = "failed"
    """An assertion failed, or Billbridge raised another error than was promised."""
    REFUSED = "refused"
    """`UnsupportedOperationError`."""
    SKIPPED = "skipped"
    CRASHED = "crashed"
    """Something else than a `BillingError` or an `AssertionError` came out."""


class Verdict(StrEnum):
    """What that means for the clause."""

    KEPT = "kept"
    ABSENT = "absent"
    """Not declared, and refused properly: with that capability's name, before any request. This keeps the contract too."""
    BROKEN = "broken"
    LIAR = "liar"
    """It declares what it then refuses."""
    LATE_REFUSER = "late refuser"
    """It refuses after it has sent something."""
    SHY = "shy"
    """It can do what it does not declare."""
    SKIPPER = "skipper"
    """It was skipped or expected to fail, so nothing is known."""
    CRASHER = "crasher"

    @property
    def kept(self) -> bool:
        """Whether the contract is kept."""
        return self in (Verdict.KEPT, Verdict.ABSENT)


_PLAIN = {Ending.SKIPPED: Verdict.SKIPPER, Ending.CRASHED: Verdict.CRASHER, Ending.FAILED: Verdict.BROKEN}


def judge(
    ending: Ending, *, undeclared: Collection[str] = (), refused: str = "", requests: int = 0, lifted: Ending | None = None
) -> Verdict:
    """The verdict on one run.

    `undeclared` are the clause's needs that the provider says it lacks. After a refusal, `refused` is the capability that it named and
    `requests` how many requests the refusing call had sent. `lifted` is how the body ended in a second run, for which
    every feature was declared in the provider's place: a provider whose undeclared feature works is shy.
    """
    if ending is Ending.PASSED:
        return Verdict.SHY if undeclared else Verdict.KEPT
    if ending is not Ending.REFUSED:
        return _PLAIN[ending]
    if requests:
        return Verdict.LATE_REFUSER
    if refused not in undeclared:
        return Verdict.LIAR
    return Verdict.SHY if lifted is Ending.PASSED else Verdict.ABSENT
