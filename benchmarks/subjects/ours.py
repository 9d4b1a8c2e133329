"""Billbridge by its public API, as it is installed by default: retries, idempotency keys, errors, raw data and the limiter stay on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

from billbridge import AsyncBilling, Billing

from benchmarks.files import read
from benchmarks.subjects.answered import Answered
from benchmarks.subjects.signing import SECRET, signed


def stripe_client(url: str) -> Billing:
    return Billing.connect("stripe", api_key="sk_test_bench", base_url=url)


def chargebee_client(url: str) -> Billing:
    return Billing.connect("chargebee", api_key="test_bench", base_url=url)


def stripe_retrieve(url: str) -> Callable[[], object]:
    customers = stripe_client(url).customers
    return lambda: customers.get("cus_NffrFeUfNV2Hib")


def stripe_create(url: str) -> Callable[[], object]:
    customers = stripe_client(url).customers
    return lambda: customers.create(email="ada@example.com", name="Ada Lovelace")


def stripe_list(url: str) -> Callable[[], object]:
    customers = stripe_client(url).customers
    return lambda: next(customers.list().pages())


def chargebee_retrieve(url: str) -> Callable[[], object]:
    customers = chargebee_client(url).customers
    return lambda: customers.get("f2G4QgvMPgal8wqR4")


def chargebee_list(url: str) -> Callable[[], object]:
    customers = chargebee_client(url).customers
    return lambda: next(customers.list().pages())


def stripe_async(url: str) -> Callable[[], Awaitable[object]]:
    customers = AsyncBilling.connect("stripe", api_key="sk_test_bench", base_url=url).customers
    return lambda: customers.get("cus_NffrFeUfNV2Hib")


def stripe_invoices(file: str) -> Callable[[], object]:
    invoices = Billing.connect("stripe", gateway=Answered(read(file)[0])).invoices
    return lambda: next(invoices.list().pages())


def chargebee_invoices(file: str) -> Callable[[], object]:
    invoices = Billing.connect("chargebee", site="bench", gateway=Answered(read(file)[0])).invoices
    return lambda: next(invoices.list().pages())


def stripe_walk(url: str) -> Iterator[tuple[Any, ...]]:
    for each in stripe_client(url).customers.list():
        yield each.id, each.email, each.name


def chargebee_walk(url: str) -> Iterator[tuple[Any, ...]]:
    for each in chargebee_client(url).customers.list():
        yield each.id, each.email, each.name


def webhook(file: str) -> Callable[[], object]:
    from billbridge_stripe.webhooks import verify

    deliveries = cycle(signed(file))

    def check() -> object:
        body, header = next(deliveries)
        return verify(body, {"Stripe-Signature": header}, secrets=SECRET, now=datetime.now(UTC))

    return check
