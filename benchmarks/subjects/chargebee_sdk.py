"""Chargebee's official SDK with its defaults, except that it may use plain HTTP for the stub.

It makes an httpx client and a TLS context for every call, also without TLS. This is its real cost, so it stays in the figures.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import cycle
from typing import Any

from benchmarks.files import read

chargebee: Any = import_module("chargebee")  # typed inside, but without py.typed


def client(url: str) -> Any:
    chargebee.Chargebee.verify_ca_certs = False  # the SDK demands https otherwise
    host, _, rest = url.removeprefix("http://").partition(".")  # it builds its host as "site.domain"
    return chargebee.Chargebee(api_key="test_bench", site=host, chargebee_domain=rest, protocol="http")


def retrieve(url: str) -> Callable[[], object]:
    customers = client(url).Customer
    return lambda: customers.retrieve("f2G4QgvMPgal8wqR4")


def page(url: str) -> Callable[[], object]:
    customers = client(url).Customer
    return lambda: customers.list(customers.ListParams(limit=100))


def invoices(file: str) -> Callable[[], object]:
    """What the SDK does with an answer: it reads the text as JSON and parses that into its classes."""
    texts = cycle([page.decode() for page in read(file)])
    response, shape = import_module("chargebee.responses").Response, import_module("chargebee.models.invoice.responses").ListResponse
    return lambda: response(shape, json.loads(next(texts)), {}, 200).parse()


def walk(url: str) -> Callable[[], Iterator[tuple[Any, ...]]]:
    customers = client(url).Customer

    def rows() -> Iterator[tuple[Any, ...]]:
        offset = None
        while True:
            page = customers.list(customers.ListParams(limit=100, **({"offset": offset} if offset else {})))
            for each in page.list:
                yield each.customer.id, each.customer.email, each.customer.last_name
            offset = page.next_offset
            if offset is None:
                return

    return rows
