"""Requests to Stripe as flows: form encoding, retries, refusals, and reading answers. Does not know any resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

import msgspec
from billbridge.errors import BillingError, NotFoundError, ProtocolError
from billbridge.flow import Flow, Request, Response
from billbridge.flow.retry import exchange
from billbridge.model.base import MAX_PAGE
from billbridge.toolkit.decoding import UNREADABLE, decode, decode_all
from billbridge.toolkit.paging import SeenCursors

from billbridge_stripe import wire
from billbridge_stripe.argument_names import ARGUMENTS
from billbridge_stripe.encode import encode
from billbridge_stripe.failures import failure

Params = Mapping[str, Any]
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_REMAINS: Final = msgspec.json.Decoder(wire.Object)
_ROWS: Final = msgspec.json.Decoder(wire.Rows[msgspec.Raw])


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


I = TypeVar("I", bound=_Identified)  # noqa: E741  # it reads well here
T = TypeVar("T")


class StripeApi:
    """The dialect for `billbridge.flow.retry`, and the requests of all services. Answers come back undecoded."""

    provider = "stripe"
    key_header = "Idempotency-Key"
    key_limit = 255
    arguments = ARGUMENTS

    def failure(self, request: Request, response: Response) -> BillingError:
        """The error that an answer other than 2xx means."""
        return failure(request, response)

    def get(self, path: str, params: Params | str | None = None) -> Flow[bytes]:
        """Send a GET. `params` go into the query. A query that never changes can be passed as text that is encoded already."""
        return self._sent(Request(method="GET", path=path, query=params if isinstance(params, str) else encode(params)))

    def post(self, path: str, params: Params | None = None, *, step: str = "", draft: object = None) -> Flow[bytes]:
        """Send a POST with `params` as the body. Each further POST of an operation names its `step`. For `draft` see `exchange`."""
        return self._sent(Request(method="POST", path=path, body=encode(params).encode(), headers=_FORM), step, draft)

    def delete(self, path: str, params: Params | None = None) -> Flow[bytes]:
        """Send a DELETE. `params` go into the query. Stripe takes no idempotency key here."""
        return self._sent(Request(method="DELETE", path=path, query=encode(params)))

    def remove(self, path: str) -> Flow[None]:
        """Delete an object. A retry that does not find it succeeds, because the attempt whose answer was lost deleted it."""
        try:
            yield from self.delete(path)
        except NotFoundError as error:
            if not error.answer_lost_before:
                raise

    def page(self, path: str, params: Params) -> Flow[wire.Rows[msgspec.Raw]]:
        """Return one page of a list as Stripe sends it, with the elements undecoded."""
        body = yield from self.get(path, params)
        return self.read(_ROWS, body)

    def rest(
        self, path: str, first: wire.Rows[I], decoder: msgspec.json.Decoder[wire.Rows[I]], params: Params | None = None
    ) -> Flow[list[I]]:
        """Return all elements of a list inside an object: the `first` ones, which came with the object, and the rest from `path`.

        If none came with the object although there are some, all are read from `path`.
        """
        found, more = list(first.data), first.has_more
        seen = SeenCursors(self.provider)
        while more:
            after = seen.next(found[-1].id) if found else None
            body = yield from self.get(path, {**(params or {}), "limit": MAX_PAGE, "starting_after": after})
            page = self.read(decoder, body)
            found += page.data
            more = page.has_more and bool(page.data)
        return found

    def read(self, decoder: msgspec.json.Decoder[T], data: bytes | msgspec.Raw) -> T:
        """Return the JSON as the decoder's type. Raises `ProtocolError` if it is not what Stripe documents.

        `bytes` are a whole answer. Stripe sends the remains of a deleted object with 200, often with nothing but the id: that is a
        `NotFoundError` with `deleted=True`.
        """
        try:
            found = decode(decoder, data, self.provider)
        except ProtocolError:
            self._check_alive(data)
            raise
        if isinstance(found, wire.Object) and found.deleted and type(data) is bytes:
            self._check_alive(data)
        return found

    def read_all(self, decoder: msgspec.json.Decoder[T], rows: Sequence[msgspec.Raw]) -> list[T]:
        """Read the rows of a page in the same way."""
        return decode_all(decoder, rows, self.provider)

    def _check_alive(self, data: bytes | msgspec.Raw) -> None:
        """Raise `NotFoundError` if these are the remains of a deleted object."""
        try:
            remains = _REMAINS.decode(data)
        except UNREADABLE:
            return
        if remains.deleted:
            error = NotFoundError(f"{remains.id} was deleted", provider=self.provider, status=200, raw=bytes(data))
            error.deleted = True
            raise error

    def _sent(self, request: Request, step: str = "", draft: object = None) -> Flow[bytes]:
        response = yield from exchange(request, self, step=step, draft=draft)
        return response.body
