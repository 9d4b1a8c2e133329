"""The simulated Maton's front door: `/maton/connections...` and the proxy, `/maton/{app}/{the vendor's own path}`.

Written from Maton's public skill documents (maton-ai/api-gateway-skill, to August 2026). They show no error body, so the bodies here are
made up, in neither vendor's form. Every connection of an app leads to the one simulated account of that vendor. Where a request names no
connection, the oldest active one is taken, as the documents said until April 2026 (later ones say the newest): do not rely on it.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from billbridge_sandbox.kernel.clock import Clock
from billbridge_sandbox.kernel.http import Answer, Call, Onward, Router, json_answer
from billbridge_sandbox.kernel.ids import Ids

from .connections import METHODS, Connection, Connections

# The vendor's own credentials, which the proxy puts in the place of Maton's key; and the paths that lead to that vendor.
_CREDENTIALS = {"stripe": "Bearer sk_test_behind_maton", "chargebee": f"Basic {b64encode(b'test_behind_maton:').decode()}"}
_PATHS = {"stripe": "/v1/", "chargebee": "/api/v2/"}
_KEPT = frozenset({"host", "authorization", "maton-connection", "content-length"})  # not sent on
_LIMIT = 10  # requests a second for one account, over all its apps and connections

Handler = Callable[[Call, dict[str, str]], Answer]


class SimulatedMaton:
    """One Maton account. Any key that begins with "maton_" opens it.

    `limited` switches the limit of ten requests a second on: counted per second of the simulated clock, which stands still by itself.
    `seen` is every call of the proxy as the vendor got it.
    """

    prefix = "/maton/"

    def __init__(self, clock: Clock, ids: Ids, onward: Onward) -> None:
        self.connections = Connections(clock, ids)
        self.limited = False
        self.seen: list[Call] = []
        self._clock = clock
        self._onward = onward
        self._second: datetime | None = None
        self._count = 0
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "/maton/connections", self._list),
            ("POST", "/maton/connections", self._create),
            ("GET", "/maton/connections/{id}", self._get),
            ("DELETE", "/maton/connections/{id}", self._delete),
            ("GET", "/maton/connect", self._open),
        ]
        self._router = Router(routes)

    def connect(self, app: str) -> str:
        """Create a connection that is ACTIVE at once, and return its id."""
        return self.activate(self.connections.create(app, "OAUTH2").id)

    def activate(self, id: str) -> str:
        """Open the URL and sign in, as the owner would. Returns the id of the connection."""
        return self.connections.set_status(id, "ACTIVE").id

    def fail(self, id: str) -> None:
        """Let the sign-in fail."""
        self.connections.set_status(id, "FAILED")

    def expire(self, id: str) -> None:
        """Let the vendor revoke the sign-in: the connection stays ACTIVE, and every call through it gets a 500."""
        self.connections.set_status(id, "ACTIVE").expired = True

    def handle(self, call: Call) -> Answer:
        """Answer one call, or have the vendor answer it."""
        if call.path != "/maton/connect":
            if not call.headers.get("authorization", "").startswith("Bearer maton_"):
                return _refusal(401, "the API key is missing or not valid")
            if self._too_many():
                return _refusal(429, "too many requests", {"retry-after": "1"})
        app, _, rest = call.path.removeprefix(self.prefix).partition("/")
        if app in _PATHS:
            return self._proxy(call, app, f"/{rest}")
        found = self._router.match(call.method, call.path)
        if found is None:
            return _refusal(404, "not found")
        handler, ids = found
        return handler(call, ids)

    def _proxy(self, call: Call, app: str, path: str) -> Answer:
        named = call.headers.get("maton-connection")
        active = self.connections.find(app, "ACTIVE")
        connection = next((each for each in active if named in (None, each.id)), None)
        if connection is None:
            return _refusal(400, f"no active connection for {app}")
        if connection.expired:
            return _refusal(500, "internal error")
        if not path.startswith(_PATHS[app]):
            return _refusal(404, "not found")
        headers = {name: value for name, value in call.headers.items() if name not in _KEPT}
        passed = replace(call, path=path, headers={**headers, "authorization": _CREDENTIALS[app]})
        self.seen.append(passed)
        return self._onward(passed)

    def _too_many(self) -> bool:
        if self._second != self._clock.now:
            self._second, self._count = self._clock.now, 0
        self._count += 1
        return self.limited and self._count > _LIMIT

    def _list(self, call: Call, ids: dict[str, str]) -> Answer:
        asked = dict(call.query)
        rows = self.connections.find(asked.get("app"), asked.get("status"))
        return json_answer(200, {"connections": [_shown(each, call) for each in rows]})

    def _create(self, call: Call, ids: dict[str, str]) -> Answer:
        try:
            asked = json.loads(call.body)
            app, method = asked["app"], asked.get("method", "OAUTH2")
            known = app in _PATHS and method in METHODS
        except (ValueError, TypeError, KeyError, AttributeError):
            return _refusal(400, "the body should be JSON with an app")
        if not known:
            return _refusal(400, "unknown app or method")
        return json_answer(200, {"connection": _shown(self.connections.create(app, method), call)})

    def _get(self, call: Call, ids: dict[str, str]) -> Answer:
        return _one(self.connections.get(ids["id"]), call)

    def _delete(self, call: Call, ids: dict[str, str]) -> Answer:
        return _one(self.connections.delete(ids["id"]), call)

    def _open(self, call: Call, ids: dict[str, str]) -> Answer:
        found = self.connections.of_token(dict(call.query).get("session_token", ""))
        if found is None:
            return _refusal(404, "not found")
        self.activate(found.id)
        return Answer(200, {"content-type": "text/plain"}, b"Signed in. You may close this page.")


def _one(found: Connection | None, call: Call) -> Answer:
    return _refusal(404, "no such connection") if found is None else json_answer(200, {"connection": _shown(found, call)})


def _shown(connection: Connection, call: Call) -> dict[str, object]:
    host = call.headers.get("host")
    page = f"http://{host}/maton/connect" if host else "https://connect.maton.ai/"
    return {
        "connection_id": connection.id,
        "status": connection.status,
        "creation_time": f"{connection.created:%Y-%m-%dT%H:%M:%S.%fZ}",
        "last_updated_time": f"{connection.updated:%Y-%m-%dT%H:%M:%S.%fZ}",
        "url": f"{page}?session_token={connection.token}",
        "app": connection.app,
        "method": connection.method,
        "metadata": {},
    }


def _refusal(status: int, message: str, headers: dict[str, str] | None = None) -> Answer:
    return json_answer(status, {"message": message}, headers)
