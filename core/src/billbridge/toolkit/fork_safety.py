"""Fork safety: tells objects that they are in a forked process, so that they drop what they must not share with the parent.

Open connections must go, because answers for one process would reach the other. Locks must be new, because a thread of the parent may
hold them, and the child has only one thread.
"""

from __future__ import annotations

import os
from typing import Final, Protocol
from weakref import WeakSet


class Forked(Protocol):
    """An object that resets itself in a forked process."""

    def start_afresh(self) -> None:
        """Resets the object. Called in the child process, where only one thread runs."""


_WATCHED: Final[WeakSet[Forked]] = WeakSet()


def watch(thing: Forked) -> None:
    """Registers `thing`: `start_afresh` is called after each fork, for as long as the object lives."""
    _WATCHED.add(thing)


def _tell() -> None:
    for thing in list(_WATCHED):
        thing.start_afresh()


if hasattr(os, "register_at_fork"):  # there is no fork on Windows
    os.register_at_fork(after_in_child=_tell)
