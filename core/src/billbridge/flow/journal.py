"""A journal of writes in a SQLite file. A client adds an entry before it sends a write, and deletes the entry when it knows the outcome.

After a crash, a program can ask which writes may have happened, and finish them:

    journal = Journal("billing.journal")
    with Billing.connect("stripe", api_key=..., journal=journal) as billing:
        for entry in journal.pending():
            billing.resolve(entry)

The file holds the arguments of unfinished calls, so it holds personal data and tokens. It never holds an API key. Only the owner of the
file can read it. Closing the journal wipes deleted entries from the disk. Several processes can share one file.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias
from weakref import finalize

import msgspec

from billbridge.errors import ConfigurationError, IdempotencyConflictError, ValidationError
from billbridge.flow.worker_lock import WorkerLock, is_running
from billbridge.toolkit.redact import Redacted

_SCHEMA: Final = """
create table if not exists writes (
    provider text not null, account text not null, operation text not null, idempotency_key text not null,
    arguments blob not null, at text not null, worker text not null, primary key (provider, idempotency_key, operation)
)"""
_NAMES: Final = ("provider", "account", "operation", "idempotency_key", "arguments")
_COLUMNS: Final = ", ".join((*_NAMES, "at"))
_VERSION: Final = 2
_SAME: Final = "where provider = ? and idempotency_key = ? and operation = ?"
_SELECT_ALL: Final = f"select {_COLUMNS}, worker from writes order by at, rowid"  # noqa: S608  # these are constants
_INSERT: Final = f"insert or ignore into writes ({_COLUMNS}, worker) values (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
_SELECT: Final = f"select account, arguments, at from writes {_SAME}"  # noqa: S608
_SET_WORKER: Final = f"update writes set worker = ? {_SAME}"  # noqa: S608
_DELETE: Final = f"delete from writes {_SAME}"  # noqa: S608
_BUSY_SECONDS: Final = 30.0
_Id: TypeAlias = tuple[str, str, str]


class Entry(Redacted, frozen=True, kw_only=True):
    """A write whose outcome is not known. `billing.resolve(entry)` finds it out. `at` is the time before the first attempt (UTC).

    `account` is a digest of the address and the credentials, so that no entry goes to another account. `arguments` holds the arguments of
    the call as JSON. `in_flight` is True if another running process was waiting for the answer when you read the journal.
    """

    provider: str
    account: str
    operation: str
    idempotency_key: str
    arguments: bytes
    at: datetime
    in_flight: bool = False

    def __repr__(self) -> str:
        """Show the call without its arguments, which hold personal data."""
        return f"Entry({self.operation} at {self.provider}, {self.idempotency_key!r}, {self.at:%Y-%m-%d %H:%M:%S})"


class Journal:
    """The journal in the file at `path`, which is created if it is missing. Several threads, tasks and processes can use it.

    Each entry is on the disk before the request is sent. This costs one disk write per call. Raises `ConfigurationError` if the file
    cannot be used. A write raises `IdempotencyConflictError` if an unfinished call of the same operation has the same key and other
    arguments.
    """

    def __init__(self, path: str | Path) -> None:
        self._path = _checked_path(path)
        self._process = os.getpid()
        self._lock = Lock()  # guards the file; a thread can hold it for as long as another process writes
        self._under_way: set[_Id] = set()
        self._over: set[_Id] = set()  # calls that ended without an outcome while the file was busy
        self._worker: WorkerLock | None = None
        try:
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            self._file = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            finalize(self, self._file.close).atexit = False  # Python 3.13 warns if only the garbage collector closes the file
            self._wait_for_wal()
            self._file.execute("pragma synchronous = full")
            self._file.execute("pragma secure_delete = on")
            version = self._file.execute("pragma user_version").fetchone()[0]
            if version not in (0, _VERSION):
                raise ConfigurationError(
                    f"the journal has version {version}, and this Billbridge reads version {_VERSION}",
                    param="journal",
                    hint="resolve its entries with the version of Billbridge that wrote it, then use a new file",
                )
            self._file.execute(_SCHEMA)
            self._file.execute(f"pragma user_version = {_VERSION}")
        except (OSError, sqlite3.Error) as error:
            raise ConfigurationError(
                f"the journal {str(self._path)!r} cannot be used: {type(error).__name__}",
                param="journal",
                hint="check that the path is writable and that the file is a journal",
            ) from error

    def pending(self) -> list[Entry]:
        """Return the writes whose outcome is not known, the oldest first, without the calls that this object is making right now.

        A call that another running process is making has `in_flight=True`. That process usually finishes it soon. You can resolve it
        without harm, because it is sent with the same idempotency key.
        """
        self._check_process()
        with self._lock:
            self._write_over()
            rows = self._file.execute(_SELECT_ALL).fetchall()
        own = self._worker.name if self._worker else None
        running = {name: is_running(self._path, name) for name in {row[-1] for row in rows} if name and name != own}
        under_way = self._under_way.copy()
        entries = [
            Entry(**dict(zip(_NAMES, row, strict=True)), at=datetime.fromisoformat(at), in_flight=running.get(worker, False))
            for *row, at, worker in rows
        ]
        return [entry for entry in entries if _id(entry) not in under_way]

    def forget(self, entry: Entry) -> None:
        """Delete an entry without resolving it. Use this if the entry is too old to repeat and you checked what the write did."""
        if not isinstance(entry, Entry):
            raise ValidationError(
                f"entry must be an Entry, not {type(entry).__name__}", param="entry", hint="pass one of journal.pending()"
            )
        self._check_process()
        self._delete(entry)

    def begin(self, entry: Entry) -> tuple[Entry, bool]:
        """Write the entry of a call that is about to be sent. Return it and True, or the earlier entry of the same call and False.

        Raises `IdempotencyConflictError` if an unfinished call has the same key and other arguments, or belongs to another account.
        """
        self._check_process()
        given = (entry.provider, entry.account, entry.operation, entry.idempotency_key, entry.arguments, entry.at.isoformat())
        with self._lock, self._file:
            worker = self._worker = self._worker or WorkerLock(self._path)
            self._file.execute("begin immediate")  # so that no other process deletes the entry between these statements
            is_new = self._file.execute(_INSERT, (*given, worker.name)).rowcount == 1
            there = self._file.execute(_SELECT, _id(entry)).fetchone()
            is_same = there[:2] == (entry.account, entry.arguments)
            if is_same and not is_new:
                self._file.execute(_SET_WORKER, (worker.name, *_id(entry)))
        if not is_same:
            raise IdempotencyConflictError(
                "the journal has an unfinished call of this operation with the same idempotency key, but with other arguments or for"
                " another account; nothing was sent",
                provider=entry.provider,
                operation=entry.operation,
                idempotency_key=entry.idempotency_key,
                hint="resolve that entry with the client of its account, or use another key",
            )
        self._under_way.add(_id(entry))
        self._over.discard(_id(entry))
        return msgspec.structs.replace(entry, at=datetime.fromisoformat(there[2])), is_new

    def end(self, entry: Entry, *, known: bool) -> None:
        """Note that a call is over, and delete its entry if the outcome is `known`. If it is not known, do not wait for the file."""
        self._under_way.discard(_id(entry))
        if known:
            self._delete(entry)
            return
        self._over.add(_id(entry))
        if self._lock.acquire(blocking=False):
            try:
                self._file.execute("pragma busy_timeout = 0")
                self._write_over()
            finally:
                self._file.execute(f"pragma busy_timeout = {_BUSY_SECONDS * 1000:.0f}")
                self._lock.release()

    def _write_over(self) -> None:
        """Note that the calls in `_over` are no longer in flight. If the file is busy, a later call tries again. Hold the lock first."""
        with suppress(sqlite3.OperationalError), self._without_sync():
            for ended in list(self._over):
                self._file.execute(_SET_WORKER, ("", *ended))
                self._over.discard(ended)

    def _wait_for_wal(self) -> None:
        """Switch to WAL mode. If several processes open a new file together, one of them switches, and SQLite fails the others at once."""
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
        """Close the file. Entries without an outcome stay in it."""
        with self._lock:
            self._file.close()
            if self._worker is not None:
                self._worker.close()

    def _check_process(self) -> None:
        """Raise `ConfigurationError` in a forked process. SQLite forbids a connection there, because it could damage the file."""
        if os.getpid() != self._process:
            raise ConfigurationError(
                "this journal was opened before a fork and cannot be used in the forked process",
                param="journal",
                hint="open a journal of its own in each process, after the fork",
            )

    def _delete(self, entry: Entry) -> None:
        with self._lock, self._without_sync():
            self._file.execute(_DELETE, _id(entry))

    @contextmanager
    def _without_sync(self) -> Iterator[None]:
        """Do not wait for the disk. If the machine crashes, a deleted entry can come back, and resolving it again does no harm."""
        self._file.execute("pragma synchronous = normal")
        try:
            yield
        finally:
            self._file.execute("pragma synchronous = full")

    def __repr__(self) -> str:
        return f"Journal({str(self._path)!r})"


def _checked_path(path: object) -> Path:
    """Return the path of a file. Raises `ConfigurationError` for what cannot be one."""
    if isinstance(path, str | Path):
        with suppress(UnicodeEncodeError):
            if b"\0" not in os.fsencode(path):
                return Path(path)
    found = "a text that no file can be named" if isinstance(path, str) else type(path).__name__
    raise ConfigurationError(f"path must be the path of a file, not {found}", param="path", hint='write Journal("billing.journal")')


def _id(entry: Entry) -> _Id:
    return entry.provider, entry.idempotency_key, entry.operation
