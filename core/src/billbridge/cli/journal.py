"""`billbridge journal`: list, resolve and forget the unfinished writes in a journal, for example after a crash.

The arguments of the calls are personal data, so no command shows them. `resolve` uses the account that the BILLBRIDGE_* variables name.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from billbridge.cli.output import add, columns, write
from billbridge.client.billing import Billing
from billbridge.errors import BillingError, ConfigurationError

if TYPE_CHECKING:
    from billbridge.flow.journal import Entry, Journal

_STATES: Final = {True: "in flight", False: "pending"}


def add_to(commands: Any) -> None:
    """Add the commands."""
    group = commands.add_parser("journal", help="writes whose outcome is not known").add_subparsers(required=True, metavar="COMMAND")
    listing = add(group, "list", _list, "list the writes in a journal whose outcome is not known")
    resolve = add(group, "resolve", _resolve, "repeat pending writes under their own idempotency keys, and delete their entries")
    forget = add(group, "forget", _forget, "delete the entries of one key without repeating the writes")
    for command in (listing, resolve, forget):
        command.add_argument("file", type=Path, help="the journal, as the program names it")
    resolve.add_argument(
        "key", nargs="?", help="only the writes with this idempotency key, also if they are in flight (default: all pending)"
    )
    forget.add_argument("key", help="the idempotency key, as `list` shows it")


def _list(given: argparse.Namespace) -> None:
    with _opened(given.file) as journal:
        found = [_facts(entry) for entry in journal.pending()]
    write(given, found, _table(found) if found else "nothing is pending\n")


def _resolve(given: argparse.Namespace) -> None:
    """Repeat the writes one after another. Raises `ConfigurationError` at the end if one of them is still not settled."""
    done: list[dict[str, Any]] = []
    with _opened(given.file) as journal, Billing.from_env(journal=journal) as billing:
        chosen = [entry for entry in journal.pending() if entry.idempotency_key == given.key or (given.key is None and not entry.in_flight)]
        if given.key is not None and not chosen:
            raise _no_entry(given.key)
        for number, entry in enumerate(chosen, 1):
            print(f"{number} of {len(chosen)}: {entry.operation} {entry.idempotency_key}", file=sys.stderr)
            done.append({**_facts(entry), **_settled(billing, journal, entry)})
    write(given, done, _table(done) if done else "nothing is pending\n")
    failed = sum(each["state"] == "failed" for each in done)
    if failed:
        raise ConfigurationError(
            f"{failed} of {len(done)} writes are not settled; the output says why",
            hint="run the command again, or check at the vendor whether each write happened",
        )


def _settled(billing: Billing, journal: Journal, entry: Entry) -> dict[str, Any]:
    """Resolve an entry and return its state: resolved, refused (the write did not happen), or failed (its entry stays)."""
    try:
        result = billing.resolve(entry)
    except BillingError as error:
        stays = any((each.idempotency_key, each.operation) == (entry.idempotency_key, entry.operation) for each in journal.pending())
        return {"state": "failed" if stays else "refused", "result": " ".join(str(error).split())}
    return {"state": "resolved", "result": getattr(result, "id", None) or "done"}


def _forget(given: argparse.Namespace) -> None:
    with _opened(given.file) as journal:
        chosen = [entry for entry in journal.pending() if entry.idempotency_key == given.key]
        if not chosen:
            raise _no_entry(given.key)
        for entry in chosen:
            journal.forget(entry)
    forgotten = [{**_facts(entry), "state": "forgotten"} for entry in chosen]
    write(given, forgotten, _table(forgotten))


def _facts(entry: Entry) -> dict[str, Any]:
    shown = {name: getattr(entry, name) for name in ("at", "provider", "operation", "idempotency_key")}
    return {**shown, "state": _STATES[entry.in_flight]}


def _table(found: list[dict[str, Any]]) -> str:
    return columns([[str(cell) for cell in row.values()] for row in found])


def _no_entry(key: str) -> ConfigurationError:
    return ConfigurationError(
        f"the journal has no entry with the idempotency key {key!r}", hint="`billbridge journal list FILE` shows them"
    )


@contextmanager
def _opened(path: Path) -> Iterator[Journal]:
    """Open the journal, and close it at the end. Raises `ConfigurationError` for a file that does not exist."""
    from billbridge.flow.journal import Journal

    if not path.is_file():
        raise ConfigurationError(f"there is no journal at {path}", hint="pass the path that the program gives to Journal(...)")
    journal = Journal(path)
    try:
        yield journal
    finally:
        journal.close()
