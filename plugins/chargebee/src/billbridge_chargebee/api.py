"""Requests to Chargebee's API v2, as flows: encoding, the idempotency key, retries, errors, envelopes. Knows no resource.

Answers wrap objects in envelopes, `{"customer": {...}, "card": {...}}`, and lists in `{"list": [...], "next_offset": "..."}` where the
offset is absent on the last page (API documentation, "Pagination").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol, TypeAlias, TypeVar

import msgspec
from billbridge.errors import BillingError, DuplicateError, NotFoundError, ProtocolError
from billbridge.flow import Flow, Request, Response
from billbridge.flow import path as flow_path
from billbridge.flow.retry import exchange
from billbridge.model import Page, Query
from billbridge.toolkit.decoding import UNREADABLE, decode
from billbridge.toolkit.paging import SeenCursors

from billbridge_chargebee.argument_names import ARGUMENTS
from billbridge_chargebee.encode import encode
from billbridge_chargebee.failures import failure


class Deletable(Protocol):
    """What Chargebee can still show after it was deleted."""

    @property
    def deleted(self) -> bool | None: ...

    @property
    def status(self) -> str | None: ...


Owner: TypeAlias = tuple[str, str, str | None]
"""Whose list it is: the argument's name, the resource in Chargebee's paths, and the id, or None if the caller did not filter by it."""
T = TypeVar("T")
S = TypeVar("S", bound=Deletable)
PREFIX: Final = "/api/v2"
_FORM: Final = {"content-type": "application/x-www-form-urlencoded"}


class _Remains(msgspec.Struct, frozen=True):
    deleted: bool = False


class _List(msgspec.Struct, frozen=True):
    entries: list[dict[str, msgspec.Raw]] = msgspec.field(name="list")
    next_offset: str | None = None


_ENVELOPE: Final[msgspec.json.Decoder[Mapping[str, msgspec.Raw]]] = msgspec.json.Decoder(Mapping[str, msgspec.Raw])
_REMAINS: Final = msgspec.json.Decoder(_Remains)
_LIST: Final = msgspec.json.Decoder(_List)


class ChargebeeApi:
    """Chargebee's way of saying things; the `Dialect` of `billbridge.flow.retry`. Holds no key: the route adds it."""

    provider = "chargebee"
    key_header = "chargebee-idempotency-key"
    key_limit = 100
    arguments = ARGUMENTS

    def failure(self, request: Request, response: Response) -> BillingError:
        """The error that an answer other than 2xx means."""
        return failure(request, response)

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[bytes]:
        """The body of a GET of `path`, which begins after "/api/v2"."""
        response = yield from exchange(Request(method="GET", path=PREFIX + path, query=encode(params or {})), self)
        return response.body

    def post(self, path: str, params: Mapping[str, Any] | None = None, *, step: str = "", draft: object = None) -> Flow[bytes]:
        """Send a POST. Each further POST of an operation names its `step`. For `draft` see `exchange`."""
        request = Request(method="POST", path=PREFIX + path, body=encode(params or {}).encode(), headers=_FORM)
        response = yield from exchange(request, self, step=step, draft=draft)
        return response.body

    def ensure(self, path: str, params: Mapping[str, Any], *, step: str) -> Flow[None]:
        """Create an object that the operation needs and that the caller did not ask for. One that exists already is used.

        An error has no `param`, because none of the parameters is an argument of the caller.
        """
        try:
            yield from self.post(path, params, step=step)
        except DuplicateError:
            pass  # another process, or an earlier call, created it
        except BillingError as error:
            error.param = None
            raise

    def destroy(self, path: str, params: Mapping[str, Any] | None = None) -> Flow[None]:
        """A POST that deletes. Gone after a lost answer means that the lost one did it."""
        try:
            yield from self.post(path, params)
        except NotFoundError as error:
            if not error.answer_lost_before:
                raise

    def made_before(self, get: Flow[T], error: DuplicateError) -> Flow[T]:
        """Return the object that an earlier attempt of this call created: its id contains a digest of the idempotency key.

        Raises `error` if there is no such object. Then the duplicate is another field, such as a name that must be unique.
        """
        try:
            return (yield from get)
        except NotFoundError:
            raise error from None

    def one(self, body: bytes, kind: str) -> msgspec.Raw:
        """The object of that kind in an envelope; `ProtocolError` if it is not there."""
        return self._members([decode(_ENVELOPE, body, self.provider)], kind, body)[0]

    def sent(self, path: str, kind: str, decoder: msgspec.json.Decoder[S]) -> Flow[S]:
        """An object as it is now, read because a write depends on it. `NotFoundError` for one that Chargebee shows as deleted."""
        found = self.read(decoder, self.one((yield from self.get(path)), kind))
        if found.deleted or found.status == "deleted":
            raise gone(kind)
        return found

    def page(
        self,
        path: str,
        kind: str,
        query: Query,
        filters: Mapping[str, Any],
        read: Callable[[msgspec.Raw], T | None],
        owners: Sequence[Owner] = (),
    ) -> Flow[Page[T]]:
        """One page of a list, each object read by `read`; objects for which it gives None are left out.

        A page of which nothing is left is not shown, because it would look like the last: the next one is fetched. Raises
        `ProtocolError` where Chargebee leads back to a page that was here: what comes after it would be lost.

        `owners` are the objects whose list it is. Chargebee gives an empty list for an owner that does not exist. So the owners of an
        empty list are read, and an unknown one raises `NotFoundError`, as on Stripe.
        """
        offset = query.cursor
        seen = SeenCursors(self.provider, offset)
        while True:
            body = yield from self.get(path, {**filters, "limit": query.page_size, "offset": offset})
            rows, offset = self.rows(body, kind)
            items = [item for row in rows if (item := _unless_deleted(read, row)) is not None]
            if offset is not None:
                seen.next(offset)
            if items or offset is None:
                if not rows and query.cursor is None:
                    yield from self.check(owners)
                return Page(items=items, next_cursor=offset)

    def check(self, owners: Sequence[Owner]) -> Flow[None]:
        """Read each of these objects. `NotFoundError` for one that does not exist; its `param` is our argument's name."""
        for param, resource, id in owners:
            if id is None:
                continue
            try:
                yield from self.get(flow_path(f"/{resource}/{{}}", id))
            except NotFoundError as error:
                error.param = param
                raise

    def rows(self, body: bytes, kind: str) -> tuple[list[msgspec.Raw], str | None]:
        """The objects of that kind on a page, undecoded, and the offset of the next page."""
        found = decode(_LIST, body, self.provider)
        return self._members(found.entries, kind, body), found.next_offset

    def read(self, decoder: msgspec.json.Decoder[T], raw: msgspec.Raw) -> T:
        """Return an object as one of the structs in `wire`. Raises `ProtocolError` if it cannot be that.

        Raises `NotFoundError` with `deleted=True` for what is left of a deleted object, which may lack everything but the id.
        """
        try:
            return decode(decoder, raw, self.provider)
        except ProtocolError:
            with suppress(*UNREADABLE):
                if _REMAINS.decode(raw).deleted:
                    raise gone("object") from None
            raise

    def _members(self, envelopes: Sequence[Mapping[str, msgspec.Raw]], kind: str, body: bytes) -> list[msgspec.Raw]:
        """The object of that kind in each envelope, copied, so that it does not keep the whole body in memory."""
        try:
            return [envelope[kind].copy() for envelope in envelopes]
        except KeyError:
            raise ProtocolError(f"chargebee answered without the {kind}", provider=self.provider, raw=body) from None


def gone(kind: str) -> NotFoundError:
    """The error for an object that Chargebee still shows (HTTP 200, `deleted: true`) but that was deleted."""
    error = NotFoundError(f"the {kind} was deleted at chargebee", provider=ChargebeeApi.provider, status=200)
    error.deleted = True
    return error


def _unless_deleted(read: Callable[[msgspec.Raw], T | None], row: msgspec.Raw) -> T | None:
    """Read a row of a list, or return None for what is left of a deleted object."""
    try:
        return read(row)
    except NotFoundError as error:
        if not error.deleted:
            raise
        return None
