"""The connections of a simulated Maton account, each a sign-in at one app. No HTTP here, and no proxy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from billbridge_sandbox.kernel.clock import Clock
from billbridge_sandbox.kernel.ids import Ids
from billbridge_sandbox.kernel.store import Table

METHODS = frozenset({"API_KEY", "BASIC", "OAUTH1", "OAUTH2", "MCP"})


@dataclass
class Connection:
    """One sign-in at an app. `token` is the secret part of the URL that its owner opens; an `expired` one is ACTIVE and does not work."""

    id: str
    app: str
    method: str
    token: str
    created: datetime
    updated: datetime
    status: str = "PENDING"
    expired: bool = False


class Connections:
    """The connections of one account, in the order of their creation."""

    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._clock = clock
        self._ids = ids
        self._table: Table[Connection] = Table()

    def create(self, app: str, method: str) -> Connection:
        """Create a connection. It is PENDING until its owner opens its URL."""
        now = self._clock.now
        made = Connection(self._ids.next(length=24), app, method, self._ids.next("session_", 32), now, now)
        return self._table.put(made.id, made)

    def get(self, id: str) -> Connection | None:
        """The connection, or None."""
        return self._table.get(id)

    def delete(self, id: str) -> Connection | None:
        """Remove and return the connection; None when there was none."""
        return self._table.delete(id)

    def find(self, app: str | None = None, status: str | None = None) -> list[Connection]:
        """The connections of an app and with a status, oldest first; None means any."""
        return [each for each in self._table.values() if app in (None, each.app) and status in (None, each.status)]

    def of_token(self, token: str) -> Connection | None:
        """The connection whose URL holds this token."""
        return next((each for each in self._table.values() if each.token == token), None)

    def set_status(self, id: str, status: str) -> Connection:
        """Change the status. Raises LookupError for an unknown id."""
        found = self._table.get(id)
        if found is None:
            raise LookupError(f"no simulated connection {id!r}")
        found.status = status
        found.updated = self._clock.now
        return found
