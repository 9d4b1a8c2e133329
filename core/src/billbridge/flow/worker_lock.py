"""A lock file that tells other processes whether the writer of a journal entry still runs.

Each journal object that writes holds its own lock file beside the journal. The operating system releases the lock when the process ends,
also after a crash. SQLite takes the lock, because its locks work on every platform and a forked child does not inherit them.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import suppress
from pathlib import Path
from weakref import finalize


class WorkerLock:
    """The lock of one journal object. `name` is written into its entries."""

    def __init__(self, journal: Path) -> None:
        self.name = secrets.token_hex(8)
        self._path = _path(journal, self.name)
        self._file = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        self._path.chmod(0o600)
        finalize(self, self._file.close).atexit = False  # Python 3.13 warns if only the garbage collector closes the file
        self._file.execute("pragma journal_mode = off")  # nothing is written, so no second file is needed
        self._file.execute("begin exclusive")

    def close(self) -> None:
        """Release the lock and delete its file."""
        self._file.close()
        _delete(self._path)


def is_running(journal: Path, name: str) -> bool:
    """Return whether the journal object with this lock is still open. Delete the lock file of one that ended in a crash."""
    path = _path(journal, name)
    try:
        lock = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0)
    except sqlite3.OperationalError:
        return False  # the file is gone
    try:
        lock.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    finally:
        lock.close()
    _delete(path)
    return False


def _path(journal: Path, name: str) -> Path:
    return journal.with_name(f"{journal.name}-worker-{name}")


def _delete(path: Path) -> None:
    with suppress(OSError):  # another process was faster, or the folder cannot be written
        path.unlink()
