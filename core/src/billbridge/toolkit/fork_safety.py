"""What a forked process must not share with its parent: open connections, on which the answers of one would reach the other, and locks
that a thread of the parent held, which nobody gives back. Knows none of them itself.
"""

from __future__ import annotations

import os
from typing import Final, Protocol
from weakref import WeakSet


class Forked(Protocol):
    """What has something to leave behind."""

    def start_afresh(self) -> None:
        """Called in the new process, where only one thread is left."""


_WATCHED: Final[WeakSet[Forked]] = WeakSet()


def watch(thing: Forked) -> None:
    """From now on `thing` is told when it finds itself in a forked process, for as long as it lives."""
    _WATCHED.add(thing)


def _tell() -> None:
    for thing in list(_WATCHED):
        thing.start_afresh()


if hasattr(os, "register_at_fork"):  # there is no fork on Windows
    os.register_at_fork(after_in_child=_tell)
