"""The structs that the raw contenders decode: the fields that an application would need, without translation."""

from __future__ import annotations

import msgspec


class Address(msgspec.Struct):
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    postal_code: str | None = None
    country: str | None = None


class StripeCustomer(msgspec.Struct):
    id: str
    created: int
    email: str | None = None
    name: str | None = None
    phone: str | None = None
    address: Address | None = None
    metadata: dict[str, str] = {}


class StripeCustomers(msgspec.Struct):
    data: list[StripeCustomer]
    has_more: bool


class ChargebeeAddress(msgspec.Struct):
    line1: str | None = None
    city: str | None = None
    zip: str | None = None
    country: str | None = None


class ChargebeeCustomer(msgspec.Struct):
    id: str
    created_at: int
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    billing_address: ChargebeeAddress | None = None
    meta_data: dict[str, str] = {}


class ChargebeeOne(msgspec.Struct):
    customer: ChargebeeCustomer


class ChargebeeCustomers(msgspec.Struct, rename={"rows": "list"}):
    rows: list[ChargebeeOne]
    next_offset: str | None = None


PLACES = {"usd": 2, "eur": 2, "jpy": 0}
"""Decimal places of the currencies in the bodies, as an application must know them that reads Stripe's integers itself."""


class StripeLine(msgspec.Struct):
    id: str
    amount: int
    description: str | None = None
    quantity: int | None = None


class StripeLines(msgspec.Struct):
    data: list[StripeLine]


class StripeInvoice(msgspec.Struct):
    id: str
    customer: str
    currency: str
    status: str
    subtotal: int
    total: int
    amount_paid: int
    amount_remaining: int
    created: int
    lines: StripeLines
    number: str | None = None
    due_date: int | None = None


class StripeInvoices(msgspec.Struct):
    data: list[StripeInvoice]
    has_more: bool


class ChargebeeLine(msgspec.Struct):
    id: str
    amount: int
    description: str | None = None
    quantity: int | None = None


class ChargebeeInvoice(msgspec.Struct):
    id: str
    customer_id: str
    currency_code: str
    status: str
    sub_total: int
    total: int
    amount_paid: int
    amount_due: int
    date: int
    line_items: list[ChargebeeLine]
    due_date: int | None = None


class ChargebeeOneInvoice(msgspec.Struct):
    invoice: ChargebeeInvoice


class ChargebeeInvoices(msgspec.Struct, rename={"rows": "list"}):
    rows: list[ChargebeeOneInvoice]
    next_offset: str | None = None


class Event(msgspec.Struct):
    id: str
    type: str
    created: int
