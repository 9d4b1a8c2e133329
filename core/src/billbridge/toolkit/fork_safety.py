"""Fork safety: reset objects in a forked process, so that they share no connection and no lock with the parent.

An object must drop open connections, because the answers for one process would reach the other. It must make new locks, because a thread
of the parent may hold the old ones, and the child has only one thread.
"""

from __future__ import annotations

import os
from typing import Final, Protocol
from weakref import WeakSet


class Forked(Protocol):
    """An object that resets itself in a forked process."""

    def start_afresh(self) -> None:
        """Reset the object. The child process calls this while only one thread runs."""


_WATCHED: Final[WeakSet[Forked]] = WeakSet()


def watch(thing: Forked) -> None:
    """Register an object. Its `start_afresh` is called after each fork, as long as the object lives."""
    _WATCHED.add(thing)


def _tell() -> None:
    for thing in list(_WATCHED):
        thing.start_afresh()


if hasattr(os, "register_at_fork"):  # there is no fork on Windows
    os.register_at_fork(after_in_child=_tell)
