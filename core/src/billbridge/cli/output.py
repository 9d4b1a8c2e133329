"""Helpers of all commands: a parser with `--json`, and the output of a result as text or JSON. Holds no command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import msgspec

Command: TypeAlias = Callable[[argparse.Namespace], None]


def add(commands: Any, name: str, command: Command, help: str) -> argparse.ArgumentParser:
    """Add a command to `commands`, the result of `add_subparsers`, and return its parser."""
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help, description=help)
    parser.add_argument("--json", action="store_true", help="write JSON")
    parser.set_defaults(command=command)
    return parser


def write(given: argparse.Namespace, data: object, text: str) -> None:
    """Write the result to stdout and flush it, so that a program that started this one can read it at once."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n" if given.json else text)
    sys.stdout.flush()


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of equal length as aligned columns, two spaces apart."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows) + "\n"
