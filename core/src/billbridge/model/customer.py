"""Customers: who is billed. Does not hold payment methods, only which one is charged by default."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import msgspec

from billbridge.errors import ValidationError
from billbridge.model.base import UNSET, Draft, Entity, Query, UnsetType
from billbridge.model.checks import check_text
from billbridge.redact import Discreet


class Address(Discreet, frozen=True, kw_only=True):
    """A postal address. `country` is the two-letter ISO 3166 code; `state` is the region's name or code as the vendor takes it.

    What a vendor answers is not checked, so that reading never fails; what a user sends is (see `NewCustomer`).
    """

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None

    def __repr__(self) -> str:
        return "Address(…)"


class Customer(Entity, frozen=True, kw_only=True):
    """A customer.

    `default_payment_method_id` is charged when a subscription names no other. Chargebee keeps first and last names apart: `name`
    is the two joined by a space. `address` is the billing address. `metadata` values are strings; a Chargebee value of another
    kind is given as its JSON text.
    """

    email: str | None = None
    name: str | None = None
    phone: str | None = None
    address: Address | None = None
    metadata: dict[str, str] = msgspec.field(default_factory=dict)
    default_payment_method_id: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class NewCustomer(Draft, frozen=True, kw_only=True):
    """The fields of `customers.create`.

    `id` is chosen by the caller where the vendor allows it (capability `customers.create.id`: Chargebee yes, Stripe no).
    """

    email: str | None = None
    name: str | None = None
    phone: str | None = None
    address: Address | None = None
    metadata: dict[str, str] | None = None
    id: str | None = None

    ids: ClassVar = frozenset({"id"})

    def check(self) -> None:
        _check_address(self.address)


class CustomerPatch(Draft, frozen=True, kw_only=True):
    """The fields of `customers.update`: UNSET leaves a field alone, None clears it.

    `metadata` is merged key by key: a key that is not named stays, a key with an empty value ("") goes, None clears all.
    """

    email: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    address: Address | UnsetType | None = UNSET
    metadata: dict[str, str] | UnsetType | None = UNSET

    def check(self) -> None:
        _check_address(self.address)


class CustomerQuery(Query, frozen=True, kw_only=True):
    """The filters of `customers.list`. `email` is matched exactly, and by Stripe case-sensitively."""

    email: str | None = None

    def check(self) -> None:
        super().check()
        if self.email == "":
            raise ValidationError("email is empty", param="email", hint="leave it out to list all customers")


def _check_address(address: Address | UnsetType | None) -> None:
    if not isinstance(address, Address):
        return
    for name in address.__struct_fields__:
        part = getattr(address, name)
        if part is not None:
            check_text(part, f"address.{name}")
    country = address.country
    if country is not None and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise ValidationError("country must be a two-letter ISO 3166 code, such as 'GB'", param="address.country")
    if not any(getattr(address, name) for name in address.__struct_fields__):
        raise ValidationError("the address is empty", param="address", hint="leave it out, or pass None in an update to clear it")
