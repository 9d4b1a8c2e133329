"""`billbridge connections`: list, create, show and delete the connections of a gateway. Only Maton has connections.

The key comes from MATON_API_KEY or the BILLBRIDGE_MATON_* variables. It is never an argument, which other users of the machine could see.
The URL of a connection is a secret, because it holds a session token. Only `create` prints it, because somebody must open it.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from typing import Any, Final

from billbridge.cli.output import add, columns, write
from billbridge.plugins import registry
from billbridge.plugins.environment import options_of

GATEWAY: Final = "maton"
_FIELDS: Final[Mapping[str, str]] = {
    "id": "id",
    "app": "app",
    "status": "vendor_status",
    "method": "method",
    "created_at": "created_at",
    "updated_at": "updated_at",
}
"""The names of the columns, and the attributes that they show."""


def add_to(commands: Any) -> None:
    """Add the commands."""
    group = commands.add_parser("connections", help="accounts that Maton is signed in to").add_subparsers(required=True, metavar="COMMAND")
    listing = add(group, "list", _list, "list the connections of the Maton account")
    listing.add_argument("--app", help="only of this app, such as stripe")
    listing.add_argument("--status", help="only ACTIVE, PENDING or FAILED ones")
    create = add(group, "create", _create, "make a connection and print the URL to open; the URL is a secret")
    create.add_argument("app", help="such as stripe or chargebee")
    create.add_argument("--method", help="how its owner signs in: API_KEY, BASIC, OAUTH1, OAUTH2 or MCP (default: the app's usual way)")
    add(group, "show", _show, "show one connection, without its URL").add_argument("id")
    add(group, "delete", _delete, "delete a connection at once").add_argument("id")


def _list(given: argparse.Namespace) -> None:
    with _connections() as connections:
        found = [_facts(each) for each in connections.list(app=given.app, status=given.status)]
    write(given, found, columns([list(_FIELDS), *([_text(value) for value in each.values()] for each in found)]))


def _create(given: argparse.Namespace) -> None:
    with _connections() as connections:
        made = connections.create(app=given.app, method=given.method)
    _write_facts(given, {**_facts(made), "url": made.url})


def _show(given: argparse.Namespace) -> None:
    with _connections() as connections:
        _write_facts(given, _facts(connections.get(given.id)))


def _delete(given: argparse.Namespace) -> None:
    with _connections() as connections:
        connections.delete(given.id)
    _write_facts(given, {"deleted": given.id})


def _connections() -> Any:
    """Return the client of the gateway's plugin. Raises `PluginNotFoundError` if the plugin is not installed."""
    gateway: Any = registry.gateway(GATEWAY, options_of(GATEWAY, os.environ), text=True)
    return gateway.connections()


def _facts(connection: Any) -> dict[str, Any]:
    return {name: getattr(connection, attribute) for name, attribute in _FIELDS.items()}


def _write_facts(given: argparse.Namespace, facts: Mapping[str, Any]) -> None:
    write(given, facts, columns([[name, _text(value)] for name, value in facts.items()]))


def _text(value: object) -> str:
    return "unknown" if value is None else str(value)
