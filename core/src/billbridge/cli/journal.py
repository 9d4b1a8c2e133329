"""`billbridge journal`: what a journal holds, for whoever looks after a crash. Resolves nothing: that is for programs.

The arguments of the calls are personal data and are not shown.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from billbridge.cli.output import add, columns, write
from billbridge.errors import ConfigurationError


def add_to(commands: Any) -> None:
    """Adds the command."""
    journal = add(commands, "journal", _journal, "list the writes in a journal whose outcome is not known")
    journal.add_argument("file", type=Path, help="the journal, as the program names it")


def _journal(given: argparse.Namespace) -> None:
    from billbridge.flow.journal import Journal

    if not given.file.is_file():
        raise ConfigurationError(f"there is no journal at {given.file}", hint="one is made by the program that uses it")
    journal = Journal(given.file)
    try:
        shown = ("at", "provider", "operation", "idempotency_key")
        found = [{name: getattr(entry, name) for name in shown} for entry in journal.pending()]
    finally:
        journal.close()
    rows = [[str(cell) for cell in row.values()] for row in found]
    write(given, found, columns(rows) if rows else "nothing is pending\n")
