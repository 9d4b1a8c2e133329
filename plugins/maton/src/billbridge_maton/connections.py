"""Maton's connections as flows. A connection is one account at one app, which its owner signed in to. Holds no client and no clock."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final, Literal, TypeAlias
from urllib.parse import urlencode

import msgspec
from billbridge.errors import (
    BillingError,
    ConnectionNotConfiguredError,
    NotFoundError,
    OutcomeUnknownError,
    ProtocolError,
    TransportError,
    ValidationError,
)
from billbridge.flow import Flow, Request, Response, path, pause, send
from billbridge.flow.retry import exchange
from billbridge.model.base import Draft, Entity, Word
from billbridge.model.raw import RawJson
from billbridge.services import Service
from billbridge.toolkit.argument_names import ArgumentNames
from billbridge.toolkit.decoding import decode
from billbridge.toolkit.paging import SeenCursors

from billbridge_maton.account import Account, is_word
from billbridge_maton.failures import failure

POLL_SECONDS: Final = 2.0
"""Seconds between two requests of `wait_until_active`: a small part of the ten requests a second of the account."""


class ConnectionStatus(Word):
    """The status of a connection. PENDING: its owner has not signed in yet. `vendor_status` holds Maton's own word."""

    ACTIVE = "ACTIVE"
    PENDING = "PENDING"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


class ConnectionMethod(Word):
    """How the owner signs in at the app."""

    API_KEY = "API_KEY"
    BASIC = "BASIC"
    OAUTH1 = "OAUTH1"
    OAUTH2 = "OAUTH2"
    MCP = "MCP"
    UNKNOWN = "UNKNOWN"


StatusName: TypeAlias = ConnectionStatus | Literal["ACTIVE", "PENDING", "FAILED"]
MethodName: TypeAlias = ConnectionMethod | Literal["API_KEY", "BASIC", "OAUTH1", "OAUTH2", "MCP"]


class Connection(Entity, frozen=True, kw_only=True):
    """One account at one app. Its owner opens `url` to sign in. The URL holds a session token, so it is secret and the repr hides it."""

    app: str
    status: ConnectionStatus
    vendor_status: str
    method: str | None = None
    url: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None

    shown: ClassVar[tuple[str, ...]] = ("app", "status")


class ConnectionQuery(Draft, frozen=True, kw_only=True):
    """The filters of a list of connections: `app`, such as "stripe", and `status`."""

    app: str | None = None
    status: StatusName | None = None


class NewConnection(Draft, frozen=True, kw_only=True):
    """A new connection: `app`, such as "stripe", and `method`, how its owner signs in. None means the usual method of the app."""

    app: str
    method: MethodName | None = None

    id_fields: ClassVar[frozenset[str]] = frozenset({"app"})


class _Wire(msgspec.Struct, frozen=True):
    connection_id: str
    status: str
    app: str
    method: str | None = None
    url: str | None = None
    creation_time: datetime | None = None
    last_updated_time: datetime | None = None


class _One(msgspec.Struct, frozen=True):
    connection: msgspec.Raw


class _Many(msgspec.Struct, frozen=True):
    connections: list[msgspec.Raw]
    next_token: str | None = None


_WIRE: Final = msgspec.json.Decoder(_Wire)
_ONE: Final = msgspec.json.Decoder(_One)
_MANY: Final = msgspec.json.Decoder(_Many)


class _Dialect:
    provider = "maton"
    key_header = "Idempotency-Key"  # never sent: creating is the only POST, and it goes without
    key_limit = 255
    arguments = ArgumentNames({})  # Maton's errors name no parameter

    def failure(self, request: Request, response: Response) -> BillingError:
        return failure(response)


_DIALECT: Final = _Dialect()


class ConnectionService(Service):
    """The connections of one Maton account."""

    resource = "connections"

    def __init__(self, account: Account) -> None:
        self._route = account.control()

    def list(self, query: ConnectionQuery) -> Flow[tuple[Connection, ...]]:
        """Return the connections, filtered by app and status. If Maton ignores a filter, the rest is filtered here."""
        found: list[Connection] = []
        token: str | None = None
        seen = SeenCursors("maton")
        while True:
            asked = {"app": query.app, "status": query.status, "next_token": token}
            wanted = urlencode({name: value for name, value in asked.items() if value is not None})
            response = yield from exchange(self._request("GET", "/connections", query=wanted), _DIALECT)
            page = decode(_MANY, response.body, _DIALECT.provider)
            found += [_connection(row) for row in page.connections]
            if not page.next_token:
                break
            token = seen.next(page.next_token)
        return tuple(each for each in found if query.app in (None, each.app) and query.status in (None, each.status))

    def create(self, new: NewConnection) -> Flow[Connection]:
        """Create a PENDING connection. Its owner must then open its `url`.

        The request is sent once, because Maton documents no idempotency key. Raises `OutcomeUnknownError` if no answer comes. A superfluous
        connection does no harm, and you can delete it.
        """
        body = {"app": new.app} if new.method is None else {"app": new.app, "method": new.method}
        request = self._request("POST", "/connections", body=msgspec.json.encode(body))
        try:
            response = yield from send(request)
        except TransportError as error:
            if not error.sent:
                raise
            hint = "look for it with connections.list(status='PENDING') before you create another"
            raise OutcomeUnknownError("maton did not answer, so a connection may have been created", provider="maton", hint=hint) from error
        if not 200 <= response.status < 300:
            raise failure(response)
        return _one(response)

    def get(self, id: str) -> Flow[Connection]:
        """Return a connection. Raises `NotFoundError`."""
        response = yield from exchange(self._request("GET", _path(id)), _DIALECT)
        return _one(response)

    def delete(self, id: str) -> Flow[None]:
        """Delete a connection. Maton then refuses the requests of clients that use it. Raises `NotFoundError`."""
        try:
            yield from exchange(self._request("DELETE", _path(id)), _DIALECT)
        except NotFoundError as error:
            if not error.answer_lost_before:  # else an earlier attempt deleted it
                raise

    def wait_until_active(self, id: str, *, timeout: float = 300.0) -> Flow[Connection]:
        """Wait until the owner of a connection has signed in, and return the connection.

        It asks every two seconds, and waits `timeout` seconds in all, without the time of the requests. Raises
        `ConnectionNotConfiguredError` if signing in failed, or if nobody signed in in time.
        """
        if not timeout >= 0:
            raise ValidationError("timeout must be a number of seconds, 0 or more", param="timeout")
        waited = 0.0
        while True:
            found = yield from self.get(id)
            if found.status is ConnectionStatus.ACTIVE:
                return found
            if found.status is ConnectionStatus.FAILED:
                raise _inactive(f"signing in to the connection {found.id} failed", "delete it and create a new one")
            if waited >= timeout:
                raise _inactive(f"the connection {found.id} is still {found.vendor_status}", "open its url in a browser and sign in")
            step = min(POLL_SECONDS, timeout - waited)
            yield from pause(step, step)
            waited += step

    def _request(self, method: str, path: str, *, query: str = "", body: bytes | None = None) -> Request:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        return Request(method=method, path=path, query=query, body=body, headers=headers, route=self._route)


def _path(id: str) -> str:
    if not is_word(id):
        raise ValidationError("a connection id must be printable ASCII without spaces", param="id")
    return path("/connections/{}", id)


def _one(response: Response) -> Connection:
    return _connection(decode(_ONE, response.body, _DIALECT.provider).connection)


def _connection(raw: msgspec.Raw) -> Connection:
    wire = decode(_WIRE, raw, _DIALECT.provider)
    if not is_word(wire.connection_id):  # it will be sent in a header
        raise ProtocolError("maton answered with a connection id that is not printable ASCII without spaces", provider="maton")
    return Connection(
        provider="maton",
        id=wire.connection_id,
        raw=RawJson(raw),
        app=wire.app,
        status=ConnectionStatus(wire.status),
        vendor_status=wire.status,
        method=wire.method,
        url=wire.url,
        created_at=wire.creation_time,
        updated_at=wire.last_updated_time,
    )


def _inactive(message: str, hint: str) -> ConnectionNotConfiguredError:
    return ConnectionNotConfiguredError(message, provider="maton", hint=hint)
