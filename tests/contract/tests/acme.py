"""Acme, a vendor that does not exist and has customers only. Its provider is right, and the tests of the suite use it.

The vendor answers in this process and loses its data with the gateway. Inner pytest runs get a copy of this file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

import msgspec
from billbridge import UNSET, Customer, Feature, Gateway, Page, Provider, Support
from billbridge.errors import BillingError, DuplicateError, IdempotencyConflictError, NotFoundError, ValidationError
from billbridge.flow import Flow, Request, Response, path
from billbridge.flow.retry import exchange
from billbridge.model import CustomerPatch, CustomerQuery, NewCustomer
from billbridge.model.raw import RawJson
from billbridge.plugins.gateway import InProcess, Route
from billbridge.services import CustomerService
from billbridge.toolkit.argument_names import ArgumentNames
from billbridge.toolkit.decoding import decode

_CUSTOMER = msgspec.json.Decoder(Customer)
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_ERRORS: Mapping[int, type[BillingError]] = {404: NotFoundError, 409: DuplicateError, 422: IdempotencyConflictError}


class Dialect:
    """How Acme says its errors."""

    provider = "acme"
    key_header = "idempotency-key"
    key_limit = 100
    arguments = ArgumentNames({})

    def failure(self, request: Request, response: Response) -> BillingError:
        """The class by the status."""
        kind = _ERRORS.get(response.status, ValidationError)
        return kind("acme said no", provider="acme", status=response.status, code=f"acme_{response.status}", raw=response.body)


DIALECT = Dialect()


def customer(raw: bytes | msgspec.Raw) -> Customer:
    """Acme's JSON has the neutral names, so it decodes as it is."""
    data = bytes(raw)
    return msgspec.structs.replace(decode(_CUSTOMER, data, DIALECT.provider), raw=RawJson(data))


class AcmeCustomers(CustomerService):
    """Customers."""

    def create(self, new: NewCustomer) -> Flow[Customer]:
        response = yield from exchange(Request(method="POST", path="/customers", body=msgspec.json.encode(new)), DIALECT)
        return customer(response.body)

    def get(self, id: str) -> Flow[Customer]:
        response = yield from exchange(Request(method="GET", path=path("/customers/{}", id)), DIALECT)
        return customer(response.body)

    def update(self, id: str, patch: CustomerPatch) -> Flow[Customer]:
        body = {name: value for name, value in msgspec.structs.asdict(patch).items() if value is not UNSET}
        response = yield from exchange(Request(method="POST", path=path("/customers/{}", id), body=msgspec.json.encode(body)), DIALECT)
        return customer(response.body)

    def delete(self, id: str, *, destroy_history: bool = False) -> Flow[None]:
        yield from exchange(Request(method="DELETE", path=path("/customers/{}", id)), DIALECT)

    def list(self, query: CustomerQuery) -> Flow[Page[Customer]]:
        start = int(query.cursor or 0)
        wanted = {"email": query.email, "created_gte": query.created_gte, "created_lt": query.created_lt}
        asked = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in wanted.items() if value is not None}
        response = yield from exchange(Request(method="GET", path="/customers", query=urlencode(asked)), DIALECT)
        raws = decode(_RAWS, response.body, DIALECT.provider)
        end = start + query.page_size
        return Page(items=[customer(raw) for raw in raws[start:end]], next_cursor=str(end) if end < len(raws) else None)


class AcmeProvider(Provider):
    """Acme."""

    name = "acme"
    api_version = "1"
    features = dict.fromkeys(
        (
            Feature.CUSTOMER_ID,
            Feature.CUSTOMER_COMPANY,
            Feature.CUSTOMER_LOCALE,
            Feature.CUSTOMER_DESCRIPTION,
            Feature.CUSTOMER_SHIPPING,
            Feature.CUSTOMER_CURRENCY,
            Feature.CUSTOMER_AUTO_COLLECTION,
            Feature.CUSTOMER_TAX_EXEMPT,
            Feature.CUSTOMER_TAX_IDS,
            Feature.CUSTOMER_SEVERAL_TAX_IDS,
            Feature.CUSTOMER_REVERSE_CHARGE,
            Feature.CUSTOMER_ZERO_RATED,
            Feature.CUSTOMERS_CREATED,
        ),
        Support.NATIVE,
    )

    def __init__(self, customers: CustomerService | None = None) -> None:
        self.customers = customers or AcmeCustomers()
        super().__init__()

    def base_url(self) -> str:
        return "https://acme.invalid"

    def credentials(self) -> Mapping[str, str]:
        return {"authorization": "Bearer acme-test-key"}


class AcmeGateway(Gateway):
    """The vendor itself."""

    name = "memory"

    def __init__(self) -> None:
        self.customers: dict[str, dict[str, Any]] = {}
        self.replays: dict[str, tuple[bytes | None, Response]] = {}

    def in_process(self) -> InProcess:
        return self.answer

    def answer(self, route: Route, request: Request) -> Response:
        """One answer; a write with a key that was used answers as it did then."""
        assert route.headers["authorization"] == "Bearer acme-test-key"
        key = request.headers.get("idempotency-key")
        if key is None:
            return self.fresh(request)
        if key in self.replays:
            body, response = self.replays[key]
            return response if body == request.body else Response(status=422, body=b"{}")
        response = self.fresh(request)
        self.replays[key] = (request.body, response)
        return response

    def fresh(self, request: Request) -> Response:
        """One answer, without memory of keys."""
        id = unquote(request.path.removeprefix("/customers").removeprefix("/"))
        if not id:
            return self.create(json.loads(request.body or b"{}")) if request.method == "POST" else self.list(request.query)
        if id not in self.customers:
            return Response(status=404, body=b'{"error": "no such customer"}')
        if request.method == "DELETE":
            return answered(self.customers.pop(id))
        return answered(self.change(id, json.loads(request.body or b"{}")))

    def create(self, body: dict[str, Any]) -> Response:
        """A new customer, with an id if none was chosen."""
        id = body.get("id") or f"cust{len(self.replays)}x{len(self.customers)}"
        if id in self.customers:
            return Response(status=409, body=b'{"error": "taken"}')
        given = {"tax_exempt": "none"} | {name: value for name, value in body.items() if value is not None}
        given["tax_ids"] = [{**tax, "id": tax["value"]} for tax in given.get("tax_ids", [])]
        now = datetime.now(UTC).replace(microsecond=0)
        self.customers[id] = {**given, "id": id, "provider": "acme", "created_at": now.isoformat()}
        return answered(self.customers[id])

    def change(self, id: str, body: dict[str, Any]) -> dict[str, Any]:
        """The customer after a patch."""
        metadata = body.pop("metadata", {})
        found = self.customers[id] | body
        found["tax_exempt"] = found["tax_exempt"] or "none"
        merged = {} if metadata is None else {**found.get("metadata", {}), **metadata}
        self.customers[id] = found | {"metadata": {name: value for name, value in merged.items() if value}}
        return self.customers[id]

    def list(self, query: str) -> Response:
        """Newest first."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        since, until = asked.get("created_gte", ""), asked.get("created_lt", "9999")
        made = [one for one in reversed(self.customers.values()) if since <= one["created_at"] < until]
        return answered([one for one in made if asked.get("email") in (None, one.get("email"))])


def answered(value: Any) -> Response:
    """200 with JSON."""
    return Response(status=200, body=json.dumps(value).encode())
