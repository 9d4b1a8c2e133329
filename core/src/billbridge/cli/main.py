"""The `billbridge` command: installed plugins, capabilities, the connected account, a gateway's connections, a journal, a sandbox.

Data goes to stdout, everything else to stderr, without colours. The exit code is 0 for success, 1 for a failure (one line tells why), 2 for
wrong arguments. No command changes customers or money, except `journal resolve`, which repeats unfinished writes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Final

import msgspec

from billbridge.cli import connections, journal, sandbox
from billbridge.cli.capabilities import as_markdown, as_text, matrix
from billbridge.cli.output import add, columns, write
from billbridge.client.billing import Billing
from billbridge.errors import BillingError
from billbridge.plugins import registry

_WORDS: Final[Mapping[object, str]] = {None: "unknown", True: "yes", False: "no"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code. `arguments` defaults to the command line. Raises `SystemExit(2)` for wrong arguments."""
    given = _parser().parse_args(arguments)
    try:
        given.command(given)
    except (BillingError, OSError, ValueError) as error:
        print("billbridge:", " ".join(str(error).split()), file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="billbridge", description="One typed Python API for subscription billing over many vendors.")
    parser.add_argument("--version", action="version", version=f"billbridge {version('billbridge')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    add(commands, "providers", _providers, "list the installed providers and gateways")
    table = add(commands, "capabilities", _capabilities, "show what providers can do: native, emulated or absent")
    table.add_argument("providers", nargs="*", metavar="PROVIDER", help="default: all that are installed")
    table.add_argument("--markdown", action="store_true", help="write a Markdown table with notes")
    add(commands, "info", _info, "show the provider, gateway and account that the BILLBRIDGE_* variables name; sends nothing")
    connections.add_to(commands)
    journal.add_to(commands)
    sandbox.add_to(commands)
    return parser


def _providers(given: argparse.Namespace) -> None:
    found = {"providers": registry.installed(registry.PROVIDERS), "gateways": [registry.DIRECT, *registry.installed(registry.GATEWAYS)]}
    rows = [[kind.removesuffix("s"), name] for kind, names in found.items() for name in names]
    write(given, found, columns(rows))


def _capabilities(given: argparse.Namespace) -> None:
    table = matrix(given.providers or registry.installed(registry.PROVIDERS))
    write(given, table, as_markdown(table) if given.markdown else as_text(table))


def _info(given: argparse.Namespace) -> None:
    with Billing.from_env() as billing:
        facts = msgspec.to_builtins(billing.info())
    write(given, facts, columns([[name, str(_WORDS.get(fact, fact))] for name, fact in facts.items()]))
