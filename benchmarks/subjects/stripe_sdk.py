"""Stripe's official SDK as its documentation shows it: `StripeClient` with its defaults, and the other HTTP clients that it offers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from decimal import Decimal
from itertools import cycle
from typing import Any

import stripe

from benchmarks.files import read
from benchmarks.subjects.shapes import PLACES
from benchmarks.subjects.signing import SECRET, signed

KEY = "sk_test_bench"
ID = "cus_NffrFeUfNV2Hib"


def client(url: str, http: stripe.HTTPClient | None = None) -> stripe.StripeClient:
    return stripe.StripeClient(KEY, base_addresses={"api": url}, http_client=http)


def retrieve(url: str) -> Callable[[], object]:
    return _retrieve(client(url))


def retrieve_pycurl(url: str) -> Callable[[], object]:
    return _retrieve(client(url, stripe.PycurlClient()))


def create(url: str) -> Callable[[], object]:
    customers = client(url).v1.customers
    return lambda: customers.create({"email": "ada@example.com", "name": "Ada Lovelace"})


def create_pycurl(url: str) -> Callable[[], object]:
    customers = client(url, stripe.PycurlClient()).v1.customers
    return lambda: customers.create({"email": "ada@example.com", "name": "Ada Lovelace"})


def page(url: str) -> Callable[[], object]:
    customers = client(url).v1.customers
    return lambda: customers.list({"limit": 100})


def concurrent(url: str) -> Callable[[], Awaitable[object]]:
    return _retrieve_async(client(url))


def concurrent_aiohttp(url: str) -> Callable[[], Awaitable[object]]:
    return _retrieve_async(client(url, stripe.AIOHTTPClient()))


def invoices(file: str) -> Callable[[], object]:
    invoices = client("https://api.stripe.com", _Answered(read(file))).v1.invoices
    return lambda: invoices.list({"limit": 100})


def amounts(file: str) -> Callable[[], object]:
    page: Callable[[], Any] = invoices(file)

    def decimals() -> object:
        return [
            Decimal(minor).scaleb(-PLACES[each.currency])
            for each in page().data
            for minor in (each.subtotal, each.total, each.amount_paid, each.amount_remaining, *(line.amount for line in each.lines.data))
        ]

    return decimals


def walk(url: str) -> Callable[[], Iterator[tuple[Any, ...]]]:
    customers = client(url).v1.customers
    return lambda: ((each.id, each.email, each.name) for each in customers.list({"limit": 100}).auto_paging_iter())


def webhook(file: str) -> Callable[[], object]:
    deliveries = cycle(signed(file))
    verifier = client("https://api.stripe.com")

    def verify() -> object:
        body, header = next(deliveries)
        return verifier.construct_event(body, header, SECRET)

    return verify


class _Answered(stripe.HTTPClient):
    """Answers each request with one of a few bodies in turn: what is left is decoding and mapping, and a request built of 240 ms."""

    name = "answered"

    def __init__(self, bodies: list[bytes]) -> None:
        super().__init__()
        self._bodies: Any = cycle(bodies)  # bytes, as its own clients give

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, *, _usage: list[str] | None = None
    ) -> tuple[str, int, Mapping[str, str]]:
        return next(self._bodies), 200, {}


def _retrieve(of: stripe.StripeClient) -> Callable[[], object]:
    customers = of.v1.customers
    return lambda: customers.retrieve(ID)


def _retrieve_async(of: stripe.StripeClient) -> Callable[[], Awaitable[object]]:
    customers = of.v1.customers
    return lambda: customers.retrieve_async(ID)
