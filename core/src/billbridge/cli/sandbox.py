"""`billbridge sandbox`: serve the simulated vendors over HTTP, and move the clock of a sandbox that runs in another process.

The simulation itself is the `sandbox` gateway of the plugin. `advance` needs no plugin: it sends one request to the control path.
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from datetime import datetime
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from billbridge.cli.output import add, columns, write
from billbridge.errors import ConfigurationError
from billbridge.plugins import registry

PORT: Final = 8420
"""The default port of `serve` and `advance`."""

_SIDES: Final = ("stripe", "chargebee", "maton", "airbyte", "control")
_AMOUNTS: Final = ("days", "hours", "minutes", "seconds")
_CONNECT_SECONDS: Final = 10.0
_ANSWER_SECONDS: Final = 600.0
"""The simulation of years with many subscriptions takes minutes."""


def add_to(commands: Any) -> None:
    """Add the commands."""
    group = commands.add_parser("sandbox", help="simulated vendors").add_subparsers(required=True, metavar="COMMAND")
    serve = add(group, "serve", _serve, "answer over HTTP until Ctrl-C, on loopback unless --host says otherwise")
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s); not loopback: needs --allow-remote")
    serve.add_argument("--allow-remote", action="store_true", help="let other machines use the sandbox, which takes any API key")
    serve.add_argument("--port", type=_port, default=PORT, help="the port to listen on; 0 takes a free one (%(default)s)")
    serve.add_argument("--start", type=_moment, metavar="ISO", help="first moment of the simulated clock (default: now)")
    serve.add_argument(
        "--faults", type=_share, default=0.0, metavar="SHARE", help="share of requests that go wrong, 0 to 1 (default: none)"
    )
    serve.add_argument("--seed", type=int, default=0, help="seed of the faults; the same seed gives the same faults (%(default)s)")
    advance = add(group, "advance", _advance, "move the simulated clock forward; renewals that are due on the way happen")
    for unit in _AMOUNTS:
        advance.add_argument(f"--{unit}", type=_amount, metavar="N", help=f"number of {unit} to move forward")
    advance.add_argument("--to", type=_moment, metavar="ISO", help="time to move to, instead of an amount")
    advance.add_argument("--url", default=f"http://127.0.0.1:{PORT}", help="any address that `serve` printed (%(default)s)")
    advance.set_defaults(refuse=advance.error)


def _serve(given: argparse.Namespace) -> None:
    sandbox: Any = registry.gateway("sandbox", {"start": given.start} if given.start else {})
    if given.faults:
        sandbox.faults.random(seed=given.seed, probability=given.faults)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with sandbox.serve(host=given.host, port=given.port, allow_remote=given.allow_remote) as server:
        urls = {f"{side}_url": getattr(server, f"{side}_url") for side in _SIDES}
        try:  # from the first output on, because whoever reads it may stop the command at once
            write(given, urls, columns([[name, url] for name, url in urls.items()]))
            print(f"simulated time {sandbox.now.isoformat()}; stop with Ctrl-C", file=sys.stderr)
            threading.Event().wait()
        except KeyboardInterrupt:
            print("stopped", file=sys.stderr)


def _advance(given: argparse.Namespace) -> None:
    step: dict[str, Any] = {unit: getattr(given, unit) for unit in _AMOUNTS if getattr(given, unit) is not None}
    if bool(step) == (given.to is not None):
        given.refuse("pass either --to or an amount of time, such as --days 31")
    told = _asked(given.url, step or {"to": given.to.isoformat()})
    write(given, told, columns([[name, str(told[name])] for name in ("before", "now")]))


def _asked(url: str, step: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of the sandbox at that address. Raises `ConfigurationError` if there is no sandbox, or if it refuses."""
    target = _origin(url)
    origin = f"{target.scheme}://{target.netloc}"
    status, body = _sent(target, msgspec.json.encode(step))
    try:
        answer = msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        answer = {}
    if status == 200 and {"before", "now"} <= answer.keys():
        return answer
    if isinstance(answer.get("error"), str):
        raise ConfigurationError(answer["error"])
    raise ConfigurationError(
        f"{origin} answered HTTP {status}, but it is not a sandbox",
        param="url",
        hint="pass an address that `billbridge sandbox serve` printed",
    )


def _sent(target: SplitResult, body: bytes) -> tuple[int, bytes]:
    """Send the request and return the status and the body. It carries no credentials, so plain http to another container is fine."""
    import http.client  # here: no other command needs it

    kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    connection = kind(target.hostname or "", target.port, timeout=_CONNECT_SECONDS)
    try:
        connection.connect()
        connection.sock.settimeout(_ANSWER_SECONDS)
        connection.request("POST", "/_sandbox/advance", body, {"content-type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise ConfigurationError(
            f"no sandbox answers at {target.scheme}://{target.netloc} ({type(error).__name__})",
            param="url",
            hint="start `billbridge sandbox serve`, or pass the address that it printed as --url",
        ) from error
    finally:
        connection.close()


def _origin(url: str) -> SplitResult:
    """Parse an address. Raises `ConfigurationError` if it is not an http or https URL."""
    try:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and "@" not in parts.netloc:
            return parts
    except ValueError:
        pass
    raise ConfigurationError("--url is not an http or https address", param="url", hint=f"pass an address such as http://127.0.0.1:{PORT}")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError(f"the time {text!r} has no zone; write it like 2026-01-31T12:00:00Z")
    return moment


def _amount(text: str) -> float:
    amount = float(text)
    if not 0 <= amount < float("inf"):
        raise argparse.ArgumentTypeError(f"an amount of time must be 0 or more, not {text}")
    return amount


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"a port must be 0 to 65535, not {text}")
    return port


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"a share must be 0 to 1, not {text}")
    return share
