"""The verdict on one run of a clause: a pure function of what the provider declares and what happened."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Ending(StrEnum):
    """How a run ended."""

    PASSED = "passed"
    FAILED = "failed"
    """An assertion failed, or Billbridge raised an error that the clause does not promise."""
    REFUSED = "refused"
    """It raised `UnsupportedOperationError`."""
    SKIPPED = "skipped"
    CRASHED = "crashed"
    """It raised something that is neither a `BillingError` nor an `AssertionError`."""


class Verdict(StrEnum):
    """What a run means for the clause."""

    KEPT = "kept"
    ABSENT = "absent"
    """The provider does not declare the capability and refuses it by name before any request. This keeps the contract too."""
    BROKEN = "broken"
    LIAR = "liar"
    """The provider declares the capability and refuses it."""
    LATE_REFUSER = "late refuser"
    """The provider refuses after it sent a request."""
    SHY = "shy"
    """The capability works, but the provider does not declare it."""
    SKIPPER = "skipper"
    """The test was skipped or expected to fail, so the suite knows nothing about the clause."""
    CRASHER = "crasher"

    @property
    def kept(self) -> bool:
        """Whether the contract is kept."""
        return self in (Verdict.KEPT, Verdict.ABSENT)


_PLAIN = {Ending.SKIPPED: Verdict.SKIPPER, Ending.CRASHED: Verdict.CRASHER, Ending.FAILED: Verdict.BROKEN}


def judge(
    ending: Ending, *, undeclared: Collection[str] = (), refused: str = "", requests: int = 0, lifted: Ending | None = None
) -> Verdict:
    """Return the verdict on one run.

    `undeclared` holds the needs of the clause that the provider does not declare. After a refusal, `refused` is the capability that it
    named, and `requests` is how many requests the call had sent. `lifted` is the end of a second run, for which the suite declared every
    feature. A provider whose undeclared feature works there is shy.
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
