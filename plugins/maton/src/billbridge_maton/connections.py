"""Maton's connections as flows: each is one account at one app, signed in by its owner in a browser. Holds no client and no clock."""

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

from billbridge_maton.account import Account, is_word
from billbridge_maton.failures import failure

POLL_SECONDS: Final = 2.0
"""Between two looks of `wait_until_active`: a small part of the ten requests a second that the account has."""


class ConnectionStatus(Word):
    """Where a connection stands; Maton's own word is `vendor_status` on the object. PENDING: its URL is still to be opened."""

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
    """One account at one app. `url` is what its owner opens to sign in: it holds a session token, so it is a secret and not shown."""

    app: str
    status: ConnectionStatus
    vendor_status: str
    method: str | None = None
    url: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None

    shown: ClassVar[tuple[str, ...]] = ("app", "status")


class ConnectionQuery(Draft, frozen=True, kw_only=True):
    """The filters of the list: `app` such as "stripe", and `status`."""

    app: str | None = None
    status: StatusName | None = None


class NewConnection(Draft, frozen=True, kw_only=True):
    """A connection to make: `app` such as "stripe"; `method` is how its owner signs in, None for the app's usual way."""

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
        """The connections of an app and a status, or all. Also those that Maton gives although they were not asked for are left out."""
        found: list[Connection] = []
        token: str | None = None
        seen: set[str] = set()
        while True:
            asked = {"app": query.app, "status": query.status, "next_token": token}
            wanted = urlencode({name: value for name, value in asked.items() if value is not None})
            response = yield from exchange(self._request("GET", "/connections", query=wanted), _DIALECT)
            page = decode(_MANY, response.body, _DIALECT.provider)
            found += [_connection(row) for row in page.connections]
            token = page.next_token
            if not token:
                break
            if token in seen:
                raise ProtocolError("maton gave the same page of connections twice: the list would never end", provider="maton")
            seen.add(token)
        return tuple(each for each in found if query.app in (None, each.app) and query.status in (None, each.status))

    def create(self, new: NewConnection) -> Flow[Connection]:
        """Makes a PENDING connection, whose owner must open its `url`. Asked once only, because Maton documents no idempotency key:
        raises `OutcomeUnknownError` if no answer comes; a connection that nobody wanted does no harm and can be deleted."""
        body = {"app": new.app} if new.method is None else {"app": new.app, "method": new.method}
        request = self._request("POST", "/connections", body=msgspec.json.encode(body))
        try:
            response = yield from send(request)
        except TransportError as error:
            if not error.sent:
                raise
            hint = "look for a new one among the PENDING connections before you make another"
            raise OutcomeUnknownError("no answer came to a new connection at maton", provider="maton", hint=hint) from error
        if not 200 <= response.status < 300:
            raise failure(response)
        return _one(response)

    def get(self, id: str) -> Flow[Connection]:
        """One connection. Raises `NotFoundError`."""
        response = yield from exchange(self._request("GET", _path(id)), _DIALECT)
        return _one(response)

    def delete(self, id: str) -> Flow[None]:
        """Deletes a connection: clients that name it are refused from then on. Raises `NotFoundError`."""
        try:
            yield from exchange(self._request("DELETE", _path(id)), _DIALECT)
        except NotFoundError as error:
            if not error.answer_lost_before:  # else it was us
                raise

    def wait_until_active(self, id: str, *, timeout: float = 300.0) -> Flow[Connection]:
        """The connection, once its owner opened its `url` and signed in. Looks every two seconds, for `timeout` seconds of waiting (the
        requests' own time is not counted). Raises `ConnectionNotConfiguredError` if signing in failed, or nobody did it in time."""
        if not timeout >= 0:
            raise ValidationError("timeout must be 0 seconds or more", param="timeout")
        waited = 0.0
        while True:
            found = yield from self.get(id)
            if found.status is ConnectionStatus.ACTIVE:
                return found
            if found.status is ConnectionStatus.FAILED:
                raise _inactive(f"signing in to the connection {found.id} failed", "make a new one and delete this one")
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
        raise ValidationError("a connection id holds only printable ASCII without spaces", param="id")
    return path("/connections/{}", id)


def _one(response: Response) -> Connection:
    return _connection(decode(_ONE, response.body, _DIALECT.provider).connection)


def _connection(raw: msgspec.Raw) -> Connection:
    wire = decode(_WIRE, raw, _DIALECT.provider)
    if not is_word(wire.connection_id):  # it will be sent in a header
        raise ProtocolError("maton answered with a connection id that cannot be one", provider="maton")
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
