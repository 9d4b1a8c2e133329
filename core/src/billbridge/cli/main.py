"""The `billbridge` command: what is installed, what it can do, who is at the other end, a gateway's connections, a journal, a sandbox.

Data goes to stdout, everything else to stderr. Exit codes: 0 done, 1 it failed (one line says why), 2 wrong arguments. Writes no
colour. Bills nobody: operations on customers or money are for programs. Imports no plugin by itself; the registry finds them.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any, Final

import msgspec

from billbridge.cli import connections, journal
from billbridge.cli.capabilities import as_markdown, as_text, matrix
from billbridge.cli.output import add, columns, write
from billbridge.client.billing import Billing
from billbridge.errors import BillingError
from billbridge.plugins import registry

_WORDS: Final[Mapping[object, str]] = {None: "unknown", True: "yes", False: "no"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit code; `arguments` defaults to the command line. Wrong arguments raise `SystemExit(2)`."""
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
    add(commands, "info", _info, "say who is at the other end by BILLBRIDGE_* variables; sends nothing")
    connections.add_to(commands)
    journal.add_to(commands)
    sandbox = commands.add_parser("sandbox", help="simulated vendors").add_subparsers(required=True, metavar="COMMAND")
    serve = add(sandbox, "serve", _serve, "answer over HTTP on loopback until Ctrl-C")
    serve.add_argument("--host", default="127.0.0.1", help="a loopback address (%(default)s)")
    serve.add_argument("--port", type=_port, default=0, help="default: a free one")
    serve.add_argument("--start", type=_moment, metavar="ISO", help="first moment of the simulated clock (default: now)")
    serve.add_argument(
        "--faults", type=_share, default=0.0, metavar="SHARE", help="share of requests that go wrong, 0 to 1 (default: none)"
    )
    serve.add_argument("--seed", type=int, default=0, help="of the faults: the same seed, the same faults (%(default)s)")
    return parser


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("it needs a zone, such as 2026-01-31T12:00:00Z")
    return moment


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


def _serve(given: argparse.Namespace) -> None:
    sandbox: Any = registry.gateway("sandbox", {"start": given.start} if given.start else {})
    if given.faults:
        sandbox.faults.random(seed=given.seed, probability=given.faults)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with sandbox.serve(host=given.host, port=given.port) as server:
        urls = {f"{side}_url": getattr(server, f"{side}_url") for side in ("stripe", "chargebee", "maton", "airbyte")}
        write(given, urls, columns([[name, url] for name, url in urls.items()]))
        print(f"simulated time {sandbox.now.isoformat()}; stop with Ctrl-C", file=sys.stderr)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped", file=sys.stderr)


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is 0 to 65535")
    return port


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("a share is 0 to 1")
    return share
