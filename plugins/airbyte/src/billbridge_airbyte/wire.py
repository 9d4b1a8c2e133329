"""What Airbyte's Stripe connector answers, only the fields that are used. Translates nothing.

A record has the connector's schema, which is Stripe's customer with some fields missing: only the id is sure. What Airbyte and the
connector wrap around records is in `envelope`.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """An object that was expanded, of which only the id matters."""

    id: str


IdOrObject: TypeAlias = str | Reference | None


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A postal address."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


class Shipping(msgspec.Struct, frozen=True, kw_only=True):
    """Where goods for a customer go."""

    name: str | None = None
    phone: str | None = None
    address: Address | None = None


class InvoiceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Of a customer's invoices."""

    default_payment_method: IdOrObject = None


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """A record of the entity `customers`. `deleted` is true on the remains of a deleted one; `created` is in Unix seconds.

    `balance`, in minor units of `currency`, is negative where the customer has credit; `invoice_credit_balance`, by currency, is positive
    there. That one and `business_name` are in the connector's schema since 2026 only. Tax ids are in none.
    """

    id: str
    deleted: bool | None = None
    email: str | None = None
    name: str | None = None
    business_name: str | None = None
    phone: str | None = None
    description: str | None = None
    preferred_locales: list[str] | None = None
    address: Address | None = None
    shipping: Shipping | None = None
    tax_exempt: str | None = None
    currency: str | None = None
    balance: int | None = None
    invoice_credit_balance: dict[str, int] | None = None
    delinquent: bool | None = None
    metadata: dict[str, str] | None = None
    invoice_settings: InvoiceSettings | None = None
    default_source: IdOrObject = None
    created: int | None = None


class TokenAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A token, and for how many seconds it is good."""

    access_token: str
    expires_in: float | None = None

    def __repr__(self) -> str:
        return "TokenAnswer(…)"
