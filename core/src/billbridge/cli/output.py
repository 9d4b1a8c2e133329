"""What all commands of the command line are made of: a parser with `--json`, and the way to write a result. Holds no command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import msgspec

Command: TypeAlias = Callable[[argparse.Namespace], None]


def add(commands: Any, name: str, command: Command, help: str) -> argparse.ArgumentParser:
    """A command among `commands` (what `add_subparsers` gave)."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help)
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.set_defaults(command=command)
    return parser


def write(given: argparse.Namespace, data: object, text: str) -> None:
    """Writes the result to stdout at once, so that a program that started us can read it."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n" if given.json else text)
    sys.stdout.flush()


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows of equal length as aligned columns, two spaces apart."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows) + "\n"
