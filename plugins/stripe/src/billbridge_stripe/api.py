"""Stripe over HTTP, as flows: requests form-encoded and repeated where that is safe, what a refusal means. Knows no resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, TypeVar

import msgspec
from billbridge.errors import BillingError, NotFoundError, ProtocolError
from billbridge.flow import Flow, Request, Response
from billbridge.flow.retry import decode, decode_all, exchange
from billbridge.model.base import MAX_PAGE

from billbridge_stripe import wire
from billbridge_stripe.encode import encode
from billbridge_stripe.failures import failure

Params = Mapping[str, Any]
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_ROWS: Final = msgspec.json.Decoder(wire.Rows[msgspec.Raw])


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


W = TypeVar("W", bound=wire.Object)
I = TypeVar("I", bound=_Identified)  # noqa: E741  # it reads well here
T = TypeVar("T")


class StripeApi:
    """The dialect for `billbridge.flow.retry`, and the requests that every service is made of. Bodies come back undecoded."""

    provider = "stripe"
    key_header = "Idempotency-Key"
    key_limit = 255

    def failure(self, request: Request, response: Response) -> BillingError:
        """The error that an answer other than 2xx means."""
        return failure(request, response)

    def get(self, path: str, params: Params | str | None = None) -> Flow[bytes]:
        """A GET; `params` go into the query, or are one that was encoded before, because it is always the same."""
        return self._sent(Request(method="GET", path=path, query=params if isinstance(params, str) else encode(params)))

    def post(self, path: str, params: Params | None = None, *, step: str = "") -> Flow[bytes]:
        """A POST; `params` are the body. Each further POST of an operation names its `step`."""
        return self._sent(Request(method="POST", path=path, body=encode(params).encode(), headers=_FORM), step)

    def delete(self, path: str, params: Params | None = None) -> Flow[bytes]:
        """A DELETE; `params` go into the query. Stripe takes no idempotency key here."""
        return self._sent(Request(method="DELETE", path=path, query=encode(params)))

    def remove(self, path: str) -> Flow[None]:
        """Deletes an object. If a retry finds it gone, our own request whose answer was lost has deleted it."""
        try:
            yield from self.delete(path)
        except NotFoundError as error:
            if not error.answer_lost_before:
                raise

    def page(self, path: str, params: Params) -> Flow[wire.Rows[msgspec.Raw]]:
        """One page of a list, as Stripe sends it, with the elements undecoded."""
        body = yield from self.get(path, params)
        return self.read(_ROWS, body)

    def rest(
        self, path: str, first: wire.Rows[I], decoder: msgspec.json.Decoder[wire.Rows[I]], params: Params | None = None
    ) -> Flow[list[I]]:
        """All elements of a list inside an object: the `first` of them, which came with it, and those that `path` still has."""
        found, more = list(first.data), first.has_more
        seen: set[str] = set()
        while more and found:
            after = once(seen, found[-1].id)
            body = yield from self.get(path, {**(params or {}), "limit": MAX_PAGE, "starting_after": after})
            page = self.read(decoder, body)
            found += page.data
            more = page.has_more and bool(page.data)
        return found

    def read(self, decoder: msgspec.json.Decoder[T], data: bytes | msgspec.Raw) -> T:
        """The JSON as the decoder's type; `ProtocolError` where it is not what Stripe documents."""
        return decode(decoder, data, self)

    def read_all(self, decoder: msgspec.json.Decoder[T], rows: Sequence[msgspec.Raw]) -> list[T]:
        """The same for the rows of a page."""
        return decode_all(decoder, rows, self)

    def living(self, decoder: msgspec.json.Decoder[W], data: bytes) -> W:
        """The same for one object that was asked for by its id; `NotFoundError` for the remains of a deleted one, which come with 200."""
        found = decode(decoder, data, self)
        if found.deleted:
            error = NotFoundError(f"{found.id} was deleted", provider=self.provider, status=200, raw=data)
            error.deleted = True
            raise error
        return found

    def _sent(self, request: Request, step: str = "") -> Flow[bytes]:
        response = yield from exchange(request, self, step=step)
        return response.body


def once(seen: set[str], cursor: str) -> str:
    """The cursor, noted among those `seen`; `ProtocolError` if it was there already."""
    if cursor in seen:
        raise ProtocolError("stripe gave the same page of a list twice: it would never end", provider="stripe")
    seen.add(cursor)
    return cursor
