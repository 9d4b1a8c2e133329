"""What a careful programmer writes by hand: one httpx client, and msgspec structs with the needed fields. No retries, no neutral model."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterator
from decimal import Decimal
from hashlib import sha256
from itertools import cycle
from typing import Any
from uuid import uuid4

import httpx
import msgspec

from benchmarks.files import read
from benchmarks.subjects import shapes
from benchmarks.subjects.shapes import PLACES
from benchmarks.subjects.signing import SECRET, signed

STRIPE = {"Authorization": "Bearer sk_test_bench", "Stripe-Version": "2026-10-28.endive"}
CHARGEBEE_AUTH = ("test_bench", "")


def stripe_client(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, headers=STRIPE)


def chargebee_client(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, auth=CHARGEBEE_AUTH)


def stripe_retrieve(url: str) -> Callable[[], object]:
    return _get(stripe_client(url), "/v1/customers/cus_NffrFeUfNV2Hib", shapes.StripeCustomer)


def stripe_create(url: str) -> Callable[[], object]:
    client, decoder = stripe_client(url), msgspec.json.Decoder(shapes.StripeCustomer)

    def create() -> object:
        key = {"Idempotency-Key": str(uuid4())}
        answer = client.post("/v1/customers", data={"email": "ada@example.com", "name": "Ada Lovelace"}, headers=key)
        return decoder.decode(answer.raise_for_status().content)

    return create


def stripe_page(url: str) -> Callable[[], object]:
    return _get(stripe_client(url), "/v1/customers?limit=100", shapes.StripeCustomers)


def chargebee_retrieve(url: str) -> Callable[[], object]:
    return _get(chargebee_client(url), "/api/v2/customers/f2G4QgvMPgal8wqR4", shapes.ChargebeeOne)


def chargebee_page(url: str) -> Callable[[], object]:
    return _get(chargebee_client(url), "/api/v2/customers?limit=100", shapes.ChargebeeCustomers)


def stripe_concurrent(url: str) -> Callable[[], Awaitable[object]]:
    client, decoder = httpx.AsyncClient(base_url=url, headers=STRIPE), msgspec.json.Decoder(shapes.StripeCustomer)

    async def retrieve() -> object:
        return decoder.decode((await client.get("/v1/customers/cus_NffrFeUfNV2Hib")).raise_for_status().content)

    return retrieve


def stripe_invoices(file: str) -> Callable[[], object]:
    pages, decoder = cycle(read(file)), msgspec.json.Decoder(shapes.StripeInvoices)
    return lambda: decoder.decode(next(pages))


def stripe_amounts(file: str) -> Callable[[], object]:
    pages, decoder = cycle(read(file)), msgspec.json.Decoder(shapes.StripeInvoices)

    def decimals() -> object:
        return [
            Decimal(minor).scaleb(-PLACES[each.currency])
            for each in decoder.decode(next(pages)).data
            for minor in (each.subtotal, each.total, each.amount_paid, each.amount_remaining, *(line.amount for line in each.lines.data))
        ]

    return decimals


def chargebee_invoices(file: str) -> Callable[[], object]:
    pages, decoder = cycle(read(file)), msgspec.json.Decoder(shapes.ChargebeeInvoices)
    return lambda: decoder.decode(next(pages))


def stripe_walk(url: str) -> Callable[[], Iterator[tuple[Any, ...]]]:
    client, decoder = stripe_client(url), msgspec.json.Decoder(shapes.StripeCustomers)

    def rows() -> Iterator[tuple[Any, ...]]:
        params: dict[str, str] = {"limit": "100"}
        while True:
            page = decoder.decode(client.get("/v1/customers", params=params).raise_for_status().content)
            for each in page.data:
                yield each.id, each.email, each.name
            if not page.has_more:
                return
            params["starting_after"] = page.data[-1].id

    return rows


def chargebee_walk(url: str) -> Callable[[], Iterator[tuple[Any, ...]]]:
    client, decoder = chargebee_client(url), msgspec.json.Decoder(shapes.ChargebeeCustomers)

    def rows() -> Iterator[tuple[Any, ...]]:
        params: dict[str, str] = {"limit": "100"}
        while True:
            page = decoder.decode(client.get("/api/v2/customers", params=params).raise_for_status().content)
            for each in page.rows:
                yield each.customer.id, each.customer.email, each.customer.last_name
            if page.next_offset is None:
                return
            params["offset"] = page.next_offset

    return rows


def stripe_webhook(file: str) -> Callable[[], object]:
    deliveries, decoder, secret = cycle(signed(file)), msgspec.json.Decoder(shapes.Event), SECRET.encode()

    def verify() -> object:
        body, header = next(deliveries)
        time, _, signature = header.removeprefix("t=").partition(",v1=")
        if not hmac.compare_digest(hmac.digest(secret, time.encode() + b"." + body, sha256).hex(), signature):
            raise ValueError("not signed")
        return decoder.decode(body)

    return verify


def _get(client: httpx.Client, path: str, shape: type) -> Callable[[], object]:
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(shape)
    return lambda: decoder.decode(client.get(path).raise_for_status().content)
