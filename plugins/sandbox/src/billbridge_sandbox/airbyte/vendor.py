"""A simulated Airbyte: tokens, and the execution of its Stripe connector, which asks the simulated Stripe. Only customers, only read.

It answers the paths of all three generations of the API, whatever the host. Any connector id leads to the one Stripe account, and any
client id and secret to a token, which the clock lets expire; the token "sandbox_token" is good forever. Choices where public sources are
silent: an error of Stripe's comes with Stripe's status and with its error object beside a message, and a body of the wrong form is 422.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from billbridge_sandbox.kernel.clock import Clock
from billbridge_sandbox.kernel.http import Answer, Call, Onward, Router, json_answer
from billbridge_sandbox.kernel.ids import Ids

from .wrapping import LISTS, OBJECTS, Envelope, Json, truncated

READY_TOKEN = "sandbox_token"  # noqa: S105  # opens nothing but the simulation
SECONDS = 900

_EXECUTE = (
    "/api/v1/connectors/instances/{id}/execute",
    "/api/v1/connectors/sources/{id}/execute",
    "/api/v1/integrations/connectors/{id}/execute",
)
_SIGN_IN = ("/api/v1/applications/token", "/api/v1/account/applications/token")
_ROUTER = Router(("POST", path, executes) for paths, executes in ((_SIGN_IN, False), (_EXECUTE, True)) for path in paths)
_BODY = {"entity", "action", "params", "skip_truncation"}
_PARAMS = {"list": {"limit", "starting_after", "ending_before", "email"}, "get": {"id"}}


class Refused(Exception):
    """An error answer in the form of Airbyte."""

    def __init__(self, status: int, message: str, **more: Any) -> None:
        super().__init__(message)
        self.answer = json_answer(status, {"message": message, **more})


class SimulatedAirbyte:
    """The simulated Airbyte. `envelope` is the shape of its answers; `revoke` makes it refuse all tokens that it gave."""

    prefix = "/api/v1/"

    def __init__(self, clock: Clock, ids: Ids, onward: Onward) -> None:
        self.envelope = Envelope.RECORDS
        self._clock = clock
        self._ids = ids
        self._onward = onward
        self._good_until: dict[str, int] = {}

    def handle(self, call: Call) -> Answer:
        """Answer one call."""
        found = _ROUTER.match(call.method, call.path)
        if found is None:
            return json_answer(405 if _ROUTER.allowed(call.path) else 404, {"detail": "Not Found"})
        try:
            return self._execute(call) if found[0] else self._sign_in(call)
        except Refused as refused:
            return refused.answer

    def revoke(self) -> None:
        """Take back every token that was given."""
        self._good_until.clear()

    def _sign_in(self, call: Call) -> Answer:
        asked = _object(call.body)
        if not all(isinstance(asked.get(name), str) and asked[name] for name in ("client_id", "client_secret")):
            raise Refused(401, "Invalid client credentials")
        token = self._ids.next("abt_", 40)
        self._good_until[token] = self._clock.timestamp + SECONDS
        return json_answer(200, {"access_token": token, "token_type": "bearer", "expires_in": SECONDS, "organization_id": "sandbox"})

    def _execute(self, call: Call) -> Answer:
        self._authenticate(call)
        asked = _object(call.body)
        action, params = _read(asked)
        found = self._stripe(action, params)
        if asked.get("skip_truncation") is not True:
            found = truncated(found)
        wrappers = LISTS if action == "list" else OBJECTS
        return json_answer(200, wrappers[self.envelope](found))

    def _authenticate(self, call: Call) -> None:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        good = token == READY_TOKEN or self._clock.timestamp < self._good_until.get(token, 0)
        if scheme.lower() != "bearer" or not good:
            raise Refused(401, "Unauthorized")

    def _stripe(self, action: str, params: Json) -> Json:
        """Ask Stripe with the connector's own key, and return the answer."""
        path, query = "/v1/customers", dict(params)
        if action == "get":
            path = f"{path}/{quote(query.pop('id'), safe='')}"
        pairs = [(name, str(value)) for name, value in query.items()]
        answer = self._onward(Call("GET", path, pairs, {"authorization": "Bearer sk_test_airbyte"}))
        body: Json = json.loads(answer.body)
        if answer.status != 200:
            raise Refused(answer.status, body["error"]["message"], error=body["error"])
        return body


def _object(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except (json.JSONDecodeError, UnicodeDecodeError):
        value = None
    if not isinstance(value, dict):
        raise Refused(422, "The body must be a JSON object")
    return value


def _read(asked: Json) -> tuple[str, Json]:
    """Read the action and its parameters. Anything that is not simulated is refused, so that a test cannot pass by mistake."""
    if unknown := sorted(set(asked) - _BODY):
        raise Refused(422, f"The sandbox does not simulate {', '.join(unknown)}")
    entity, action, params = asked.get("entity"), asked.get("action"), asked.get("params") or {}
    if entity != "customers" or action not in tuple(_PARAMS):
        raise Refused(422, f"The sandbox does not simulate {entity}.{action}")
    if not isinstance(params, dict) or set(params) - _PARAMS[action] or (action == "get" and not isinstance(params.get("id"), str)):
        raise Refused(422, f"These are not the parameters of customers.{action}")
    return action, params
