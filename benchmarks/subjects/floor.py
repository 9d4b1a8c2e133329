"""The lower limit: a plain socket and msgspec, without errors, retries and time-outs. Nobody would ship it."""

from __future__ import annotations

import hmac
import socket
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any
from urllib.parse import quote

import msgspec

from benchmarks.subjects import shapes
from benchmarks.subjects.signing import SECRET, signed


def stripe_retrieve(url: str) -> Callable[[], object]:
    return _one(url, b"GET /v1/customers/cus_NffrFeUfNV2Hib", msgspec.json.Decoder(shapes.StripeCustomer))


def stripe_create(url: str) -> Callable[[], object]:
    form = b"email=ada%40example.com&name=Ada+Lovelace"
    body = b"\r\nContent-Length: %d\r\n\r\n%b" % (len(form), form)
    return _one(url, b"POST /v1/customers", msgspec.json.Decoder(shapes.StripeCustomer), body)


def stripe_page(url: str) -> Callable[[], object]:
    return _one(url, b"GET /v1/customers?limit=100", msgspec.json.Decoder(shapes.StripeCustomers))


def chargebee_retrieve(url: str) -> Callable[[], object]:
    return _one(url, b"GET /api/v2/customers/f2G4QgvMPgal8wqR4", msgspec.json.Decoder(shapes.ChargebeeOne))


def chargebee_page(url: str) -> Callable[[], object]:
    return _one(url, b"GET /api/v2/customers?limit=100", msgspec.json.Decoder(shapes.ChargebeeCustomers))


def stripe_walk(url: str) -> Callable[[], Iterator[tuple[Any, ...]]]:
    connection, decoder = _connect(url), msgspec.json.Decoder(shapes.StripeCustomers)

    def rows() -> Iterator[tuple[Any, ...]]:
        after = b""
        while True:
            page = decoder.decode(_ask(connection, b"GET /v1/customers?limit=100" + after))
            for each in page.data:
                yield each.id, each.email, each.name
            if not page.has_more:
                return
            after = b"&starting_after=" + page.data[-1].id.encode()

    return rows


def chargebee_walk(url: str) -> Callable[[], Iterator[tuple[Any, ...]]]:
    connection, decoder = _connect(url), msgspec.json.Decoder(shapes.ChargebeeCustomers)

    def rows() -> Iterator[tuple[Any, ...]]:
        offset = b""
        while True:
            page = decoder.decode(_ask(connection, b"GET /api/v2/customers?limit=100" + offset))
            for each in page.rows:
                yield each.customer.id, each.customer.email, each.customer.last_name
            if page.next_offset is None:
                return
            offset = b"&offset=" + quote(page.next_offset).encode()

    return rows


def stripe_webhook(file: str) -> Callable[[], object]:
    """The HMAC alone."""
    deliveries, secret = cycle(signed(file)), SECRET.encode()
    return lambda: hmac.digest(secret, next(deliveries)[0], "sha256")


def _one(url: str, line: bytes, decoder: msgspec.json.Decoder[Any], body: bytes = b"\r\n\r\n") -> Callable[[], object]:
    connection = _connect(url)
    return lambda: decoder.decode(_ask(connection, line, body))


def _connect(url: str) -> socket.socket:
    host, _, port = url.removeprefix("http://").partition(":")
    connection = socket.create_connection((host, int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _ask(connection: socket.socket, line: bytes, body: bytes = b"\r\n\r\n") -> bytes | bytearray:
    connection.sendall(line + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer sk_test_bench" + body)
    got = connection.recv(262_144)
    start = got.index(b"\r\n\r\n") + 4
    at = got.index(b"Content-Length: ") + 16
    left = int(got[at : got.index(b"\r", at)]) - (len(got) - start)
    if not left:
        return got[start:]
    whole = bytearray(got[start:])
    while left:
        got = connection.recv(min(left, 262_144))
        whole += got
        left -= len(got)
    return whole
