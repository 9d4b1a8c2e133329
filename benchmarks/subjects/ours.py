"""Billbridge by its public API, with its own HTTP engine or `http="fast"`.

All features are on: retries, idempotency keys, errors, raw data and the limiter. A custom `base_url` has no rate limit, so the subject
passes a limiter that counts every request and never waits.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

from billbridge import AsyncBilling, Billing
from billbridge.flow.limiter import Limiter

from benchmarks.files import read
from benchmarks.subjects.answered import AMPLE, Answered
from benchmarks.subjects.signing import SECRET, signed

HTTP: Any = "fast" if os.environ.get("BENCH_CONTENDER") == "fast" else None


def stripe_client(url: str) -> Billing:
    return Billing.connect("stripe", api_key="sk_test_bench", base_url=url, http=HTTP, limiter=Limiter(*AMPLE))


def chargebee_client(url: str) -> Billing:
    return Billing.connect("chargebee", api_key="test_bench", base_url=url, http=HTTP, limiter=Limiter(*AMPLE))


def stripe_retrieve(url: str) -> Callable[[], object]:
    customers = stripe_client(url).customers
    return lambda: customers.get("cus_NffrFeUfNV2Hib")


def stripe_create(url: str) -> Callable[[], object]:
    customers = stripe_client(url).customers
    return lambda: customers.create(email="ada@example.com", name="Ada Lovelace")


def stripe_page(url: str) -> Callable[[], object]:
    customers = stripe_client(url).customers
    return lambda: next(customers.list().pages())


def chargebee_retrieve(url: str) -> Callable[[], object]:
    customers = chargebee_client(url).customers
    return lambda: customers.get("f2G4QgvMPgal8wqR4")


def chargebee_page(url: str) -> Callable[[], object]:
    customers = chargebee_client(url).customers
    return lambda: next(customers.list().pages())


def stripe_concurrent(url: str) -> Callable[[], Awaitable[object]]:
    customers = AsyncBilling.connect("stripe", api_key="sk_test_bench", base_url=url, http=HTTP, limiter=Limiter(*AMPLE)).customers
    return lambda: customers.get("cus_NffrFeUfNV2Hib")


def stripe_invoices(file: str) -> Callable[[], object]:
    invoices = Billing.connect("stripe", gateway=Answered(read(file))).invoices
    return lambda: next(invoices.list().pages())


def stripe_amounts(file: str) -> Callable[[], object]:
    invoices = Billing.connect("stripe", gateway=Answered(read(file))).invoices

    def decimals() -> object:
        return [
            money.amount
            for each in next(invoices.list().pages()).items
            for money in (each.subtotal, each.total, each.amount_paid, each.amount_due, *(line.amount for line in each.lines))
        ]

    return decimals


def chargebee_invoices(file: str) -> Callable[[], object]:
    invoices = Billing.connect("chargebee", site="bench", gateway=Answered(read(file))).invoices
    return lambda: next(invoices.list().pages())


def stripe_walk(url: str) -> Callable[[], Iterator[tuple[Any, ...]]]:
    customers = stripe_client(url).customers
    return lambda: ((each.id, each.email, each.name) for each in customers.list())


def chargebee_walk(url: str) -> Callable[[], Iterator[tuple[Any, ...]]]:
    customers = chargebee_client(url).customers
    return lambda: ((each.id, each.email, each.name) for each in customers.list())


def stripe_webhook(file: str) -> Callable[[], object]:
    from billbridge_stripe.webhooks import verify

    deliveries = cycle(signed(file))

    def check() -> object:
        body, header = next(deliveries)
        return verify(body, {"Stripe-Signature": header}, secrets=SECRET, now=datetime.now(UTC))

    return check
