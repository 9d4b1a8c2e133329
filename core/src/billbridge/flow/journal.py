"""A journal of writes, in a SQLite file: each is noted before it is sent and forgotten when its outcome is known.

So a process that crashed can ask after its restart what may have happened, and finish it:

    journal = Journal("billing.journal")
    with Billing.connect("stripe", api_key=..., journal=journal) as billing:
        for entry in journal.pending():
            billing.resolve(entry)

The file holds the arguments of the calls under way, so personal data and tokens; never a key of the API. It is readable by its owner
only, and what is settled is wiped from the disk when it is closed. Several processes may share one file. Does not send anything and
does not know any operation.
"""

from __future__ import annotations

import os
import sqlite3
import time
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final
from weakref import finalize

import msgspec

from billbridge.errors import ConfigurationError, IdempotencyConflictError
from billbridge.toolkit.redact import Redacted

_SCHEMA: Final = """
create table if not exists writes (
    provider text not null, account text not null, operation text not null, idempotency_key text not null,
    arguments blob not null, at text not null, primary key (provider, idempotency_key)
)"""
_NAMES: Final = ("provider", "account", "operation", "idempotency_key", "arguments")
_COLUMNS: Final = ", ".join((*_NAMES, "at"))
_VERSION: Final = 1
_BUSY_SECONDS: Final = 30.0


class Entry(Redacted, frozen=True, kw_only=True):
    """A write whose outcome is not known: `billing.resolve(entry)` settles it. `at` is when it was first about to be sent (UTC).

    `account` is a digest of the address and the credentials: an entry of one account is never sent to another. `arguments` are the
    call's, as JSON.
    """

    provider: str
    account: str
    operation: str
    idempotency_key: str
    arguments: bytes
    at: datetime

    def __repr__(self) -> str:
        """Without the arguments, which hold personal data."""
        return f"Entry({self.operation} at {self.provider}, {self.idempotency_key!r}, {self.at:%Y-%m-%d %H:%M:%S})"


class Journal:
    """The file at `path`, made when it is missing. Safe to use from several threads, tasks and processes.

    Each note is on the disk before the request is sent, which costs a write to the disk per call. Raises `ConfigurationError` if the
    file cannot be used, `IdempotencyConflictError` if a key is under way with another call.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)
        self._process = os.getpid()
        self._lock = Lock()  # of the file; it can be held for as long as another process writes
        self._under_way: set[tuple[str, str]] = set()
        try:
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            self._file = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            finalize(self, self._file.close).atexit = False  # Python 3.13 warns of a file that only the collector closes
            self._wait_for_wal()
            self._file.execute("pragma synchronous = full")
            self._file.execute("pragma secure_delete = on")
            version = self._file.execute("pragma user_version").fetchone()[0]
            if version not in (0, _VERSION):
                raise ConfigurationError(f"the journal is of version {version}, which this Billbridge does not know", param="journal")
            self._file.execute(_SCHEMA)
            self._file.execute(f"pragma user_version = {_VERSION}")
        except (OSError, sqlite3.Error) as error:
            raise ConfigurationError(f"the journal cannot be used: {type(error).__name__}", param="journal") from error

    def pending(self) -> list[Entry]:
        """The writes whose outcome is not known, the oldest first; without those that this object has under way right now.

        Those of other processes are among them while they are under way there. To resolve one of these does no harm: it goes under the
        same idempotency key.
        """
        self._check_process()
        with self._lock:
            rows = self._file.execute(f"select {_COLUMNS} from writes order by at, rowid").fetchall()  # noqa: S608  # constants
        under_way = self._under_way.copy()
        entries = [Entry(**dict(zip(_NAMES, row, strict=True)), at=datetime.fromisoformat(at)) for *row, at in rows]
        return [entry for entry in entries if (entry.provider, entry.idempotency_key) not in under_way]

    def forget(self, entry: Entry) -> None:
        """Takes an entry out without resolving it: for one that is too old to be repeated, after you looked for what it made."""
        self._check_process()
        self._delete(entry.provider, entry.idempotency_key)

    def begin(self, entry: Entry) -> tuple[Entry, bool]:
        """Notes a write that is about to be sent; returns it and True, or the note that is there already of the same call and False."""
        self._check_process()
        given = (entry.provider, entry.account, entry.operation, entry.idempotency_key, entry.arguments, entry.at.isoformat())
        insert = f"insert or ignore into writes ({_COLUMNS}) values (?, ?, ?, ?, ?, ?)"  # noqa: S608  # constants
        with self._lock, self._file:
            self._file.execute("begin immediate")  # so that no other process forgets the note between these two
            is_new = self._file.execute(insert, given).rowcount == 1
            there = self._file.execute(
                "select account, operation, arguments, at from writes where provider = ? and idempotency_key = ?",
                (entry.provider, entry.idempotency_key),
            ).fetchone()
        if there[:3] != (entry.account, entry.operation, entry.arguments):
            raise IdempotencyConflictError(
                "this idempotency key is in the journal with another call, other arguments or another account; nothing was sent",
                provider=entry.provider,
                operation=entry.operation,
                idempotency_key=entry.idempotency_key,
                hint="resolve that entry with the client of its account, or use another key",
            )
        self._under_way.add((entry.provider, entry.idempotency_key))
        return msgspec.structs.replace(entry, at=datetime.fromisoformat(there[3])), is_new

    def end(self, entry: Entry, *, known: bool) -> None:
        """Says that a call is over; it is forgotten if its outcome is `known`. Waits for nothing if it is not."""
        self._under_way.discard((entry.provider, entry.idempotency_key))
        if known:
            self._delete(entry.provider, entry.idempotency_key)

    def _wait_for_wal(self) -> None:
        """When processes open a new file together, one switches the mode, and SQLite lets the others fail at once instead of waiting."""
        until = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._file.execute("pragma journal_mode = wal")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                    raise
                time.sleep(0.01)

    def close(self) -> None:
        """Closes the file."""
        with self._lock:
            self._file.close()

    def _check_process(self) -> None:
        """SQLite forbids to use a connection in a forked process: it could damage the file."""
        if os.getpid() != self._process:
            raise ConfigurationError("a journal cannot be used in a forked process", param="journal", hint="open it after the fork")

    def _delete(self, provider: str, key: str) -> None:
        """Need not be on the disk at once: a note that outlives a crash of the machine is resolved without harm."""
        with self._lock:
            self._file.execute("pragma synchronous = normal")
            try:
                self._file.execute("delete from writes where provider = ? and idempotency_key = ?", (provider, key))
            finally:
                self._file.execute("pragma synchronous = full")

    def __repr__(self) -> str:
        return f"Journal({str(self._path)!r})"
